"""An exported log read back: the same bytes at the same positions, or nothing of a file that is not the whole of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO

from cli.exits import REFUSED, Failure
from cli.importing import Report
from cli.register import Register
from cli.source import Source
from domain.streams import is_stream, kind_of
from eventstore.envelope import Recorded
from eventstore.errors import Refused, Unstorable
from eventstore.restore import recovered
from projections.exports import jsonl
from projections.runner import follow

_WHOLE = "nothing was recorded: an export is restored whole or not at all; export it again, and change nothing in it"
_ELSEWHERE = "make another with paraph init --db NEW.db; export --format cloudevents makes facts for any register"


@dataclass
class Restore:
    """One exported log on its way into a register that is empty, or holds the beginning of it."""

    register: Register
    progress: Callable[[int, int], None]
    report: Report = field(default_factory=Report)
    _line: int = 0
    _of: int = 0

    def run(self, file: IO[bytes], *, dry_run: bool) -> Report:
        """Test every line, then write the events the register does not hold yet.

        Failure where a line is not as exported, the file is not whole, or the register holds other events.
        Raises the store's errors; what was written by then stays, and running it again goes on from there.
        """
        store, report = self.register.store, self.report
        written = store.restore(self._events(file), now=self.register.now, project=follow, rehearse=dry_run)
        try:
            for head in written:
                before, report.head = report.head or head, head
                report.positions.extend(range(before.size + 1, head.size + 1))
                self.progress(head.size, self._of)
        except Unstorable as fault:
            said = f"{fault.path}: {fault.problem}".removeprefix(": ")
            where = f"line {self._line}: " if self._line else ""
            raise Failure("restore", where + said, REFUSED, _WHOLE) from None
        except Refused as fault:
            raise Failure(fault.reason, fault.what, REFUSED, _ELSEWHERE) from None
        assert report.head is not None  # noqa: S101 - a restore yields the head it begins with
        held = report.head.size - len(report.positions)
        report.already_recorded = min(held, self._of)
        report.new = self._of - report.already_recorded
        report.written = not dry_run
        return report

    def _events(self, file: IO[bytes]) -> Iterator[Recorded]:
        of = position = 0
        for self._line, raw in enumerate(iter(lambda: file.readline(jsonl.LONGEST), b""), 1):
            if not raw.strip():
                continue
            position += 1
            line = jsonl.parsed(raw)
            if line is None:
                raise Unstorable(path="", problem="is no line of an exported log")
            of = of or line.of
            if (line.position, line.of) != (position, of):
                problem = f"is event {line.position} of {line.of}, not {position} of {of}"
                raise Unstorable(path="", problem=problem)
            event = recovered(line.body, line.hash, position=position)
            expect_fact(event)
            if position % 1000 == 0:
                self.progress(position, of)
            yield event
        self._of = of
        if position != of:
            raise Unstorable(path="", problem=f"the file ends here, at event {position} of {of}")


def expect_fact(event: Recorded) -> None:
    """Expect an event that this program can read and fold; its rules have judged it when it was recorded."""
    from domain.catalogue import UnknownFact, kind_of_fact
    from domain.reading import read

    try:
        entry = read(event)
    except UnknownFact as fault:
        raise Unstorable(path="type", problem=f"{fault} is not known here; a newer paraph may know it") from None
    except ValueError as fault:
        raise Unstorable(path="data", problem=f"is no {event.type}: {fault}") from None
    days = (entry.on.earliest.isoformat(), entry.on.latest.isoformat())
    home = kind_of_fact(event.type)
    fits = home in {kind_of(event.stream), "any"} and all(map(is_stream, (event.stream, *event.about)))
    if not fits or days != (event.earliest, event.latest):
        raise Unstorable(path="", problem="is no fact of its stream and day")


def begins_a_log(source: Source) -> bool:
    """Say whether a source is an exported log, by its first line; nothing of it is read by that."""
    return jsonl.begins(source.ahead(jsonl.BEGINNING))
