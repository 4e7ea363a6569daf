"""Given, when, then: how the tests tell what was recorded, what somebody wants, and what comes of it.

    given(AGREEMENT, fact("AgreementOpened", ...)).when(fact("AgreementSigned")).then(refused="few-parties")

Drafts go through `domain.factline.draft_of`, as those of the command line do. The event at position n
has the id `event(n)`; facts given are taken as recorded and are not judged.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from domain.asking import asked
from domain.entries import Draft, Entry, as_next
from domain.factline import draft_of
from domain.facts import name_of
from domain.recording import Decision, decide
from domain.replay import Replayed, replay
from domain.streams import kind_of

AGREEMENT = "agreement/cardboard"
PROJECT = "project/sumgayit-cardboard"
COMMISSION = "commission/az-cn-trade"
OCCASION = "occasion/beijing-2025"
PARTY = "party/izia"
CLOCK = "clock/register"
STREAMS = {kind_of(stream): stream for stream in (AGREEMENT, PROJECT, COMMISSION, OCCASION, PARTY, CLOCK)}

WAIVER = "ffffffff-0000-4000-8000-000000000000"


def event(number: int) -> str:
    """Return the id of the event at a position."""
    return f"00000000-0000-4000-8000-{number:012x}"


def day(text: str) -> date:
    """Shorten a day."""
    return date.fromisoformat(text)


@dataclass(frozen=True)
class Said:
    """A fact as somebody words it: its type, its date, its data, and what else its line holds."""

    type: str
    on: str
    data: dict[str, Any]
    envelope: dict[str, Any] = field(default_factory=dict)

    def draft(self, stream: str, new_id: str) -> Draft:
        """Turn it into a draft for a stream."""
        line = {"type": self.type, "stream": stream, "on": self.on, "data": self.data, **self.envelope}
        return draft_of(line, new_id=new_id, by="desk")


def fact(name: str, on: str = "2025-01-01", /, envelope: dict[str, Any] | None = None, **data: Any) -> Said:
    """Word a fact; keywords are its own fields, `envelope` holds sources, about, note, id, key."""
    return Said(name, on, data, envelope or {})


@dataclass(frozen=True)
class Story:
    """What stands in the log of one stream."""

    stream: str
    entries: tuple[Entry, ...] = ()

    def also(self, *facts: Said) -> "Story":
        """Return the story with more facts recorded."""
        entries = self.entries
        for said in facts:
            draft = said.draft(self.stream, event(len(entries) + 1))
            entries = (*entries, recorded(draft, entries))
        return replace(self, entries=entries)

    def when(self, said: Said, *, today: str | None = None, irregular: str | None = None) -> "Outcome":
        """Decide on one more fact."""
        draft = said.draft(self.stream, event(len(self.entries) + 1))
        now = day(today) if today else None
        decision = decide(self.entries, draft, today=now, irregular=irregular, waiver_id=WAIVER)
        return Outcome(self, decision)

    def replay(self, as_of: str | None = None, known_at: int | None = None) -> Replayed:
        """Fold the story, as of a day and as known at a position."""
        return replay(self.entries, as_of=day(as_of) if as_of else None, known_at=known_at)

    def shown(self, as_of: str | None = None, known_at: int | None = None) -> dict[str, Any]:
        """Return the facets."""
        return self.replay(as_of, known_at).facets

    def asked(self, on: str) -> dict[str, Any]:
        """Return the facets as they are on a day, what the calendar alone changes included."""
        return asked(kind_of(self.stream), self.shown(on), day(on))


@dataclass(frozen=True)
class Outcome:
    """What a decision came to."""

    story: Story
    decision: Decision

    def then(
        self,
        *,
        recorded: str | tuple[str, ...] = (),
        refused: str | tuple[str, ...] = (),
        warns: str | tuple[str, ...] = (),
        notes: str | tuple[str, ...] = (),
    ) -> Story:
        """Assert exactly these fact types recorded and exactly these codes found; return the story after."""
        found = (self.codes("refuse"), self.codes("warn"), self.codes("note"))
        assert found == (_set(refused), _set(warns), _set(notes)), self.decision.findings
        assert tuple(name_of(draft.fact) for draft in self.decision.drafts) == _tuple(recorded)
        assert self.decision.refused == (not recorded and self.decision.already is None)
        return self.after

    def codes(self, weight: str) -> frozenset[str]:
        """Return the codes of the findings of one weight."""
        return frozenset(found.code for found in self.decision.findings if found.weight == weight)

    @property
    def after(self) -> Story:
        """Return the story with what was decided recorded."""
        entries = self.story.entries
        for draft in self.decision.drafts:
            entries = (*entries, recorded(draft, entries))
        return replace(self.story, entries=entries)


def given(stream: str, *facts: Said) -> Story:
    """Begin a story: these facts stand in the log of a stream."""
    return Story(stream).also(*facts)


def recorded(draft: Draft, entries: Iterable[Entry]) -> Entry:
    """Return a draft as the store would give it back, recorded after the entries."""
    entry = as_next(draft, tuple(entries))
    return entry._replace(recorded=f"2026-01-01T00:00:{entry.position:09.6f}Z")


def _tuple(codes: str | tuple[str, ...]) -> tuple[str, ...]:
    return (codes,) if isinstance(codes, str) else codes


def _set(codes: str | tuple[str, ...]) -> frozenset[str]:
    return frozenset(_tuple(codes))
