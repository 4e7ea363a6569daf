"""The clock of the register: what it would call to mind, one round of it, or a process that goes on."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from functools import partial
from pathlib import Path
from typing import Annotated

import orjson
import typer

from cli.delivery import Outlet, outlet_of
from cli.exits import ANSWER_IS_NO, DAMAGED, Failure
from cli.explaining import failure_of
from cli.firing import history_of, next_moment
from cli.firing import preview as preview_of
from cli.inert import inert_json
from cli.options import Common, Option, Shown
from cli.output import flush, show_failure
from cli.register import Register
from cli.reminders import Habits, Round
from cli.rounds import Ways, carry_out, mark
from cli.screens import schedule as screens
from cli.screens.words import counted
from cli.wiring import register_of

_FURTHEST = 3660
_AT = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


def _time_of(text: str) -> str:
    if not _AT.fullmatch(text):
        raise typer.BadParameter(f"{text!r} is no time of the day; write 08:00")
    return text


@dataclass(frozen=True, kw_only=True)
class Scheduling(Common):
    """When rounds are made, and how long before a deadline."""

    at: Annotated[
        str,
        Option("--at", metavar="HH:MM", callback=_time_of, help="When the day's round is due, in the register's zone."),
    ] = "08:00"
    lead: Annotated[
        list[int] | None,
        Option("--lead", metavar="DAYS", min=0, max=_FURTHEST, help="Days before what is due (default: 30, 7, 0)."),
    ] = None
    notice_lead: Annotated[
        list[int] | None,
        Option(
            "--notice-lead",
            metavar="DAYS",
            min=0,
            max=_FURTHEST,
            help="Days before a notice, an end of term, an entry into force (default: 90, 30, 7).",
        ),
    ] = None
    docket_lead: Annotated[
        list[int] | None,
        Option("--docket-lead", metavar="DAYS", min=0, max=_FURTHEST, help="Days before a session (default: 7)."),
    ] = None

    @property
    def habits(self) -> Habits:
        """Return what the flags say, beside what is done anyway."""
        given = {"leads": self.lead, "notice_leads": self.notice_lead, "docket_leads": self.docket_lead}
        leads = {name: tuple(sorted(set(days), reverse=True)) for name, days in given.items() if days}
        hour, minute = self.at.split(":")
        backup = self.backup if isinstance(self, Making) else None
        return Habits(
            at=time(int(hour), int(minute)),
            daily=("verify", "backup") if backup else ("verify",),
            **leads,
        )


@dataclass(frozen=True, kw_only=True)
class Looking(Scheduling, Shown):
    """What a look at the clock takes."""


@dataclass(frozen=True, kw_only=True)
class Making(Scheduling):
    """What a round takes."""

    to: Annotated[
        list[str] | None,
        Option(
            "--to",
            metavar="OUTLET",
            help="stdout (default), file:PATH, command:COMMAND, smtps://USER@HOST/?from=…&to=…; may be repeated.",
        ),
    ] = None
    backup: Annotated[str | None, Option("--backup", metavar="FOLDER", help="Also make a backup there daily.")] = None
    keep_backups: Annotated[
        int, Option("--keep-backups", metavar="N", min=1, help="How many of these backups are kept.")
    ] = 14
    redeliver: Annotated[bool, Option("--redeliver", help="Also deliver what was fired before and did not arrive.")] = (
        False
    )

    @property
    def ways(self) -> Ways:
        """Return where the flags send reminders; with JSON the answer itself is what stdout is told."""
        outlets = [self._outlet(text) for text in self.to or ["stdout"]]
        folder = Path(self.backup) if self.backup else None
        return Ways(outlets=outlets, folder=folder, keep=self.keep_backups, redeliver=self.redeliver)

    def _outlet(self, text: str) -> Outlet:
        outlet = outlet_of(text)
        return Told() if self.json and outlet.sort == "stdout" else outlet


class Told:
    """Standard output where it holds JSON: the answer holds the reminders."""

    sort = "stdout"

    def deliver(self, _message: object) -> None:
        """Leave it to the answer, which is printed before anything is recorded as delivered."""


def list_(*, looking: Looking) -> None:
    """What the clock does and when, how far it came, and what did not arrive."""
    screen, habits = looking.screen, looking.habits
    with register_of(looking) as register:
        history = history_of(register)
        moment = next_moment(register.now(), register.zone, habits.at, history.done)
    rows = screens.jobs(habits, backup="the register, once a day, with --backup FOLDER")
    answer = {"jobs": rows, **screens.clock_json(history, moment, habits)}
    screen.answer(answer, rows, screens.JOBS, lambda s: screens.clock_lines(answer, s))
    waiting = ["paraph schedule once --redeliver"] if answer["undelivered"] else []
    screen.hint("paraph schedule preview", *waiting or ["paraph schedule once"])


def preview(
    days: Annotated[int, typer.Option("--days", metavar="N", min=0, max=_FURTHEST, help="How far to look ahead.")] = 30,
    *,
    looking: Looking,
) -> None:
    """What would be called to mind on which day, if nothing more were recorded. Records nothing."""
    screen = looking.screen
    with register_of(looking) as register:
        rows = [screens.preview_row(reminder) for reminder in preview_of(register, looking.habits, days)]
    answer = {"days": days, "reminders": rows}
    screen.answer(answer, rows, screens.PREVIEW, lambda s: screens.preview_lines(rows, days, s))
    screen.hint("paraph due", "paraph schedule once")


def once(*, making: Making) -> None:
    """One round, for cron: call to mind what fell due to be, each once whoever runs it, and what was missed since.

    Exit 1 when something was not delivered, 7 when the integrity check found damage.
    """
    ways, screen = making.ways, making.screen

    def show(register: Register, made: Round) -> None:
        moment = _next(register, making)
        if making.json:
            screen.answer(screens.round_json(made, moment), [], (), lambda _: [])
        else:
            screen.say(*screens.round_lines(made, moment))

    with register_of(making) as register:
        made = _round(register, making.habits, ways, show)
    if failure := _amiss(made):
        raise failure


def run(*, making: Making) -> None:
    """Rounds for as long as it runs: at once, daily at the hour, and every hour what came meanwhile.

    Several may run at a time, on several machines: each reminder is fired once. SIGTERM ends it.
    """
    from cli.schedule import run as run_clock

    ways, habits, screen = making.ways, making.habits, making.screen

    def show(register: Register, made: Round) -> None:
        moment = _next(register, making)
        if making.json:
            screen.lines([inert_json(orjson.dumps(screens.round_json(made, moment)).decode())])
        elif made.fired or made.failed:
            screen.say(*screens.round_lines(made, moment))

    def work() -> None:
        with register_of(making) as opened:
            failure = _amiss(_round(opened, habits, ways, show))
        if failure:
            raise failure

    with register_of(making) as register:
        zone = register.zone
    screen.echo(f"paraph: rounds daily at {making.at} {zone}; end with Ctrl-C")
    run_clock(partial(_going_on, making, work), zone=zone, at=habits.at)


def _round(register: Register, habits: Habits, ways: Ways, show: Callable[[Register, Round], None]) -> Round:
    """Make a round, show what came of it, and record what arrived, however far it came."""
    made = Round()
    shown = False
    try:
        carry_out(register, habits, ways, made)
        show(register, made)
        flush()
        shown = True
    finally:
        mark(register, made if shown else made.without("stdout"))
    return made


def _going_on(common: Common, work: Callable[[], None]) -> None:
    """Work, and say what went wrong: the next round tries again."""
    try:
        work()
    except Exception as error:  # noqa: BLE001 - a clock that stops calls nothing to mind
        failure = failure_of(error) or Failure("unexpected", f"{type(error).__name__}: {error}", ANSWER_IS_NO)
        show_failure(failure, json=common.json)


def _next(register: Register, making: Scheduling) -> datetime:
    return next_moment(register.now(), register.zone, making.habits.at, history_of(register).done)


def _amiss(made: Round) -> Failure | None:
    """Return what a round has to complain of; damage before what did not arrive."""
    if made.report and not made.report.ok:
        return Failure("damaged", "the integrity check found damage", DAMAGED, "paraph verify")
    if not made.failed:
        return None
    lost = len({event.id for event, _, _ in made.failed})
    why = "; ".join(dict.fromkeys(f"{sort}: {problem}" for _, sort, problem in made.failed))
    message = f"{counted(lost, 'reminder')} recorded, but not delivered: {why}"
    return Failure("undelivered", message, ANSWER_IS_NO, "mend it, then: paraph schedule once --redeliver")
