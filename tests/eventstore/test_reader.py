"""What every engine must answer alike: by stream, mention, id, key, hash, position and time."""

from datetime import timedelta

import pytest

from eventstore.codec import instant
from eventstore.errors import Damaged
from eventstore.log import EventStore
from tests.eventstore.givens import Clock, Propose, positions
from tests.eventstore.lids import Lid


def test_events_are_found_by_stream(filled: EventStore) -> None:
    """Streams are read in order, one or several at a time, also those that do not exist."""
    with filled.reading() as reader:
        assert positions(reader.stream("agreement/izia-vencou")) == [1, 3]
        several = reader.streams(["project/plant", "party/none", "party/izia", "project/plant"])
        assert {name: positions(events) for name, events in several.items()} == {
            "project/plant": [2, 4],
            "party/none": [],
            "party/izia": [5],
        }


def test_events_are_found_by_what_they_concern(filled: EventStore) -> None:
    """The log of a stream includes what other streams say about it, each event once."""
    with filled.reading() as reader:
        assert positions(reader.about("agreement/izia-vencou")) == [1, 2, 3, 4]
        assert positions(reader.about("occasion/beijing")) == [4]
        assert reader.about("party/none") == []


def test_an_event_is_found_by_id_key_position_and_hash(filled: EventStore) -> None:
    """Whatever names an event finds it, and what names none finds nothing."""
    with filled.reading() as reader:
        event = reader.at(3)
        assert event is not None
        assert event.key is not None
        prefix = event.hash.hex()
        assert reader.by_id(event.id) == reader.by_key(event.key) == event
        assert reader.by_hash_prefix(prefix[:7].upper()) == reader.by_hash_prefix(prefix) == [event]
        assert len([e for digit in "0123456789abcdef" for e in reader.by_hash_prefix(digit)]) == 5
        assert reader.by_hash_prefix("xyz") == reader.by_hash_prefix("") == reader.by_hash_prefix(prefix + "0") == []
        assert reader.at(6) is reader.by_id("none") is reader.by_key("none") is None


def test_names_no_register_can_hold_find_nothing(filled: EventStore) -> None:
    """A mistyped argument with a lone surrogate is simply not found."""
    with filled.reading() as reader:
        name = "agreement/\udcff"
        assert reader.stream(name) == reader.about(name) == []
        assert reader.by_id(name) is reader.by_key(name) is None
        assert reader.exists([name]) == set()
        assert reader.stream_names("agreement", "\udcff") == []


def test_a_moment_leads_to_a_position(filled: EventStore, clock: Clock) -> None:
    """The last position recorded at or before a time is found, from before the first to after the last."""
    noon = clock.now - timedelta(hours=1)
    times = {noon - timedelta(microseconds=1): 0, noon: 2, noon + timedelta(minutes=59): 2, clock.now: 5}
    times[clock.now + timedelta(days=1)] = 5
    with filled.reading() as reader:
        assert {time: reader.position_at(instant(time)) for time in times} == times


def test_streams_are_listed_by_kind_and_prefix(filled: EventStore) -> None:
    """Stream names come sorted, of one kind or all, by the start of their slug."""
    with filled.reading() as reader:
        assert reader.stream_names() == ["agreement/izia-vencou", "party/izia", "project/plant"]
        assert reader.stream_names("party") == ["party/izia"]
        assert reader.stream_names(prefix="izia") == ["agreement/izia-vencou", "party/izia"]
        assert reader.stream_names("project", "pl") == ["project/plant"]
        assert reader.stream_names("project", "plx") == reader.stream_names("part") == []


def test_existence_and_versions_are_told(filled: EventStore) -> None:
    """A stream exists once it has an event, not by being mentioned."""
    with filled.reading() as reader:
        assert reader.exists(["party/izia", "occasion/beijing", "project/plant"]) == {
            "party/izia",
            "project/plant",
        }
        assert [reader.version(name) for name in ("project/plant", "occasion/beijing")] == [2, 0]


@pytest.mark.parametrize("batch", [1, 2, 5, 1000])
def test_the_whole_log_streams_in_batches(filled: EventStore, batch: int) -> None:
    """However it is cut, the log comes whole and in order, from and up to where it is asked."""
    assert positions(list(filled.stream_all(batch=batch))) == [1, 2, 3, 4, 5]
    assert positions(list(filled.stream_all(batch=batch, after=1, upto=4))) == [2, 3, 4]
    assert positions(list(filled.stream_all(batch=batch, after=5))) == []
    with filled.reading() as reader:
        assert positions(reader.after(2, limit=2)) == [3, 4]


def test_a_long_read_does_not_hold_up_a_writer(filled: EventStore, propose: Propose, clock: Clock) -> None:
    """Between the batches of a stream of events another append goes through, and is then read too."""
    events = filled.stream_all(batch=2)
    begun = [next(events)]
    filled.append([propose()], now=clock)
    assert positions([*begun, *events]) == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("column", ["body", "hash", "stream"])
def test_no_answer_comes_from_a_row_that_is_not_as_written(filled: EventStore, lid: Lid, column: str) -> None:
    """Bytes that are not those of their hash, or were put into another stream, are damage to every reader."""
    with filled.reading() as reader:
        event = reader.at(3)
    assert event is not None
    painted = event.body.replace(b"AgreementOpened", b"AgreementPainted")
    lid.change("events", "position = 3", **{column: {"body": painted, "hash": bytes(32)}.get(column, "agreement/b")})
    with filled.reading() as reader:
        assert positions(reader.after(3, limit=9)) == [4, 5]
    with pytest.raises(Damaged) as damage, filled.reading() as reader:
        reader.after(0, limit=9)
    assert damage.value.position == 3
