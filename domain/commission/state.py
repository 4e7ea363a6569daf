"""What is known of a commission after its facts: sessions and instructions (DOMAIN.md section 4)."""

from dataclasses import dataclass
from typing import Any, TypeAlias, assert_never, cast

from domain.commission import facts as f
from domain.duties import because, changed, done, moved, reopened, reported, set_up
from domain.entries import Entry
from domain.states import updated
from domain.streams import kind_of, slug_of

Row: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Commission:
    """The facets of one commission. Dates are EDTF text; lists keep the order in which facts took effect."""

    name: str = ""
    sides: tuple[str, ...] = ()
    mandate: str | None = None
    co_chairs: tuple[Row, ...] = ()
    working_groups: tuple[str, ...] = ()
    sessions: tuple[Row, ...] = ()
    instructions: tuple[Row, ...] = ()

    def session(self, name: str | None) -> Row | None:
        """Return the session of that number or name, or None."""
        return next((row for row in self.sessions if name is not None and row["session"] == name), None)


def evolve(state: Commission, entry: Entry) -> Commission:
    """Return the state after a fact; accepts any fact in any order and never judges it.

    The state of an instruction is moved by the table in `domain.commission.rules`.
    """
    fact, on = cast("f.CommissionFact", entry.fact), entry.on.text
    duties = state.instructions
    match fact:
        case f.CommissionEstablished():
            return updated(state, name=fact.name, sides=fact.sides, mandate=fact.mandate)
        case f.CoChairAppointed() | f.CoChairReplaced():
            others = tuple(row for row in state.co_chairs if row["side"] != fact.side)
            chair = {"side": fact.side, "name": fact.name, "office": fact.office, "since": on}
            return updated(state, co_chairs=(*others, chair))
        case f.WorkingGroupEstablished():
            groups = tuple(name for name in state.working_groups if name != fact.name)
            return updated(state, working_groups=(*groups, fact.name))
        case f.WorkingGroupDissolved():
            kept = tuple(name for name in state.working_groups if name != fact.name)
            return updated(state, working_groups=kept)
        case f.SessionScheduled():
            told = {"on": fact.held_on, "place": fact.place, "about": _concerned(entry)}
            return _session(state, fact.session, state="scheduled", **told)
        case f.SessionPostponed():
            # Put off without a new date, it has none: the old one no longer holds.
            return _session(state, fact.session, {"on": fact.held_on}, state="postponed", about=_concerned(entry))
        case f.SessionHeld():
            chairs = list(fact.co_chairs)
            return _session(state, fact.session, state="held", on=on, place=fact.place, co_chairs=chairs)
        case f.AgendaAdopted():
            return _session(state, fact.session, agenda=list(fact.items), about=_concerned(entry))
        case f.ProtocolSigned():
            return _session(state, fact.session, protocol_signed_on=on, protocol_place=fact.place)
        case f.InstructionIssued():
            series = {"recurrence": fact.recurrence, "until": fact.until}
            duties = set_up(duties, fact.item, on=on, deadline=fact.deadline, **series, **_issued(fact, entry))
        case f.InstructionProgressReported():
            duties = changed(duties, fact.item, progress=fact.report, progress_on=on)
        case f.InstructionDeadlineMoved():
            duties = moved(duties, fact.item, on=on, deadline=fact.deadline, reason=fact.reason)
        case f.InstructionFulfilmentReported():
            duties = reported(duties, fact.item, on=on, report=fact.report)
        case f.InstructionClosed():
            duties = done(duties, fact.item, on=on, due=fact.due)
        case f.InstructionReopened():
            duties = changed(reopened(duties, fact.item), fact.item, **because(fact.reason))
        case f.InstructionCancelled():
            duties = changed(duties, fact.item, closed_on=on, **because(fact.reason))
        case _:
            assert_never(fact)
    return updated(state, instructions=duties)


def _session(commission: Commission, name: str | None, even_absent: Row | None = None, /, **fields: Any) -> Commission:
    known = commission.session(name)
    row = known or {"session": name, "state": None, "on": None, "place": None}
    given = {field: value for field, value in fields.items() if value not in (None, [])}
    others = tuple(other for other in commission.sessions if other is not known)
    return updated(commission, sessions=(*others, {**row, **given, **(even_absent or {})}))


def _issued(fact: f.InstructionIssued, entry: Entry) -> Row:
    return {
        "text": fact.text,
        "session": fact.session,
        "responsible": slug_of(fact.responsible) if fact.responsible else None,
        "co_executors": [slug_of(party) for party in fact.co_executors],
        "about": _concerned(entry),
    }


def _concerned(entry: Entry) -> list[str]:
    """Return the agreements and projects that a session or an instruction is about, as its line says."""
    return [stream for stream in entry.about if kind_of(stream) in {"agreement", "project"}]


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
