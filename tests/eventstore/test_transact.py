"""Read, decide, append, and again: what is tried anew after a lost race, and what is not."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from eventstore.envelope import Condition, NothingAbout, Proposed, Recorded
from eventstore.errors import Conflict, Unavailable
from eventstore.log import EventStore, Reader
from eventstore.transact import transact
from tests.eventstore.givens import Clock, Propose

STREAM = "project/plant"


@dataclass(frozen=True)
class Decided:
    """A decision with a finding of its own."""

    proposals: Sequence[Proposed] = ()
    conditions: Sequence[Condition] = ()
    finding: str = ""


@dataclass
class Desk:
    """A decider that notes what it saw; `rival` acts between its reading and its append."""

    propose: Propose
    rival: Callable[[], object] = lambda: None
    conditions: Sequence[Condition] = ()
    seen: list[int] = field(default_factory=list)
    pauses: list[int] = field(default_factory=list)

    def __call__(self, reader: Reader, streams: Mapping[str, list[Recorded]]) -> Decided:
        """Propose one fact that says how many there were."""
        assert reader.version(STREAM) == len(streams[STREAM])
        self.seen.append(len(streams[STREAM]))
        return Decided([self.propose(STREAM, data={"saw": len(streams[STREAM])})], self.conditions)


def racing(
    store: EventStore, clock: Clock, desk: Desk, times: int
) -> Callable[[Reader, Mapping[str, list[Recorded]]], Decided]:
    """Return the desk's decider, with a rival quicker than it the first few times."""

    def decide(reader: Reader, streams: Mapping[str, list[Recorded]]) -> Decided:
        decision = desk(reader, streams)
        if len(desk.seen) <= times:
            reader.connection.rollback()  # the rival's commit must not wait for our own snapshot
            store.append([desk.propose(STREAM)], now=clock)
        return decision

    return decide


def test_a_decision_is_recorded(store: EventStore, propose: Propose, clock: Clock) -> None:
    """What is decided on a fresh reading is appended and comes back with its receipt."""
    desk = Desk(propose)
    decision, receipt = transact(store, [STREAM], desk, now=clock)
    assert receipt is not None
    assert [event.id for event in receipt.events] == [proposal.id for proposal in decision.proposals]
    assert desk.seen == [0]


def test_nothing_decided_is_nothing_recorded(store: EventStore, clock: Clock) -> None:
    """A decision without proposals comes back without a receipt."""
    decision, receipt = transact(store, [STREAM], lambda _, __: Decided(finding="no"), now=clock)
    assert (decision.finding, receipt) == ("no", None)


def test_a_lost_race_is_decided_anew(store: EventStore, propose: Propose, clock: Clock) -> None:
    """When others were quicker the decision is taken again on what they recorded, with a pause between."""
    desk = Desk(propose)
    _, receipt = transact(store, [STREAM], racing(store, clock, desk, 2), now=clock, pause=desk.pauses.append)
    assert receipt is not None
    assert receipt.events[0].data == {"saw": 2}
    assert (desk.seen, desk.pauses) == ([0, 1, 2], [1, 2])


def test_losing_has_an_end(store: EventStore, propose: Propose, clock: Clock, where: str) -> None:
    """The last attempt is decided while nobody else can write: a rival has to wait, and the decision is recorded."""
    desk = Desk(propose)
    shut_out: list[str] = []

    def rival_waits(reader: Reader, streams: Mapping[str, list[Recorded]]) -> Decided:
        if len(desk.seen) == 2:
            with EventStore.open(where, patience=0.2) as rival, pytest.raises(Unavailable) as locked:
                rival.append([desk.propose(STREAM)], now=clock)
            shut_out.append(locked.value.reason)
        return racing(store, clock, desk, 2)(reader, streams)

    _, receipt = transact(store, [STREAM], rival_waits, now=clock, attempts=3, pause=desk.pauses.append)
    assert receipt is not None
    assert receipt.events[0].data == {"saw": 2}
    assert (desk.seen, desk.pauses, shut_out) == ([0, 1, 2], [1, 2], ["locked"])


def test_in_turn_an_expected_version_is_still_tested(filled: EventStore, propose: Propose, clock: Clock) -> None:
    """Whoever decides in turn is held to what the caller expected, and nothing is recorded."""
    desk = Desk(propose)
    with filled.reading() as reader:
        before = reader.head()
    with pytest.raises(Conflict):
        transact(filled, [STREAM], desk, now=clock, expect={STREAM: 1}, attempts=1)
    _, receipt = transact(filled, [STREAM], lambda _, __: Decided(), now=clock, attempts=1)
    with filled.reading() as reader:
        assert (receipt, reader.head()) == (None, before)


def test_an_expected_version_is_not_tried_again(filled: EventStore, propose: Propose, clock: Clock) -> None:
    """A version the caller stated and got wrong is a conflict at once; stated right, it holds."""
    desk = Desk(propose)
    with pytest.raises(Conflict) as conflict:
        transact(filled, [], desk, now=clock, expect={STREAM: 1}, pause=desk.pauses.append)
    assert (conflict.value.expected, conflict.value.actual, desk.pauses) == (1, 2, [])
    _, receipt = transact(filled, [STREAM], desk, now=clock, expect={STREAM: 2})
    assert receipt is not None


def test_a_retry_with_an_expected_version_is_answered(store: EventStore, propose: Propose, clock: Clock) -> None:
    """A retry of what was recorded is answered, although its first try moved the stream on."""
    decided = Decided([propose(STREAM)])
    for fresh in (True, False):
        _, receipt = transact(store, [STREAM], lambda _, __: decided, now=clock, expect={STREAM: 0})
        assert receipt is not None
        assert receipt.already_recorded is not fresh


def test_an_identity_conflict_is_not_tried_again(filled: EventStore, propose: Propose, clock: Clock) -> None:
    """An id with other content stays a conflict however often it is asked."""
    desk = Desk(propose)
    with filled.reading() as reader:
        taken = reader.after(0, limit=1)[0].id
    decided = Decided([propose(STREAM, id=taken)])
    with pytest.raises(Conflict) as conflict:
        transact(filled, [STREAM], lambda _, __: decided, now=clock, pause=desk.pauses.append)
    assert (conflict.value.reason, desk.pauses) == ("id", [])


def test_conditions_of_the_decision_are_kept(filled: EventStore, propose: Propose, clock: Clock) -> None:
    """What the decision depends on besides its streams is tested with the append."""
    desk = Desk(propose, conditions=[NothingAbout("party/izia", 4)])
    with pytest.raises(Conflict) as conflict:
        transact(filled, [STREAM], desk, now=clock, attempts=2, pause=desk.pauses.append)
    assert (conflict.value.reason, desk.pauses) == ("about", [1])
