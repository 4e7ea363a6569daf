"""The log as it is: one JSON object a line (jsonlines.org), each event's exact stored bytes in `body`.

`{"position":3,"of":256,"hash":"…","body":{…}}`: `body` is the canonical JSON (RFC 8785) the log keeps and
hashes, `hash` its RFC 6962 leaf hash, `of` the position the export ends at, so that a file cut short is
noticed. Read into an empty register the lines give the same log, to the root; the bytes are found again
however the JSON was laid out meanwhile, since canonical JSON has one form.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from eventstore.codec import canonical, parse_untrusted
from eventstore.envelope import Recorded

LONGEST = 2 << 20
"""Bytes of a line: an event has one MB at most, and may be laid out with blanks."""

BEGINNING = 64
"""Bytes by which a line can be known: no fact line begins with one of these names."""

_FIELDS = ("position", "of", "hash", "body")
_KNOWN_BY = re.compile(rb'(?:\xef\xbb\xbf)?[ \t\r\n]*\{[ \t]*"(?:position|of|hash|body)"[ \t]*:')
_LEAF = re.compile(r"[0-9a-f]{64}")
_AS_WRITTEN = re.compile(
    rb'\{"position":([0-9]{1,16}),"of":([0-9]{1,16}),"hash":"([0-9a-f]{64})","body":(\{.*\})\}', re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the position of its event, of how many, the hash stated and the bytes."""

    position: int
    of: int
    hash: bytes
    body: bytes


def lines(events: Iterable[Recorded], *, upto: int) -> Iterator[bytes]:
    """Yield the line of each event of a log that is exported up to a position."""
    for event in events:
        yield b'{"position":%d,"of":%d,"hash":"%s","body":%s}\n' % (
            event.position,
            upto,
            event.hash.hex().encode(),
            event.body,
        )


def begins(beginning: bytes) -> bool:
    """Say whether a file that begins so is one of this format."""
    return _KNOWN_BY.match(beginning) is not None


def parsed(raw: bytes) -> Line | None:
    """Return what a line holds; None where it is not one of this format. Unstorable where it is no proper JSON."""
    text = raw.strip()
    if written := _AS_WRITTEN.fullmatch(text):
        position, of, leaf, body = written.groups()
        return Line(int(position), int(of), bytes.fromhex(leaf.decode()), body)
    value = parse_untrusted(text.removeprefix(b"\xef\xbb\xbf"), longest=LONGEST)
    if not isinstance(value, dict) or set(value) != set(_FIELDS):
        return None
    told, body = [value[name] for name in _FIELDS], value["body"]
    if [type(part) for part in told] != [int, int, str, dict] or not _LEAF.fullmatch(value["hash"]):
        return None
    return Line(value["position"], value["of"], bytes.fromhex(value["hash"]), canonical(body))
