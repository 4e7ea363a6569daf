"""What reminders say when they leave: one message for deadlines, one for each docket, one for damage found."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from cli.delivery import Message
from cli.inert import inert
from cli.output import Screen
from cli.register import Register
from cli.screens.desk import distance, docket_lines, docket_row
from cli.screens.words import counted
from domain.streams import slug_of
from eventstore.envelope import Recorded
from eventstore.report import Report
from projections.answers.docket import NoSuchSession, docket


class Paper(Screen):
    """A page of a message: as wide as mail is read, without colours."""

    @property
    def width(self) -> int:
        """Return how many cells a line has."""
        return 100


def of_deadlines(reminders: Sequence[Recorded], today: date) -> Message:
    """Return what falls due, each deadline once: of several reminders of one the last is to the point."""
    latest = {(data["subject"], data.get("item"), data.get("due")): data for data in map(_data, reminders)}
    found = sorted(latest.values(), key=lambda data: (data["due"], data["text"]))
    subject = f"paraph: {counted(len(found), 'reminder')}, {today}"
    return Message(reminders[0].id, subject, tuple(_line(data, today) for data in found))


def _data(event: Recorded) -> Any:
    return event.data


def _line(data: Any, today: date) -> str:
    return f"{distance((date.fromisoformat(data['due']) - today).days):14}  {inert(data['text'])}"


def of_docket(register: Register, reminder: Recorded) -> Message:
    """Return the docket a reminder calls for, as things stand on the day it was meant for."""
    return Message(reminder.id, f"paraph: {inert(_data(reminder)['text'])}", tuple(_docket_lines(register, reminder)))


def _docket_lines(register: Register, reminder: Recorded) -> Iterator[str]:
    stream, item = _data(reminder)["subject"], _data(reminder)["item"]
    with register.world(as_of=date.fromisoformat(reminder.on)) as world:
        try:
            named = item.partition(" ")[2] or "next"
            answer = docket(world, stream, named, lambda day: register.position_by(world.reader, day))
        except (KeyError, NoSuchSession):
            yield f"{slug_of(stream)} has no such session on record any more"
            return
    rows = [docket_row(number, row) for number, row in enumerate(answer["items"], 1)]
    yield from docket_lines(answer, rows, Paper("table"))


def of_damage(report: Report, reminder: Recorded) -> Message:
    """Return what the integrity check found."""
    told: Iterable[str] = (
        f"position {problem.position}: {problem.what}" if problem.position else problem.what
        for problem in report.problems
    )
    lines = (*map(inert, told), *([f"and {report.more} more"] if report.more else []), "look with: paraph verify")
    return Message(reminder.id, "paraph: the register is damaged", lines)
