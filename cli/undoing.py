"""What `undo` takes back: the last thing somebody recorded that still stands."""

from collections.abc import Iterator, Sequence
from typing import Any

from domain.entries import Draft, Entry, as_next
from domain.reading import read_all
from domain.record import resolve
from domain.replay import facets_of, replay
from eventstore.envelope import Recorded
from eventstore.log import Reader

_UNDO = "undo"
"""How the note of an undoing begins, by which it is known: undoing again goes further back."""
_BY = frozenset({"EventRetracted", "CorrectionWithdrawn"})

_BATCH = 500
_GO_WITH_OTHERS = frozenset({"RuleWaived", "ImportFinished", "EventDisputed", "DisputeResolved"})
"""Events that cannot be taken back by themselves."""


def note_of(remark: str | None) -> str:
    """Return the note an undoing bears, with what somebody remarks on it."""
    return f"{_UNDO}: {remark}" if remark else _UNDO


def undone_by(reader: Reader, event_id: str | None, key: str | None) -> Recorded | None:
    """Return what an earlier try with this id or key has undone; None where there was none."""
    before = (reader.by_id(event_id.lower()) if event_id else None) or (reader.by_key(key) if key else None)
    return reader.by_id(str(before.data["target"])) if before and _undoing(before) else None


def my_last(reader: Reader, by: str, stream: str | None = None) -> Recorded | None:
    """Return the last event by somebody that stands and can be taken back, on a stream or anywhere; else None."""
    for event in _backwards(reader, stream):
        if event.by == by and event.type not in _GO_WITH_OTHERS and not _undoing(event) and _stands(reader, event):
            return event
    return None


def _undoing(event: Recorded) -> bool:
    return event.type in _BY and (event.note or "").partition(":")[0] == _UNDO


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
