"""Whether a fact may be recorded: the one decision every kind of stream shares.

`decide` never raises and changes nothing: it returns the drafts to append, and what the rules found.
A fact is judged at its effective place among the standing facts, not at the end of the log, and what
its arrival makes of later facts is told too.
"""

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from shlex import quote

from pydantic import ValidationError

from domain import corrections as c
from domain.catalogue import kind_of_fact
from domain.correcting import judge_record
from domain.deciders import DECIDERS
from domain.entries import Draft, Entry
from domain.facts import name_of, said
from domain.findings import Finding, note, refuse, warn
from domain.history import History
from domain.record import Line, about_the_record, resolve
from domain.replay import Step, effect_order, fold
from domain.streams import KINDS, is_stream, kind_of, slug_of


@dataclass(frozen=True, slots=True)
class Decision:
    """What came of a draft: the drafts to append, the findings, and the entry that said it before."""

    drafts: tuple[Draft, ...]
    findings: tuple[Finding, ...] = ()
    already: Entry | None = None

    @property
    def refused(self) -> bool:
        """Say whether a rule keeps the fact out."""
        return not self.drafts and self.already is None


def decide(
    history: Sequence[Entry],
    draft: Draft,
    *,
    today: date | None = None,
    irregular: str | None = None,
    waiver_id: str = "",
) -> Decision:
    """Decide on one draft, given the entries of its stream in the order they were recorded.

    A `History` spares the work of those before; other sequences are taken for one. `irregular` is the
    reason for which a refusal of the rules is waived; the waiver is recorded after the fact, under
    `waiver_id`. A draft whose id or key is in the history passes: the store knows whether it is a retry
    or a conflict.
    """
    told = history if isinstance(history, History) else History(history)
    if told.knows(draft):
        return Decision((draft,))
    if (already := _already(told, draft)) is not None:
        return Decision((), (_on_record(already, draft),), already.entry)
    misplaced = tuple(_misplaced(told, draft))
    if misplaced:
        return Decision((), misplaced)
    findings = tuple(_judge(told, draft, today))
    refusing = tuple(finding.code for finding in findings if finding.weight == "refuse")
    if not refusing:
        return Decision((draft,), findings)
    if irregular is None or about_the_record(told.next(draft)):
        return Decision((), findings)
    try:
        waiver = c.RuleWaived(target=draft.id, rules=refusing, reason=irregular)
    except ValidationError as error:
        problems = "; ".join(str(problem["msg"]) for problem in error.errors())
        return Decision((), (*findings, refuse("bad-waiver", f"the reason cannot be recorded: {problems}")))
    waived = Draft(waiver_id, draft.stream, draft.on, waiver, by=draft.by, batch=draft.batch)
    return Decision((draft, waived), findings)


def _misplaced(history: History, draft: Draft) -> Iterator[Finding]:
    """Say what no reason can waive: a fact in the wrong kind of stream, or in none."""
    name, kind = name_of(draft.fact), kind_of(draft.stream)
    home = kind_of_fact(name)
    opens = DECIDERS[kind].opens if kind in DECIDERS else ()
    if not is_stream(draft.stream):
        yield refuse("no-stream", f"{draft.stream} names no stream: kind/slug, kind one of {', '.join(KINDS)}")
    elif home not in {kind, "any"}:
        streams = f"{home}/{slug_of(draft.stream)}"
        yield refuse("wrong-stream", f"{name} belongs to a {home}, not to {draft.stream}", streams)
    elif not history and name not in opens:
        yield refuse("unknown-stream", f"{draft.stream} is not in the register", f"paraph new {kind}")
    elif history and name == opens[0]:
        yield refuse(
            "slug-taken",
            f"{draft.stream} is open already; a slug is never used again",
            f"paraph show {draft.stream}@1",
        )


def _already(history: History, draft: Draft) -> Line | None:
    """Return the standing line that says the same of the same day, or None."""
    line = next((line for line in history.saying(draft) if _says(line, draft)), None)
    return line if line and not _news(history, draft) else None


def _says(line: Line, draft: Draft) -> bool:
    return (
        line.stands is not None
        and line.stands.fact == draft.fact
        and set(line.stands.about) == set(draft.mentions())
        and line.entry.note == draft.note
    )


def _news(history: History, draft: Draft) -> bool:
    """Say whether a correction or dispute, said before, would change something again: the latest counts."""
    if not isinstance(draft.fact, c.EventCorrected | c.DateRefined | c.EventDisputed | c.DisputeResolved):
        return False
    before, after = (
        [
            (line.stands and (line.stands.fact, line.stands.on), line.disputed)
            for line in lines
            if line.entry.id == draft.fact.target
        ]
        for lines in (history.lines, resolve((*history, history.next(draft))))
    )
    return before != after


def _on_record(already: Line, draft: Draft) -> Finding:
    entry = already.stands or already.entry
    message = f"{name_of(draft.fact)} is on record already, {slug_of(entry.stream)}@{entry.version}"
    known = {(source.source, source.quote) for source in entry.sources}
    fresh = [source.source for source in draft.sources if (source.source, source.quote) not in known]
    hint = (f"paraph source {entry.id} --source {quote(fresh[0])}",) if fresh else ()
    return note("already-recorded", message, *hint)


def _judge(history: History, draft: Draft, today: date | None) -> Iterator[Finding]:
    entry = history.next(draft)
    if about_the_record(entry):
        found = tuple(judge_record(history, entry))
        yield from found
        if not any(finding.weight == "refuse" for finding in found):
            yield from _judge_outcome(history, entry)
        return
    if today is not None and entry.on.earliest > today:
        yield warn("in-future", f"{entry.on.text} lies ahead of {today}; it counts from that day on")
    yield from history.met(entry).findings if history.is_last(entry) else _judge_at_place(history.steps, entry)


def _judge_at_place(steps: Sequence[Step], entry: Entry) -> Iterator[Finding]:
    """Judge a fact about the world on the state it meets, and the facts after it on the state it leaves."""
    place = bisect(steps, effect_order(entry), key=lambda step: effect_order(step.entry))
    [met] = fold(entry.stream, [entry], steps[place].before)
    yield from met.findings
    yield from _unsettled(met.after, steps[place:])


def _unsettled(after: object, later: Sequence[Step]) -> Iterator[Finding]:
    """Tell which later facts a rule would now refuse, and did not before."""
    before = {step.entry.id: {found.code for found in step.findings} for step in later}
    entries = [step.entry for step in later]
    for step in fold(entries[0].stream, entries, after):
        for found in step.findings:
            if found.weight == "refuse" and found.code not in before[step.entry.id]:
                yield _no_longer_fits(step.entry, found)


_MOVES = (c.EventCorrected, c.EventRetracted, c.DateRefined, c.CorrectionWithdrawn)
"""Facts about the record that change what is folded."""


def _judge_outcome(history: History, entry: Entry) -> Iterator[Finding]:
    """Tell what the rules find once a fact about the record holds, and did not find before.

    Told, not refused: the record must be able to become right.
    """
    if not isinstance(entry.fact, _MOVES):
        return
    was = {step.entry.id: {f.code for f in step.findings} for step in history.steps}
    aims = {entry.fact.target, *(said(e.fact, "target") for e in history if e.id == entry.fact.target)}
    for step in History((*history, entry)).steps:
        for found in step.findings:
            if found.code in was.get(step.entry.id, ()):
                continue
            if step.entry.id in aims:
                yield replace(found, weight="warn") if found.weight == "refuse" else found
            elif found.weight == "refuse":
                yield _no_longer_fits(step.entry, found)


def _no_longer_fits(entry: Entry, found: Finding) -> Finding:
    name = f"{name_of(entry.fact)} of {entry.on.text}"
    return warn("unsettles-later", f"with this, {name} no longer fits: {found.message}")
