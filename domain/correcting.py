"""What facts about the record may say: which events they may aim at, and what a correction may change."""

from collections.abc import Iterator, Sequence

from pydantic import ValidationError

from domain import corrections as c
from domain.deciders import DECIDERS
from domain.entries import Entry
from domain.facts import name_of, said, stored, worded
from domain.findings import Finding, note, refuse, warn
from domain.record import Line, about_the_record, corrected, resolve
from domain.streams import kind_of


def judge_record(history: Sequence[Entry], entry: Entry) -> Iterator[Finding]:
    """Yield what the rules say about a fact about the record, given the entries before it."""
    target = said(entry.fact, "target")
    if target is None:
        return
    lines = resolve(history)
    line = next((line for line in lines if line.entry.id == target), None)
    if line is None:
        yield refuse(
            "unknown-target",
            f"no event {target} is on record in {entry.stream}",
            f"paraph log {entry.stream}",
        )
        return
    match entry.fact:
        case c.EventCorrected():
            yield from _aim_at_world(line)
            yield from _correctable(line, entry.fact)
        case c.EventRetracted():
            yield from _aim_at_world(line)
            yield from _retractable(lines, line)
        case c.DateRefined():
            yield from _aim_at_world(line)
            if line.stands and line.stands.on.text == entry.fact.on:
                yield refuse("no-change", f"that date is {entry.fact.on} already")
        case c.CorrectionWithdrawn():
            yield from _withdrawable(line)
            yield from _rested_upon(history, entry, line)
        case c.DisputeResolved() if not line.disputed:
            yield warn("no-dispute", "no dispute about that event is open")
        case c.SourceAdded() if line.stands is None:
            yield _retracted(line)


def _aim_at_world(line: Line) -> Iterator[Finding]:
    fact = line.entry.fact
    if not about_the_record(line.entry) or isinstance(fact, c.NoteRecorded):
        if line.stands is None:
            yield _retracted(line)
    elif isinstance(fact, c.REVERSIBLE):
        message = f"{name_of(fact)} is itself about the record: take it back"
        yield refuse("about-the-record", message, _take_back(line.entry.id))
    else:
        message = f"{name_of(fact)} is itself about the record and cannot be taken back: record anew what is right"
        yield refuse("about-the-record", message)


def _retracted(line: Line) -> Finding:
    """Refuse to touch what was retracted, naming the retraction to take back."""
    by = [entry.id for entry in line.touched_by if isinstance(entry.fact, c.EventRetracted)]
    return refuse("retracted", "that event was retracted", *(_take_back(id_) for id_ in by))


def _take_back(event: str) -> str:
    return f"paraph retract {event} --reason TEXT"


def _correctable(line: Line, fact: c.EventCorrected) -> Iterator[Finding]:
    if line.stands is None:
        return
    try:
        after = corrected(line.stands.fact, fact.changes)
    except ValidationError as error:
        for problem in error.errors():
            field = ".".join(map(str, problem["loc"])) or "data"
            yield refuse(
                "invalid-correction",
                f"{field} {worded(problem)}",
                f"paraph facts show {name_of(line.entry.fact)}",
            )
        return
    if after == line.stands.fact and fact.on in {None, line.stands.on.text}:
        yield refuse("no-change", f"the event says that already: {stored(after)}")


def _retractable(lines: Sequence[Line], line: Line) -> Iterator[Finding]:
    opens = DECIDERS[kind_of(line.entry.stream)].opens
    others = [
        other
        for other in lines
        if other.stands and other.entry.id != line.entry.id and not about_the_record(other.entry)
    ]
    opened = any(name_of(other.entry.fact) in opens for other in others)
    if name_of(line.entry.fact) in opens and others and not opened:
        message = f"{line.entry.stream} would be left with {len(others)} facts and no beginning"
        yield refuse("opens-the-file", message, "retract the other facts first", "correct this one")


def _withdrawable(line: Line) -> Iterator[Finding]:
    if not isinstance(line.entry.fact, c.REVERSIBLE):
        name = name_of(line.entry.fact)
        yield refuse(
            "not-a-correction",
            f"{name} corrects nothing that could be restored",
            _take_back(line.entry.id),
        )
    elif line.stands is None:
        yield note("withdrawn", "it was withdrawn before")


def _rested_upon(history: Sequence[Entry], entry: Entry, line: Line) -> Iterator[Finding]:
    """Keep a correction that a later one rests on: without it the later one would correct nothing."""
    aim = said(line.entry.fact, "target")
    after = next((left for left in resolve((*history, entry)) if left.entry.id == aim), None)
    if after is not None and after.stands is not None and after.unfit:
        later = [unfit.id for unfit in after.unfit]
        message = f"a later correction rests on it: {', '.join(later)}"
        yield refuse("rested-upon", message, *(_take_back(id_) for id_ in later))
