"""What `cleangov serve` adds to the verbs: who calls, nothing twice, a result for each event."""
