"""The integer and boolean core of a rule, and CEL that is made of it."""
