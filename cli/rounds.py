"""One round of the clock: record what is to be called to mind, then deliver it, then record that it arrived.

Recorded first, so that of several runners one delivers. Should it die in between, the reminder stands in
the log as not delivered, and is delivered on request.
"""

import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from cli import messages
from cli.deciding import NAMESPACE, proposed
from cli.delivery import Message, Outlet, Undelivered
from cli.explaining import failure_of
from cli.firing import BY, fire, history_of
from cli.register import Register
from cli.reminders import CLOCK, Habits, Round
from domain.clock.facts import DeliveryFailed, ReminderDelivered
from domain.dates import of_day
from domain.entries import Draft
from domain.vocabulary import ClockJob
from eventstore.backup import backup
from eventstore.envelope import Recorded
from eventstore.errors import StoreError
from eventstore.verify import verify
from projections.runner import follow


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Where reminders go, where backups go and how many are kept, and whether what did not arrive goes again."""

    outlets: Sequence[Outlet]
    folder: Path | None = None
    keep: int = 14
    redeliver: bool = False


def carry_out(register: Register, habits: Habits, ways: Ways, made: Round) -> None:
    """Record what is to be called to mind and deliver what this runner recorded; `made` tells how far it came."""
    made.fired += fire(register, habits)
    waiting = history_of(register).undelivered if ways.redeliver else made.fired
    jobs: dict[ClockJob, list[Recorded]] = {}
    for reminder in waiting:
        job: ClockJob = reminder.data["job"]  # type: ignore[assignment]  # as its model says
        jobs.setdefault(job, []).append(reminder)
    if due := jobs.get("due"):
        _send(made, ways, due, messages.of_deadlines(due, register.today()))
    for reminder in jobs.get("docket", ()):
        _send(made, ways, [reminder], messages.of_docket(register, reminder))
    if checks := jobs.get("verify"):
        _check(register, ways, made, checks)
    if (copies := jobs.get("backup")) and ways.folder is not None:
        _back_up(register, ways, made, copies, ways.folder)


def mark(register: Register, made: Round) -> None:
    """Record what arrived and what did not. The same said twice on a day is on record once."""
    drafts = [*_drafts(register, made)]
    if drafts:
        register.store.append([proposed(draft) for draft in drafts], now=register.now, project=follow)


def _drafts(register: Register, made: Round) -> Iterator[Draft]:
    today = of_day(register.today())
    draft = partial(Draft, stream=CLOCK, on=today, by=BY)
    for reminder, outlet in made.delivered:
        said = f"delivered:{outlet}:{today.text}"
        yield draft(_derived(reminder, said), fact=ReminderDelivered(reminder=reminder.id, outlet=outlet))
    for reminder, outlet, problem in made.failed:
        said = f"failed:{outlet}:{today.text}:{problem}"
        fact = DeliveryFailed(reminder=reminder.id, outlet=outlet, problem=problem)
        yield draft(_derived(reminder, said), fact=fact)


def _derived(reminder: Recorded, said: str) -> str:
    return str(uuid.uuid5(NAMESPACE, f"{reminder.id}:{said}"))


def _send(made: Round, ways: Ways, reminders: Sequence[Recorded], message: Message) -> None:
    """Give a message to every outlet; its reminders have arrived when all have taken it."""
    problems = [(outlet.sort, problem) for outlet in ways.outlets if (problem := _problem(outlet, message))]
    for sort, problem in problems:
        made.lost(reminders, sort, problem)
    if not problems:
        made.arrived(reminders, ", ".join(dict.fromkeys(outlet.sort for outlet in ways.outlets)))


def _problem(outlet: Outlet, message: Message) -> str | None:
    try:
        outlet.deliver(message)
    except Undelivered as undelivered:
        return str(undelivered)
    return None


def _check(register: Register, ways: Ways, made: Round, reminders: Sequence[Recorded]) -> None:
    """Verify the register; who has nothing to fear is not written to."""
    made.report = verify(register.store)
    if made.report.ok:
        made.arrived(reminders, "verify")
    else:
        _send(made, ways, reminders, messages.of_damage(made.report, reminders[-1]))


def _back_up(register: Register, ways: Ways, made: Round, reminders: Sequence[Recorded], folder: Path) -> None:
    """Make the day's backup, and then let the oldest go."""
    stem = register.store.engine.name
    try:
        made.backup = backup(register.store, folder / f"{stem}-{register.today()}.db", replace=True)
    except StoreError as error:
        failure = failure_of(error)
        made.lost(reminders, "backup", f"no backup could be made: {failure.code if failure else error.code}")
        return
    made.arrived(reminders, "backup")
    for old in _backups(folder, stem)[: -ways.keep]:
        old.unlink(missing_ok=True)


def _backups(folder: Path, stem: str) -> list[Path]:
    named = re.compile(rf"{re.escape(stem)}-\d{{4}}-\d\d-\d\d\.db")
    return sorted(path for path in folder.iterdir() if named.fullmatch(path.name))
