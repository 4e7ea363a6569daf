"""The store's own tables, for building statements; their exact text in a database is its engine's.

`events` keeps the hashed bytes in `body`; its other columns are copies to search by, and `verify`
compares every one of them with the bytes. `mentions` says which streams an event concerns.
"""

from operator import attrgetter

from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, Text

from eventstore.envelope import Recorded

LOG = "log"
"""Stands for the schema of the log, which an engine translates; read models have none, or another."""

store = MetaData(schema=LOG)

meta = Table(
    "meta",
    store,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

head = Table(
    "head",
    store,
    Column("one", Integer, primary_key=True),
    Column("size", Integer, nullable=False),
    Column("peaks", LargeBinary, nullable=False),
    Column("recorded", Text),
)

events = Table(
    "events",
    store,
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("type", Text, nullable=False),
    Column("schema", Integer, nullable=False),
    Column("earliest", Text, nullable=False),
    Column("latest", Text, nullable=False),
    Column("recorded", Text, nullable=False),
    Column("key", Text),
    Column("batch", Text),
    Column("hash", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

mentions = Table(
    "mentions",
    store,
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("stream", Text, primary_key=True),
)

_columns = attrgetter(*(column.name for column in events.c))


def row_of(event: Recorded) -> tuple[object, ...]:
    """Return the row of `events` an event should have, column by column."""
    values: tuple[object, ...] = _columns(event)
    return values


def mentioned(event: Recorded) -> set[str]:
    """Return the streams an event should be found under besides its own."""
    return set(event.about)
