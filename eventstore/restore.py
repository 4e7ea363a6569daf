"""Restoring an exported log: the exact bytes of every event, into an empty register only, each against its hash.

Everything is tested that an append would have made sure of: the envelope, what JSON may hold, positions
and versions without gaps, recorded times that never decrease and are not to come. The triggers of the
schema stay in force: a restore inserts rows like any append.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection

from eventstore.append import advance, expect_whole, write_rows
from eventstore.codec import admit, canonical, decode, fields_of, instant, moment
from eventstore.engines import lock_head
from eventstore.envelope import Head, Recorded
from eventstore.errors import Damaged, Refused, Unstorable
from eventstore.reader import Reader, peaks_of

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


def restore_within(connection: Connection, events: Iterable[Recorded], *, now: datetime) -> Head:
    """Write events into the empty log of the caller's write transaction, in batches and constant memory."""
    size, blob, _ = lock_head(connection)
    if size:
        raise Refused(reason="not-empty", what=f"the register holds {size} events; a log is restored into an empty one")
    expect_whole(connection, size)
    peaks, versions = peaks_of(size, blob), dict[str, int]()
    ordered = _in_order(events, versions, instant(now))
    while batch := list(islice(ordered, BATCH)):
        write_rows(connection, batch, peaks.size)
        grown = peaks.extend(event.hash for event in batch)
        advance(connection, grown, peaks.size, batch[-1].recorded)
        peaks = grown
    return Reader(connection).head()


def _in_order(events: Iterable[Recorded], versions: dict[str, int], now: str) -> Iterator[Recorded]:
    """Yield the events, each tested to be the next of the log and of its stream."""
    before = ""
    for position, event in enumerate(events, 1):
        version = versions[event.stream] = versions.get(event.stream, 0) + 1
        if (event.position, event.version) != (position, version):
            raise _unfit(position, f"is position {event.position}, version {event.version}: events are missing")
        if not _is_time(event.recorded) or not before <= event.recorded <= now:
            raise _unfit(position, f"recorded {event.recorded}: no time, before its predecessor's, or still to come")
        before = event.recorded
        yield event


def _is_time(text: str) -> bool:
    try:
        return bool(_TIME.fullmatch(text)) and instant(moment(text)) == text
    except ValueError:
        return False


def _unfit(position: int, problem: str) -> Unstorable:
    return Unstorable(path=f"event {position}", problem=problem)
