"""The append-only log: bytes, positions, conditions and hashes, on SQLite and PostgreSQL."""
