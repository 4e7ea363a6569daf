"""Facts from JSON lines: every line read, decided and judged before the first is recorded.

A line is known again by its id, else by its key, else by all it says; so a file imported twice adds
nothing, and a file that grew adds what is new. Lines of our own exports are read for the fact they hold.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

from cli.planning import Desk, derived_id, proposed
from cli.receipts import event_line
from cli.register import Register
from domain.corrections import RuleWaived
from domain.entries import Draft
from domain.factline import BadFact, draft_of
from domain.facts import name_of
from eventstore.codec import content, parse_untrusted
from eventstore.envelope import Head, Proposed, Recorded, StreamAt
from eventstore.errors import Unstorable
from eventstore.log import Reader
from projections.exports import jsonl
from projections.runner import follow

CHUNK = 500
"""Facts appended in one transaction; an interrupted import leaves whole ones."""

LONGEST = 2 << 20
"""Bytes of a line: a fact has one MB at most, an export adds a little."""

_KEY = "key:"

EXPORTS = (jsonl,)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file with what it says."""

    number: int
    raw: bytes
    draft: Draft


@dataclass
class Report:
    """What an import found and did."""

    new: int = 0
    already_recorded: int = 0
    lines: dict[int, bytes] = field(default_factory=dict)
    problems: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)
    events: list[Recorded] = field(default_factory=list)
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

    def as_json(self) -> dict[str, Any]:
        """Return the report as `import --json` answers (CLI.md section 6)."""
        head = self.head
        return {
            "new": self.new,
            "already_recorded": self.already_recorded,
            "rejected": self.rejected,
            "events": [event_line(event) for event in self.events],
            "problems": self.rows,
            "warnings": self.warnings,
            "written": self.written,
            "head": {"position": head.size, "root": head.root.hex()} if head else None,
        }

    def reject(self, number: int, raw: bytes, problems: Sequence[tuple[str, str, Any, str]]) -> None:
        """Note a line that cannot be recorded: each problem with column, sentence, value and suggestion."""
        self.lines[number] = raw
        for column, problem, value, suggestion in problems:
            row = {"row": number, "column": column, "value": value, "problem": problem}
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

    def run(self, data: bytes, *, dry_run: bool = False, partial: bool = False) -> Report:
        """Decide on every line; record the new ones unless a line is bad and bad lines are not to be left out."""
        self.batch = f"sha256:{sha256(data).hexdigest()[:16]}"
        with self.register.store.reading() as reader:
            rows = self._read(data, reader)
            accepted = self._decide(rows, reader)
            names = {proposal.stream for proposal in accepted}
            versions = dict.fromkeys(names, 0) | reader.versions(names)
            self.report.head = reader.head()
        if not dry_run and (partial or not self.report.rejected):
            self._record(accepted, versions)
        return self.report

    def _read(self, data: bytes, reader: Reader) -> list[Row]:
        values = [
            (number, raw, self._parse(number, raw))
            for number, raw in enumerate(data.removeprefix(b"\xef\xbb\xbf").splitlines(), 1)
            if raw.strip()
        ]
        said = [(number, raw, value) for number, raw, value in values if value is not None]
        ids = self._ids_by_key([value for _, _, value in said], reader)
        rows = (self._row(number, raw, value, ids) for number, raw, value in said)
        return [row for row in rows if row]

    def _parse(self, number: int, raw: bytes) -> Any:
        try:
            value = as_fact(parse_untrusted(raw, longest=LONGEST))
        except Unstorable as error:
            self.report.reject(number, raw, [(error.path, error.problem, "", "")])
            return None
        if not isinstance(value, dict):
            self.report.reject(number, raw, [("", "is no fact: a line is a JSON object", "", '{"type": …}')])
            return None
        return value

    def _ids_by_key(self, values: Sequence[dict[str, Any]], reader: Reader) -> dict[str, str]:
        """Return the ids of the events that bear a key the file targets and the register holds."""
        named = (str((value.get("data") or {}).get("target", "")) for value in values if _has_data(value))
        keys = {name.removeprefix(_KEY) for name in named if name.startswith(_KEY)}
        return {key: event.id for key, event in reader.by_keys(keys).items()}

    def _row(self, number: int, raw: bytes, value: dict[str, Any], ids: dict[str, str]) -> Row | None:
        """Return a line as a draft with its final id; a `key:` target becomes the id of that event."""
        problems: list[tuple[str, str, Any, str]] = []
        try:
            draft = draft_of(_retargeted(value, ids), new_id="", by=self.by, batch=self.batch)
        except BadFact as error:
            problems = [(place, problem, _value_at(value, place), "") for place, problem in error.problems]
            self.report.reject(number, raw, problems)
            return None
        draft = draft if draft.id else replace(draft, id=derived_id(draft))
        if draft.key:
            ids.setdefault(draft.key, draft.id)
        return Row(number, raw, draft)

    def _decide(self, rows: Sequence[Row], reader: Reader) -> list[Proposed]:
        desk = Desk(self.register, reader)
        waived = dict(_waived(rows))
        by_id = dict[str, Recorded | Proposed](reader.by_ids(row.draft.id for row in rows))
        by_key = dict[str, Recorded | Proposed](reader.by_keys(row.draft.key for row in rows if row.draft.key))
        accepted: list[Proposed] = []
        for done, row in enumerate(rows, 1):
            proposal = proposed(row.draft)
            bearer = by_id.get(row.draft.id) or by_key.get(row.draft.key or "")
            if bearer is not None:
                self._known(row, proposal, bearer)
            elif self._judged(row, desk, waived.get(row.draft.id)):
                accepted.append(proposal)
                by_id[proposal.id] = by_key[proposal.key or ""] = proposal
                by_key.pop("", None)
            self.progress(done, len(rows))
        self.report.new = len(accepted)
        return accepted

    def _known(self, row: Row, proposal: Proposed, bearer: Recorded | Proposed) -> None:
        """Count a line the register, or the file above it, holds already; with other content it is refused."""
        if content(bearer) == content(proposal):
            self.report.already_recorded += 1
            return
        where = f"event {bearer.position}" if isinstance(bearer, Recorded) else "a line above"
        column, value = (
            ("id", row.draft.id) if bearer.id == row.draft.id and not row.draft.key else ("key", row.draft.key)
        )
        problem = f"is that of {where}, with other content"
        self.report.reject(row.number, row.raw, [(column, problem, value, "a new one, or paraph correct")])

    def _judged(self, row: Row, desk: Desk, irregular: str | None) -> bool:
        desk.irregular = irregular
        decision = desk.decide(row.draft).decision
        name = name_of(row.draft.fact)
        for finding in decision.findings:
            if finding.weight == "warn":
                self.report.warnings.append({"row": row.number, "code": finding.code, "message": finding.message})
        if decision.refused:
            found = [finding for finding in decision.findings if finding.weight == "refuse"]
            problems = [("type", f.message, name, ", ".join(f.instead[:3])) for f in found]
            self.report.reject(row.number, row.raw, problems)
        elif not decision.drafts:
            self.report.already_recorded += 1
        return bool(decision.drafts)

    def _record(self, accepted: Sequence[Proposed], versions: dict[str, int]) -> None:
        """Append chunk by chunk; a stream that moved on since it was judged stops the import with a conflict.

        What another import of the same facts recorded meanwhile counts as already recorded.
        """
        for start in range(0, len(accepted), CHUNK):
            chunk = accepted[start : start + CHUNK]
            receipt = self.register.store.append(
                chunk,
                now=self.register.now,
                conditions=[StreamAt(name, versions[name]) for name in {p.stream for p in chunk}],
                project=follow,
                asserted_at=self.register.moment(self.recorded_at) if self.recorded_at else None,
            )
            for event in receipt.events:
                versions[event.stream] = max(versions[event.stream], event.version)
            fresh = [event for event in receipt.events if event.id in receipt.fresh]
            self.report.new -= len(chunk) - len(fresh)
            self.report.already_recorded += len(chunk) - len(fresh)
            self.report.events.extend(fresh)
            self.report.head = receipt.head
            self.report.clock_back = self.report.clock_back or receipt.clock_back
            self.progress(start + len(chunk), len(accepted))
        self.report.written = True


def as_fact(value: Any) -> Any:
    """Return a line of one of our exports as the fact line in it; any other line as it is."""
    return next((shape.fact_line(value) for shape in EXPORTS if shape.is_line(value)), value)


def _waived(rows: Sequence[Row]) -> Iterator[tuple[str, str]]:
    """Yield the facts for which the file itself says why a rule was waived, with the reason."""
    for row in rows:
        if isinstance(row.draft.fact, RuleWaived):
            yield row.draft.fact.target, row.draft.fact.reason


def _has_data(value: dict[str, Any]) -> bool:
    return isinstance(value.get("data"), dict)


def _retargeted(value: dict[str, Any], ids: dict[str, str]) -> dict[str, Any]:
    """Return the line with a `key:` target replaced by the id of the event that bears the key."""
    target = value["data"].get("target") if _has_data(value) else None
    if not isinstance(target, str) or not target.startswith(_KEY):
        return value
    key = target.removeprefix(_KEY)
    if key not in ids:
        raise BadFact(("data.target", f"no event above, or on record, bears the key {key!r}"))
    return {**value, "data": {**value["data"], "target": ids[key]}}


def _value_at(value: Any, place: str) -> Any:
    for step in place.split("."):
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return ""
    return value if isinstance(value, str | int) else ""
