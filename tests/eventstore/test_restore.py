"""A log restored from its exact bytes: the same log, or nothing of it. From each engine into the other."""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from eventstore import restore as restoring
from eventstore.codec import encode
from eventstore.envelope import Recorded
from eventstore.errors import Refused, Unstorable
from eventstore.log import EventStore
from eventstore.restore import recovered
from eventstore.tree import leaf_hash
from eventstore.verify import verify
from tests.eventstore.givens import REGISTER, Clock, Propose
from tests.figures import Figure

LATER = Clock()
LATER.move(days=1)


def nothing(_connection: Connection, _events: Sequence[Recorded]) -> None:
    """Follow no view."""


@contextmanager
def fresh(place: str) -> Iterator[EventStore]:
    """Make another, empty register."""
    with EventStore.create(place, register_id=REGISTER, timezone="UTC") as store:
        yield store


def log_of(store: EventStore) -> list[Recorded]:
    """Return all events of a register."""
    return list(store.stream_all())


def restored(store: EventStore, events: Sequence[Recorded], **flags: bool) -> None:
    """Restore events to the end."""
    for _ in store.restore(events, now=LATER, project=nothing, **flags):
        pass


def test_the_restored_log_is_the_same_log(
    filled: EventStore, another: str, monkeypatch: pytest.MonkeyPatch, figure: Figure
) -> None:
    """Bytes, positions, recorded times and the root are those of the original, and every check of verify passes."""
    monkeypatch.setattr(restoring, "CHUNK", 2)
    with fresh(another) as copy:
        restored(copy, [recovered(e.body, e.hash, position=e.position) for e in log_of(filled)])
        assert log_of(copy) == log_of(filled)
        with copy.reading() as mine, filled.reading() as theirs:
            assert mine.head() == theirs.head()
            assert mine.by_key("row-1") == theirs.by_key("row-1")
            assert mine.mentioning("agreement/izia-vencou") == {"project/plant"}
        figure("P20", "restored into the other engine: root, positions and bytes equal")
        assert not verify(copy).problems


def test_a_restored_log_goes_on_like_any_other(filled: EventStore, propose: Propose, another: str) -> None:
    """Recording goes on behind the restored events, with the next version of their streams."""
    with fresh(another) as copy:
        restored(copy, log_of(filled))
        [event] = copy.append([propose("party/izia")], now=LATER).events
        assert (event.position, event.version) == (6, 2)


@pytest.mark.parametrize("held", range(6))
def test_a_register_with_the_beginning_of_the_log_gets_the_rest(filled: EventStore, another: str, held: int) -> None:
    """However many of the events are there already, the others follow and the log is the same."""
    events = log_of(filled)
    with fresh(another) as copy:
        restored(copy, events[:held])
        restored(copy, events)
        restored(copy, events[:held])
        assert log_of(copy) == events


def test_a_register_with_another_event_is_left_alone(filled: EventStore, propose: Propose, another: str) -> None:
    """Where the register has an event of its own the log is refused, before anything is written."""
    with fresh(another) as copy:
        restored(copy, log_of(filled)[:2])
        copy.append([propose("party/own")], now=LATER)
        before = log_of(copy)
        with pytest.raises(Refused, match="position 3"):
            restored(copy, log_of(filled))
        assert log_of(copy) == before


def test_who_records_meanwhile_stops_the_restore(
    filled: EventStore, propose: Propose, another: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event of somebody else between two chunks is not built upon: the restore ends there."""
    monkeypatch.setattr(restoring, "CHUNK", 2)
    with fresh(another) as copy:
        heads = copy.restore(log_of(filled), now=LATER, project=nothing)
        assert [next(heads).size, next(heads).size] == [0, 2]
        copy.append([propose("party/own")], now=LATER)
        with pytest.raises(Refused, match="somebody recorded"):
            next(heads)
        assert len(log_of(copy)) == 3


def test_a_rehearsal_writes_nothing(filled: EventStore, another: str) -> None:
    """All is tested and nothing kept."""
    with fresh(another) as copy:
        restored(copy, log_of(filled), rehearse=True)
        assert log_of(copy) == []


def broken_order(events: list[Recorded]) -> Iterator[tuple[str, list[Recorded]]]:
    """Yield logs whose events are each whole and do not make one log, with what is said of them."""

    def again(event: Recorded, **fields: Any) -> Recorded:
        changed = orjson.loads(event.body) | fields
        body = orjson.dumps(changed, option=orjson.OPT_SORT_KEYS)
        return recovered(body, leaf_hash(body), position=changed["position"])

    first, second, third, fourth, fifth = events
    yield "position 2", [first, third, fourth, fifth]
    yield "position 1", [second]
    yield "version 2", [first, second, again(third, version=3), fourth, fifth]
    yield "recorded", [first, second, again(third, recorded="2020-01-01T00:00:00.000000Z"), fourth, fifth]
    yield "recorded", [*events[:4], again(fifth, recorded="2999-01-01T00:00:00.000000Z")]
    yield "id", [*events[:4], again(fifth, id=first.id)]
    yield "key", [*events[:4], again(fifth, key="row-1")]


@pytest.mark.parametrize("case", range(7))
def test_events_that_make_no_log_are_refused_whole(
    filled: EventStore, another: str, case: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A gap, a wrong version, time that runs back or ahead, an id or a key twice: nothing is written."""
    monkeypatch.setattr(restoring, "CHUNK", 1)
    said, events = list(broken_order(log_of(filled)))[case]
    with fresh(another) as copy:
        with pytest.raises(Unstorable, match=said):
            restored(copy, events)
        assert log_of(copy) == []


WRONG = {
    "a field more": {"colour": "red"},
    "a float": {"data": {"x": 1.5}},
    "a number too large": {"data": {"x": 2**60}},
    "a NUL": {"note": "a\0b"},
    "an empty field": {"note": ""},
    "no id": {"id": "seven"},
    "no stream": {"stream": "../x"},
    "no time": {"recorded": "yesterday"},
    "a short time": {"recorded": "2026-11-23T12:00:00Z"},
    "no day": {"earliest": "soon"},
    "days the wrong way round": {"latest": "2020-01-01"},
    "a schema that is true": {"schema": True},
    "asserted by a list": {"asserted": [1]},
    "sources that are text": {"sources": "abc"},
    "a source that is text": {"sources": ["abc"]},
    "about a number": {"about": 5},
    "another position": {"position": 7},
}


@pytest.mark.parametrize("name", WRONG)
def test_bytes_no_append_would_have_written_are_refused(filled: EventStore, name: str) -> None:
    """Even with the right hash an event must be what an append could have made."""
    body = orjson.dumps(orjson.loads(log_of(filled)[0].body) | WRONG[name], option=orjson.OPT_SORT_KEYS)
    with pytest.raises(Unstorable):
        recovered(body, leaf_hash(body), position=1)


def test_the_same_fields_in_another_order_are_other_bytes(filled: EventStore) -> None:
    """Only canonical JSON is an event."""
    body = orjson.dumps(dict(reversed(orjson.loads(log_of(filled)[0].body).items())))
    with pytest.raises(Unstorable):
        recovered(body, leaf_hash(body), position=1)


@given(place=st.integers(min_value=0), bit=st.integers(0, 7))
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_flipped_bit_passes(filled: EventStore, place: int, bit: int) -> None:
    """Any one bit changed anywhere in an event's bytes is noticed."""
    event = log_of(filled)[2]
    body = bytearray(event.body)
    body[place % len(body)] ^= 1 << bit
    with pytest.raises(Unstorable, match="hash"):
        recovered(bytes(body), event.hash, position=3)


def test_many_events_in_any_order_of_streams_come_out_the_same(
    store: EventStore, another: str, propose: Propose, clock: Clock
) -> None:
    """A log of three thousand events over many streams, some of them asserted, is restored to the root."""
    dice = random.Random(7)  # noqa: S311 - the dice choose streams
    streams = [f"agreement/a{dice.randrange(200):03}" for _ in range(3000)]
    one = store
    with fresh(another) as two:
        for begin in range(0, 3000, 500):
            chunk = [propose(name) for name in streams[begin : begin + 500]]
            one.append(chunk, now=clock, asserted_at=clock.now if begin % 1000 else None)
        restored(two, log_of(one))
        with one.reading() as mine, two.reading() as theirs:
            assert mine.head() == theirs.head()
        assert log_of(one) == log_of(two)


def test_an_event_as_deep_and_as_large_as_may_be_comes_back(propose: Propose) -> None:
    """What the log can hold at all can be restored."""
    deep: Any = []
    for _ in range(29):
        deep = [deep]
    for data in ({"deep": deep}, {"long": "Ə" * 520_000}):
        recorded = "2026-01-01T00:00:00.000000Z"
        event = encode(propose(data=data), position=1, version=1, recorded=recorded, asserted=False)
        assert recovered(event.body, event.hash, position=1) == event
