"""Which stream do people mean by a word? Titles, names, abbreviations and names as printed, folded."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, String

from domain.folding import words
from domain.streams import kind_of
from projections.projection import Projection, Row, view_table

if TYPE_CHECKING:
    from domain.replay import Replayed

TABLE = view_table(
    "names",
    Column("text", String, nullable=False),
    Column("folded", String, nullable=False),
)


def rows(replayed: "Replayed") -> Iterator[Row]:
    """Yield one row for each distinct name the stream goes by; `folded` has its words between blanks."""
    for text in dict.fromkeys(filter(None, _names(kind_of(replayed.stream), replayed.facets))):
        yield {"text": text, "folded": f" {' '.join(words(text))} "}


def _names(kind: str, facets: dict[str, Any]) -> Iterator[str | None]:
    yield facets["title"]
    match kind:
        case "agreement":
            yield facets["subject"]
            yield from (party["name_as_printed"] for party in facets["parties"])
        case "project":
            yield facets["product"]
            yield facets["location"]
        case "party":
            yield facets["abbreviation"]
            yield from (variant["text"] for variant in facets["variants"])
            yield from (former["text"] for former in facets["former_names"])


projection = Projection("names", str(__doc__).partition("\n")[0], 1, TABLE, rows)
