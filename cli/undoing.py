"""What `undo` takes back: the last thing somebody recorded that still stands."""

from collections.abc import Iterator, Sequence
from typing import Any

from domain.entries import Draft, Entry, as_next
from domain.reading import read_all
from domain.record import resolve
from domain.replay import facets_of, replay
from eventstore.envelope import Recorded
from eventstore.log import Reader

UNDO = "undo"
"""The note that an undoing bears, by which it is known: undoing again goes further back."""

_BATCH = 500
_GO_WITH_OTHERS = frozenset({"RuleWaived", "ImportFinished", "EventDisputed", "DisputeResolved"})
"""Events that cannot be taken back by themselves."""


def my_last(reader: Reader, by: str, stream: str | None = None) -> Recorded | None:
    """Return the last event by somebody that stands and can be taken back, on a stream or anywhere; else None."""
    for event in _backwards(reader, stream):
        if event.by == by and event.type not in _GO_WITH_OTHERS and event.note != UNDO and _stands(reader, event):
            return event
    return None


def _backwards(reader: Reader, stream: str | None) -> Iterator[Recorded]:
    if stream is not None:
        yield from reversed(reader.stream(stream))
        return
    last = reader.head().size
    while last > 0:
        first = max(last - _BATCH, 0)
        yield from reversed(reader.after(first, limit=last - first))
        last = first


def _stands(reader: Reader, event: Recorded) -> bool:
    lines = resolve(read_all(reader.stream(event.stream)))
    return any(line.entry.id == event.id and line.stands is not None for line in lines)


def changes_with(entries: Sequence[Entry], draft: Draft) -> list[dict[str, Any]]:
    """Return the facets of a stream that one more entry would change, each with its value before and after."""
    before, after = (
        facets_of(draft.stream, replay(told).state) for told in (entries, (*entries, as_next(draft, entries)))
    )
    return [
        {"facet": name, "before": before[name], "after": value}
        for name, value in after.items()
        if before[name] != value
    ]
