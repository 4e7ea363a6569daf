"""A streaming replica: read like any register, never written, and what a takeover keeps."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from eventstore.engines import read_models
from eventstore.errors import Unavailable
from eventstore.log import EventStore
from eventstore.subscribing import subscribe
from eventstore.verify import verify
from projections.books import BOOKS
from projections.runner import install
from tests.eventstore.givens import REGISTER, Clock, Propose
from tests.eventstore.writer import proposal
from tests.figures import Figure
from tests.postgres import Server
from tests.postgres_replica import Pair, Shared, await_that, replicated


@pytest.fixture
def primary(shared: Shared, propose: Propose, clock: Clock) -> Iterator[EventStore]:
    """Return a register with five events on the primary."""
    with EventStore.create(shared.place, register_id=REGISTER, patience=5) as created:
        with created.writing() as connection:
            install(connection)
        created.append([propose(f"party/p{n}") for n in range(5)], now=clock)
        yield created


@pytest.fixture
def replica(shared: Shared, primary: EventStore) -> Iterator[EventStore]:
    """Return the same register, opened on a replica that has come as far."""
    shared.pair.level()
    with EventStore.open(shared.copy, patience=5) as opened:
        assert opened.size == primary.size
        yield opened


def test_a_replica_reads_as_the_primary_does(primary: EventStore, replica: EventStore) -> None:
    """Settings, events, root, views and the comparison of the schema are the same on both."""
    assert replica.meta == primary.meta
    assert list(replica.stream_all()) == list(primary.stream_all())
    with primary.reading() as ours, replica.reading() as theirs:
        assert theirs.head() == ours.head()
        assert read_models(theirs.connection) == read_models(ours.connection) != {}
    assert verify(replica).ok


def test_only_a_replica_has_a_standing(primary: EventStore, replica: EventStore) -> None:
    """It says whether a primary sends to it; a primary has nothing to say."""
    assert primary.standing() is None
    standing = replica.standing()
    assert standing is not None
    assert (standing.receiving, standing.paused, standing.lags) == (True, False, False)


def test_a_file_has_no_standing(tmp_path: Path) -> None:
    """A register in a file is nobody's replica."""
    with EventStore.create(tmp_path / "register.db", register_id=REGISTER) as store:
        assert store.standing() is None


def test_what_is_held_back_is_counted(
    shared: Shared, primary: EventStore, replica: EventStore, propose: Propose, clock: Clock
) -> None:
    """Paused, it knows how much it has received and not replayed, and waiting for it ends where it stands."""
    shared.pair.pause()
    primary.append([propose()], now=clock)
    await_that(lambda: (found := replica.standing()) is not None and found.paused and found.lags)
    assert (replica.wait_for(6, patience=0.1), replica.wait_for(5, patience=0)) == (5, 5)
    shared.pair.resume()
    assert replica.wait_for(6, patience=60) == 6


def test_a_replica_takes_nothing(shared: Shared, replica: EventStore, propose: Propose, clock: Clock) -> None:
    """Appending, once and again on the same connection, and making a register there say that it is a replica."""
    for _ in range(2):
        with pytest.raises(Unavailable) as refusal:
            replica.append([propose()], now=clock)
        assert refusal.value.reason == "replica"
    with pytest.raises(Unavailable) as making:
        EventStore.create(f"{shared.copy}_2", register_id=REGISTER)
    assert making.value.reason == "replica"
    assert replica.size == 5


def test_a_replica_is_not_followed(replica: EventStore) -> None:
    """A subscriber is told to follow the primary: another replica may take over that is behind this one."""
    with pytest.raises(Unavailable) as refusal:
        next(subscribe(replica, after=0))
    assert refusal.value.reason == "replica"


@contextmanager
def impatient(server: Server) -> Iterator[None]:
    """Have a replica break off whatever stands in the way of replaying, at once."""
    server("ALTER SYSTEM SET max_standby_streaming_delay = 0", "SELECT pg_reload_conf()")
    try:
        yield
    finally:
        server("ALTER SYSTEM RESET max_standby_streaming_delay", "SELECT pg_reload_conf()")


def test_a_read_that_stands_in_the_way_of_replaying_is_told_so(
    shared: Shared, primary: EventStore, replica: EventStore
) -> None:
    """Views dropped on the primary break their reader on the replica off: unavailable, by a name of its own."""

    def read() -> None:
        with replica.reading() as reader:
            assert read_models(reader.connection) != {}  # whose tables are locked by that
            with primary.writing() as connection:
                BOOKS.drop_all(connection)
            shared.pair.level()
            reader.head()

    with impatient(Server(shared.pair.replica.url)), pytest.raises(Unavailable) as broken:
        read()
    assert broken.value.reason == "replaying"
    assert replica.size == 5


def _writers(place: str, count: int, acknowledged: list[str], enough: threading.Event) -> list[threading.Thread]:
    """Start writers that note what was acknowledged, until the server is gone."""

    def write(mine: int) -> None:
        number = mine * 1_000_000
        try:
            with EventStore.open(place) as store:
                while not enough.is_set():
                    number += 1
                    name = str(UUID(int=number))
                    store.append([proposal(name, f"project/p{mine}")], now=lambda: datetime.now(UTC))
                    acknowledged.append(name)
        except Unavailable:
            return

    started = [threading.Thread(target=write, args=(n,)) for n in range(count)]
    for writer in started:
        writer.start()
    return started


def _killed_while_writing(pair: Pair) -> list[str]:
    """Stop the primary at once under four writers; return what they had been acknowledged."""
    acknowledged: list[str] = []
    enough = threading.Event()
    writers = _writers(pair.place(), 4, acknowledged, enough)
    try:
        await_that(lambda: len(acknowledged) >= 40 or not any(writer.is_alive() for writer in writers))
        pair.primary.stop()
    finally:
        enough.set()
        for writer in writers:
            writer.join()
    assert len(acknowledged) >= 40
    return acknowledged


def _taken_over() -> int:
    """Kill the primary of a synchronous replica and promote that; return how many events had been acknowledged."""
    with replicated() as pair:
        EventStore.create(pair.place(), register_id=REGISTER).close()
        primary = Server(pair.primary.url)
        primary("ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()")
        await_that(lambda: primary("SELECT sync_state FROM pg_stat_replication") == [("sync",)])
        acknowledged = _killed_while_writing(pair)
        pair.promote()
        with EventStore.open(pair.copy()) as promoted:
            found = [event.id for event in promoted.stream_all()]
            assert len(found) == len(set(found))
            assert set(acknowledged) - set(found) == set()
            assert verify(promoted).ok
            another = proposal(str(UUID(int=77_000_000)), "project/after")
            assert promoted.append([another], now=lambda: datetime.now(UTC)).head.size == len(found) + 1
    return len(acknowledged)


def test_a_synchronous_replica_takes_over_with_all_that_was_acknowledged(figure: Figure) -> None:
    """The primary dies at once under four writers: promoted, the replica has every acknowledged event, and goes on."""
    figure("P7", f"primary stopped at once, synchronous replica promoted: 0 of {_taken_over()} acknowledged lost")


@pytest.mark.soak
def test_ten_takeovers_lose_nothing_acknowledged(figure: Figure) -> None:
    """The same ten times."""
    total = sum(_taken_over() for _ in range(10))
    figure("P7", f"ten primaries stopped at once, replicas promoted: 0 of {total} acknowledged lost")


def test_a_replica_that_is_not_synchronous_takes_over_with_a_beginning_of_the_log() -> None:
    """What it had not received is lost, and nothing else: the log it has is the other's up to a position, and sound."""
    with replicated() as pair:
        EventStore.create(pair.place(), register_id=REGISTER).close()
        with EventStore.open(pair.place()) as primary:
            for number in range(1, 4):
                primary.append([proposal(str(UUID(int=number)), "project/a")], now=lambda: datetime.now(UTC))
            pair.level()
            pair.stop_receiving()
            primary.append([proposal(str(UUID(int=4)), "project/a")], now=lambda: datetime.now(UTC))
            told = list(primary.stream_all())
        pair.promote()
        with EventStore.open(pair.copy()) as promoted:
            assert list(promoted.stream_all()) == told[:3]
            assert verify(promoted).ok
            again = promoted.append([proposal(str(UUID(int=4)), "project/a")], now=lambda: datetime.now(UTC))
            assert again.events[0].position == 4
