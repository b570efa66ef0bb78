"""From the host's event to its entry: checked, judged, written with the host's own row."""
