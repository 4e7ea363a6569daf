"""Decides drafts one after the other, each on what the log holds and on what was decided before it."""

import uuid
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from cli.ledger import Ledger
from cli.register import Register, waiver_of
from cli.resembling import Namesakes
from cli.twins import Twins
from domain.entries import Draft
from domain.facts import name_of, stored
from domain.findings import Finding, refuse
from domain.history import History
from domain.reading import read, read_all
from domain.recording import Decision, decide
from eventstore.codec import content, encode
from eventstore.envelope import Proposed, Recorded
from eventstore.log import Reader

NAMESPACE = uuid.UUID("6f1d2f0e-54a3-5d7e-9d0b-70617261706a")
"""For ids derived from a key or from what a fact says, so that the same file gives the same ids."""

HELD = 6_000
"""Entries held in memory where a ledger keeps what was decided: some 30 MB with their states."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One draft, and what was decided on it."""

    draft: Draft
    decision: Decision


@dataclass
class Desk:
    """Decides drafts in order. With a ledger, streams not touched of late are let go and read again from it.

    `versions` are those the streams stood at in the log when they were first looked at; `known` are streams that
    exist, if only by what was decided here, `unknown` those that drafts named in vain.
    """

    register: Register
    reader: Reader
    irregular: str | None = None
    ledger: Ledger | None = None
    versions: dict[str, int] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    _histories: OrderedDict[str, History] = field(default_factory=OrderedDict)
    _held: int = 0

    @cached_property
    def namesakes(self) -> Namesakes:
        """Return the names of parties that a new one may be mistaken for."""
        return Namesakes(self.reader)

    @cached_property
    def twins(self) -> Twins:
        """Return the agreements that a new one may be the same as."""
        return Twins(self.reader, self.history)

    @cached_property
    def _today(self) -> date:
        return self.register.today()

    def look_up(self, reader: Reader, drafts: Sequence[Draft]) -> None:
        """Read at once, in a snapshot that serves from now on, what deciding on these drafts needs."""
        self.reader = reader
        self.namesakes.look_up(reader, drafts)
        self.twins.look_up(reader, drafts)
        self._let_go()
        wanted = dict.fromkeys(draft.stream for draft in drafts if draft.stream not in self._histories)
        for stream, events in reader.streams(wanted).items():
            self._take(stream, events)
        named = {name for draft in drafts for name in draft.mentions()} - self.known
        self.known |= reader.exists(named)

    def decide(self, draft: Draft) -> Planned:
        """Decide on one draft and remember what it adds."""
        history = self.history(draft.stream)
        missing = tuple(self._missing(draft))
        decision = Decision((), missing) if missing else self._decided(history, draft)
        if decision.drafts:
            self.known.add(draft.stream)
            if resembled := (*self.namesakes.of(draft, history), *self.twins.of(draft, history)):
                decision = replace(decision, findings=(*decision.findings, *resembled))
        for accepted in decision.drafts:
            if not history.bears(accepted.id):
                history.add(history.next(accepted))
                self._held += 1
        return Planned(draft, decision)

    def history(self, stream: str) -> History:
        """Return the entries of a stream, with those decided here."""
        if stream not in self._histories:
            self._take(stream, self.reader.stream(stream))
        self._histories.move_to_end(stream)
        return self._histories[stream]

    def close(self) -> None:
        """Let go of all that was read and decided but `versions`."""
        self._histories.clear()
        self.known.clear()
        self._held = 0
        self.__dict__.pop("twins", None)  # they know the desk: each would keep the other in memory

    def _take(self, stream: str, events: Sequence[Recorded]) -> None:
        history = History(read_all(events))
        self.versions.setdefault(stream, len(events))
        for proposal in self.ledger.of(stream) if self.ledger else ():
            place = len(history) + 1
            history.add(read(encode(proposal, position=place, version=place, recorded="", asserted=False)))
        self._histories[stream] = history
        self._held += len(history)

    def _let_go(self) -> None:
        while self.ledger is not None and self._held > HELD:
            _, history = self._histories.popitem(last=False)
            self._held -= len(history)

    def _decided(self, history: History, draft: Draft) -> Decision:
        waiver_id = waiver_of(draft.id) if self.irregular else ""
        return decide(history, draft, today=self._today, irregular=self.irregular, waiver_id=waiver_id)

    def _missing(self, draft: Draft) -> Iterable[Finding]:
        """Say which streams the draft names that are in nobody's register."""
        unknown = [name for name in draft.mentions() if name not in self.known]
        existing = self.reader.exists(unknown) if unknown else set()
        self.known |= existing
        for name in unknown:
            if name not in existing:
                self.unknown.add(name)
                kind, _, slug = name.partition("/")
                yield refuse("unknown-reference", f"there is no {kind} {slug}", f"paraph new {kind} … --slug {slug}")


def proposed(draft: Draft) -> Proposed:
    """Return a draft as the event store takes it."""
    return Proposed(
        id=draft.id,
        stream=draft.stream,
        type=name_of(draft.fact),
        schema=draft.fact.schema_number,
        on=draft.on.text,
        earliest=draft.on.earliest.isoformat(),
        latest=draft.on.latest.isoformat(),
        data=stored(draft.fact),
        by=draft.by,
        about=draft.mentions(),
        sources=tuple(source.model_dump(mode="json", exclude_none=True) for source in draft.sources),
        key=draft.key,
        batch=draft.batch,
        note=draft.note,
    )


def id_of_key(key: str) -> str:
    """Return the id that a key gives."""
    return str(uuid.uuid5(NAMESPACE, f"key:{key}"))


def id_of_content(proposal: Proposed) -> str:
    """Return the id that all a fact says gives."""
    return str(uuid.uuid5(NAMESPACE, content(proposal).decode()))
