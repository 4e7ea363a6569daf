"""How far the views have come: a checkpoint for each view, and for each stream the last event counted."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Column, Connection, Integer, MetaData, Table, delete, insert, select

from eventstore.engines import read_models
from projections.projection import TEXT, Projection

BOOKS = MetaData()

CHECKPOINTS = Table(
    "view_checkpoints",
    BOOKS,
    Column("name", TEXT, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("position", Integer, nullable=False),
)

STREAMS = Table(
    "view_streams",
    BOOKS,
    Column("stream", TEXT, primary_key=True),
    Column("last_position", Integer, nullable=False),
    Column("settled", TEXT, nullable=False),
)
"""From the day `settled` on no date of the stream leaves anything open: then its rows hold as they are."""


def reached(connection: Connection, view: Projection) -> int | None:
    """Return the position a view stands at; None where it is missing or has rows of another shape."""
    return all_reached(connection, (view,))[view.name]


def all_reached(connection: Connection, views: Iterable[Projection]) -> dict[str, int | None]:
    """Return the position each view stands at, as `reached` does, by name."""
    looked = read_models(connection)
    books = _checkpoints(connection) if _stands(looked, CHECKPOINTS) and _stands(looked, STREAMS) else {}
    found: dict[str, int | None] = {}
    for view in views:
        version, position = books.get(view.name, (None, 0))
        found[view.name] = position if version == view.version and _stands(looked, view.table) else None
    return found


def _checkpoints(connection: Connection) -> dict[str, tuple[int, int]]:
    rows = connection.execute(select(CHECKPOINTS.c.name, CHECKPOINTS.c.version, CHECKPOINTS.c.position))
    return {name: (version, position) for name, version, position in rows}


def _stands(looked: Mapping[str, frozenset[str]], table: Table) -> bool:
    """Say whether the table is there with every column of ours: any program may have dropped or changed it."""
    return {column.name for column in table.columns} <= looked.get(table.name, frozenset())


def mark(connection: Connection, view: Projection, position: int) -> None:
    """Note that a view, in this program's version, stands at a position."""
    connection.execute(delete(CHECKPOINTS).where(CHECKPOINTS.c.name == view.name))
    row = {"name": view.name, "version": view.version, "position": position}
    connection.execute(insert(CHECKPOINTS).values(row))
