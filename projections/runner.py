"""Keeps the views level with the log, in the transaction of each append; an error stops it."""

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter

from sqlalchemy import Connection, Index, MetaData, Table, delete, insert

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


def follow(connection: Connection, fresh: Sequence[Recorded]) -> None:
    """Bring the views up to an append, within its own transaction.

    Views that are missing, of another version or behind are first brought level, from the log.
    """
    before = fresh[0].position - 1
    if set(all_reached(connection, projections()).values()) != {before}:
        renew(connection)
        return
    own: dict[str, list[Recorded]] = {}
    for event in fresh:
        own.setdefault(event.stream, []).append(event)
    # Of a stream that begins with them nothing else need be read, and there are no rows to replace.
    begun = [replay(read_all(events)) for events in own.values() if events[0].version == 1]
    put(connection, begun, live_tables())
    project(connection, (stream for stream, events in own.items() if events[0].version > 1), live_tables())
    mark(connection, projections(), fresh[-1].position)


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
    place(connection, list(folded(Reader(connection), streams)), tables)


def folded(reader: Reader, streams: Iterable[str]) -> Iterable[Replayed]:
    """Yield each stream folded with all that is known."""
    return (replay(read_all(events)) for events in reader.streams(streams).values())


def place(connection: Connection, streams: Sequence[Replayed], tables: Tables) -> None:
    """Replace the rows of streams in the given tables, a few hundred streams at a time."""
    for start in range(0, len(streams), BATCH):
        batch = streams[start : start + BATCH]
        for table in tables.values():
            connection.execute(delete(table).where(table.c.stream.in_([replayed.stream for replayed in batch])))
        put(connection, batch, tables)


def put(connection: Connection, streams: Sequence[Replayed], tables: Tables) -> None:
    """Write the rows of streams that have none yet into the given tables."""
    made = [rows_of(replayed) for replayed in streams]
    for name, table in tables.items():
        if rows := [row for rows in made for row in rows[name]]:
            _insert(connection, table, rows)


def _insert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows through the driver: Core's own executemany costs twice as much (DESIGN.md section 6)."""
    here = table.to_metadata(MetaData(schema=connection.schema_for_object(table)))
    statement = insert(here).compile(dialect=connection.dialect)
    # A driver takes the values by name, or in the order of the statement.
    names = statement.positiontup
    values = rows if names is None else list(map(itemgetter(*names), rows))
    connection.exec_driver_sql(statement.string, values)


def rows_of(replayed: Replayed) -> dict[str, list[Row]]:
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
    return rows
