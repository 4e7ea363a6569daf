"""The embedded engine: one private file."""
