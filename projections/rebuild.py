"""Views made anew from the log beside the old ones, compared, then swapped in; and compared without a swap.

A rebuild reads and folds in batches outside any lock, so writers wait only for the last few streams
and the swap (RELIABILITY.md decision 11).
"""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

from sqlalchemy import DDL, Connection, MetaData, Table, select

from domain.replay import Replayed
from eventstore.engines import read_models
from eventstore.log import EventStore, Reader
from projections.books import BOOKS, STREAMS, all_reached, mark, reached
from projections.catalog import projections
from projections.projection import Projection, Row
from projections.runner import create_indexes, folded, live_tables, made, place, rows_of

BATCH = 200
FEW = 20
"""So few changed streams may be folded while writers wait."""
SHADOW = "rebuilt_"
"""How the names of tables in the making begin."""

Progress = Callable[[int, int], None]
"""Called with the streams done and the streams there are."""

Stored: TypeAlias = Mapping[str, Mapping[str, Sequence[Row]]]
"""The rows of a few streams by table and stream; of a view that does not stand there are none at all."""


class Overtaken(Exception):
    """Another rebuild began meanwhile and took the tables in the making away; it will swap its own in."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One view against the log: the position it stands at, and whether its rows are what the log gives."""

    name: str
    version: int
    position: int | None
    matches: bool
    streams: tuple[str, ...] = ()


def check(store: EventStore, *, progress: Progress | None = None) -> tuple[Compared, ...]:
    """Fold the whole log and compare every row of every view with what it gives; changes nothing."""
    return compare(store, progress=progress)[0]


def compare(store: EventStore, *, progress: Progress | None = None) -> tuple[tuple[Compared, ...], int, int]:
    """Return the comparison, and the numbers of events and streams it folded.

    Log and views are read in one snapshot for each batch, so writers may go on meanwhile.
    """
    with store.reading() as reader:
        names = reader.stream_names()
        size = reader.head().size
        stored = all_reached(reader.connection, projections())
        extra = {view.name: _strangers(reader.connection, view, names) for view in projections()}
    wrong: dict[str, list[str]] = {view.name: list(extra[view.name]) for view in projections()}
    for done, batch in _batches(names):
        with store.reading() as reader:
            stored_rows = _stored(reader.connection, batch)
            for replayed in folded(reader, batch):
                for view in _differing(replayed, stored_rows):
                    wrong[view].append(replayed.stream)
        if progress:
            progress(done, len(names))
    results = (
        Compared(
            view.name,
            view.version,
            stored[view.name],
            stored[view.name] is not None and not wrong[view.name],
            tuple(wrong[view.name]),
        )
        for view in projections()
    )
    return tuple(results), size, len(names)


def differing(connection: Connection, replayed: Replayed) -> list[str]:
    """Return the views whose rows of a stream are not what its log gives; a missing view differs.

    Where the book of streams is wrong, so is every view: it says for which days their rows hold.
    """
    return _differing(replayed, _stored(connection, [replayed.stream]))


def _stored(connection: Connection, streams: Sequence[str]) -> Stored:
    """Return the rows of streams in the book of streams and in each view that stands, a question a table."""
    stands = all_reached(connection, projections())
    tables = [view.table for view in projections() if stands[view.name] is not None]
    return {table.name: _by_stream(connection, table, streams) for table in (*tables, *([STREAMS] if tables else []))}


def _by_stream(connection: Connection, table: Table, streams: Sequence[str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in connection.execute(select(table).where(table.c.stream.in_(streams))).mappings():
        found.setdefault(row["stream"], []).append(dict(row))
    return found


def _differing(replayed: Replayed, stored: Stored) -> list[str]:
    _, expected = rows_of(replayed)
    if not _holds(stored, STREAMS, replayed.stream, expected[STREAMS.name]):
        return [view.name for view in projections()]
    views = (view for view in projections() if not _holds(stored, view.table, replayed.stream, expected[view.name]))
    return [view.name for view in views]


def _holds(stored: Stored, table: Table, stream: str, expected: Iterable[Row]) -> bool:
    """Say whether a table stands and has these rows of a stream."""
    return table.name in stored and _unordered(stored[table.name].get(stream, ())) == _unordered(expected)


def _unordered(rows: Iterable[Row]) -> list[tuple[tuple[str, object], ...]]:
    return sorted(tuple(sorted(row.items())) for row in rows)


def _strangers(connection: Connection, view: Projection, names: list[str]) -> list[str]:
    """Return streams a view has rows of and the log has not."""
    if reached(connection, view) is None:
        return []
    found = (connection.scalars(select(table.c.stream).distinct()) for table in (view.table, STREAMS))
    return sorted(set().union(*found) - set(names))


def _batches(names: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    rest, done = iter(names), 0
    while batch := list(islice(rest, BATCH)):
        done += len(batch)
        yield done, batch


def rebuild(
    store: EventStore, *, progress: Progress | None = None
) -> tuple[tuple[Compared, ...], tuple[Compared, ...]]:
    """Make every view anew and swap it in; returns the comparison with the log before and after.

    Raises `Overtaken` when another rebuild began meanwhile: only the latest swaps its tables in.
    """
    before = check(store)
    shadows = _shadow_tables()
    with store.writing() as connection:
        _clear(connection)
        for table in shadows.values():
            table.create(connection)
        # Now, while they are empty: an index made of a full table would keep writers waiting at the swap.
        for view in projections():
            create_indexes(connection, shadows[view.name], view)
    with store.reading() as reader:
        names, size = reader.stream_names(), reader.head().size
    for done, batch in _batches(names):
        _fill(store, batch, shadows)
        if progress:
            progress(done, len(names))
    changed, reached_by_then = _changed_since(store, size)
    while len(changed) > FEW:
        for _, batch in _batches(changed):
            _fill(store, batch, shadows)
        size = reached_by_then
        changed, reached_by_then = _changed_since(store, size)
    _swap(store, size, shadows)
    return before, check(store)


def _shadow_tables() -> dict[str, Table]:
    """Return tables in the making under names of their own: two rebuilds must not fill each other's."""
    scratch, own = MetaData(), secrets.token_hex(4)
    live = live_tables()
    return {name: table.to_metadata(scratch, name=f"{SHADOW}{own}_{table.name}") for name, table in live.items()}


def _clear(connection: Connection) -> None:
    """Drop what a rebuild that was cut off, or is overtaken by this one, left in the making."""
    for name in read_models(connection):
        if name.startswith(SHADOW):
            Table(name, MetaData()).drop(connection)


@contextmanager
def _making(store: EventStore, shadows: dict[str, Table]) -> Iterator[Connection]:
    """Write to the tables in the making, as long as they are ours to make."""
    with store.writing() as connection:
        if not {table.name for table in shadows.values()} <= read_models(connection).keys():
            raise Overtaken
        yield connection


def _fill(store: EventStore, streams: Iterable[str], shadows: dict[str, Table]) -> None:
    with store.reading() as reader:
        rows = list(made(reader, streams))
    with _making(store, shadows) as connection:
        place(connection, rows, shadows)


def _changed_since(store: EventStore, position: int) -> tuple[list[str], int]:
    """Return the streams with an event past a position, and up to where that was looked at.

    The end is settled first: what is recorded while the events are read is left for the next look.
    """
    with store.reading() as reader:
        size = reader.head().size
    return list({event.stream: None for event in store.stream_all(after=position, upto=size)}), size


def _swap(store: EventStore, size: int, shadows: dict[str, Table]) -> None:
    """Fold what still changed, then put the shadows in the place of the views, in one transaction."""
    with _making(store, shadows) as connection:
        reader = Reader(connection)
        late = dict.fromkeys(event.stream for event in reader.after(size, limit=1_000_000))
        place(connection, list(made(reader, late)), shadows)
        _replace_live(connection, shadows)
        mark(connection, projections(), reader.head().size)


def _replace_live(connection: Connection, shadows: dict[str, Table]) -> None:
    BOOKS.create_all(connection)
    for name, live in live_tables().items():
        live.drop(connection, checkfirst=True)
        statement = "ALTER TABLE %(fullname)s RENAME TO %(new)s"
        renaming = DDL(statement, context={"new": live.name})  # type: ignore[no-untyped-call] # SQLAlchemy's own
        connection.execute(renaming.against(shadows[name]))
