"""Read models: what the log says, arranged to be asked."""
