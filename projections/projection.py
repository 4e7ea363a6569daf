"""What a view is: a table whose rows for one stream are a function of that stream's standing facts.

So a late or corrected fact needs no handler of its own: the stream is folded again and its rows
replaced (ADR 5). What depends on the day of asking is no row but a query with a date.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import Column, MetaData, String, Table

if TYPE_CHECKING:
    from domain.replay import Replayed

Row: TypeAlias = Mapping[str, Any]

VIEWS = MetaData()
"""The tables of all views; dropped and rebuilt at will, unlike the log's."""


@dataclass(frozen=True, slots=True)
class Projection:
    """One view: its name, the question it answers, the version of its rows' shape, its table, how a stream fills it.

    Every table has a column `stream`; `rows` yields the other columns as JSON-able values.
    `indexes` names the columns to look rows up by besides the stream.
    """

    name: str
    question: str
    version: int
    table: Table
    rows: Callable[["Replayed"], Iterable[Row]]
    indexes: tuple[str, ...] = ()


TEXT = String().with_variant(String(collation="C"), "postgresql")
"""Text in the order of its bytes on every engine, whatever order the database prefers."""


def view_table(name: str, *columns: Column[Any]) -> Table:
    """Make the table of a view, keyed by stream; its texts are all `TEXT`."""
    for column in columns:
        if isinstance(column.type, String):
            column.type = TEXT
    return Table(f"view_{name}", VIEWS, Column("stream", TEXT, nullable=False), *columns)
