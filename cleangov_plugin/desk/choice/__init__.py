"""What may interrupt an officer, and for how long less may: budgets, weights, modes."""
