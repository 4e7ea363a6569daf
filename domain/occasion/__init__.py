"""A visit, ceremony or conference where things are signed."""
