"""Warns, before a fact is recorded, of a party whose name cannot be told from another's."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.entries import Draft, Entry
from domain.findings import Finding, warn
from domain.folding import words
from domain.lookalikes import skeleton
from domain.party.facts import NameVariantRecorded, PartyRegistered, PartyRenamed
from domain.reading import read_all
from domain.replay import replay
from domain.streams import slug_of
from eventstore.log import Reader
from projections.answers.parties import one_party, told_apart
from projections.views import names
from projections.world import World


@dataclass
class Namesakes:
    """The names of parties on record, and of those decided on meanwhile."""

    reader: Reader
    fresh: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    _recorded: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def look_up(self, reader: Reader, drafts: Iterable[Draft]) -> None:
        """Read at once, in a snapshot that serves from now on, the names that those of the drafts may resemble."""
        self.reader = reader
        seen = {skeleton(name) for draft in drafts if (name := _name(draft))}
        self._recorded = {one: [] for one in seen if one}
        if self._recorded:
            for stream, text in names.looking_like(reader.connection, list(self._recorded)):
                self._recorded[skeleton(text)].append((stream, text))

    def of(self, draft: Draft, history: Sequence[Entry]) -> Iterator[Finding]:
        """Yield a warning for each other party whose name looks like the one a draft gives."""
        if (name := _name(draft)) is None or not (seen := skeleton(name)):
            return
        if seen not in self._recorded:
            self.look_up(self.reader, [draft])
        alike = dict([*self._recorded[seen], *self.fresh.get(seen, ())])
        known = self._known_to(draft.stream, history) if alike else set()
        for stream, text in alike.items():
            if stream not in known and draft.stream not in self._apart(stream):
                yield _warning(name, stream, text, draft.stream)
        self.fresh.setdefault(seen, []).append((draft.stream, name))

    def _known_to(self, stream: str, history: Sequence[Entry]) -> set[str]:
        """Return the parties that one is said to be one with, on whatever day, or not to be."""
        apart = told_apart(replay(history).facets) if history else set()
        return one_party(World(self.reader, date.max), stream) | apart

    def _apart(self, stream: str) -> set[str]:
        history = read_all(self.reader.stream(stream))
        return told_apart(replay(history).facets) if history else set()


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
