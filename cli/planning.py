"""From drafts to recorded events: decided one after the other on what stands, then appended together."""

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from cli.register import Register, waiver_of
from cli.resembling import Namesakes
from domain.entries import Draft, Entry, as_next
from domain.facts import name_of, stored
from domain.findings import Finding, refuse
from domain.reading import read_all
from domain.recording import Decision, decide
from domain.streams import slug_of
from eventstore.codec import content
from eventstore.envelope import Proposed, Receipt, Recorded
from eventstore.errors import Conflict
from eventstore.log import Reader
from eventstore.transact import transact
from projections.runner import follow

NAMESPACE = uuid.UUID("6f1d2f0e-54a3-5d7e-9d0b-70617261706a")
"""For ids derived from a key or from what a fact says, so that the same file gives the same ids."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One draft, and what was decided on it."""

    draft: Draft
    decision: Decision


@dataclass(frozen=True, slots=True)
class Plan:
    """Drafts decided in order; refused ones propose nothing."""

    planned: tuple[Planned, ...]
    conditions: tuple[()] = ()

    @property
    def proposals(self) -> list[Proposed]:
        """Return what is to be appended."""
        return [proposed(draft) for planned in self.planned for draft in planned.decision.drafts]

    @property
    def refused(self) -> tuple[Planned, ...]:
        """Return what the rules keep out."""
        return tuple(planned for planned in self.planned if planned.decision.refused)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of recording: the plan, the events it stands on, and the receipt of what was appended."""

    plan: Plan
    events: tuple[Recorded, ...]
    receipt: Receipt | None

    @property
    def already_recorded(self) -> bool:
        """Say whether everything had been on record before."""
        return self.receipt is None or self.receipt.already_recorded


@dataclass
class Desk:
    """Decides drafts one after the other, each on what the log holds and what was decided before it."""

    register: Register
    reader: Reader
    irregular: str | None = None
    histories: dict[str, list[Entry]] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)

    @cached_property
    def namesakes(self) -> Namesakes:
        """Return the names of parties that a new one may be mistaken for."""
        return Namesakes(self.reader)

    def decide(self, draft: Draft) -> Planned:
        """Decide on one draft and remember what it adds."""
        history = self.history(draft.stream)
        missing = tuple(self._missing(draft))
        decision = Decision((), missing) if missing else self._decided(history, draft)
        if decision.drafts:
            decision = replace(decision, findings=(*decision.findings, *self.namesakes.of(draft, history)))
        for accepted in decision.drafts:
            if all(entry.id != accepted.id for entry in history):
                history.append(as_next(accepted, history))
        return Planned(draft, decision)

    def history(self, stream: str) -> list[Entry]:
        """Return the entries of a stream, with those decided here."""
        if stream not in self.histories:
            self.histories[stream] = list(read_all(self.reader.stream(stream)))
        return self.histories[stream]

    def _decided(self, history: Sequence[Entry], draft: Draft) -> Decision:
        return decide(
            history,
            draft,
            today=self.register.today(),
            irregular=self.irregular,
            waiver_id=waiver_of(draft.id),
        )

    def _missing(self, draft: Draft) -> Iterable[Finding]:
        """Say which streams the draft names that are in nobody's register."""
        unknown = [name for name in draft.mentions() if name not in self.known and not self.histories.get(name)]
        existing = self.reader.exists(unknown) if unknown else set()
        self.known |= existing
        for name in unknown:
            if name not in existing:
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


def derived_id(draft: Draft) -> str:
    """Return an id for a draft that brings none: from its key, else from all that it says."""
    said = f"key:{draft.key}" if draft.key else content(proposed(draft)).decode()
    return str(uuid.uuid5(NAMESPACE, said))


def record(
    register: Register,
    drafts: Sequence[Draft],
    *,
    irregular: str | None = None,
    expect: int | None = None,
    project: Callable[..., None] = follow,
) -> Outcome:
    """Decide on the drafts and append what passes, all in one transaction; with a refusal nothing is appended.

    `expect` is the version the first draft's stream must stand at. Raises the store's errors.
    """

    def decided(reader: Reader, _streams: object) -> Plan:
        plan = planned(register, reader, drafts, irregular=irregular, expect=expect)
        return Plan(plan.refused) if plan.refused else plan

    streams = dict.fromkeys(draft.stream for draft in drafts)
    told = {drafts[0].stream: expect} if expect is not None else {}
    plan, receipt = transact(register.store, streams, decided, now=register.now, expect=told, project=project)
    return Outcome(plan, _standing_for(register, plan, receipt), receipt)


def planned(
    register: Register,
    reader: Reader,
    drafts: Sequence[Draft],
    *,
    irregular: str | None = None,
    expect: int | None = None,
) -> Plan:
    """Decide on drafts in order, in one snapshot, and append nothing.

    Raises `Conflict` where the first draft's stream is not at the version expected, unless all is a retry: who
    looked at another state is told that first, not what the rules say of the present one.
    """
    desk = Desk(register, reader, irregular)
    plan = Plan(tuple(desk.decide(draft) for draft in drafts))
    if expect is None or (actual := reader.version(drafts[0].stream)) == expect:
        return plan
    fresh = {proposal.id for proposal in plan.proposals} - reader.by_ids(p.id for p in plan.proposals).keys()
    if plan.refused or fresh:
        raise Conflict(reason="version", stream=drafts[0].stream, expected=expect, actual=actual)
    return plan


def _standing_for(register: Register, plan: Plan, receipt: Receipt | None) -> tuple[Recorded, ...]:
    """Return the events that hold what the drafts said, newly recorded or of old."""
    fresh = {event.id: event for event in receipt.events} if receipt else {}
    before = [item.decision.already.id for item in plan.planned if item.decision.already]
    with register.store.reading() as reader:
        found = fresh | reader.by_ids(before)
    return tuple(sorted(found.values(), key=lambda event: event.position))


def refused_message(plan: Plan) -> tuple[str, str]:
    """Return what was refused by which rule, and what to do instead."""
    first = plan.refused[0]
    findings = [finding for finding in first.decision.findings if finding.weight == "refuse"]
    said = "; ".join(f"{finding.message} [{finding.code}]" for finding in findings)
    instead = [option for finding in findings for option in finding.instead]
    what = f"{name_of(first.draft.fact)} on {slug_of(first.draft.stream)} refused: {said}; nothing was recorded"
    return what, ("allowed instead: " + ", ".join(dict.fromkeys(instead))) if instead else ""
