"""The formats an export may have: what each is made of, and what it cannot take."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import islice
from typing import Any, TypeAlias

from cli.exits import USAGE, Failure
from cli.options import Asked
from cli.register import Register
from eventstore.envelope import Recorded
from eventstore.tree import Peaks
from projections.world import World

EVERY = 1000
"""Events between two moves of the bar."""

TABLES = ("agreements", "projects", "parties", "commissions", "occasions", "due")
Chunks: TypeAlias = Iterable[bytes]

_NEVER = "1980-01-01T00:00:00Z"
"""When a workbook of an empty register was made."""


@dataclass
class Export:
    """One export: what was asked for, and what came of it."""

    register: Register
    asked: Asked
    what: str
    days: int
    progress: Callable[[int, int], None]
    told: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def upto(self) -> int:
        """Return the position up to which the log is known to the question."""
        known_at = self.asked.known_at
        with self.register.store.reading() as reader:
            return reader.head().size if known_at is None else self.register.position(reader, known_at)

    @cached_property
    def day(self) -> date:
        """Return the day asked for, by default today: one and the same, though the export may last past midnight."""
        return self.asked.day or self.register.today()

    @property
    def made(self) -> str:
        """Return when the last event known was recorded."""
        with self.register.store.reading() as reader:
            last = reader.at(self.upto)
        return last.recorded if last else _NEVER

    @property
    def register_id(self) -> str:
        """Return the register's id."""
        return self.register.store.meta["register"]

    def events(self) -> Iterator[Recorded]:
        """Yield the events known, in constant memory, moving the bar; tells how many, and the root they have."""
        events, peaks = self.register.store.stream_all(batch=EVERY, upto=self.upto), Peaks()
        while batch := list(islice(events, EVERY)):
            yield from batch
            peaks = peaks.extend(event.hash for event in batch)
            self.progress(batch[-1].position, self.upto)
        self.told |= {"events": peaks.size, "root": peaks.root().hex()}

    def counted(self, name: str, found: Iterable[Any]) -> Iterator[Any]:
        """Yield what is found, and tell how many."""
        self.told.setdefault(name, 0)
        for one in found:
            self.told[name] += 1
            yield one

    @contextmanager
    def world(self) -> Iterator[World]:
        """Ask in one snapshot, as of the day and as known at the point asked, the same at every call.

        It ends before what was found is written: a slow reader of a pipe must not hold up those who record.
        """
        with self.register.store.reading() as reader:
            yield World(reader, self.day, self.upto)


@dataclass(frozen=True, slots=True)
class Format:
    """One format. `tables` are those it can hold (none: it has but one content); `text` can be shown as it is."""

    write: Callable[[Export], Chunks]
    tables: tuple[str, ...] = ()
    text: bool = True
    json: bool = False
    dated: bool = True
    """Whether --as-of means anything to it: the log as recorded has no day."""


def _jsonl(export: Export) -> Chunks:
    from projections.exports import jsonl

    return jsonl.lines(export.events(), upto=export.upto)


def _cloudevents(export: Export) -> Chunks:
    from projections.exports import cloudevents

    return cloudevents.lines(export.events(), register=export.register_id)


def _csv(export: Export) -> Chunks:
    from projections.exports import sheets, tables

    rows = export.counted(export.what, tables.rows(export.world, export.what, within=export.days))
    return sheets.csv_of(tables.heading(export.what), rows)


def _xlsx(export: Export) -> Chunks:
    import tempfile

    from eventstore.codec import moment
    from projections.exports import sheets, tables

    with tempfile.TemporaryFile() as file:
        sheets_of = [
            (name, tables.heading(name), export.counted(name, tables.rows(export.world, name, within=export.days)))
            for name in (TABLES if export.what == "all" else [export.what])
        ]
        cut = sheets.workbook(sheets_of, file, made=moment(export.made))
        if cut:
            export.told["cut"] = cut
        file.seek(0)
        yield from iter(lambda: file.read(1 << 20), b"")


def _ics(export: Export) -> Chunks:
    from projections.exports import calendar

    with export.world() as world:
        found = list(export.counted("appointments", calendar.appointments(world, within=export.days)))
    return calendar.ics(found, register=export.register_id)


def _ocel(export: Export) -> Chunks:
    from projections.exports import ocel

    with ocel.Collected() as found:
        ocel.collect(export.world, found, export.progress)
        export.told |= {"events": len(found.events), "objects": len(found.objects)}
        yield from ocel.pieces(found)


FORMATS: dict[str, Format] = {
    "jsonl": Format(_jsonl, json=True, dated=False),
    "cloudevents": Format(_cloudevents, json=True, dated=False),
    "csv": Format(_csv, tables=TABLES),
    "xlsx": Format(_xlsx, tables=("all", *TABLES), text=False),
    "ics": Format(_ics),
    "ocel": Format(_ocel, json=True),
}


def format_asked(name: str, what: str | None, asked: Asked, output: str) -> tuple[Format, str]:
    """Return the format of that name and what is to be exported; a usage Failure where the flags do not fit."""
    form = FORMATS[name]
    if what is not None and what not in form.tables:
        known = f"takes {', '.join(form.tables)}" if form.tables else "takes no TABLE: it is the whole of it"
        raise Failure("usage", f"{name} has no {what!r}: it {known}", USAGE, f"paraph export --format {name}")
    if asked.as_of is not None and not form.dated:
        message = f"{name} is the log as recorded, of all days: --as-of is not for it"
        raise Failure("usage", message, USAGE, "--known-at ends it at an earlier point")
    if asked.json and output == "-" and not form.json:
        raise Failure("usage", f"with --json stdout holds no {name}", USAGE, "name a file: --output FILE")
    return form, what or next(iter(form.tables), "log")
