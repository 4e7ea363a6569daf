"""From drafts to recorded events: decided one after the other on what stands, then appended together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cli.deciding import Desk, Planned, proposed
from cli.register import Register
from domain.entries import Draft
from domain.facts import name_of
from domain.streams import slug_of
from eventstore.envelope import Proposed, Receipt, Recorded
from eventstore.errors import Conflict
from eventstore.log import Reader
from eventstore.transact import transact
from projections.runner import follow


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
