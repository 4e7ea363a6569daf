"""An exported log read back: the same bytes at the same positions, or nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, Any

from cli.exits import REFUSED, Failure
from cli.importing import Report
from cli.lines import LONGEST, Numbered, numbered
from cli.register import Register
from domain.streams import is_stream, kind_of
from eventstore.codec import parse_untrusted
from eventstore.envelope import Head, Recorded
from eventstore.errors import Refused, Unstorable
from eventstore.restore import recovered
from eventstore.tree import Peaks
from projections.exports import jsonl
from projections.runner import renew

_WHOLE = "a log is restored whole or not at all: export it again, and change nothing in it"
_ELSEWHERE = "restore it into an empty register (paraph init --db NEW.db), or export it as cloudevents and import that"
_EVERY = 1000


@dataclass
class Restore:
    """One exported log on its way into a register that is empty, or holds the beginning of that very log."""

    register: Register
    progress: Callable[[int, int], None]
    report: Report = field(default_factory=Report)

    def run(self, file: IO[bytes], *, dry_run: bool) -> Report:
        """Write what the register does not hold yet, all or none; Failure where the file is not the whole of a log."""
        with self.register.store.reading() as reader:
            onto = reader.head()
        try:
            events = self._events(file)
            _expect_beginning([event.hash for event in islice(events, onto.size)], onto)
            head = self.register.store.restore(events, onto=onto, project=renew, rehearse=dry_run)
        except Unstorable as fault:
            raise Failure("restore", f"{fault.path} {fault.problem}; nothing was recorded", REFUSED, _WHOLE) from None
        except Refused as refused:
            raise Failure("restore", f"{refused.what}; nothing was recorded", REFUSED, _ELSEWHERE) from None
        self.report.already_recorded = onto.size
        self.report.new = head.size - onto.size
        self.report.head = onto if dry_run else head
        self.report.written = not dry_run
        if not dry_run:
            self.report.positions.extend(range(onto.size + 1, head.size + 1))
        return self.report

    def _events(self, file: IO[bytes]) -> Iterator[Recorded]:
        position = upto = 0
        for position, line in enumerate(numbered(file), 1):
            value = self._line(line)
            if upto and value["of"] != upto:
                raise Unstorable(path=f"line {line.number}", problem="is of another export than the lines before it")
            upto = value["of"]
            event = recovered(value["body"], value["hash"], position=position)
            expect_fact(event)
            if position % _EVERY == 0:
                self.progress(position, upto if isinstance(upto, int) else 0)
            yield event
        if position != upto:
            raise Unstorable(path="the file", problem=f"ends at event {position} of {upto}")

    def _line(self, line: Numbered) -> dict[str, Any]:
        try:
            value = parse_untrusted(line.raw, longest=LONGEST)
        except Unstorable as fault:
            raise Unstorable(path=f"line {line.number}", problem=f"{fault.path} {fault.problem}".strip()) from None
        if not jsonl.is_line(value):
            raise Unstorable(path=f"line {line.number}", problem="is no line of this export")
        return dict(value)


def _expect_beginning(leaves: list[bytes], onto: Head) -> None:
    if len(leaves) < onto.size or Peaks().extend(leaves).root() != onto.root:
        raise Refused(reason="not-empty", what=f"the register holds {onto.size} events that are not this log's")


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


def begins_an_export(file: IO[bytes]) -> bool:
    """Say whether a file's first line is of an exported log; the file is left at its beginning."""
    first = next(numbered(file), None)
    file.seek(0)
    if first is None or not first.raw.startswith(b"{"):
        return False
    try:
        return jsonl.is_line(parse_untrusted(first.raw, longest=LONGEST))
    except Unstorable:
        return False
