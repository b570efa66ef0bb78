"""Before a step is taken: the gate, hints, the panel, and the pass that a good answer earns."""
