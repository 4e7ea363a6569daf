"""What belongs together: which project comes under which agreement, signed at which occasion, by whom?"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy import Column, String

from domain.streams import kind_of, stream_name
from projections.projection import Projection, Row, view_table

if TYPE_CHECKING:
    from domain.replay import Replayed

TABLE = view_table(
    "links",
    Column("relation", String, nullable=False),
    Column("other", String, nullable=False),
)


def rows(replayed: "Replayed") -> Iterator[Row]:
    """Yield one row for each stream this one names, with the relation it stands in."""
    facets, kind = replayed.facets, kind_of(replayed.stream)
    if kind == "agreement":
        for party in facets["parties"]:
            yield _link(party["role"], "party", party["slug"])
        for link in facets["links"]:
            yield _link(link["relation"], "agreement", link["agreement"])
        for review in facets["reviews"]:
            yield _link("reviewed by", "commission", review["commission"])
    elif kind in {"project", "occasion"}:
        relation = "under" if kind == "project" else "signed there"
        for agreement in facets["agreements"]:
            yield _link(relation, "agreement", agreement)


def _link(relation: str, kind: str, slug: str) -> Row:
    return {"relation": relation, "other": stream_name(kind, slug)}


projection = Projection("links", str(__doc__).partition("\n")[0], 1, TABLE, rows, indexes=("other",))
