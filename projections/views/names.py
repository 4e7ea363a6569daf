"""Which stream do people mean by a word? Titles, names, abbreviations, names as printed, what is to be done, folded."""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Connection, String, select

from domain.folding import words
from domain.lookalikes import skeleton
from domain.streams import kind_of
from projections.books import reached
from projections.projection import Projection, Row, view_table
from projections.sounds import sounds

if TYPE_CHECKING:
    from domain.replay import Replayed

TABLE = view_table(
    "names",
    Column("what", String, nullable=False),
    Column("text", String, nullable=False),
    Column("folded", String, nullable=False),
    Column("sounds", String, nullable=False),
    Column("skeleton", String, nullable=False),
)

NAMES = frozenset({"title", "name", "abbreviation", "subject", "product", "place", "as printed", "also", "formerly"})
"""What a stream may be meant by; the other texts are only found."""


_PARTY_NAMES = ("name", "also", "formerly")
_TITLE = ("title", "agreement")
"""What streams may be mistaken for each other by, and so has a skeleton: names of parties, titles of agreements."""


def rows(replayed: "Replayed") -> Iterator[Row]:
    """Yield one row for each distinct text of the stream; `folded` and `sounds` have its words between blanks."""
    kind = kind_of(replayed.stream)
    for what, text in dict.fromkeys(_texts(kind, replayed.facets)):
        if text:
            yield {
                "what": what,
                "text": text,
                "folded": f" {' '.join(words(text))} ",
                "sounds": f" {' '.join(sounds(text))} ",
                "skeleton": skeleton(text) if what in _PARTY_NAMES or (what, kind) == _TITLE else "",
            }


def _texts(kind: str, facets: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
    yield "name" if kind == "party" else "title", facets["title"]
    match kind:
        case "agreement":
            yield "subject", facets["subject"]
            yield from (("sector", sector) for sector in facets["sectors"])
            yield from (("as printed", party["name_as_printed"]) for party in facets["parties"])
            yield from ((f"obligation {row['item']}", row["text"]) for row in facets["obligations"])
        case "project":
            yield "product", facets["product"]
            yield "place", facets["location"]
            yield from ((f"milestone {row['item']}", row["text"] or row["item"]) for row in facets["milestones"])
        case "commission":
            yield "mandate", facets["mandate"]
            yield from ((f"instruction {row['item']}", row["text"]) for row in facets["instructions"])
        case "occasion":
            yield "place", facets["place"]
        case "party":
            yield "abbreviation", facets["abbreviation"]
            yield from (("also", variant["text"]) for variant in facets["variants"])
            yield from (("formerly", former["text"]) for former in facets["former_names"])
    if kind in {"agreement", "project"}:
        yield from (("remarks", review.get("remarks")) for review in facets["reviews"])


def looking_like(connection: Connection, skeletons: Collection[str]) -> list[tuple[str, str]]:
    """Return the parties, by stream, with a name of one of these skeletons, each with that name.

    None where the view is of another version of the program: the next record makes it anew.
    """
    return _alike(connection, skeletons, _PARTY_NAMES)


def titled_like(connection: Connection, skeletons: Collection[str]) -> list[tuple[str, str]]:
    """Return the agreements, by stream, with a title of one of these skeletons, each with that title."""
    return _alike(connection, skeletons, _TITLE[:1])


def _alike(connection: Connection, skeletons: Collection[str], what: Collection[str]) -> list[tuple[str, str]]:
    sought = set(skeletons) - {""}  # what has no letter that can be seen looks like nothing else
    if not sought or reached(connection, projection) is None:
        return []
    alike = select(TABLE.c.stream, TABLE.c.text).where(TABLE.c.skeleton.in_(sought), TABLE.c.what.in_(what))
    return [(stream, text) for stream, text in connection.execute(alike.order_by(TABLE.c.stream, TABLE.c.text))]


projection = Projection("names", str(__doc__).partition("\n")[0], 3, TABLE, rows, indexes=("skeleton",))
