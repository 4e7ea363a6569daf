"""Warns, before a fact is recorded, of an agreement with the title and the parties of another (DOMAIN.md section 5)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from domain.agreement.conclusion import AgreementOpened, PartyAdded
from domain.agreement.state import Agreement
from domain.entries import Draft
from domain.findings import Finding, warn
from domain.folding import words
from domain.history import History
from domain.lookalikes import skeleton
from domain.streams import slug_of
from eventstore.log import Reader
from projections.views import names

_REMEMBERED = 10_000
"""So many titles looked for are remembered with what was found, and so many agreements."""

Told: TypeAlias = tuple[tuple[str, ...], frozenset[str]]
"""The words of an agreement's title, and its parties."""


@dataclass
class Twins:
    """The agreements on record by what their titles look like, and those decided on meanwhile.

    Parties are told after the title, so it is the party that completes the set which brings the warning.
    """

    reader: Reader
    history_of: Callable[[str], History]
    fresh: dict[str, list[str]] = field(default_factory=dict)
    _recorded: dict[str, list[str]] = field(default_factory=dict)
    _told: dict[str, Told | None] = field(default_factory=dict)
    """What the other agreements say, until something more is decided on them: many rows may bear one title."""

    def look_up(self, reader: Reader, drafts: Iterable[Draft]) -> None:
        """Read at once, in a snapshot that serves from now on, which titles those of the drafts may resemble."""
        self.reader = reader
        for remembered in (self._recorded, self._told):
            if len(remembered) > _REMEMBERED:
                remembered.clear()
        titles = (draft.fact.title for draft in drafts if isinstance(draft.fact, AgreementOpened))
        self._read({skeleton(title) for title in titles} - self._recorded.keys())

    def of(self, draft: Draft, history: History) -> Iterator[Finding]:
        """Yield a warning for each other agreement whose title and parties are those of the draft's."""
        self._told.pop(draft.stream, None)
        if isinstance(draft.fact, AgreementOpened):
            self.fresh.setdefault(skeleton(draft.fact.title), []).append(draft.stream)
        elif isinstance(draft.fact, PartyAdded):
            yield from self._same_as(draft.stream, slug_of(draft.fact.party), history)

    def _same_as(self, stream: str, party: str, history: History) -> Iterator[Finding]:
        own = _state(history)
        if own is None or party in _parties(own):
            return
        sought = words(own.title), _parties(own) | {party}
        for other in self._titled(own.title):
            if other != stream and self._said(other) == sought:
                yield same_title(slug_of(other))

    def _said(self, stream: str) -> Told | None:
        if stream not in self._told:
            state = _state(self.history_of(stream))
            self._told[stream] = (words(state.title), _parties(state)) if state else None
        return self._told[stream]

    def _titled(self, title: str) -> list[str]:
        seen = skeleton(title)
        if seen not in self._recorded:
            self._read({seen})
        return list(dict.fromkeys([*self._recorded[seen], *self.fresh.get(seen, ())]))

    def _read(self, skeletons: set[str]) -> None:
        self._recorded |= {seen: [] for seen in skeletons}
        for stream, text in names.titled_like(self.reader.connection, skeletons) if skeletons else ():
            self._recorded[skeleton(text)].append(stream)


def same_title(slug: str) -> Finding:
    """Return the warning that another file has the same title and parties."""
    return warn("resembles", f"{slug} has the same title and parties", f"paraph status {slug}")


def _state(history: History) -> Agreement | None:
    state = history.steps[-1].after if history.steps else None
    return state if isinstance(state, Agreement) else None


def _parties(state: Agreement) -> frozenset[str]:
    return frozenset(line.slug for line in state.parties)
