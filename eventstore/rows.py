"""Events as rows of the log's tables, and the head moved after them: for engines on which we insert ourselves."""

from collections.abc import Sequence
from functools import cache
from operator import attrgetter

from sqlalchemy import Connection, Dialect, Table, func, insert, select, update

from eventstore.envelope import Recorded
from eventstore.errors import Damaged
from eventstore.tables import events, head, mentions
from eventstore.tree import Peaks

_columns = attrgetter(*(column.name for column in events.c))


def write_rows(connection: Connection, recorded: Sequence[Recorded], size: int) -> None:
    """Insert the rows and count them: a foreign RAISE(IGNORE) trigger swallows a row without an error."""
    _insert(connection, events, [row_of(event) for event in recorded])
    pairs = [(event.position, stream) for event in recorded for stream in sorted(mentioned(event))]
    _insert(connection, mentions, pairs)
    for table, written in ((events, len(recorded)), (mentions, len(pairs))):
        found = connection.scalar(select(func.count()).select_from(table).where(table.c.position > size))
        if found != written:
            raise Damaged(what=f"{table.name}: {written} rows inserted, {found} there", position=size + 1)


def row_of(event: Recorded) -> tuple[object, ...]:
    """Return the row of `events` an event should have, column by column."""
    values: tuple[object, ...] = _columns(event)
    return values


def mentioned(event: Recorded) -> set[str]:
    """Return the streams an event should be found under besides its own."""
    return set(event.about)


def _insert(connection: Connection, table: Table, rows: Sequence[tuple[object, ...]]) -> None:
    if rows:
        result = connection.exec_driver_sql(_insertion(table, connection.dialect), list(rows))
        if result.rowcount != len(rows):
            raise Damaged(what=f"{table.name}: {len(rows)} rows inserted, {result.rowcount} accepted")


@cache
def _insertion(table: Table, dialect: Dialect) -> str:
    """Build the statement once: Core's own executemany costs twice the driver's (DESIGN.md section 6)."""
    return str(insert(table).compile(dialect=dialect))


def advance(connection: Connection, peaks: Peaks, size: int, recorded: str) -> None:
    """Move the head from a size to that of the peaks, with the time of its last event."""
    moved = connection.scalar(
        update(head)
        .where(head.c.size == size)
        .values(size=head.c.size + (peaks.size - size), peaks=peaks.to_bytes(), recorded=recorded)
        .returning(head.c.size)
    )
    if moved != peaks.size:
        raise Damaged(what="the head did not move")
