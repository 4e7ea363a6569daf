"""How far the views have come: a checkpoint for each view, and for each stream the last event counted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

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


@dataclass(frozen=True, slots=True)
class Books:
    """What stands in one snapshot: the tables with their columns, and each view's version and position."""

    tables: Mapping[str, frozenset[str]]
    checkpoints: Mapping[str, tuple[int, int]]

    @classmethod
    def of(cls, connection: Connection) -> Self:
        """Read them; without a checkpoint where their own tables do not stand."""
        empty = cls(read_models(connection), {})
        if not (empty.stands(CHECKPOINTS) and empty.stands(STREAMS)):
            return empty
        rows = connection.execute(select(CHECKPOINTS.c.name, CHECKPOINTS.c.version, CHECKPOINTS.c.position))
        return cls(empty.tables, {name: (version, position) for name, version, position in rows})

    def stands(self, table: Table) -> bool:
        """Say whether a table is there with every column of ours: any program may have dropped or changed it."""
        return {column.name for column in table.columns} <= self.tables.get(table.name, frozenset())

    def reached(self, view: Projection) -> int | None:
        """Return the position a view stands at; None where it is missing or has rows of another shape."""
        version, position = self.checkpoints.get(view.name, (None, 0))
        return position if version == view.version and self.stands(view.table) else None


def reached(connection: Connection, view: Projection) -> int | None:
    """Return the position a view stands at, as `Books.reached` does."""
    return Books.of(connection).reached(view)


def all_reached(connection: Connection, views: Iterable[Projection]) -> dict[str, int | None]:
    """Return the position each view stands at, as `Books.reached` does, by name."""
    books = Books.of(connection)
    return {view.name: books.reached(view) for view in views}


def mark(connection: Connection, views: Iterable[Projection], position: int) -> None:
    """Note that views, in this program's version, stand at a position."""
    rows = [{"name": view.name, "version": view.version, "position": position} for view in views]
    connection.execute(delete(CHECKPOINTS).where(CHECKPOINTS.c.name.in_([row["name"] for row in rows])))
    connection.execute(insert(CHECKPOINTS).values(rows))
