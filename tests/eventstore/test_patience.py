"""What every engine does when another holds the register, and whose errors are whose."""

import pytest

from eventstore.errors import Unavailable
from eventstore.log import EventStore
from tests.eventstore.givens import Clock, Propose


def test_a_writer_gives_up_when_its_patience_ends(filled: EventStore, propose: Propose, clock: Clock) -> None:
    """While another writer holds the lock an append waits its patience, then fails with nothing recorded."""
    hurried = EventStore.open(filled.place, patience=0.05)
    with hurried, filled.writing(), pytest.raises(Unavailable) as refusal:
        hurried.append([propose()], now=clock)
    assert refusal.value.reason == "locked"
    assert len(list(filled.stream_all())) == 5


def test_errors_of_the_caller_pass_unchanged(store: EventStore) -> None:
    """A broken pipe or a bug of the caller inside a read is not taken for the store's."""
    for fault in (
        BrokenPipeError(32, "Broken pipe"),
        KeyError("x"),
        UnicodeEncodeError("ascii", "ə", 0, 1, ""),
    ):
        with pytest.raises(type(fault)), store.reading():
            raise fault
