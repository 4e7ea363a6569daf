"""Who takes part: its names, its identifiers, and what became of it."""
