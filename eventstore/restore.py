"""Events of another log, byte for byte: each against its hash, each the next of the log and of its stream.

Everything is tested that an append would have made sure of: the envelope, what JSON may hold, positions
and versions without gaps, recorded times that never decrease. The triggers of the schema stay in force:
rows are inserted as by any append.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection

from eventstore.append import Write, expect_whole, write
from eventstore.codec import admit, canonical, decode, fields_of, instant, moment
from eventstore.envelope import Head, Recorded
from eventstore.errors import Damaged, Refused, Unstorable
from eventstore.reader import Reader, peaks_of, read_head

BATCH = 1000
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")


def recovered(fields: Any, leaf: Any, *, position: int) -> Recorded:
    """Return the event that exported fields are; Unstorable unless its canonical bytes have this leaf hash (hex)."""
    try:
        body = canonical(fields)
        fields_of(body)
        event = decode(body, position=position)
        admit(event)
    except Damaged:
        raise _unfit(position, "is no event of this position, as an event is written") from None
    except Unstorable as fault:
        raise _unfit(position, f"{fault.path}: {fault.problem}".removeprefix(": ")) from None
    if type(event.schema) is not int or event.asserted not in {True, False}:
        raise _unfit(position, "is no event as one is written")
    if event.hash.hex() != leaf:
        raise _unfit(position, "does not have the hash stated: it was changed on the way")
    return event


def restore_within(connection: Connection, writes: Write, events: Iterable[Recorded], *, onto: Head) -> Head:
    """Write the events past a head, in batches and constant memory, in the caller's write transaction.

    Raises Refused(not-empty) where the log does not stand at that head, Unstorable where an event is not the next.
    """
    size, blob, last = read_head(connection)  # locked since the transaction began
    peaks = peaks_of(size, blob)
    if (size, peaks.root()) != (onto.size, onto.root):
        raise Refused(reason="not-empty", what=f"the register holds {size} events, not the {onto.size} expected")
    expect_whole(connection, size)
    reader, before, rest = Reader(connection), last or "", iter(events)
    while batch := list(islice(rest, BATCH)):
        _expect_next(batch, peaks.size, reader.versions({event.stream for event in batch}), before)
        peaks = peaks.extend(event.hash for event in batch)
        write(connection, writes, batch, peaks)
        before = batch[-1].recorded
    return reader.head()


def _expect_next(batch: Sequence[Recorded], size: int, versions: dict[str, int], before: str) -> None:
    """Expect each event to be the next of the log and of its stream, recorded no earlier than its predecessor."""
    for position, event in enumerate(batch, size + 1):
        version = versions[event.stream] = versions.get(event.stream, 0) + 1
        if (event.position, event.version) != (position, version):
            raise _unfit(position, f"is position {event.position}, version {event.version}: events are missing")
        if not _is_time(event.recorded) or event.recorded < before:
            raise _unfit(position, f"recorded {event.recorded}: no time, or before its predecessor's")
        before = event.recorded


def _is_time(text: str) -> bool:
    try:
        return bool(_TIME.fullmatch(text)) and instant(moment(text)) == text
    except ValueError:
        return False


def _unfit(position: int, problem: str) -> Unstorable:
    return Unstorable(path=f"event {position}", problem=problem)
