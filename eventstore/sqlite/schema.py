"""The schema of format 1 as SQLite holds it, and what in a database differs from it.

Written out rather than generated: SQLite keeps the text of a definition for ever, and a later
SQLAlchemy may format its own otherwise. The triggers make the log append-only for every program
that opens the file, with no switch around them (RELIABILITY.md decision 7).
"""

import sqlite3
from collections.abc import Iterator
from functools import cache

from sqlalchemy import Connection

TABLES = (
    """CREATE TABLE meta (
  name TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID""",
    """CREATE TABLE head (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  size INTEGER NOT NULL,
  peaks BLOB NOT NULL,
  recorded TEXT
) STRICT""",
    """CREATE TABLE events (
  position INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  stream TEXT NOT NULL,
  version INTEGER NOT NULL,
  type TEXT NOT NULL,
  schema INTEGER NOT NULL,
  earliest TEXT NOT NULL,
  latest TEXT NOT NULL,
  recorded TEXT NOT NULL,
  "key" TEXT UNIQUE,
  batch TEXT,
  hash BLOB NOT NULL UNIQUE,
  body BLOB NOT NULL,
  UNIQUE (stream, version)
) STRICT""",
    """CREATE TABLE mentions (
  position INTEGER NOT NULL REFERENCES events (position),
  stream TEXT NOT NULL,
  PRIMARY KEY (position, stream)
) STRICT, WITHOUT ROWID""",
    "CREATE INDEX mentions_by_stream ON mentions (stream)",
)

# A row already there is refused before the insert: INSERT OR REPLACE would else delete it, and
# SQLite runs no DELETE trigger for that unless the connection asks (recursive_triggers).
TRIGGERS = (
    """CREATE TRIGGER events_insert BEFORE INSERT ON events
WHEN NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM events)
  OR NEW.version IS NOT (SELECT coalesce(max(version), 0) + 1 FROM events WHERE stream = NEW.stream)
  OR EXISTS (SELECT 1 FROM events WHERE id = NEW.id)
  OR EXISTS (SELECT 1 FROM events WHERE "key" = NEW."key")
  OR EXISTS (SELECT 1 FROM events WHERE hash = NEW.hash)
BEGIN SELECT RAISE(ABORT, 'events: only the next event may be added'); END""",
    """CREATE TRIGGER mentions_insert BEFORE INSERT ON mentions
WHEN NEW.position <= (SELECT size FROM head)
  OR EXISTS (SELECT 1 FROM mentions WHERE position = NEW.position AND stream = NEW.stream)
BEGIN SELECT RAISE(ABORT, 'mentions: only those of a new event may be added'); END""",
    """CREATE TRIGGER head_insert BEFORE INSERT ON head
WHEN EXISTS (SELECT 1 FROM head)
BEGIN SELECT RAISE(ABORT, 'head: one row only'); END""",
    """CREATE TRIGGER head_update BEFORE UPDATE ON head
WHEN NEW.one IS NOT OLD.one
  OR NEW.size <= OLD.size
  OR NEW.size IS NOT (SELECT max(position) FROM events)
  OR NEW.recorded IS NULL
  OR NEW.recorded < OLD.recorded
BEGIN SELECT RAISE(ABORT, 'head: it only grows, with the events'); END""",
    """CREATE TRIGGER meta_insert BEFORE INSERT ON meta
WHEN EXISTS (SELECT 1 FROM meta WHERE name = 'seal' OR name = NEW.name)
BEGIN SELECT RAISE(ABORT, 'meta: sealed when the register was created'); END""",
    """CREATE TRIGGER head_delete BEFORE DELETE ON head
BEGIN SELECT RAISE(ABORT, 'head: it only grows, with the events'); END""",
    *(
        f"""CREATE TRIGGER {table}_{verb.lower()} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table}: rows are neither changed nor deleted'); END"""
        for table in ("events", "mentions", "meta")
        for verb in ("UPDATE", "DELETE")
    ),
)

_SCHEMA = "SELECT name, type, tbl_name, sql FROM sqlite_schema"
_OURS = frozenset({"meta", "head", "events", "mentions"})

Definition = tuple[str, str, str | None]


def differences(connection: Connection) -> list[str]:
    """Return what is not as created: anything of ours changed or gone, anything foreign acting on it.

    Tables of projections are other people's and welcome, with their plain indexes. A trigger or a view of
    anybody is not: it could swallow an insert or answer in a table's place.
    """
    found: dict[str, Definition] = {
        name: (kind, table, sql) for name, kind, table, sql in connection.exec_driver_sql(_SCHEMA)
    }
    return [*_ours_amiss(found), *_foreign(found)]


def _ours_amiss(found: dict[str, Definition]) -> Iterator[str]:
    for name, definition in _expected().items():
        if name not in found:
            yield f"missing {definition[0]} {name}"
        elif found[name] != definition:
            yield f"changed {definition[0]} {name}"


def _foreign(found: dict[str, Definition]) -> Iterator[str]:
    for name, (kind, table, _) in found.items():
        acting = kind in ("trigger", "view") or (kind == "index" and table.lower() in _OURS)
        if acting and name not in _expected():
            yield f"foreign {kind} {name} on {table}"


@cache
def _expected() -> dict[str, Definition]:
    """Ask SQLite itself how it holds the definitions, with the indexes it adds for UNIQUE."""
    scratch = sqlite3.connect(":memory:")
    try:
        for statement in (*TABLES, *TRIGGERS):
            scratch.execute(statement)
        return {name: (kind, table, sql) for name, kind, table, sql in scratch.execute(_SCHEMA)}
    finally:
        scratch.close()
