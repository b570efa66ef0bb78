"""What one officer sees of their own: duties done in a case, who looked, lessons, commitments."""
