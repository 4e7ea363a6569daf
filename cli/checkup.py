"""What a user can have wrong: the program, its settings, the register's place, the register, its views."""

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cli.exits import ANSWER_IS_NO, DAMAGED, DONE, UNAVAILABLE
from cli.explaining import failure_of
from cli.settings import Setting
from eventstore import engines
from eventstore.checkup import Finding
from eventstore.codec import moment
from eventstore.errors import StoreError
from eventstore.log import EventStore, Reader, settled
from projections.books import all_reached
from projections.catalog import projections

_SECOND = timedelta(seconds=1)
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Opened:
    """A register that could be opened, in one snapshot, and the moment of the look."""

    store: EventStore
    reader: Reader
    now: datetime


def examined(settings: Mapping[str, Setting], *, now: datetime) -> tuple[list[Finding], int]:
    """Look at everything there is to look at; return what was found, and the exit code that says so."""
    findings = [*_program(settings)]
    code = DONE
    try:
        findings += engines.look(settings["db"].value)
        with EventStore.open(settings["db"].value, examine=True) as store, store.reading() as reader:
            findings.append(Finding("register", "ok", store.place))
            opened = Opened(store, reader, now)
            findings += store.engine.checkup(reader.connection)
            findings += _register(opened)
    except StoreError as fault:
        findings.append(_told("register", fault))
        failure = failure_of(fault)
        code = UNAVAILABLE if failure and failure.exit != DAMAGED else ANSWER_IS_NO
    bad = any(finding.verdict == "bad" for finding in findings)
    return findings, code or (ANSWER_IS_NO if bad else DONE)


def _told(check: str, fault: StoreError) -> Finding:
    failure = failure_of(fault)
    assert failure is not None  # noqa: S101 - every error of the store has its sentence
    return Finding(check, "bad", failure.message, failure.hint)


def _program(settings: Mapping[str, Setting]) -> Iterator[Finding]:
    import paraph

    yield Finding("paraph", "ok", f"{paraph.__version__}, Python {sys.version.split()[0]}")
    told = (f"{name} {setting.shown} ({setting.origin})" for name, setting in settings.items())
    yield Finding("settings", "ok", "; ".join(told))


def _register(opened: Opened) -> Iterator[Finding]:
    """Look at the register itself; where its tables are not as created nothing more can be asked of them."""
    for check, look in LOOKS.items():
        finding = _looked(check, look, opened)
        yield finding
        if (finding.check, finding.verdict) == ("schema", "bad"):
            return


def _looked(check: str, look: Callable[[Opened], Finding], opened: Opened) -> Finding:
    """Look at one thing; where what it needs is damaged, that is what was found."""
    try:
        return look(opened)
    except StoreError as fault:
        return _told(check, fault)


def _schema(opened: Opened) -> Finding:
    amiss = opened.store.engine.differences(opened.reader.connection)
    if amiss:
        more = f" and {len(amiss) - _SHOWN} more" if len(amiss) > _SHOWN else ""
        return Finding("schema", "bad", "; ".join(amiss[:_SHOWN]) + more, "paraph verify tells the whole of it")
    return Finding("schema", "ok", "as it was created, and nothing foreign acts on it")


def _format(opened: Opened) -> Finding:
    found = settled(opened.reader.connection)["format"]
    return Finding("format", "ok", f"{found}, the newest this paraph knows is {engines.FORMAT}")


def _zone(opened: Opened) -> Finding:
    name = settled(opened.reader.connection)["timezone"]
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return Finding("time zone", "bad", f"{name} is not known to this Python", "pip install --upgrade tzdata")
    return Finding("time zone", "ok", name)


def _clock(opened: Opened) -> Finding:
    head = opened.reader.head()
    if head.recorded is None:
        return Finding("clock", "ok", "nothing is recorded yet")
    behind = moment(head.recorded) - opened.now
    if behind.total_seconds() > 1:
        told = f"{behind - behind % _SECOND} behind the last record; the log's time is kept until it caught up"
        return Finding("clock", "warn", told, "set the clock of this machine, or look at who recorded last")
    return Finding("clock", "ok", f"after the last record ({head.recorded[:19]}Z)")


def _views(opened: Opened) -> Finding:
    size = opened.reader.head().size
    reached = all_reached(opened.reader.connection, projections())
    behind = [name for name, position in reached.items() if position != size]
    if behind:
        told = f"not level with the log: {', '.join(behind)}; answered from the log meanwhile, which takes longer"
        return Finding("views", "warn", told, "paraph projections rebuild")
    return Finding("views", "ok", f"level with the log, at position {size}")


LOOKS: Mapping[str, Callable[[Opened], Finding]] = {
    "schema": _schema,
    "format": _format,
    "time zone": _zone,
    "clock": _clock,
    "views": _views,
}
