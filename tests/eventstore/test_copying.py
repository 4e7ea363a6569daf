"""A copy under load: whoever records in the source meanwhile, the copy is a beginning of its log (P20)."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from eventstore import engines
from eventstore.copying import Copy, made
from eventstore.errors import Damaged, Unavailable
from eventstore.log import EventStore, settlement
from eventstore.verify import verify
from tests.eventstore.givens import REGISTER, Clock, Propose
from tests.eventstore.lids import Lid
from tests.eventstore.test_processes import Start, start
from tests.eventstore.test_restore import nothing

__all__ = ["start"]


def copied(source: EventStore, target: EventStore) -> Copy:
    """Copy to the end, and return how it went."""
    job = Copy(source, target, lambda _done, _total: None)
    for _ in job.run(project=nothing):
        pass
    return job


@pytest.fixture
def target(store: EventStore, tmp_path: Path) -> Iterator[EventStore]:
    """Return a place for a copy in a file."""
    with made(tmp_path / "copy.db", store.meta) as other:
        yield other


def test_a_copy_made_while_others_record_is_a_beginning_of_the_log(
    store: EventStore, target: EventStore, start: Start
) -> None:
    """Under writers in processes of their own each copy goes on from the last, verifies, and ends level with them."""
    writers = [start("project/plant", "-", [str(UUID(int=n * 1000 + k)) for k in range(1, 101)]) for n in range(3)]
    for writer in writers:
        writer.go()
    sizes = []
    for _ in range(8):
        head = copied(store, target).head
        sizes.append(head.size)
        report = verify(target)
        assert (report.ok, report.events, report.root) == (True, head.size, head.root)
    assert sum(len(writer.acknowledged()) for writer in writers) == 300
    assert copied(store, target).behind() == 0
    assert sizes == sorted(sizes)
    assert list(target.stream_all()) == list(store.stream_all())
    assert len(list(target.stream_all())) == 300


def test_a_root_that_is_not_that_of_the_events_writes_nothing(filled: EventStore, target: EventStore, lid: Lid) -> None:
    """Where the head of the source says otherwise than its events, nothing of it is copied."""
    lid.change("head", "one = 1", peaks=b"\0" * 64)
    with pytest.raises(Damaged, match="root"):
        copied(filled, target)
    assert list(target.stream_all()) == []


def test_a_clock_behind_that_of_the_source_hinders_nothing(
    filled: EventStore, target: EventStore, propose: Propose, clock: Clock
) -> None:
    """What the source recorded by a clock that ran ahead is on record, and copied."""
    clock.move(days=400)
    filled.append([propose()], now=clock)
    assert copied(filled, target).head.size == 6


def test_of_two_who_finish_a_register_that_was_cut_off_one_does(tmp_path: Path) -> None:
    """The empty file left behind becomes a register once; who comes second is told that there is one."""
    place = tmp_path / "left.db"
    place.touch(mode=0o600)
    assert engines.unfinished(place)
    engines.finish(place, settlement(REGISTER, "UTC"))
    assert not engines.unfinished(place)
    with pytest.raises(Unavailable, match="exists"):
        engines.finish(place, settlement(REGISTER, "UTC"))
    with EventStore.open(place) as store:
        assert store.meta["register"] == REGISTER
