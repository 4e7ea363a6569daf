"""Which party took in which other's file?"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy import Column, String

from domain.streams import kind_of, stream_name
from projections.projection import Projection, Row, view_table

if TYPE_CHECKING:
    from domain.replay import Replayed

# Few rows, and nearly every answer asks for all of them: among the links of a large register they would be lost.
TABLE = view_table("merges", Column("other", String, nullable=False))


def rows(replayed: "Replayed") -> Iterator[Row]:
    """Yield one row for each party whose file was merged into this one's."""
    if kind_of(replayed.stream) == "party":
        yield from ({"other": stream_name("party", slug)} for slug in replayed.facets["absorbed"])


projection = Projection("merges", str(__doc__), 1, TABLE, rows)
