"""Facts from JSON lines: every line decided and judged before the first is recorded.

A file imported twice adds nothing, and a file that grew adds what is new. What is accepted waits in a ledger on
disk, so that the largest file takes no more memory than its index.
"""

from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import IO, Any

from cli.apart import Parts, judge_in_two
from cli.chunks import Chunk, Chunks
from cli.garbage import rare_collections
from cli.helper import Helper
from cli.judging import Findings, Judging
from cli.ledger import Ledger
from cli.lines import LONGEST, numbered, waived
from cli.receipts import event_line
from cli.register import Register
from eventstore.append import assertable
from eventstore.envelope import Head, Recorded, StreamAt
from eventstore.log import EventStore
from projections.runner import follow

LARGE = 150_000
"""From so many lines on a second process is worth its memory: with fewer, one is done within half a minute."""

_WAIVED = b"RuleWaived"


@dataclass
class Report(Findings):
    """What an import found and did."""

    new: int = 0
    positions: "array[int]" = field(default_factory=lambda: array("Q"))
    written: bool = False
    clock_back: timedelta | None = None

    def as_json(self, store: EventStore | None) -> dict[str, Any]:
        """Return the report as `import --json` answers (CLI.md section 6); the events only if the store is given."""
        head = self.head
        return {
            "new": self.new,
            "already_recorded": self.already_recorded,
            "rejected": self.rejected,
            "events": [event_line(event) for event in self.events(store)] if store else [],
            "problems": self.rows,
            "warnings": self.warnings,
            "written": self.written,
            "head": {"position": head.size, "root": head.root.hex()} if head else None,
        }

    def events(self, store: EventStore) -> Iterator[Recorded]:
        """Yield the events recorded by this import, from the log."""
        for first, last in _runs(self.positions):
            yield from store.stream_all(after=first - 1, upto=last)


@dataclass
class Import:
    """One file on its way into the register; a large one is shared with a helper, if there is one."""

    register: Register
    by: str
    progress: Callable[[int, int], None]
    recorded_at: str | None = None
    helper: Helper | None = None
    report: Report = field(default_factory=Report)

    def run(
        self, file: IO[bytes], *, dry_run: bool = False, partial: bool = False, parts: Parts | None = None
    ) -> Report:
        """Decide on every line; record the new ones unless a line is bad and bad lines are not to be left out.

        `file` is read twice, from its beginning; where it has `parts`, the helper judges one of them. Raises the
        store's errors.
        """
        with rare_collections(), ExitStack() as ledgers:
            ledger, versions = self._judge(file, parts, ledgers)
            self.report.new = len(ledger)
            if self.recorded_at and ledger:
                last = self.report.head.recorded if self.report.head else None
                assertable(self.register.moment(self.recorded_at), self.register.now(), last)
            if not dry_run and (partial or not self.report.rejected):
                self._record(ledger, versions)
        return self.report

    def _judge(self, file: IO[bytes], parts: Parts | None, ledgers: ExitStack) -> tuple[Ledger, dict[str, int]]:
        """Decide on every line; return what is accepted, and the versions that the streams looked at stood at."""
        batch, waivers, total = _looked_through(file)

        def tell(number: int) -> None:
            self.progress(number, total)

        def begun() -> Judging:
            file.seek(0)
            return Judging(self.register, self.by, batch, ledgers.enter_context(Ledger()), Findings(), waivers)

        judging, versions = begun(), None
        if parts and (helper := self._helper_for(total)):
            versions = judge_in_two(judging, file, parts, helper, tell)
            if versions is None:
                judging.ledger.close()
                judging = begun()
        if versions is None:
            judging.judge(numbered(file), tell)
            versions = judging.settle()
        self.report.take(judging.findings)
        return judging.ledger, versions

    def _helper_for(self, lines: int) -> Helper | None:
        return self.helper if lines >= LARGE else None

    def _record(self, ledger: Ledger, versions: dict[str, int]) -> None:
        """Append chunk by chunk; a stream that moved on since it was judged stops the import with a conflict.

        What another import of the same facts recorded meanwhile counts as already recorded.
        """
        done, total = 0, len(ledger)
        asserted_at = self.register.moment(self.recorded_at) if self.recorded_at else None
        assert self.report.head is not None  # noqa: S101 - judging looks where the log ends
        chunks = Chunks(ledger, self._helper_for(total), self.register.now, asserted_at, self.report.head)
        for chunk in chunks:
            chunks.head = self._append(chunk, versions, asserted_at)
            done += len(chunk.facts)
            self.progress(done, total)
        self.report.written = True

    def _append(self, chunk: Chunk, versions: dict[str, int], asserted_at: datetime | None) -> Head:
        """Append a chunk and return where the log ends then; Conflict where a stream is not at its version."""
        receipt = self.register.store.append(
            chunk.facts,
            now=self.register.now,
            conditions=[StreamAt(name, versions[name]) for name in {fact.stream for fact in chunk.facts}],
            project=partial(follow, fold=chunk.fold),
            asserted_at=asserted_at,
        )
        for event in receipt.events:
            versions[event.stream] = max(versions[event.stream], event.version)
        fresh = [event.position for event in receipt.events if event.id in receipt.fresh]
        self.report.new -= len(chunk.facts) - len(fresh)
        self.report.already_recorded += len(chunk.facts) - len(fresh)
        self.report.positions.extend(sorted(fresh))
        self.report.head = receipt.head
        self.report.clock_back = self.report.clock_back or receipt.clock_back
        return receipt.head


def _looked_through(file: IO[bytes]) -> tuple[str, dict[str, str], int]:
    """Return the name of the file's batch, which rules it says were waived, and why, and how many lines there are."""
    digest, waivers, total = sha256(), dict[str, str](), 0
    for raw in iter(lambda: file.readline(LONGEST), b""):
        digest.update(raw)
        total += 1
        if _WAIVED in raw:
            waivers |= waived(raw)
    file.seek(0)
    return f"sha256:{digest.hexdigest()[:16]}", waivers, total


def _runs(positions: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last of each run of positions without a gap."""
    first = last = 0
    for position in positions:
        if position != last + 1 or not first:
            if first:
                yield first, last
            first = position
        last = position
    if first:
        yield first, last
