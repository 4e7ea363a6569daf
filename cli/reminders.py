"""What is to be called to mind, and for which day: reckoned from the log, so that every runner finds the same."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from typing import Any, TypeAlias

from domain.streams import slug_of
from domain.vocabulary import ClockJob
from eventstore.backup import Backup
from eventstore.envelope import Recorded
from eventstore.report import Report
from projections.answers.due import deadlines
from projections.answers.streams import standings
from projections.world import World

CLOCK = "clock/register"

_KNOWN_LONG_BEFORE = {"notice", "end of term", "obligations end", "entry into force"}
_LONGEST = 500

Key: TypeAlias = tuple[str, str, str, str]
"""What is called to mind: by which job, of which stream, which item, due when."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """When the day's round is made, how many days ahead deadlines are called to mind, what is done daily."""

    at: time = time(8)
    leads: tuple[int, ...] = (30, 7, 0)
    notice_leads: tuple[int, ...] = (90, 30, 7)
    docket_leads: tuple[int, ...] = (7,)
    daily: tuple[ClockJob, ...] = ("verify",)

    def calls(self, what: str) -> Iterator[tuple[ClockJob, tuple[int, ...]]]:
        """Yield the jobs that call a sort of deadline to mind, with their leads."""
        yield "due", self.notice_leads if what in _KNOWN_LONG_BEFORE else self.leads
        if what == "session":
            yield "docket", self.docket_leads

    @property
    def furthest(self) -> int:
        """Return how many days ahead there may be something to call to mind."""
        return max((*self.leads, *self.notice_leads, *self.docket_leads), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One thing to call to mind, and the day it is meant for."""

    day: date
    job: ClockJob
    subject: str
    text: str
    item: str | None = None
    due: str | None = None
    lead: int | None = None

    @property
    def key(self) -> Key:
        """Return what it calls to mind, whatever the lead."""
        return self.job, self.subject, self.item or "", self.due or ""

    @property
    def id(self) -> str:
        """Return what tells it from every other reminder of the register: a daily one by its day."""
        return ":".join((*self.key, str(self.day if self.lead is None else self.lead)))


@dataclass(slots=True)
class History:
    """What the clock's stream tells: since when it runs, the last day done, what was fired and delivered."""

    started: date | None = None
    done: date | None = None
    fired: dict[Key, int] = field(default_factory=dict)
    daily: set[tuple[str, str]] = field(default_factory=set)
    reminders: dict[str, Recorded] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, events: Iterable[Recorded]) -> "History":
        """Read a stream. The facts' own models are not needed for it, and years of them would take long."""
        history = cls()
        for event in events:
            history.learn(event)
        return history

    @property
    def undelivered(self) -> list[Recorded]:
        """Return the reminders that reached no outlet, in the order of the log."""
        return list(self.reminders.values())

    def note(self, reminder: Reminder) -> None:
        """Take a reminder for fired."""
        self._note(reminder.key, reminder.day.isoformat(), reminder.lead)

    def learn(self, event: Recorded) -> None:
        """Take in the next event of the stream."""
        data: Any = event.data
        match event.type:
            case "ClockStarted":
                self.started = self.started or date.fromisoformat(event.on)
            case "RoundCompleted":
                self.done = max(self.done or date.min, date.fromisoformat(event.on))
            case "ReminderFired":
                self.reminders[event.id] = event
                key = (data["job"], data["subject"], data.get("item") or "", data.get("due") or "")
                self._note(key, event.on, data.get("days"))
            case "ReminderDelivered":
                self.reminders.pop(data["reminder"], None)
            case "DeliveryFailed":
                self.problems[data["reminder"]] = data["problem"]

    def _note(self, key: Key, day: str, lead: int | None) -> None:
        if lead is None:
            self.daily.add((key[0], day))
        else:
            self.fired[key] = min(lead, self.fired.get(key, lead))


@dataclass(slots=True)
class Round:
    """What came of a round."""

    fired: list[Recorded] = field(default_factory=list)
    delivered: list[tuple[Recorded, str]] = field(default_factory=list)
    failed: list[tuple[Recorded, str, str]] = field(default_factory=list)
    report: Report | None = None
    backup: Backup | None = None

    def arrived(self, reminders: Iterable[Recorded], outlet: str) -> None:
        """Take note that reminders reached their outlet."""
        self.delivered += [(reminder, outlet) for reminder in reminders]

    def without(self, sort: str) -> "Round":
        """Return it with nothing said to have arrived by an outlet that may have taken it, or not."""
        told = [(reminder, outlet) for reminder, outlet in self.delivered if sort not in outlet.split(", ")]
        return replace(self, delivered=told)

    def lost(self, reminders: Iterable[Recorded], outlet: str, problem: str) -> None:
        """Take note that reminders did not reach an outlet."""
        self.failed += [(reminder, outlet, problem) for reminder in reminders]


def called(world: World, history: History, habits: Habits, *, since: date) -> list[Reminder]:
    """Return what the world's day calls for and was not fired before, and take it for fired.

    Of a deadline learned late only the tightest lead that has passed is left; the wider ones are
    covered by it.
    """
    found: list[Reminder] = []
    for item in deadlines(world, standings(world).values(), habits.furthest):
        if date.fromisoformat(item["due"]) < since:
            continue
        for job, leads in habits.calls(item["what"]):
            reminder = _reminder(world.as_of, job, item, leads)
            if reminder and _is_news(history, reminder):
                history.note(reminder)
                found.append(reminder)
    return found


def first_day(history: History, last: date) -> date:
    """Return the first day to do. The last day is looked at again: more may have been recorded since."""
    begin = history.started or last
    if history.done is None:
        return begin
    return max(begin, last if history.done == last else history.done + timedelta(days=1))


def span(first: date, last: date) -> Iterator[date]:
    """Yield the days from one to another; none where the last is before the first."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _reminder(day: date, job: ClockJob, item: dict[str, Any], leads: Sequence[int]) -> Reminder | None:
    passed = [lead for lead in leads if item["days"] <= lead]
    if not passed or (job == "docket" and item["late"]):
        return None
    named = " ".join(filter(None, (item["what"], item["item"])))
    return Reminder(
        day=day,
        job=job,
        subject=item["stream"],
        text=_text(job, named, item),
        item=named[:_LONGEST],
        due=item["due"],
        lead=min(passed),
    )


def _text(job: ClockJob, named: str, item: dict[str, Any]) -> str:
    """Return what is said, the same on every day: how far the deadline is, is told when it is shown."""
    if job == "docket":
        return _line(f"docket of {slug_of(item['stream'])} for its {named} on {item['due']}")
    who = f" ({item['responsible']})" if item["responsible"] else ""
    told = f": {item['text']}" if item["text"] else ""
    return _line(f"{item['due']} {slug_of(item['stream'])}: {named}{who}{told}")


def _line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def _is_news(history: History, reminder: Reminder) -> bool:
    lead = history.fired.get(reminder.key)
    return lead is None or (reminder.lead is not None and reminder.lead < lead)
