"""What every engine must do alike: append, recognise, refuse. Reading is in test_reader."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, Table, insert, select

from eventstore.codec import canonical, instant
from eventstore.envelope import NothingAbout, Proposed, Recorded, StreamAt
from eventstore.errors import Conflict, Refused, Unstorable
from eventstore.log import EventStore
from eventstore.tree import EMPTY_ROOT, Peaks
from tests.eventstore.conftest import ENGINES, POOLED
from tests.eventstore.givens import REGISTER, Clock, Propose, positions

BOARD = Table("board", MetaData(), Column("position", Integer, primary_key=True, autoincrement=False))

pytestmark = [
    pytest.mark.usefixtures("engine"),
    pytest.mark.parametrize("engine", [*ENGINES, *POOLED], indirect=True),
]


def size(store: EventStore) -> int:
    """Return how many events the log holds."""
    with store.reading() as reader:
        return reader.head().size


def test_a_new_register_is_empty_and_knows_itself(store: EventStore) -> None:
    """A register just created has no events, the empty root and the settings it was given."""
    with store.reading() as reader:
        head = reader.head()
    assert (head.size, head.root, head.recorded) == (0, EMPTY_ROOT, None)
    assert store.meta == {"format": "1", "register": REGISTER, "timezone": "Asia/Baku"}


def test_an_append_is_answered_with_what_was_recorded(store: EventStore, propose: Propose, clock: Clock) -> None:
    """The receipt holds the events in the order proposed, numbered in the log and in their streams."""
    proposals = [
        propose("party/izia"),
        propose("project/plant"),
        propose("party/izia", about=("project/plant",)),
    ]
    receipt = store.append(proposals, now=clock)
    assert positions(receipt.events) == [1, 2, 3]
    assert [event.version for event in receipt.events] == [1, 1, 2]
    assert receipt.fresh == {proposal.id for proposal in proposals}
    assert not receipt.already_recorded
    assert receipt.clock_back is None
    assert receipt.head.root == Peaks().extend(event.hash for event in receipt.events).root()
    assert {event.recorded for event in receipt.events} == {instant(clock.now)} == {receipt.head.recorded}
    with store.reading() as reader:
        assert reader.head() == receipt.head
        assert tuple(reader.after(0, limit=9)) == receipt.events


def test_numbering_goes_on_in_the_next_append(filled: EventStore, propose: Propose, clock: Clock) -> None:
    """Positions and versions continue where the last append left them."""
    (event,) = filled.append([propose("project/plant")], now=clock).events
    assert (event.position, event.version) == (6, 3)


def test_nothing_proposed_is_nothing_recorded(store: EventStore, clock: Clock) -> None:
    """An empty append is answered with an empty receipt."""
    receipt = store.append([], now=clock)
    assert (receipt.events, receipt.fresh, receipt.head.size) == ((), frozenset(), 0)


def test_a_retry_by_id_is_answered_with_the_first_event(store: EventStore, propose: Propose, clock: Clock) -> None:
    """The same id with the same content is recorded once, whoever asks and whenever."""
    proposal = propose()
    first = store.append([proposal], now=clock)
    clock.move(days=1)
    again = store.append([propose(id=proposal.id, data=proposal.data, by="other")], now=clock)
    assert again.events == first.events
    assert again.already_recorded
    assert again.head == first.head
    assert size(store) == 1


def test_a_retry_by_key_is_answered_with_the_first_event(store: EventStore, propose: Propose, clock: Clock) -> None:
    """The same key with the same content is recorded once, although its id is another."""
    data = {"title": "cardboard"}
    first = store.append([propose(key="row-1", data=data)], now=clock)
    again = store.append([propose(key="row-1", data=data), propose(key="row-2", data=data)], now=clock)
    assert again.events[0] == first.events[0]
    assert again.fresh == {again.events[1].id}
    assert size(store) == 2


@pytest.mark.parametrize("mark", ["id", "key"])
def test_the_same_mark_with_other_content_is_a_conflict(
    store: EventStore, propose: Propose, clock: Clock, mark: str
) -> None:
    """An id or key that already stands for something else refuses the whole append and names the event."""
    marks: dict[str, Any] = {"id": {"id": propose().id}, "key": {"key": "row-1"}}[mark]
    store.append([propose(**marks)], now=clock)
    with pytest.raises(Conflict) as conflict:
        store.append([propose("party/x"), propose(**marks, on="2026")], now=clock)
    assert (conflict.value.reason, conflict.value.position) == (mark, 1)
    assert size(store) == 1


@pytest.mark.parametrize("mark", ["id", "key"])
def test_one_batch_may_not_contradict_itself(store: EventStore, propose: Propose, clock: Clock, mark: str) -> None:
    """Two proposals of one batch with one mark and different content are a conflict."""
    marks: dict[str, Any] = {"id": {"id": propose().id}, "key": {"key": "row-1"}}[mark]
    with pytest.raises(Conflict) as conflict:
        store.append([propose(**marks), propose(**marks, on="2026")], now=clock)
    assert (conflict.value.reason, conflict.value.position) == (mark, None)
    assert size(store) == 0


def test_one_batch_may_repeat_itself(store: EventStore, propose: Propose, clock: Clock) -> None:
    """The same proposal twice in a batch is recorded once and answered twice."""
    proposal = propose()
    receipt = store.append([proposal, propose("party/x"), proposal], now=clock)
    assert positions(receipt.events) == [1, 2, 1]
    assert len(receipt.fresh) == 2
    assert size(store) == 2


def test_an_id_and_a_key_of_two_events_are_a_conflict(store: EventStore, propose: Propose, clock: Clock) -> None:
    """A proposal cannot be two events at once, even when all three say the same."""
    data = {"title": "cardboard"}
    first, second = propose(data=data), propose(data=data, key="row-1")
    store.append([first, second], now=clock)
    with pytest.raises(Conflict) as conflict:
        store.append([propose(id=first.id, key="row-1", data=data)], now=clock)
    assert (conflict.value.reason, conflict.value.position) == ("key", 2)


def test_a_stream_is_expected_at_its_version(filled: EventStore, propose: Propose, clock: Clock) -> None:
    """An append holds only while the stream stands where the caller saw it."""
    filled.append([propose()], now=clock, conditions=[StreamAt("project/plant", 2), StreamAt("party/new", 0)])
    with pytest.raises(Conflict) as conflict:
        filled.append([propose()], now=clock, conditions=[StreamAt("project/plant", 1)])
    told = conflict.value
    assert (told.reason, told.stream, told.expected, told.actual) == ("version", "project/plant", 1, 2)
    assert size(filled) == 6


def test_nothing_about_a_stream_may_be_expected(filled: EventStore, propose: Propose, clock: Clock) -> None:
    """An append can demand that nothing in or about a stream was recorded after a position."""
    quiet = [
        NothingAbout("agreement/izia-vencou", 4),
        NothingAbout("party/izia", 5),
        NothingAbout("party/new", 0),
    ]
    filled.append([propose("party/x")], now=clock, conditions=quiet)
    for stream, after, last in (
        ("agreement/izia-vencou", 3, 4),
        ("occasion/beijing", 0, 4),
        ("party/izia", 4, 5),
    ):
        with pytest.raises(Conflict) as conflict:
            filled.append([propose()], now=clock, conditions=[NothingAbout(stream, after)])
        assert (conflict.value.reason, conflict.value.position) == ("about", last)


def test_a_retry_holds_although_the_stream_moved_on(store: EventStore, propose: Propose, clock: Clock) -> None:
    """Conditions are not tested for what is already on record; they are for anything new beside it."""
    proposal = propose()
    condition = StreamAt(proposal.stream, 0)
    store.append([proposal], now=clock, conditions=[condition])
    assert store.append([proposal], now=clock, conditions=[condition]).already_recorded
    with pytest.raises(Conflict):
        store.append([proposal, propose()], now=clock, conditions=[condition])


def test_the_clock_may_go_backwards(store: EventStore, propose: Propose, clock: Clock) -> None:
    """Recorded times never decrease, nothing is refused, and the jump is reported."""
    first = store.append([propose()], now=clock)
    clock.move(days=-3)
    second = store.append([propose()], now=clock)
    assert second.events[0].recorded == first.events[0].recorded
    assert second.clock_back == timedelta(days=3)
    clock.move(days=4)
    assert store.append([propose()], now=clock).clock_back is None


def test_a_recorded_time_may_be_asserted(store: EventStore, propose: Propose, clock: Clock) -> None:
    """The history of an older register keeps its own recorded times, marked as asserted."""
    earlier = clock.now - timedelta(days=400)
    (event,) = store.append([propose()], now=clock, asserted_at=earlier).events
    assert (event.recorded, event.asserted) == (instant(earlier), True)
    assert not store.append([propose()], now=clock).events[0].asserted


@pytest.mark.parametrize("hours", [-1, 1])
def test_an_asserted_time_fits_between_the_log_and_now(
    store: EventStore, propose: Propose, clock: Clock, hours: int
) -> None:
    """An asserted time before the last recorded one, or in the future, is refused; both ends are allowed."""
    store.append([propose()], now=clock)
    store.append([propose()], now=clock, asserted_at=clock.now)
    with pytest.raises(Refused) as refusal:
        store.append([propose()], now=clock, asserted_at=clock.now + timedelta(hours=hours))
    assert refusal.value.reason == "asserted-time"
    assert size(store) == 2


def test_projections_are_written_in_the_same_transaction(store: EventStore, propose: Propose, clock: Clock) -> None:
    """The callback sees the fresh events once each and what it writes is committed with them."""
    with store.writing() as connection:
        BOARD.create(connection)
    seen: list[int] = []

    def project(connection: Connection, events: Sequence[Recorded]) -> None:
        seen.extend(positions(events))
        for event in events:
            connection.execute(insert(BOARD).values(position=event.position))

    proposal = propose()
    store.append([proposal], now=clock, project=project)
    store.append([proposal, second := propose(), second], now=clock, project=project)
    store.append([proposal], now=clock, project=project)
    assert seen == [1, 2]
    with store.reading() as reader:
        assert list(reader.connection.scalars(select(BOARD.c.position))) == [1, 2]


def test_a_failing_projection_leaves_nothing(store: EventStore, propose: Propose, clock: Clock) -> None:
    """An exception in the callback rolls back the events with it, and reaches the caller as it is."""

    def project(connection: Connection, events: Sequence[Recorded]) -> None:
        BOARD.create(connection)
        raise ZeroDivisionError(len(events))

    with pytest.raises(ZeroDivisionError):
        store.append([propose()], now=clock, project=project)
    assert size(store) == 0
    assert positions(store.append([propose()], now=clock).events) == [1]


def test_a_refused_value_leaves_nothing(store: EventStore, propose: Propose, clock: Clock) -> None:
    """One value that cannot be held refuses the batch whole."""
    with pytest.raises(Unstorable) as refusal:
        store.append([propose(), propose(data={"title": "a\0"})], now=clock)
    assert refusal.value.path == "data.title"
    assert size(store) == 0


def test_data_comes_back_as_it_went_in(store: EventStore, propose: Propose, clock: Clock) -> None:
    """Every field of a proposal is the field of the event; composed and decomposed twins stay two."""
    proposals: list[Proposed] = [
        propose(data={"title": "é"}, about=("party/a", "party/a", "agreement/izia-vencou")),
        propose(data={"title": "e\u0301", "deep": [{"n": [1, None, True]}]}, note="\u202e[red]\x1b[31m"),
        propose(sources=({"source": "trend", "quote": "“so”"},), key=" key ", batch="b", on="2025-04-17?"),
    ]
    receipt = store.append(proposals, now=clock)
    for proposal, event in zip(proposals, receipt.events, strict=True):
        assert all(getattr(event, name) == getattr(proposal, name) for name in Proposed.__slots__)
        with store.reading() as reader:
            assert reader.at(event.position) == event


def test_many_proposals_go_in_one_append(store: EventStore, propose: Propose, clock: Clock) -> None:
    """A batch larger than any list of parameters is appended and recognised whole."""
    proposals = [propose(f"party/p{n % 700}", key=f"row-{n}", about=("occasion/o",)) for n in range(1500)]
    first = store.append(proposals, now=clock)
    again = store.append(proposals, now=clock)
    assert positions(first.events) == list(range(1, 1501))
    assert again.events == first.events
    assert again.already_recorded


def test_bytes_are_stored_as_hashed(filled: EventStore) -> None:
    """The bytes in the log are canonical and those the leaf hash was made of."""
    for event in filled.stream_all():
        assert canonical(dict(event.data)) in event.body
        assert Peaks().add(event.hash).root() == event.hash
