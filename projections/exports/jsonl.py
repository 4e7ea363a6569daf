"""The log as it is: one JSON object a line (jsonlines.org), each event's exact stored bytes in `body`.

`{"position":3,"of":256,"hash":"…","body":{…}}`: `body` is the canonical JSON (RFC 8785) the log keeps and
hashes, `hash` its RFC 6962 leaf hash, `of` the position the export ends at, so that a file cut short is
noticed. Read into an empty register the lines give the same log, to the root; the bytes are found again
however the JSON was laid out meanwhile, since canonical JSON has one form.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from eventstore.envelope import Recorded

_FIELDS = frozenset({"position", "of", "hash", "body"})


def lines(events: Iterable[Recorded], *, upto: int) -> Iterator[bytes]:
    """Yield the line of each event of a log that is exported up to a position."""
    for event in events:
        yield b'{"position":%d,"of":%d,"hash":"%s","body":%s}\n' % (
            event.position,
            upto,
            event.hash.hex().encode(),
            event.body,
        )


def is_line(value: Any) -> bool:
    """Say whether a JSON value is a line of this format."""
    return isinstance(value, dict) and value.keys() == _FIELDS and isinstance(value["body"], dict)
