"""Keeps the views level with the log, in the transaction of each append; an error stops it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

from sqlalchemy import Connection, Dialect, Index, MetaData, Table, delete, insert

from domain.reading import read_all
from domain.replay import Replayed, replay
from eventstore.envelope import Recorded
from eventstore.log import Reader
from projections.books import BOOKS, STREAMS, all_reached, mark
from projections.catalog import projections
from projections.projection import Projection, Row

BATCH = 500
"""Streams whose rows are replaced with one statement a table; names in one IN list stay well under any limit."""

Tables = Mapping[str, Table]


Made: TypeAlias = tuple[str, dict[str, list[Row]]]
"""A stream, and its rows by the name of their table."""

Fold: TypeAlias = Callable[[Sequence[Sequence[Recorded]]], Iterable[Made]]
"""Makes the rows of streams, each given by all its events."""


def fold_here(streams: Iterable[Sequence[Recorded]]) -> Iterable[Made]:
    """Yield the rows of streams, each given by all its events."""
    return (rows_of(replay(read_all(events))) for events in streams)


def install(connection: Connection) -> None:
    """Create the tables of all views, empty, level with an empty log."""
    BOOKS.create_all(connection)
    for view in projections():
        view.table.create(connection)
        create_indexes(connection, view.table, view)
    mark(connection, projections(), 0)


def create_indexes(connection: Connection, table: Table, view: Projection) -> None:
    """Create a view's indexes on its table, or on one in the making: they are named by it, and keep that name."""
    for column in ("stream", *view.indexes):
        # A throw-away copy: an Index stays attached to the Table it was made for.
        copy = table.to_metadata(table.metadata.__class__())
        # A B-tree of PostgreSQL takes no text past some 2,700 bytes, and these are only looked up whole.
        Index(f"{table.name}_by_{column}", copy.c[column], postgresql_using="hash").create(connection)


def live_tables() -> dict[str, Table]:
    """Return the tables people are answered from, the book of streams among them."""
    return {view.name: view.table for view in projections()} | {STREAMS.name: STREAMS}


def follow(connection: Connection, fresh: Sequence[Recorded], *, fold: Fold = fold_here) -> None:
    """Bring the views up to an append, within its own transaction.

    Views that are missing, of another version or behind are first brought level, from the log. `fold` makes the rows
    of streams of which all events are given.
    """
    before = fresh[0].position - 1
    if set(all_reached(connection, projections()).values()) != {before}:
        renew(connection)
        return
    begun = beginning(fresh)
    place(connection, [*fold(begun), *made(Reader(connection), _others(fresh, begun))], live_tables())
    mark(connection, projections(), fresh[-1].position)


def _others(fresh: Iterable[Recorded], begun: Iterable[Sequence[Recorded]]) -> Iterable[str]:
    known = {events[0].stream for events in begun}
    return dict.fromkeys(event.stream for event in fresh if event.stream not in known)


def beginning(fresh: Iterable[Recorded]) -> list[list[Recorded]]:
    """Return the events of each stream that begins with these."""
    own: dict[str, list[Recorded]] = {}
    for event in fresh:
        own.setdefault(event.stream, []).append(event)
    return [events for events in own.values() if events[0].version == 1]


def renew(connection: Connection) -> None:
    """Drop the views and make them anew from the whole log, in one transaction."""
    BOOKS.drop_all(connection)
    for view in projections():
        view.table.drop(connection, checkfirst=True)
    install(connection)
    reader = Reader(connection)
    names = reader.stream_names()
    for start in range(0, len(names), BATCH):
        project(connection, names[start : start + BATCH], live_tables())
    mark(connection, projections(), reader.head().size)


def project(connection: Connection, streams: Iterable[str], tables: Tables) -> None:
    """Fold streams afresh from the log and replace their rows in the given tables."""
    place(connection, list(made(Reader(connection), streams)), tables)


def made(reader: Reader, streams: Iterable[str]) -> Iterable[Made]:
    """Yield the rows of each stream with all that is known."""
    return map(rows_of, folded(reader, streams))


def folded(reader: Reader, streams: Iterable[str]) -> Iterable[Replayed]:
    """Yield each stream folded with all that is known."""
    return (replay(read_all(events)) for events in reader.streams(streams).values())


def place(connection: Connection, streams: Sequence[Made], tables: Tables) -> None:
    """Replace the rows of streams in the given tables, a few hundred streams at a time."""
    for start in range(0, len(streams), BATCH):
        batch = streams[start : start + BATCH]
        for name, table in tables.items():
            connection.execute(delete(table).where(table.c.stream.in_([stream for stream, _ in batch])))
            if rows := [row for _, by_table in batch for row in by_table[name]]:
                _insert(connection, table, rows)


def _insert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows through the driver: Core's own executemany costs twice as much (DESIGN.md section 6)."""
    text, order = _insertion(table, connection.dialect, connection.schema_for_object(table))
    # A driver takes the values by name, or in the order of the statement.
    connection.exec_driver_sql(text, [tuple(row[name] for name in order) for row in rows] if order else rows)


@lru_cache(maxsize=64)
def _insertion(table: Table, dialect: Dialect, schema: str | None) -> tuple[str, Sequence[str] | None]:
    there = table.to_metadata(MetaData(), schema=schema) if schema else table
    statement = insert(there).compile(dialect=dialect)
    return statement.string, statement.positiontup


def rows_of(replayed: Replayed) -> Made:
    """Return what one stream puts into each view's table and into the book of streams.

    A stream of which nothing stands any more puts nothing into a view.
    """
    stream = {"stream": replayed.stream}
    rows: dict[str, list[Row]] = {
        view.name: [{**stream, **row} for row in view.rows(replayed)] if replayed.steps else []
        for view in projections()
    }
    last = replayed.lines[-1].entry.position
    rows[STREAMS.name] = [{**stream, "last_position": last, "settled": replayed.settled.isoformat()}]
    return replayed.stream, rows
