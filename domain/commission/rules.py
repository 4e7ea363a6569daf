"""What may happen to a commission's instructions, as data, with their guards (DOMAIN.md section 5)."""

from collections.abc import Iterator

from domain.commission import facts as f
from domain.commission.state import Commission, evolve, facets
from domain.decider import Decider
from domain.duties import duty, placed, value_of
from domain.entries import Entry
from domain.facts import said
from domain.findings import Finding, warn
from domain.lifecycle import Guard, Lifecycle, Move
from domain.states import updated

UNKNOWN = "not issued"
"""The state of an instruction that is spoken of but not on record."""

_UNDER_CONTROL = ("open", "fulfilment reported")
_KNOWN = (*_UNDER_CONTROL, "closed", "cancelled")


def _item(entry: Entry) -> str:
    return str(said(entry.fact, "item") or "")


def _value(state: Commission, entry: Entry) -> str:
    return value_of(INSTRUCTION, state.instructions, _item(entry))


def _unknown_item(state: Commission, entry: Entry) -> str | None:
    if _value(state, entry) != UNKNOWN:
        return None
    items = ", ".join(row["item"] for row in state.instructions if row["state"] != UNKNOWN) or "none"
    return f"no instruction {_item(entry)} is on record; on record: {items}"


def _not_reported(state: Commission, entry: Entry) -> str | None:
    row = duty(state.instructions, _item(entry))
    reported = row is not None and row.get("reported_on") is not None
    return None if reported else f"no fulfilment of instruction {_item(entry)} was reported"


def _judge(state: Commission, entry: Entry) -> Iterator[Finding]:
    """Judge a fact about an instruction by that instruction's own state."""
    yield from INSTRUCTION.judge_at(_value(state, entry), state, entry)
    if isinstance(entry.fact, (f.AgendaAdopted, f.ProtocolSigned)) and not state.session(entry.fact.session):
        yield warn("unknown-session", f"no session {entry.fact.session} is on record")
    if isinstance(entry.fact, (f.CoChairReplaced, f.WorkingGroupDissolved)):
        yield from _nothing_to_replace(state, entry.fact)


def _nothing_to_replace(state: Commission, fact: f.CoChairReplaced | f.WorkingGroupDissolved) -> Iterator[Finding]:
    match fact:
        case f.CoChairReplaced() if all(row["side"] != fact.side for row in state.co_chairs):
            yield warn("no-co-chair", f"no co-chair of {fact.side} is on record")
        case f.WorkingGroupDissolved() if fact.name not in state.working_groups:
            yield warn("no-working-group", f"no working group {fact.name} is on record")


KNOWN_ITEM = Guard("unknown-instruction", "refuse", "the instruction is on record", _unknown_item)

INSTRUCTION: Lifecycle[Commission] = Lifecycle(
    kind="commission",
    facet="instruction",
    values=(UNKNOWN, *_KNOWN),
    ended=frozenset(),
    # An instruction's state is that of the item a fact names: see _judge.
    current=lambda _state, _day: UNKNOWN,
    moves=(
        Move("InstructionIssued", (UNKNOWN,), "open", otherwise="refuse"),
        Move("InstructionProgressReported", _UNDER_CONTROL, None, (KNOWN_ITEM,)),
        Move("InstructionDeadlineMoved", _UNDER_CONTROL, None, (KNOWN_ITEM,), otherwise="refuse"),
        Move("InstructionFulfilmentReported", ("open",), "fulfilment reported", (KNOWN_ITEM,)),
        Move(
            "InstructionClosed",
            _UNDER_CONTROL,
            "closed",
            (KNOWN_ITEM, Guard("not-reported", "warn", "fulfilment was reported", _not_reported)),
        ),
        Move("InstructionReopened", ("closed", "cancelled"), "open", (KNOWN_ITEM,), otherwise="refuse"),
        Move("InstructionCancelled", _UNDER_CONTROL, "cancelled", (KNOWN_ITEM,)),
    ),
)


def _evolve(state: Commission, entry: Entry) -> Commission:
    after = evolve(state, entry)
    if not (item := _item(entry)):
        return after
    return updated(after, instructions=placed(INSTRUCTION, state.instructions, after.instructions, item, entry.fact))


COMMISSION: Decider[Commission] = Decider(
    kind="commission",
    opens=("CommissionEstablished",),
    initial=Commission(),
    evolve=_evolve,
    judge=_judge,
    facets=facets,
    lifecycles=(INSTRUCTION,),
)
