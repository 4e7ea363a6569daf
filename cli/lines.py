"""Lines of a JSON-lines file as drafts: each parsed, its targets found by key, its final id settled."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import IO, Any

from cli.deciding import id_of_content, id_of_key, proposed
from domain.entries import Draft
from domain.factline import BadFact, draft_of
from eventstore.codec import parse_untrusted
from eventstore.envelope import Proposed
from eventstore.errors import Unstorable
from projections.exports import cloudevents

LONGEST = 2 << 20
"""Bytes of a line: a fact has one MB at most, an export adds a little."""

_KEY = "key:"
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Numbered:
    """One line of the file, as it stands there."""

    number: int
    raw: bytes


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file with what it says, as the rules and as the event store take it."""

    number: int
    raw: bytes
    draft: Draft
    proposal: Proposed
    irregular: Mapping[str, str]
    """The rules the line asks to be waived, by their codes, each with the reason."""


@dataclass(frozen=True, slots=True)
class BadLine(Exception):
    """A line that cannot be read: each problem with its place, a sentence, the value there and what to try."""

    problems: tuple[tuple[str, str, Any, str], ...]


def numbered(file: IO[bytes]) -> Iterator[Numbered]:
    """Yield the lines that are not blank; of one too long to be a fact no more than shows it."""
    number, fresh = 0, True
    while raw := file.readline(LONGEST):
        ended = raw.endswith(b"\n")
        if fresh:
            number += 1
            said = raw.removeprefix(_BOM) if number == 1 else raw
            if said.strip():
                yield Numbered(number, said.rstrip(b"\r\n"))
        fresh = ended


def values_of(lines: Iterable[Numbered], reject: Callable[[Numbered, BadLine], None]) -> list[tuple[Numbered, Any]]:
    """Return the JSON object of each line, a CloudEvent of ours as the fact in it; what is none goes to `reject`."""
    found = []
    for line in lines:
        try:
            found.append((line, _parsed(line.raw)))
        except BadLine as bad:
            reject(line, bad)
    return found


def _parsed(raw: bytes) -> dict[str, Any]:
    try:
        value = parse_untrusted(raw)
    except Unstorable as error:
        raise BadLine(((error.path, error.problem, "", ""),)) from None
    if not isinstance(value, dict):
        raise BadLine((("", "is no fact: a line is a JSON object", "", '{"type": …}'),))
    return cloudevents.fact_line(value) if cloudevents.is_ours(value) else value


def waived(raw: bytes) -> dict[str, str]:
    """Return the event for which a line says why a rule was waived, with the reason; nothing for any other line."""
    try:
        value = _parsed(raw)
    except BadLine:
        return {}
    data = value.get("data")
    if value.get("type") != "RuleWaived" or not isinstance(data, dict):
        return {}
    target, reason = data.get("target"), data.get("reason")
    return {target: reason} if isinstance(target, str) and isinstance(reason, str) else {}


def key_aimed_at(value: dict[str, Any]) -> str | None:
    """Return the key by which a line names its target, or None."""
    data = value.get("data")
    target = data.get("target") if isinstance(data, dict) else None
    return target.removeprefix(_KEY) if isinstance(target, str) and target.startswith(_KEY) else None


def row_of(line: Numbered, value: dict[str, Any], target: str | None, *, by: str, batch: str) -> Row:
    """Return a line as a draft with its final id; raises BadLine with all that is wrong.

    `target` is the id of the event that bears the key the line aims at, None where there is none.
    """
    key = value.get("key")
    new_id = id_of_key(key) if isinstance(key, str) else ""
    try:
        draft = draft_of(_aimed(value, target), new_id=new_id, by=by, batch=batch)
    except BadFact as error:
        raise BadLine(tuple((place, said, _value_at(value, place), "") for place, said in error.problems)) from None
    proposal = proposed(draft)
    if not draft.id:
        new_id = id_of_content(proposal)
        draft, proposal = replace(draft, id=new_id), replace(proposal, id=new_id)
    return Row(line.number, line.raw, draft, proposal, value.get("irregular", {}))


def _aimed(value: dict[str, Any], target: str | None) -> dict[str, Any]:
    key = key_aimed_at(value)
    if key is None:
        return value
    if target is None:
        raise BadFact(("data.target", f"no event above, or on record, bears the key {key!r}"))
    return {**value, "data": {**value["data"], "target": target}}


def _value_at(value: Any, place: str) -> Any:
    for step in place.split("."):
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return ""
    return value if isinstance(value, str | int) else ""
