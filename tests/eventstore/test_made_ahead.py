"""Events made before it is their turn: recorded as they are where the log stands as expected, else made anew."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from eventstore.append import made_ahead
from eventstore.codec import instant
from eventstore.envelope import Entry, Proposed, Recorded
from eventstore.errors import Conflict, Unstorable
from eventstore.log import EventStore
from eventstore.verify import verify
from tests.eventstore.givens import Clock, Propose, positions


def opens(proposal: Proposed) -> bool:
    """Say whether a fact can be the first of its stream."""
    return proposal.type == "AgreementOpened"


def ahead(proposals: Sequence[Proposed], clock: Clock, *, after: int) -> list[Entry]:
    """Make proposals ahead, for after a position and the time it is."""
    return made_ahead(proposals, opens, after=after, recorded=instant(clock()), asserted=False)


def bodies(store: EventStore) -> list[bytes]:
    """Return the bytes of all that is recorded, and see that they are as an append leaves them."""
    with store.reading() as reader:
        size = reader.head().size
    assert verify(store).ok
    found = [event.body for event in store.stream_all()]
    assert len(found) == size
    return found


def test_what_was_made_for_its_place_is_recorded_as_it_is(filled: EventStore, propose: Propose, clock: Clock) -> None:
    """The very events are the answer, and their bytes lie in the log, with the time at which they were made."""
    made = ahead([propose("party/one", key="a"), propose("party/one"), propose("party/two")], clock, after=5)
    clock.move(seconds=3)
    receipt = filled.append(made, now=clock)
    assert all(event is one for event, one in zip(receipt.events, made, strict=True))
    assert bodies(filled)[5:] == [event.body for event in receipt.events]
    assert receipt.fresh == {entry.id for entry in made}
    assert receipt.clock_back is None


def test_what_was_made_for_another_place_is_made_anew(filled: EventStore, propose: Propose, clock: Clock) -> None:
    """Somebody recorded meanwhile: the facts are the same, their positions those they get."""
    made = ahead([propose("party/one"), propose("party/two")], clock, after=5)
    clock.move(seconds=1)
    filled.append([propose("party/other")], now=clock)
    receipt = filled.append(made, now=clock)
    assert positions(receipt.events) == [7, 8]
    assert [event.recorded for event in receipt.events] == [instant(clock())] * 2
    assert [event.data for event in receipt.events] == [entry.data for entry in made]
    assert bodies(filled)[6:] == [event.body for event in receipt.events]


def test_a_stream_that_is_there_already_gets_its_next_version(
    filled: EventStore, propose: Propose, clock: Clock
) -> None:
    """Taken for the beginning of a stream, a fact of one that goes on is numbered as such all the same."""
    receipt = filled.append(ahead([propose("project/plant"), propose("party/one")], clock, after=5), now=clock)
    assert [(event.position, event.version) for event in receipt.events] == [(6, 3), (7, 1)]
    assert bodies(filled)[5:] == [event.body for event in receipt.events]


def test_facts_that_begin_no_stream_stay_proposals(propose: Propose, clock: Clock) -> None:
    """Of a stream that began elsewhere the version is not known, so its facts are not made ahead; the others are."""
    made = ahead([propose(type="AgreementSigned"), propose("party/one"), propose()], clock, after=0)
    assert [type(entry) for entry in made] == [Proposed, Recorded, Recorded]
    assert [entry.position for entry in made if isinstance(entry, Recorded)] == [2, 3]


def test_time_never_goes_back_to_when_an_event_was_made(filled: EventStore, propose: Propose, clock: Clock) -> None:
    """Made before the last recorded time, or after the present, events bear the time of the append."""
    clock.move(hours=-2)
    early = ahead([propose("party/one")], clock, after=5)
    clock.move(hours=3)
    late_made = ahead([propose("party/two")], Clock(clock() + timedelta(hours=1)), after=6)
    for made in (early, late_made):
        [event] = filled.append(made, now=clock).events
        assert event.recorded == instant(clock())
    bodies(filled)


def test_made_ahead_and_on_record_is_a_retry(filled: EventStore, propose: Propose, clock: Clock) -> None:
    """An event of the log with the id or key of one made ahead is the answer; with other content it is a conflict."""
    proposal = propose("party/one", key="k")
    first = filled.append([proposal], now=clock).events
    again = filled.append(ahead([proposal], clock, after=6), now=clock)
    assert (again.events, again.fresh) == (first, frozenset())
    with pytest.raises(Conflict) as conflict:
        filled.append(ahead([propose("party/one", key="k", on="2024")], clock, after=6), now=clock)
    assert conflict.value.position == 6
    assert len(bodies(filled)) == 6


def test_two_made_ahead_with_one_key_are_one_event(store: EventStore, propose: Propose, clock: Clock) -> None:
    """Said twice in one batch, a fact is recorded once, and nothing after it leaves a gap."""
    same = {"key": "k", "data": {"title": "One"}}
    made = ahead([propose("party/one", **same), propose("party/one", **same), propose("party/two")], clock, after=0)
    receipt = store.append(made, now=clock)
    assert positions(receipt.events) == [1, 1, 2]
    assert len(bodies(store)) == 2


def test_what_no_log_can_hold_is_not_made_ahead(propose: Propose, clock: Clock) -> None:
    """A fact that an append would refuse is refused when it is made ahead."""
    with pytest.raises(Unstorable):
        ahead([propose("no stream")], clock, after=0)
    with pytest.raises(Unstorable):
        ahead([propose(data={"share": 0.5})], clock, after=0)
