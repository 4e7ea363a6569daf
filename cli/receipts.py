"""What a record answers: the events, the findings, and whether all was on record before (CLI.md section 6)."""

from collections.abc import Iterable, Iterator
from typing import Any

from cli.exits import REFUSED, Failure
from cli.inert import inert_json
from cli.options import Writing
from cli.output import Screen
from cli.planning import Outcome, Plan, planned, record, refused_message
from cli.register import Register
from cli.table import Column
from domain.entries import Draft
from domain.factline import line_of
from domain.findings import Finding
from domain.streams import slug_of
from eventstore.envelope import Recorded
from projections.answers.resolve import shortest

COLUMNS = tuple(Column(name, name.upper()) for name in ("position", "stream", "version", "type", "id", "hash"))


def event_line(event: Recorded) -> dict[str, Any]:
    """Return what names a recorded event."""
    return {
        "id": event.id,
        "position": event.position,
        "stream": event.stream,
        "version": event.version,
        "type": event.type,
        "hash": event.hash.hex(),
    }


def finding_line(finding: Finding) -> dict[str, Any]:
    """Return a finding as JSON answers hold it."""
    return {"code": finding.code, "weight": finding.weight, "message": finding.message}


def as_json(outcome: Outcome, remarks: tuple[Finding, ...] = ()) -> dict[str, Any]:
    """Return what `record --json` answers."""
    return {
        "events": [event_line(event) for event in outcome.events],
        "findings": [finding_line(finding) for finding in (*_found(outcome.plan), *_unsaid(outcome.plan, remarks))],
        "already_recorded": outcome.already_recorded,
    }


def _found(plan: Plan) -> list[Finding]:
    return [finding for item in plan.planned for finding in item.decision.findings]


def _unsaid(plan: Plan, remarks: tuple[Finding, ...]) -> list[Finding]:
    """Return the remarks that the findings on the drafts do not make already."""
    return [remark for remark in remarks if remark not in _found(plan)]


def carry_out(
    register: Register,
    drafts: list[Draft],
    writing: Writing,
    *,
    remarks: tuple[Finding, ...] = (),
    sourced: bool = True,
    besides: dict[str, Any] | None = None,
) -> None:
    """Record the drafts as the flags say, and answer; a refusal teaches and exits 4.

    `remarks` are findings that need more than the drafts' own streams; `sourced` says whether facts of
    this sort should name a source; `besides` are fields added to the JSON answer.
    """
    screen = writing.screen
    if writing.dry_run:
        _rehearse(register, drafts, writing, remarks, sourced=sourced)
        return
    outcome = record(register, drafts, irregular=writing.irregular, expect=writing.expect)
    _refuse_if_refused(outcome.plan)
    _tell(outcome.plan, remarks, writing, sourced=sourced)
    if (receipt := outcome.receipt) and receipt.clock_back:
        screen.say(f"paraph: the clock stands {receipt.clock_back} behind the log; the log's time was kept")
    rows = [event_line(event) for event in outcome.events]
    screen.answer({**as_json(outcome, remarks), **(besides or {})}, rows, COLUMNS, lambda _: _lines(outcome))
    with register.store.reading() as reader:
        slug = shortest(reader, drafts[0].stream)
    screen.hint(f"paraph status {slug}", f"paraph log {slug}")


def _rehearse(
    register: Register, drafts: list[Draft], writing: Writing, remarks: tuple[Finding, ...], *, sourced: bool
) -> None:
    """Print the facts as the JSON lines that would record them; judge them, record nothing."""
    import orjson

    with register.store.reading() as reader:
        plan = planned(register, reader, drafts, irregular=writing.irregular, expect=writing.expect)
    _refuse_if_refused(plan)
    _tell(plan, remarks, writing, sourced=sourced)
    facts = [line_of(draft) for item in plan.planned for draft in item.decision.drafts]
    writing.screen.lines(inert_json(orjson.dumps(fact).decode()) for fact in facts)
    writing.screen.say("nothing recorded (--dry-run)")


def _refuse_if_refused(plan: Plan) -> None:
    if not plan.refused:
        return
    message, hint = refused_message(plan)
    findings = [finding for item in plan.refused for finding in item.decision.findings]
    details = {"findings": [finding_line(f) | {"instead": list(f.instead)} for f in findings]}
    raise Failure(_code(findings), message, _exit(findings), hint, details)


def _code(findings: Iterable[Finding]) -> str:
    return next(finding.code for finding in findings if finding.weight == "refuse")


def _exit(findings: Iterable[Finding]) -> int:
    from cli.exits import NOT_FOUND

    unknown = {"unknown-stream", "unknown-reference", "unknown-target"}
    return NOT_FOUND if _code(findings) in unknown else REFUSED


def _tell(plan: Plan, remarks: tuple[Finding, ...], writing: Writing, *, sourced: bool) -> None:
    """Say on stderr what the rules remark, and what was taken for granted."""
    screen: Screen = writing.screen
    drafts = [item.draft for item in plan.planned]
    if writing.on is None:
        screen.say(f"on {drafts[0].on.text} (today; --on says another day)")
    if sourced and not any(draft.sources for draft in drafts):
        screen.say("no source given; --source REF says where this comes from")
    for item in plan.planned:
        for finding in item.decision.findings:
            _remark(slug_of(item.draft.stream), finding, screen)
    for finding in _unsaid(plan, remarks):
        _remark(slug_of(drafts[0].stream), finding, screen)


def _remark(slug: str, finding: Finding, screen: Screen) -> None:
    flagged = f", flagged '{finding.code}'" if finding.weight != "note" else ""
    screen.say(f"paraph: {slug}: {finding.message}{flagged}")
    if finding.code != "out-of-order":
        screen.say(*(f"        {option}" for option in finding.instead))


def _lines(outcome: Outcome) -> Iterator[str]:
    word = "on record" if outcome.already_recorded else "recorded"
    for event in outcome.events:
        place = f"position {event.position}, {event.hash.hex()[:6]}"
        yield f"{word}  {event.type} on {slug_of(event.stream)}@{event.version}  ({place})"
