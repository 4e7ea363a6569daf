"""Recording what is called to mind, so that of several runners one does, whatever becomes of them.

The reminders of some days and the word that those days are done are one append, on condition that no other
runner appended meanwhile; who came second reads again, and finds nothing left to do.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from cli.deciding import NAMESPACE, proposed
from cli.register import Register
from cli.reminders import CLOCK, Habits, History, Reminder, called, first_day, span
from domain.clock.facts import ClockFact, ClockStarted, ReminderFired, RoundCompleted
from domain.dates import of_day
from domain.entries import Draft
from eventstore.envelope import Proposed, Recorded
from eventstore.log import Reader
from eventstore.transact import transact
from projections.runner import follow
from projections.world import World

BY = "paraph schedule"

_DAYS_AT_ONCE = 7
"""Days reckoned in one snapshot: after a long pause writers are not held up until the last of them."""


@dataclass(frozen=True, slots=True)
class Days:
    """What some days call for, as facts to append; `more` says whether days are left after them."""

    proposals: list[Proposed]
    more: bool
    conditions: tuple[()] = ()


def fire(register: Register, habits: Habits) -> list[Recorded]:
    """Record what every day up to now calls for; return the reminders that were recorded by this very call."""
    found: list[Recorded] = []
    more = True
    while more:
        decided = partial(_decided, register, habits)
        days, receipt = transact(register.store, [CLOCK], decided, now=register.now, project=follow)
        if receipt is not None:
            found += [event for event in receipt.events if event.id in receipt.fresh]
        more = days.more
    return [event for event in found if event.type == "ReminderFired"]


def history_of(register: Register) -> History:
    """Return what the clock's stream tells."""
    with register.store.reading() as reader:
        return History.of(reader.stream(CLOCK))


def preview(register: Register, habits: Habits, days: int) -> list[Reminder]:
    """Return what would fire until so many days from today, if nothing more were recorded; records nothing."""
    today = register.today()
    found: list[Reminder] = []
    with register.store.reading() as reader:
        history = History.of(reader.stream(CLOCK))
        begin = first_day(history, today)
        for day in span(begin, today + min(timedelta(days=days), date.max - today)):
            found += called(World(reader, day), history, habits, since=history.started or today)
    return found


def next_moment(now: datetime, zone: ZoneInfo, at: time, done: date | None) -> datetime:
    """Return when the next round is due, in the register's zone."""
    local = now.astimezone(zone)
    day = local.date() if done is None else max(local.date(), done + timedelta(days=1))
    # By way of UTC: where clocks leap over the hour, the moment there is instead.
    return datetime.combine(day, at, zone).astimezone(UTC).astimezone(zone)


def _decided(register: Register, habits: Habits, reader: Reader, streams: Any) -> Days:
    local = register.now().astimezone(register.zone)
    history = History.of(streams[CLOCK])
    facts: list[Draft] = []
    if history.started is None:
        history.started = local.date()
        started = ClockStarted(timezone=str(register.zone))
        facts.append(_draft(register, "started", history.started, started))
    last = local.date() if local.time() >= habits.at else local.date() - timedelta(days=1)
    days = list(span(first_day(history, last), last))
    for day in days[:_DAYS_AT_ONCE]:
        facts += _of_day(register, World(reader, day), history, habits)
    if days and len(days) <= _DAYS_AT_ONCE:
        facts += [_fact(register, reminder) for reminder in _daily(history, habits, last)]
    return Days([proposed(draft) for draft in facts], more=len(days) > _DAYS_AT_ONCE)


def _of_day(register: Register, world: World, history: History, habits: Habits) -> Iterator[Draft]:
    """Yield a day's reminders, and once that it is done; how many is what the day called for, whoever asks."""
    day = world.as_of
    found = called(world, history, habits, since=history.started or day)
    for reminder in found:
        yield _fact(register, reminder)
    if history.done is None or history.done < day:
        history.done = day
        yield _draft(register, f"round:{day}", day, RoundCompleted(fired=len(found)))


def _daily(history: History, habits: Habits, day: date) -> Iterator[Reminder]:
    """Yield what is done once a day; days that nobody was there are not made up for."""
    words = {"verify": "integrity check", "backup": "backup"}
    for job in habits.daily:
        if (job, day.isoformat()) not in history.daily:
            yield Reminder(day=day, job=job, subject="register", text=words[job])


def _fact(register: Register, reminder: Reminder) -> Draft:
    fact = ReminderFired(
        job=reminder.job,
        subject=reminder.subject,
        item=reminder.item,
        due=reminder.due,
        days=reminder.lead,
        text=reminder.text,
    )
    about = (reminder.subject,) if "/" in reminder.subject else ()
    return _draft(register, reminder.id, reminder.day, fact, about)


def _draft(register: Register, named: str, day: date, fact: ClockFact, about: tuple[str, ...] = ()) -> Draft:
    own = str(uuid.uuid5(NAMESPACE, f"{register.store.meta['register']}:{named}"))
    return Draft(own, CLOCK, of_day(day), fact, about=about, by=BY)
