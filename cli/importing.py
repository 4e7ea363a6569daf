"""Facts from JSON lines: every line decided and judged before the first is recorded.

A line is known again by its id, else by its key, else by all it says; so a file imported twice adds
nothing, and a file that grew adds what is new. What is accepted waits in a ledger on disk, so that the
largest file takes no more memory than its index.
"""

import gc
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from itertools import chain, islice
from typing import IO, Any

from cli.deciding import Desk, id_of_key, proposed
from cli.ledger import Ledger
from cli.lines import LONGEST, BadLine, Numbered, Row, key_aimed_at, numbered, row_of, values_of, waived
from cli.receipts import event_line
from cli.register import Register
from domain.facts import name_of
from domain.recording import Decision
from eventstore.codec import content
from eventstore.envelope import Head, Proposed, Recorded, StreamAt
from eventstore.log import EventStore, Reader
from projections.runner import follow

CHUNK = 2000
"""Facts appended in one transaction, so that an index is rewritten seldom; a broken import leaves whole ones."""

_WAIVED = b"RuleWaived"

JUDGED = 500
"""Lines judged in one snapshot: a long one would hold up the commits of others."""


@dataclass
class Report:
    """What an import found and did."""

    new: int = 0
    already_recorded: int = 0
    lines: dict[int, bytes] = field(default_factory=dict)
    problems: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)
    positions: "array[int]" = field(default_factory=lambda: array("Q"))
    head: Head | None = None
    written: bool = False
    clock_back: timedelta | None = None

    @property
    def rejected(self) -> int:
        """Return how many lines were refused."""
        return len(self.lines)

    @property
    def rejected_lines(self) -> list[bytes]:
        """Return the refused lines in the order of the file, in which they can be imported once mended."""
        return [raw for _, raw in sorted(self.lines.items())]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return every problem, in the order of the file."""
        return sorted(self.problems, key=lambda problem: int(problem["row"]))

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

    def reject(self, line: Numbered | Row, bad: BadLine) -> None:
        """Note a line that cannot be recorded."""
        self.lines[line.number] = line.raw
        for column, problem, value, suggestion in bad.problems:
            row = {"row": line.number, "column": column, "value": value, "problem": problem}
            self.problems.append({**row, "suggestion": suggestion})


@dataclass
class Import:
    """One file on its way into the register."""

    register: Register
    by: str
    progress: Callable[[int, int], None]
    recorded_at: str | None = None
    batch: str = ""
    report: Report = field(default_factory=Report)
    _own_ids: dict[str, str] = field(default_factory=dict)
    _waivers: dict[str, str] = field(default_factory=dict)

    def run(self, file: IO[bytes], *, dry_run: bool = False, partial: bool = False) -> Report:
        """Decide on every line; record the new ones unless a line is bad and bad lines are not to be left out.

        `file` is read twice, from its beginning. Raises the store's errors.
        """
        total = self._look_through(file)
        with Ledger() as ledger, rare_collections():
            versions = self._judge(file, ledger, total)
            self.report.new = len(ledger)
            if not dry_run and (partial or not self.report.rejected):
                self._record(ledger, versions)
        return self.report

    def _look_through(self, file: IO[bytes]) -> int:
        """Return how many lines there are; note the file's digest, and which rules it says were waived, and why."""
        digest, total = sha256(), 0
        for raw in iter(lambda: file.readline(LONGEST), b""):
            digest.update(raw)
            total += 1
            if _WAIVED in raw:
                self._waivers |= waived(raw)
        file.seek(0)
        self.batch = f"sha256:{digest.hexdigest()[:16]}"
        return total

    def _judge(self, file: IO[bytes], ledger: Ledger, total: int) -> dict[str, int]:
        """Decide on every line, chunk by chunk; return the versions that the streams looked at stood at."""
        store, desk = self.register.store, None
        lines = numbered(file)
        # An empty file is asked of the register too: where its log ends.
        chunks: Iterator[list[Numbered]] = iter(lambda: list(islice(lines, JUDGED)), [])
        for chunk in chain(chunks, [[]]):
            with store.reading() as reader:
                desk = desk or Desk(self.register, reader, ledger=ledger)
                rows = self._read(chunk, reader, ledger)
                self._decide(rows, desk, reader, ledger)
                self.report.head = reader.head()
            if chunk:
                self.progress(chunk[-1].number, total)
        assert desk is not None  # noqa: S101 - the last chunk is empty
        desk.close()
        ledger.settle()
        return desk.versions

    def _read(self, chunk: Sequence[Numbered], reader: Reader, ledger: Ledger) -> list[Row]:
        values = values_of(chunk, self.report.reject)
        aims = [key_aimed_at(value) for _, value in values]
        recorded = reader.by_keys(key for key in aims if key)
        rows: list[Row] = []
        above = {key: event.id for key, event in recorded.items()}
        for (line, value), aim in zip(values, aims, strict=True):
            target = above.get(aim) or self._id_above(aim, ledger) if aim else None
            try:
                row = row_of(line, value, target, by=self.by, batch=self.batch)
            except BadLine as bad:
                self.report.reject(line, bad)
                continue
            rows.append(row)
            if row.draft.key:
                above.setdefault(row.draft.key, row.draft.id)
                if value.get("id"):
                    self._own_ids.setdefault(row.draft.key, row.draft.id)
        return rows

    def _id_above(self, key: str, ledger: Ledger) -> str | None:
        """Return the id of the line accepted earlier that bears a key."""
        same = ledger.by_id(self._own_ids.get(key) or id_of_key(key))
        return same.id if same else None

    def _decide(self, rows: Sequence[Row], desk: Desk, reader: Reader, ledger: Ledger) -> None:
        by_id = reader.by_ids(row.draft.id for row in rows)
        by_key = reader.by_keys(row.draft.key for row in rows if row.draft.key)
        desk.look_up(reader, [row.draft for row in rows if row.draft.id not in by_id])
        for row in rows:
            proposal = row.proposal
            bearer = by_id.get(proposal.id) or by_key.get(proposal.key or "") or self._above(proposal, ledger)
            if bearer is not None:
                self._known(row, proposal, bearer)
            else:
                for accepted in self._judged(row, desk):
                    ledger.add(accepted)

    def _above(self, proposal: Proposed, ledger: Ledger) -> Proposed | None:
        """Return the line accepted earlier with this one's id or key."""
        same = ledger.by_id(proposal.id)
        if same is None and proposal.key and self._own_ids:
            same = ledger.by_id(self._own_ids.get(proposal.key, "")) or ledger.by_id(id_of_key(proposal.key))
        return same

    def _known(self, row: Row, proposal: Proposed, bearer: Recorded | Proposed) -> None:
        """Count a line the register, or the file above it, holds already; with other content it is refused."""
        if content(bearer) == content(proposal):
            self.report.already_recorded += 1
            return
        where = f"event {bearer.position}" if isinstance(bearer, Recorded) else "a line above"
        by_id = bearer.id == row.draft.id and not row.draft.key
        column, value = ("id", row.draft.id) if by_id else ("key", row.draft.key)
        problem = f"is that of {where}, with other content"
        self.report.reject(row, BadLine(((column, problem, value, "a new one, or paraph correct"),)))

    def _judged(self, row: Row, desk: Desk) -> list[Proposed]:
        """Return what a line adds: its fact, and the waiver where the line asks for one that it needs.

        A waiver that is a line of the file itself comes in by that line.
        """
        desk.irregular = self._waivers.get(row.draft.id)
        decision = desk.decide(row.draft).decision
        if decision.refused and (reason := _reason(decision, row.irregular)):
            desk.irregular = reason
            decision = desk.decide(row.draft).decision
        name = name_of(row.draft.fact)
        for finding in decision.findings:
            if finding.weight == "warn":
                self.report.warnings.append({"row": row.number, "code": finding.code, "message": finding.message})
        if decision.refused:
            found = [finding for finding in decision.findings if finding.weight == "refuse"]
            problems = tuple(("type", f.message, name, ", ".join(f.instead[:3])) for f in found)
            self.report.reject(row, BadLine(problems))
        elif not decision.drafts:
            self.report.already_recorded += 1
        if not decision.drafts:
            return []
        waived = decision.drafts[1:] if row.irregular else ()
        return [row.proposal, *map(proposed, waived)]

    def _record(self, ledger: Ledger, versions: dict[str, int]) -> None:
        """Append chunk by chunk; a stream that moved on since it was judged stops the import with a conflict.

        What another import of the same facts recorded meanwhile counts as already recorded.
        """
        asserted_at = self.register.moment(self.recorded_at) if self.recorded_at else None
        waiting, done, total = iter(ledger), 0, len(ledger)
        while chunk := list(islice(waiting, CHUNK)):
            receipt = self.register.store.append(
                chunk,
                now=self.register.now,
                conditions=[StreamAt(name, versions[name]) for name in {p.stream for p in chunk}],
                project=follow,
                asserted_at=asserted_at,
            )
            for event in receipt.events:
                versions[event.stream] = max(versions[event.stream], event.version)
            fresh = [event.position for event in receipt.events if event.id in receipt.fresh]
            self.report.new -= len(chunk) - len(fresh)
            self.report.already_recorded += len(chunk) - len(fresh)
            self.report.positions.extend(sorted(fresh))
            self.report.head = receipt.head
            self.report.clock_back = self.report.clock_back or receipt.clock_back
            done += len(chunk)
            self.progress(done, total)
        self.report.written = True


def _reason(decision: Decision, irregular: Mapping[str, str]) -> str | None:
    """Return why the rules that refuse may be waived, None where one of them may not."""
    codes = [finding.code for finding in decision.findings if finding.weight == "refuse"]
    waived = [irregular.get(code) for code in codes]
    return "; ".join(dict.fromkeys(filter(None, waived))) if all(waived) else None


@contextmanager
def rare_collections() -> Iterator[None]:
    """Let Python look for garbage seldom, and not at the program itself: facts hold no cycles, and looking costs."""
    thresholds = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(60_000, *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()


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
