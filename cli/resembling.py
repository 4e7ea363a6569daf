"""Warns, before a fact is recorded, of a party whose name cannot be told from another's."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from domain.entries import Draft, Entry
from domain.findings import Finding, warn
from domain.folding import words
from domain.lookalikes import skeleton
from domain.party.facts import MatchRejected, NameVariantRecorded, PartyRegistered, PartyRenamed
from domain.streams import slug_of
from eventstore.log import Reader
from projections.views import names


@dataclass
class Namesakes:
    """The names of parties on record, and of those decided on meanwhile."""

    reader: Reader
    fresh: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def of(self, draft: Draft, history: Sequence[Entry]) -> Iterator[Finding]:
        """Yield a warning for each other party whose name looks like the one a draft gives."""
        if (name := _name(draft)) is None or not (seen := skeleton(name)):
            return
        rejected = {slug_of(e.fact.match) or e.fact.match for e in history if isinstance(e.fact, MatchRejected)}
        alike = [*names.looking_like(self.reader.connection, [seen]), *self.fresh.get(seen, ())]
        others = {stream: text for stream, text in alike if stream != draft.stream}
        for stream, text in others.items():
            if slug_of(stream) not in rejected:
                yield _warning(name, stream, text, draft.stream)
        self.fresh.setdefault(seen, []).append((draft.stream, name))


def _name(draft: Draft) -> str | None:
    match draft.fact:
        case PartyRegistered(name=name) | PartyRenamed(name=name) | NameVariantRecorded(text=name):
            return name
        case _:
            return None


def _warning(name: str, stream: str, text: str, own: str) -> Finding:
    slug = slug_of(stream)
    instead = (
        f"paraph status {stream}",
        f"the same party: paraph record merged {slug_of(own)} {slug}",
        f"another: paraph record fact MatchRejected {slug_of(own)} --set match={stream}",
    )
    if words(name) == words(text):
        return warn("resembles", f"{slug} has the same name", *instead)
    return warn("looks-like", f"{name!r} looks like {text!r}, a name of {slug}", *instead)
