"""Files of logs as they come: one reader a format; rows with their place, bounded and streamed."""
