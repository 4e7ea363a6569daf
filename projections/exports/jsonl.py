"""The log as it is: one JSON object a line (jsonlines.org), each event's exact stored bytes in `body`.

`{"position":3,"of":256,"hash":"…","body":{…}}`: `body` is the canonical JSON (RFC 8785) the log keeps and
hashes, `hash` its RFC 6962 leaf hash, `of` the position the export ends at, so that a file cut short is
noticed. Lines are read to the byte as they are written, for it is the bytes that are restored.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from eventstore.envelope import Recorded
from eventstore.values import SIZE_LIMIT

LONGEST = SIZE_LIMIT + 200
"""Bytes of a line: those of the largest event, and what stands around them."""

BEGINNING = 200
"""Bytes by which a line can be known."""

_BEGINNING = re.compile(rb'\{"position":([0-9]{1,16}),"of":([0-9]{1,16}),"hash":"([0-9a-f]{64})","body":\{')


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


def is_entry(raw: bytes) -> bool:
    """Say whether a line is one of this format; it need not be a whole one."""
    return _BEGINNING.match(raw) is not None


def parsed(raw: bytes) -> Line | None:
    """Return what a line holds, with or without its end of line; None where it is not one of this format."""
    line = raw.rstrip(b"\r\n")
    begun = _BEGINNING.match(line)
    if begun is None or not line.endswith(b"}}"):
        return None
    position, of, leaf = begun.groups()
    return Line(int(position), int(of), bytes.fromhex(leaf.decode()), line[begun.end() - 1 : -1])
