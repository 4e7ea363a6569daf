"""The bytes of an event: one flat canonical JSON object, made once, hashed as it is and never re-serialised.

A field that is empty is left out, so that a later format can add fields without touching old bytes.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from eventstore.envelope import Entry, Recorded
from eventstore.errors import Damaged, Unstorable
from eventstore.tree import leaf_hash
from eventstore.values import canonical, check, parse, parse_untrusted, write

__all__ = [
    "admit",
    "canonical",
    "content",
    "decode",
    "encode",
    "instant",
    "moment",
    "parse",
    "parse_untrusted",
]

LONGEST = 500
"""Letters of what is looked up: an index of PostgreSQL takes no more than some 2,700 bytes."""

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_STREAM = re.compile(r"[a-z0-9][a-z0-9._-]*/[a-z0-9][a-z0-9._-]*")
_DAY = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
# What others reckon with, and its types.
_TYPED = ("id", "stream", "recorded", "position", "version", "data")
_TYPES = [str, str, str, int, int, dict]
_REQUIRED = frozenset({*_TYPED, "type", "schema", "on", "earliest", "latest", "by"})
_OPTIONAL = frozenset({"about", "sources", "key", "batch", "note", "asserted"})
_SAID = re.compile(r".+", re.DOTALL)


def admit(proposed: Entry) -> None:
    """Check the envelope of a proposal, or of an event to restore; Unstorable names the field.

    `encode` checks what the fields hold.
    """
    _admit_text("id", proposed.id, _UUID, "not a canonical lower-case UUID")
    for name, stream in (
        ("stream", proposed.stream),
        *((f"about.{i}", s) for i, s in enumerate(proposed.about)),
    ):
        _admit_text(name, stream, _STREAM, "not of the form kind/slug")
    for name in ("earliest", "latest"):
        _admit_text(name, getattr(proposed, name), _DAY, "not a day YYYY-MM-DD")
    if proposed.earliest > proposed.latest:
        raise Unstorable(path="earliest", problem="after latest")
    for name in ("type", "on", "by"):
        _admit_text(name, getattr(proposed, name), _SAID, "empty")
    for name in ("key", "batch", "note"):
        said = getattr(proposed, name)
        if said is not None and not isinstance(said, str):
            raise Unstorable(path=name, problem="not text")
    check({"key": proposed.key})  # it is looked up before the whole is encoded
    for name, sought in (
        ("key", proposed.key),
        ("stream", proposed.stream),
        ("about", max(proposed.about, default="", key=len)),
    ):
        if sought and len(sought) > LONGEST:
            raise Unstorable(path=name, problem=f"longer than {LONGEST} letters")


def encode(proposed: Entry, *, position: int, version: int, recorded: str, asserted: bool) -> Recorded:
    """Return the proposal as recorded, with its exact bytes and leaf hash; Unstorable when it has none."""
    fields = _fields(proposed) | {"position": position, "version": version, "recorded": recorded}
    if asserted:
        fields["asserted"] = True
    return _event(fields, canonical(fields))


def decode(body: bytes, *, position: int | None = None) -> Recorded:
    """Return the event of stored bytes; Damaged when they are none, or those of another position."""
    fields = _parsed(body, position)
    if position is not None and fields["position"] != position:
        raise Damaged(what="body", position=position)
    return _event(fields, body)


def fields_of(body: bytes, *, position: int | None = None) -> dict[str, Any]:
    """Return the fields of stored bytes by name; Damaged unless they are to the byte as `encode` wrote.

    This is `decode` for `verify`: stricter, and without building the event.
    """
    fields = _parsed(body, position)
    optional = fields.keys() - _REQUIRED
    try:
        whole = optional <= _OPTIONAL and all(fields[name] for name in optional) and write(fields) == body
    except TypeError:  # a number that no event can hold
        whole = False
    if not whole:
        raise Damaged(what="body not as an event is written", position=position)
    return fields


def content(entry: Entry) -> bytes:
    """Return what makes two facts the same: all but id, key, batch, who recorded it and when."""
    return canonical(
        {
            "stream": entry.stream,
            "type": entry.type,
            "schema": entry.schema,
            "on": entry.on,
            "data": dict(entry.data),
            "about": entry.about,
            "sources": [dict(source) for source in entry.sources],
            "note": entry.note or None,
        }
    )


def instant(moment: datetime) -> str:
    """Return an aware moment as fixed-width UTC text (RFC 3339), so that text sorts by time.

    ValueError for a moment without a zone: guessing one would falsify the record.
    """
    if moment.tzinfo is None:
        raise ValueError(moment)
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def moment(text: str) -> datetime:
    """Return the moment of a recorded time; ValueError when the text is none."""
    return datetime.fromisoformat(text)


def _admit_text(name: str, value: object, pattern: re.Pattern[str], problem: str) -> None:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise Unstorable(path=name, problem=problem)


def _parsed(body: bytes, position: int | None) -> dict[str, Any]:
    """Return the fields of bytes; Damaged unless shaped as an event: damage may still be JSON."""
    try:
        fields: dict[str, Any] = parse(body)
        shaped = [type(fields[name]) for name in _TYPED] == _TYPES and fields.keys() >= _REQUIRED
        if shaped and {*map(type, fields.get("about", ()))} <= {str}:
            return fields
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise Damaged(what="body", position=position) from fault
    raise Damaged(what="body", position=position)


def _fields(entry: Entry) -> dict[str, object]:
    fields: dict[str, object] = {
        "id": entry.id,
        "stream": entry.stream,
        "type": entry.type,
        "schema": entry.schema,
        "on": entry.on,
        "earliest": entry.earliest,
        "latest": entry.latest,
        "data": dict(entry.data),
        "by": entry.by,
    }
    optional: dict[str, object] = {
        "about": entry.about,
        "sources": [dict(source) for source in entry.sources],
        "key": entry.key,
        "batch": entry.batch,
        "note": entry.note,
    }
    return fields | {name: value for name, value in optional.items() if value}


def _event(fields: Mapping[str, Any], body: bytes) -> Recorded:
    return Recorded(
        id=fields["id"],
        stream=fields["stream"],
        type=fields["type"],
        schema=fields["schema"],
        on=fields["on"],
        earliest=fields["earliest"],
        latest=fields["latest"],
        data=fields["data"],
        by=fields["by"],
        about=tuple(fields.get("about", ())),
        sources=tuple(fields.get("sources", ())),
        key=fields.get("key"),
        batch=fields.get("batch"),
        note=fields.get("note"),
        position=fields["position"],
        version=fields["version"],
        recorded=fields["recorded"],
        asserted=fields.get("asserted", False),
        body=body,
        hash=leaf_hash(body),
    )
