"""Small changes of a rule, each of which its examples must notice."""
