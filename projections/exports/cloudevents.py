"""Each event as a CloudEvent 1.0 (CNCF) in the JSON event format, one object a line: for brokers and other systems.

`id` is the event's own, `source` the register, `type` says fact and schema (`org.paraph.AgreementSigned.v1`),
`subject` is the stream, `time` when it was recorded, `on` the day it took effect (EDTF), `position` its place in
the log; `sequence` and `partitionkey` are the documented extensions of those names. `data` holds the rest of the
fact's line, so that importing the file gives the same facts with the same ids, recorded anew. For the same
positions and times there is the jsonl export.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from eventstore.envelope import Recorded

_TYPE = re.compile(r"org\.paraph\.([A-Za-z]+)\.v([0-9]{1,4})")
_DATA = ("on", "data", "about", "sources", "key", "by", "note")
_DIGITS = 12
"""Of a position, so that sequences sort as text."""


def lines(events: Iterable[Recorded], *, register: str) -> Iterator[bytes]:
    """Yield the line of each event; `register` is the register's id."""
    source = f"urn:uuid:{register}"
    for event in events:
        yield orjson.dumps(_event(event, source), option=orjson.OPT_APPEND_NEWLINE)


def _event(event: Recorded, source: str) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": event.id,
        "source": source,
        "type": f"org.paraph.{event.type}.v{event.schema}",
        "subject": event.stream,
        "time": event.recorded,
        "datacontenttype": "application/json",
        "position": event.position,
        "on": event.on,
        "sequence": f"{event.position:0{_DIGITS}}",
        "partitionkey": event.stream,
        "data": {name: value for name in _DATA if (value := getattr(event, name))},
    }


def is_ours(value: dict[str, Any]) -> bool:
    """Say whether a JSON object is a CloudEvent whose type says that it holds a fact."""
    type_ = value.get("type")
    return "specversion" in value and isinstance(type_, str) and bool(_TYPE.fullmatch(type_))


def fact_line(value: dict[str, Any]) -> dict[str, Any]:
    """Return the fact line in a CloudEvent that `is_ours`; what is missing or amiss there is the line's to tell."""
    named = _TYPE.fullmatch(value["type"])
    data = value.get("data")
    said = {name: data[name] for name in _DATA if name in data} if isinstance(data, dict) else {}
    return {"type": named[1] if named else "", "stream": value.get("subject"), "id": value.get("id"), **said}
