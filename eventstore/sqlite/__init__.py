"""A register in one SQLite file."""
