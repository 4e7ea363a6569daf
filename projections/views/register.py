"""Where does each agreement, project, commission, occasion and party stand? One row a stream."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy import Column, Integer, String

from domain.streams import kind_of, slug_of
from projections.jsontext import written
from projections.projection import Projection, Row, view_table

if TYPE_CHECKING:
    from domain.replay import Replayed

TABLE = view_table(
    "register",
    Column("kind", String, nullable=False),
    Column("slug", String, nullable=False),
    Column("title", String, nullable=False),
    Column("facets", String, nullable=False),
    Column("flags", String, nullable=False),
    Column("quality", String, nullable=False),
    Column("events", Integer, nullable=False),
)


def rows(replayed: "Replayed") -> Iterator[Row]:
    """Yield the stream's one row; facets, flags and quality are JSON text."""
    # Only folding needs the rules, reading does not: they would triple the time a question takes to start.
    from domain.quality import flags, quality

    facets = replayed.facets
    yield {
        "kind": kind_of(replayed.stream),
        "slug": slug_of(replayed.stream),
        "title": facets["title"],
        "facets": written(facets),
        "flags": written(flags(replayed)),
        "quality": written(quality(replayed)),
        "events": len(replayed.lines),
    }


projection = Projection("register", str(__doc__).partition("\n")[0], 3, TABLE, rows, indexes=("kind",))
