"""Read, decide, append, and again when somebody was quicker; at last in turn. Every command goes through here."""

import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from eventstore.envelope import Condition, Proposed, Receipt, Recorded, StreamAt
from eventstore.errors import Conflict
from eventstore.log import EventStore, Project, Reader

ATTEMPTS = 4
"""The last of them waits for its turn."""
_FIRST_PAUSE = 0.002


class Decision(Protocol):
    """What a decider returns: the facts to record and what else they depend on; it may hold more."""

    @property
    def proposals(self) -> Sequence[Proposed]:
        """The facts to record, none when there is nothing to do."""

    @property
    def conditions(self) -> Sequence[Condition]:
        """What must hold besides the versions of the streams read."""


Streams = Mapping[str, list[Recorded]]
Decided = TypeVar("Decided", bound=Decision)


def wait_a_little(attempt: int) -> None:
    """Sleep before the next attempt, longer each time and never in step with the other writers."""
    time.sleep(_FIRST_PAUSE * 2**attempt * random.random())  # noqa: S311 - it spreads writers, it guards nothing


def transact(
    store: EventStore,
    streams: Iterable[str],
    decide: Callable[[Reader, Streams], Decided],
    *,
    now: Callable[[], datetime],
    expect: Mapping[str, int] | None = None,
    project: Project | None = None,
    attempts: int = ATTEMPTS,
    pause: Callable[[int], None] = wait_a_little,
) -> tuple[Decided, Receipt | None]:
    """Return the decision and its receipt (None when it proposes nothing).

    The streams are read in one snapshot and the append holds only if none has moved on since; when one has,
    everything is read and decided afresh. The last attempt waits for its turn and decides while nobody else can
    write, so that among however many writers each comes to an end. Not tried again: a version the caller expected
    (`expect`), and an id or key with other content. Raises what `EventStore.append` raises.
    """
    told = dict(expect or {})
    names = list(dict.fromkeys((*streams, *told)))
    for attempt in range(1, attempts):
        with store.reading() as reader:
            decision, versions = _decided(reader, names, decide, told)
        try:
            return decision, _record(store, decision, versions, now=now, project=project)
        except Conflict as conflict:
            if not _lost_a_race(conflict, told):
                raise
        pause(attempt)
    return _in_turn(store, lambda reader: _decided(reader, names, decide, told), now=now, project=project)


Versions = Mapping[str, int]


def _decided(
    reader: Reader, names: Sequence[str], decide: Callable[[Reader, Streams], Decided], told: Versions
) -> tuple[Decided, Versions]:
    """Return the decision, and the versions it holds for.

    Those expected go in as conditions, tested after ids: a retry of what was recorded must succeed although its
    own first try moved the stream on.
    """
    found = reader.streams(names)
    decision = decide(reader, found)
    return decision, {name: len(events) for name, events in found.items()} | {**told}


def _record(
    store: EventStore,
    decision: Decision,
    versions: Versions,
    *,
    now: Callable[[], datetime],
    project: Project | None,
) -> Receipt | None:
    if not decision.proposals:
        return None
    return store.append(decision.proposals, now=now, conditions=_conditions(decision, versions), project=project)


def _in_turn(
    store: EventStore,
    decide: Callable[[Reader], tuple[Decided, Versions]],
    *,
    now: Callable[[], datetime],
    project: Project | None,
) -> tuple[Decided, Receipt | None]:
    decisions: list[Decided] = []

    def decided(reader: Reader) -> tuple[Sequence[Proposed], Sequence[Condition]]:
        decision, versions = decide(reader)
        decisions.append(decision)
        return decision.proposals, _conditions(decision, versions)

    receipt = store.append_in_turn(decided, now=now, project=project)
    return decisions[-1], receipt


def _conditions(decision: Decision, versions: Versions) -> list[Condition]:
    return [*(StreamAt(name, version) for name, version in versions.items()), *decision.conditions]


def _lost_a_race(conflict: Conflict, told: Versions) -> bool:
    if conflict.reason == "version":
        return told.get(conflict.stream or "") != conflict.expected
    return conflict.reason == "about"
