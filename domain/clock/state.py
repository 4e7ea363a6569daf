"""What is known of a clock after its facts: since when it runs, how far it came, what did not arrive."""

from dataclasses import dataclass
from typing import Any, TypeAlias, assert_never, cast

from domain.clock import facts as f
from domain.entries import Entry
from domain.states import updated

Row: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Clock:
    """The facets of one clock. Days are EDTF text; reminders are known by the ids of their events."""

    timezone: str = ""
    started_on: str | None = None
    round_on: str | None = None
    fired: int = 0
    undelivered: tuple[Row, ...] = ()


def evolve(state: Clock, entry: Entry) -> Clock:
    """Return the state after a fact; accepts any fact in any order and never judges it."""
    fact, on = cast("f.ClockFact", entry.fact), entry.on.text
    match fact:
        case f.ClockStarted():
            return updated(state, timezone=fact.timezone, started_on=state.started_on or on)
        case f.ReminderFired():
            waiting = {"reminder": entry.id, "text": fact.text, "problem": None}
            return updated(state, fired=state.fired + 1, undelivered=(*state.undelivered, waiting))
        case f.ReminderDelivered():
            left = tuple(row for row in state.undelivered if row["reminder"] != fact.reminder)
            return updated(state, undelivered=left)
        case f.DeliveryFailed():
            told = (
                {**row, "problem": fact.problem} if row["reminder"] == fact.reminder else row
                for row in state.undelivered
            )
            return updated(state, undelivered=tuple(told))
        case f.RoundCompleted():
            return updated(state, round_on=on)
        case _:
            assert_never(fact)


def facets(state: Clock) -> Row:
    """Show the state as JSON values, independent of any clock."""
    return {
        "title": "the register's clock",
        "timezone": state.timezone,
        "started_on": state.started_on,
        "round_on": state.round_on,
        "fired": state.fired,
        "undelivered": list(state.undelivered),
    }
