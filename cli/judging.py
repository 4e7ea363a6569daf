"""Lines judged one after the other: each on what the log holds, and on what was decided before it.

Nothing is recorded here. What is accepted goes to a ledger, what is wrong to the findings. A line is known again
by its id, else by its key, else by all it says.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

from cli.deciding import Desk, id_of_key, proposed
from cli.ledger import Ledger
from cli.lines import BadLine, Numbered, Row, key_aimed_at, row_of, values_of
from cli.register import Register
from domain.facts import name_of
from domain.recording import Decision
from eventstore.codec import content
from eventstore.envelope import Head, Proposed, Recorded
from eventstore.log import Reader

JUDGED = 500
"""Lines judged in one snapshot: a long one would hold up the commits of others."""


@dataclass
class Findings:
    """What judging found of lines, besides those accepted; `head` is where the log ended when the last was judged."""

    already_recorded: int = 0
    lines: dict[int, bytes] = field(default_factory=dict)
    problems: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)
    head: Head | None = None

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

    def take(self, other: "Findings") -> None:
        """Take in what was found of other lines of the file."""
        self.already_recorded += other.already_recorded
        self.lines |= other.lines
        self.problems += other.problems
        self.warnings = sorted((*self.warnings, *other.warnings), key=lambda warning: int(warning["row"]))
        self.head = self.head or other.head

    def reject(self, line: Numbered | Row, bad: BadLine) -> None:
        """Note a line that cannot be recorded."""
        self.lines[line.number] = line.raw
        for column, problem, value, suggestion in bad.problems:
            row = {"row": line.number, "column": column, "value": value, "problem": problem}
            self.problems.append({**row, "suggestion": suggestion})


@dataclass
class Judging:
    """Judges the lines of one file, recorded by somebody in one batch.

    `waivers` are the reasons that lines of the file itself give for waiving rules, by the id of the event; `known`
    are streams that lines judged elsewhere open.
    """

    register: Register
    by: str
    batch: str
    ledger: Ledger
    findings: Findings
    waivers: Mapping[str, str] = field(default_factory=dict)
    known: Collection[str] = ()
    _desk: Desk | None = None
    _own_ids: dict[str, str] = field(default_factory=dict)

    def judge(self, lines: Iterator[Numbered], progress: Callable[[int], None]) -> None:
        """Decide on every line, chunk by chunk; `progress` is told the number of the last line of each.

        Raises the store's errors.
        """
        # An empty file is asked of the register too: where its log ends.
        chunks: Iterator[list[Numbered]] = iter(lambda: list(islice(lines, JUDGED)), [])
        for chunk in chain(chunks, [[]]):
            with self.register.store.reading() as reader:
                self._judge(chunk, self._desk_at(reader), reader)
                self.findings.head = reader.head()
            if chunk:
                progress(chunk[-1].number)

    @property
    def unknown(self) -> frozenset[str]:
        """Return the streams that lines named in vain."""
        return frozenset(self._desk.unknown if self._desk else ())

    def settle(self) -> dict[str, int]:
        """Let go of what judging takes; return the versions that the streams looked at stood at."""
        assert self._desk is not None  # noqa: S101 - `judge` comes first
        self._desk.close()
        self.ledger.settle()
        return self._desk.versions

    def _desk_at(self, reader: Reader) -> Desk:
        self._desk = self._desk or Desk(self.register, reader, ledger=self.ledger, known=set(self.known))
        return self._desk

    def _judge(self, chunk: Sequence[Numbered], desk: Desk, reader: Reader) -> None:
        rows = self._read(chunk, reader)
        by_id = reader.by_ids(row.draft.id for row in rows)
        by_key = reader.by_keys(row.draft.key for row in rows if row.draft.key)
        desk.look_up(reader, [row.draft for row in rows if row.draft.id not in by_id])
        for row in rows:
            proposal = row.proposal
            bearer = by_id.get(proposal.id) or by_key.get(proposal.key or "") or self._above(proposal)
            if bearer is not None:
                self._known(row, proposal, bearer)
            else:
                for accepted in self._judged(row, desk):
                    self.ledger.add(accepted, row.number)

    def _read(self, chunk: Sequence[Numbered], reader: Reader) -> list[Row]:
        values = values_of(chunk, self.findings.reject)
        aims = [key_aimed_at(value) for _, value in values]
        recorded = reader.by_keys(key for key in aims if key)
        rows: list[Row] = []
        above = {key: event.id for key, event in recorded.items()}
        for (line, value), aim in zip(values, aims, strict=True):
            target = above.get(aim) or self._id_above(aim) if aim else None
            try:
                row = row_of(line, value, target, by=self.by, batch=self.batch)
            except BadLine as bad:
                self.findings.reject(line, bad)
                continue
            rows.append(row)
            if row.draft.key:
                above.setdefault(row.draft.key, row.draft.id)
                if value.get("id"):
                    self._own_ids.setdefault(row.draft.key, row.draft.id)
        return rows

    def _id_above(self, key: str) -> str | None:
        """Return the id of the line accepted earlier that bears a key."""
        same = self.ledger.by_id(self._own_ids.get(key) or id_of_key(key))
        return same.id if same else None

    def _above(self, proposal: Proposed) -> Proposed | None:
        """Return the line accepted earlier with this one's id or key."""
        same = self.ledger.by_id(proposal.id)
        if same is None and proposal.key and self._own_ids:
            same = self.ledger.by_id(self._own_ids.get(proposal.key, "")) or self.ledger.by_id(id_of_key(proposal.key))
        return same

    def _known(self, row: Row, proposal: Proposed, bearer: Recorded | Proposed) -> None:
        """Count a line the register, or the file above it, holds already; with other content it is refused."""
        if content(bearer) == content(proposal):
            self.findings.already_recorded += 1
            return
        where = f"event {bearer.position}" if isinstance(bearer, Recorded) else "a line above"
        by_id = bearer.id == row.draft.id and not row.draft.key
        column, value = ("id", row.draft.id) if by_id else ("key", row.draft.key)
        problem = f"is that of {where}, with other content"
        self.findings.reject(row, BadLine(((column, problem, value, "a new one, or paraph correct"),)))

    def _judged(self, row: Row, desk: Desk) -> Iterable[Proposed]:
        """Return what a line adds: its fact, and the waiver where the line asks for one that it needs.

        A waiver that is a line of the file itself comes in by that line.
        """
        desk.irregular = self.waivers.get(row.draft.id)
        decision = desk.decide(row.draft).decision
        if decision.refused and (reason := _reason(decision, row.irregular)):
            desk.irregular = reason
            decision = desk.decide(row.draft).decision
        name = name_of(row.draft.fact)
        for finding in decision.findings:
            if finding.weight == "warn":
                self.findings.warnings.append({"row": row.number, "code": finding.code, "message": finding.message})
        if decision.refused:
            found = [finding for finding in decision.findings if finding.weight == "refuse"]
            problems = tuple(("type", f.message, name, ", ".join(f.instead[:3])) for f in found)
            self.findings.reject(row, BadLine(problems))
        elif not decision.drafts:
            self.findings.already_recorded += 1
        if not decision.drafts:
            return ()
        waived = decision.drafts[1:] if row.irregular else ()
        return [row.proposal, *map(proposed, waived)]


def _reason(decision: Decision, irregular: Mapping[str, str]) -> str | None:
    """Return why the rules that refuse may be waived, None where one of them may not."""
    codes = [finding.code for finding in decision.findings if finding.weight == "refuse"]
    waived = [irregular.get(code) for code in codes]
    return "; ".join(dict.fromkeys(filter(None, waived))) if all(waived) else None
