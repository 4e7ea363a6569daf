"""A register in one schema of a PostgreSQL database."""
