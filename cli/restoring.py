"""An exported log read back into an empty register: the same bytes at the same positions, or nothing."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import IO, Any

from cli.exits import REFUSED, Failure
from cli.importing import LONGEST, Report
from cli.register import Register
from domain.streams import is_stream, kind_of
from eventstore.codec import parse_untrusted
from eventstore.envelope import Recorded
from eventstore.errors import StoreError, Unstorable
from eventstore.restore import recovered
from projections.exports import jsonl
from projections.runner import renew

_WHOLE = "an export is restored whole or not at all: export it again, and change nothing in it"


@dataclass
class Restore:
    """One exported log on its way into an empty register."""

    register: Register
    progress: Callable[[int, int], None]
    keep_events: bool = False

    def run(self, first: bytes, rest: IO[bytes], *, dry_run: bool) -> Report:
        """Write every event, all or none; Failure where the file is not the whole of a log."""
        report = Report()
        try:
            events = self._noted(report, chain([first], lines_of(rest)))
            head = self.register.store.restore(events, now=self.register.now, project=renew, rehearse=dry_run)
        except Unstorable as fault:
            raise Failure("restore", str(fault.path) + " " + fault.problem, REFUSED, _WHOLE) from None
        report.head = self._head() if dry_run else head
        report.written = not dry_run
        return report

    def _head(self) -> Any:
        with self.register.store.reading() as reader:
            return reader.head()

    def _noted(self, report: Report, lines: Iterable[bytes]) -> Iterator[Recorded]:
        upto = 0
        for number, line in enumerate(filter(bytes.strip, lines), 1):
            value = parse_untrusted(line, longest=LONGEST)
            if not jsonl.is_line(value) or (upto and value["of"] != upto):
                raise Unstorable(path=f"line {number}", problem="is no line of this export")
            upto = value["of"]
            event = recovered(value["body"], value["hash"], position=number)
            expect_fact(event)
            report.new = number
            if self.keep_events:
                report.events.append(event)
            if number % 1000 == 0:
                self.progress(number, upto)
            yield event
        if report.new != upto:
            raise Unstorable(path="the file", problem=f"ends at event {report.new} of {upto}")


def expect_fact(event: Recorded) -> None:
    """Expect an event that this program can read and fold; its rules have judged it when it was recorded."""
    from domain.catalogue import UnknownFact, kind_of_fact
    from domain.reading import read

    try:
        entry = read(event)
        days = (entry.on.earliest.isoformat(), entry.on.latest.isoformat())
        home = kind_of_fact(event.type)
    except (UnknownFact, ValueError) as fault:
        raise Unstorable(path=f"event {event.position}", problem=f"is no fact: {fault}") from None
    fits = home in {kind_of(event.stream), "any"} and all(map(is_stream, (event.stream, *event.about)))
    if not fits or days != (event.earliest, event.latest):
        raise Unstorable(path=f"event {event.position}", problem="is no fact of its stream and day")


def lines_of(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the lines of a file; none may be longer than an event can be."""
    while line := file.readline(LONGEST):
        if len(line) == LONGEST:
            raise Unstorable(path="a line", problem="is too long for an event")
        yield line


def begins_an_export(first: bytes) -> bool:
    """Say whether a file's first line is the first event of an exported log."""
    try:
        value = parse_untrusted(first, longest=LONGEST)
    except StoreError:
        return False
    return jsonl.is_line(value) and value["position"] == 1
