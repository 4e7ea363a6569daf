"""Deadlines as a calendar (iCalendar, RFC 5545): every duty, notice day, end of term and session, all-day.

An appointment keeps its UID for good: a duty moved to another day is the same appointment with a higher SEQUENCE;
one that was retracted, cancelled, or never to be after all stays in the file with STATUS:CANCELLED, so that the
calendars which took it in let go of it; one that was done stays as done. All this is read from the log: each
stream with deadlines is folded as it was known after each of its events. DTSTAMP is the recorded time of the event
that last changed the appointment, so the same log always gives the same file.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from domain import corrections as c
from domain.asking import asked
from domain.dates import parse
from domain.duties import CLOSED
from domain.entries import Entry
from domain.history import History
from domain.reading import read_all
from domain.replay import facets_of, replay
from domain.streams import kind_of
from eventstore.codec import moment
from projections.answers.due import LONGEST, Said, said
from projections.world import World

_KINDS = ("agreement", "project", "commission")
_ROWS = {"obligation": "obligations", "milestone": "milestones", "instruction": "instructions"}
_HOLDING = (*_ROWS.values(), "sessions", "studies", "term", "entry_into_force", "survives_until")
"""Facets that may hold something that falls due."""

_UNDOING = (c.EventCorrected, c.EventRetracted, c.DateRefined, c.CorrectionWithdrawn)


class Key(NamedTuple):
    """What an appointment is known by as long as it lasts; `day` tells the occurrences of a recurring one apart."""

    stream: str
    what: str
    item: str
    day: str


@dataclass(frozen=True, slots=True)
class Appointment:
    """One entry of the calendar. `changed` is the recorded time of the event that last changed it."""

    key: Key
    title: str
    text: str | None
    by: str
    responsible: str | None
    changed: str
    sequence: int = 0
    standing: str = "due"
    """due, done or cancelled."""

    @property
    def days(self) -> tuple[date, date]:
        """Return the first and the last day: of a deadline the last it may mean, of a session those it lasts."""
        when = parse(self.by)
        return (when.earliest if self.key.what == "session" and "/" in self.by else when.latest), when.latest


def appointments(world: World, *, within: int) -> Iterator[Appointment]:
    """Yield every appointment the log has ever given, by stream, up to so many days after the day asked."""
    horizon = world.as_of + min(timedelta(days=min(within, LONGEST)), date.max - world.as_of)
    for kind in _KINDS:
        for stream in world.reader.stream_names(kind):
            entries = [
                entry
                for entry in read_all(world.reader.stream(stream))
                if world.known_at is None or entry.position <= world.known_at
            ]
            if entries:
                yield from _of_stream(entries, world.as_of, horizon)


def _of_stream(entries: Sequence[Entry], day: date, horizon: date) -> Iterable[Appointment]:
    if not _may_have_any(entries, day):
        return ()
    found: dict[Key, Appointment] = {}
    history = History()
    for entry in entries:
        history.add(entry)
        facets = asked(kind_of(entry.stream), facets_of(entry.stream, history.state), day)
        due = {one.key: one for one in _due(entry, facets, day, horizon)}
        for key, one in due.items():
            found[key] = _carried(found.get(key), one)
        for key, one in found.items():
            if one.standing == "due" and key not in due:
                found[key] = _ended(one, facets, entry)
    return found.values()


def _may_have_any(entries: Sequence[Entry], day: date) -> bool:
    """Say whether a stream has, or has lost, anything that falls due: most have not, and need no closer look."""
    facets = asked(kind_of(entries[0].stream), replay(entries).facets, day)
    return any(facets.get(name) for name in _HOLDING) or any(isinstance(entry.fact, _UNDOING) for entry in entries)


def _due(entry: Entry, facets: dict[str, Any], day: date, horizon: date) -> Iterator[Appointment]:
    """Yield what falls due once an entry is on record."""
    for one in said(kind_of(entry.stream), facets, day, horizon):
        what, item, text, by, who = one
        key = Key(entry.stream, what, item or "", _occurrence(one, facets))
        yield Appointment(key, str(facets["title"]), text, by, who, entry.recorded)


def _occurrence(one: Said, facets: dict[str, Any]) -> str:
    """Return the day that tells an occurrence from the others; empty for what comes but once."""
    what, item, _, by, _ = one
    if what in {"notice", "end of term"}:
        return by  # each term has its own
    row = _row(what, item, facets)
    if not row.get("recurrence"):
        return ""
    return str(row["occurrence"]) if by == row["deadline"] else by


def _row(what: str, item: str | None, facets: dict[str, Any]) -> dict[str, Any]:
    rows = facets.get(_ROWS.get(what, ""), ())
    return next((row for row in rows if row["item"] == item), {})


def _carried(before: Appointment | None, new: Appointment) -> Appointment:
    """Return an appointment as it is after one more event: as it was, or with a higher sequence."""
    if before is None:
        return new
    told = replace(new, changed=before.changed, sequence=before.sequence)
    return before if told == before else replace(new, sequence=before.sequence + 1)


def _ended(one: Appointment, facets: dict[str, Any], entry: Entry) -> Appointment:
    """Return an appointment that is no longer due once an entry is on record: done, or cancelled."""
    standing = "done" if _is_done(one.key, facets) else "cancelled"
    return replace(one, standing=standing, sequence=one.sequence + 1, changed=entry.recorded)


def _is_done(key: Key, facets: dict[str, Any]) -> bool:
    if key.what == "session":
        return any(row["session"] == key.item and row["state"] == "held" for row in facets["sessions"])
    if key.what == "entry into force":
        return bool(facets["legal_status"] == "in force")
    if key.what == "study":
        steps = {row["step"] for row in facets["studies"] if row["study"] == key.item}
        return bool(steps & {"submitted", "accepted"})
    row = _row(key.what, key.item, facets)
    if key.day:
        return key.day in row.get("done", ())
    return row.get("state") in CLOSED - {"cancelled", "waived"}


def ics(found: Iterable[Appointment], *, register: str) -> Iterator[bytes]:
    """Yield the calendar file, one appointment at a time; `register` is the register's id."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//paraph//register of agreements//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Agreements: deadlines")
    begin, _, end = bytes(calendar.to_ical()).partition(b"END:VCALENDAR")
    yield begin
    for one in found:
        yield _event(one, UUID(register))
    yield b"END:VCALENDAR" + end


def _event(one: Appointment, register: UUID) -> bytes:
    from icalendar import Event

    first, last = one.days
    event = Event()
    event.add("uid", str(uuid5(register, "\n".join(one.key))))
    event.add("dtstamp", moment(one.changed).replace(microsecond=0))
    event.add("sequence", one.sequence)
    event.add("dtstart", first)
    event.add("dtend", last + timedelta(days=1) if last < date.max else last)
    event.add("summary", _summary(one))
    event.add("description", _description(one))
    event.add("categories", [one.key.what])
    event.add("status", "CANCELLED" if one.standing == "cancelled" else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return bytes(event.to_ical())


def _summary(one: Appointment) -> str:
    done = "Done: " if one.standing == "done" else ""
    item = f" {one.key.item}" if one.key.item else ""
    return f"{done}{one.key.what.capitalize()}{item}: {one.text or one.title}"


def _description(one: Appointment) -> str:
    lines = [one.title, one.key.stream, f"due {one.by}"]
    return "\n".join([*lines, f"responsible: {one.responsible}"] if one.responsible else lines)
