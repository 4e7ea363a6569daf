"""What belongs together: which project comes under which agreement, signed at which occasion, by whom?"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import Column, String

from domain.streams import kind_of, slug_of, stream_name
from projections.projection import Projection, Row, view_table

if TYPE_CHECKING:
    from domain.replay import Replayed

INSTRUCTED_ON = "instructed on"
"""The relation of a commission to what one of its instructions is about."""

ON_AGENDA = "on the agenda"
"""The relation of a commission to what a session to come is about."""

MERGED = "took in"
"""The relation of a party to another whose file was merged into its own."""

TABLE = view_table(
    "links",
    Column("relation", String, nullable=False),
    Column("other", String, nullable=False),
)


def rows(replayed: "Replayed") -> Iterator[Row]:
    """Yield one row for each stream this one names, with the relation it stands in."""
    found = _OF[kind_of(replayed.stream)](replayed.facets)
    for relation, kind, slug in dict.fromkeys(found):
        if slug:
            yield {"relation": relation, "other": stream_name(kind, slug)}


Named: TypeAlias = Iterator[tuple[str, str, str | None]]
"""A relation, and the kind and slug of the other; None where it is not said."""


def _agreement(facets: dict[str, Any]) -> Named:
    yield from ((party["role"], "party", party["slug"]) for party in facets["parties"])
    yield from ((link["relation"], "agreement", link["agreement"]) for link in facets["links"])
    yield from (("reviewed by", "commission", review["commission"]) for review in facets["reviews"])
    yield from (("debtor", "party", row.get("responsible")) for row in facets["obligations"])
    yield from (("financier", "party", row.get("financier")) for row in facets["financings"])


def _project(facets: dict[str, Any]) -> Named:
    yield from (("under", "agreement", agreement) for agreement in facets["agreements"])
    yield from (("sponsor", "party", party) for party in facets["sponsors"])
    yield from (("financier", "party", row.get("financier")) for row in facets["financings"])
    yield from (("company", "party", row.get("company")) for row in facets["grants"])
    yield from (("responsible", "party", row.get("responsible")) for row in facets["milestones"])
    yield from (("reviewed by", "commission", review["commission"]) for review in facets["reviews"])


def _occasion(facets: dict[str, Any]) -> Named:
    yield from (("signed there", "agreement", agreement) for agreement in facets["agreements"])
    yield from (("organiser", "party", party) for party in facets["organisers"])
    yield from (("supporter", "party", party) for party in facets["supporters"])


def _commission(facets: dict[str, Any]) -> Named:
    for row in facets["instructions"]:
        yield "instructed", "party", row.get("responsible")
        yield from (("co-executor", "party", party) for party in row.get("co_executors", ()))
        yield from ((INSTRUCTED_ON, kind_of(stream), slug_of(stream)) for stream in row.get("about", ()))
    for session in facets["sessions"]:
        if session["state"] != "held":
            yield from ((ON_AGENDA, kind_of(stream), slug_of(stream)) for stream in session.get("about", ()))


def _party(facets: dict[str, Any]) -> Named:
    yield from ((MERGED, "party", party) for party in facets["absorbed"])
    yield "succeeded by", "party", facets["successor"]
    yield "part of", "party", facets["parent"]


_OF: dict[str, Callable[[dict[str, Any]], Named]] = {
    "agreement": _agreement,
    "project": _project,
    "occasion": _occasion,
    "commission": _commission,
    "party": _party,
    "clock": lambda _facets: iter(()),
}


projection = Projection("links", str(__doc__).partition("\n")[0], 3, TABLE, rows, indexes=("other",))
