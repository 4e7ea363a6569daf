"""What is known of a commission after its facts: sessions and instructions (DOMAIN.md section 4)."""

from dataclasses import dataclass, replace
from typing import Any, TypeAlias, assert_never, cast

from domain.commission import facts as f
from domain.entries import Entry
from domain.streams import slug_of

Row: TypeAlias = dict[str, Any]

UNKNOWN = "not issued"
"""The state of an instruction that is spoken of but not on record."""


@dataclass(frozen=True, slots=True)
class Commission:
    """The facets of one commission. Dates are EDTF text; lists keep the order in which facts took effect."""

    name: str = ""
    sides: tuple[str, ...] = ()
    mandate: str | None = None
    co_chairs: tuple[Row, ...] = ()
    working_groups: tuple[str, ...] = ()
    sessions: tuple[Row, ...] = ()
    instructions: tuple[Row, ...] = ()

    def instruction(self, item: str) -> Row | None:
        """Return the instruction of that number, or None."""
        return next((row for row in self.instructions if row["item"] == item), None)

    def session(self, name: str | None) -> Row | None:
        """Return the session of that number or name, or None."""
        return next((row for row in self.sessions if name is not None and row["session"] == name), None)


def evolve(state: Commission, entry: Entry) -> Commission:
    """Return the state after a fact; accepts any fact in any order and never judges it.

    The state of an instruction is moved by the table in `domain.commission.rules`.
    """
    fact, on = cast("f.CommissionFact", entry.fact), entry.on.text
    match fact:
        case f.CommissionEstablished():
            return replace(state, name=fact.name, sides=fact.sides, mandate=fact.mandate)
        case f.CoChairAppointed() | f.CoChairReplaced():
            others = tuple(row for row in state.co_chairs if row["side"] != fact.side)
            chair = {"side": fact.side, "name": fact.name, "office": fact.office, "since": on}
            return replace(state, co_chairs=(*others, chair))
        case f.WorkingGroupEstablished():
            groups = tuple(name for name in state.working_groups if name != fact.name)
            return replace(state, working_groups=(*groups, fact.name))
        case f.WorkingGroupDissolved():
            kept = tuple(name for name in state.working_groups if name != fact.name)
            return replace(state, working_groups=kept)
        case f.SessionScheduled():
            return _session(state, fact.session, state="scheduled", on=fact.held_on, place=fact.place)
        case f.SessionPostponed():
            # Put off without a new date, it has none: the old one no longer holds.
            return _session(state, fact.session, {"on": fact.held_on}, state="postponed")
        case f.SessionHeld():
            chairs = list(fact.co_chairs)
            return _session(state, fact.session, state="held", on=on, place=fact.place, co_chairs=chairs)
        case f.AgendaAdopted():
            return _session(state, fact.session, agenda=list(fact.items))
        case f.ProtocolSigned():
            return _session(state, fact.session, protocol_signed_on=on)
        case f.InstructionIssued():
            return _instruction(state, fact.item, issued_on=on, **_issued(fact))
        case f.InstructionProgressReported():
            return _instruction(state, fact.item, progress=fact.report, progress_on=on)
        case f.InstructionDeadlineMoved():
            return _instruction(state, fact.item, deadline=fact.deadline)
        case f.InstructionFulfilmentReported():
            return _instruction(state, fact.item, reported_on=on)
        case f.InstructionClosed():
            return _instruction(state, fact.item, closed_on=on)
        case f.InstructionReopened():
            # What was reported before did not hold: it must be reported anew.
            return _instruction(state, fact.item, closed_on=None, reported_on=None)
        case f.InstructionCancelled():
            return _instruction(state, fact.item, closed_on=on)
        case _:
            assert_never(fact)


def _session(commission: Commission, name: str | None, even_absent: Row | None = None, /, **fields: Any) -> Commission:
    known = commission.session(name)
    row = known or {"session": name, "state": None, "on": None, "place": None}
    given = {field: value for field, value in fields.items() if value not in (None, [])}
    others = tuple(other for other in commission.sessions if other is not known)
    return replace(commission, sessions=(*others, {**row, **given, **(even_absent or {})}))


def _issued(fact: f.InstructionIssued) -> Row:
    return {
        "text": fact.text,
        "session": fact.session,
        "responsible": slug_of(fact.responsible) if fact.responsible else None,
        "co_executors": [slug_of(party) for party in fact.co_executors],
        "deadline": fact.deadline,
    }


def _instruction(commission: Commission, item: str, /, **fields: Any) -> Commission:
    known = commission.instruction(item)
    row = known or {"item": item, "state": UNKNOWN, "text": None, "deadline": None}
    others = tuple(other for other in commission.instructions if other is not known)
    return replace(commission, instructions=(*others, {**row, **fields}))


def moved(commission: Commission, item: str, value: str) -> Commission:
    """Return the commission with one instruction in another state; the others as they were."""
    rows = commission.instructions
    changed = tuple({**row, "state": value} if row["item"] == item else row for row in rows)
    return replace(commission, instructions=changed)


def facets(state: Commission) -> Row:
    """Show the state as JSON values, independent of any clock."""
    open_items = [row for row in state.instructions if row["state"] in {"open", "fulfilment reported"}]
    return {
        "title": state.name,
        "sides": list(state.sides),
        "mandate": state.mandate,
        "co_chairs": list(state.co_chairs),
        "working_groups": list(state.working_groups),
        "sessions": list(state.sessions),
        "instructions": list(state.instructions),
        "open_instructions": len(open_items),
    }
