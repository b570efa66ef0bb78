"""Back-tests: what a rule would have said of the cases there are, before anybody is shown it."""
