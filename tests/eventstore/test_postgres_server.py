"""What a server may be and do: its settings cannot weaken the log, and what acts on our tables is named."""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import Connection, make_url
from sqlalchemy.exc import DBAPIError

from eventstore.backup import backup
from eventstore.envelope import Recorded
from eventstore.errors import StoreError, Unavailable
from eventstore.log import EventStore
from eventstore.verify import verify
from tests.eventstore.givens import REGISTER, Clock, Propose
from tests.eventstore.lids import ServerLid
from tests.eventstore.writer import proposal
from tests.figures import Figure
from tests.pooler import own_pooler
from tests.postgres import PASSWORD, Server
from tests.postgres_server import Own, make_server

pytestmark = [pytest.mark.usefixtures("engine"), pytest.mark.parametrize("engine", ["postgres"], indirect=True)]


@pytest.fixture
def own() -> Iterator[Own]:
    """Return a server of this test's own, laid out and not running."""
    server = make_server(os.getpid())
    yield server
    server.remove()


DUE = {
    "synchronous_commit": "on",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "1min",
    "statement_timeout": "5min",
    "TimeZone": "UTC",
    "standard_conforming_strings": "on",
    "client_encoding": "UTF8",
    "application_name": "paraph",
    "search_path": "",
    "row_security": "off",
}


def test_every_session_has_the_settings(store: EventStore, lid: ServerLid, postgres: Server) -> None:
    """Whatever the database and the user were told, reading and writing sessions have what they need."""
    user = make_url(postgres.url).username
    try:
        postgres(
            f"ALTER ROLE {user} SET synchronous_commit = off",
            f"ALTER ROLE {user} SET search_path = '{lid.schema}_views'",
        )
        with EventStore.open(store.place, patience=5) as opened:
            with opened.writing() as connection:
                found = {name: connection.exec_driver_sql(f"SHOW {name}").scalar() for name in DUE}
                level = connection.exec_driver_sql("SHOW transaction_isolation").scalar()
            with opened.reading() as reader:
                told = [reader.connection.exec_driver_sql(f"SHOW transaction_{n}").scalar() for n in WAYS]
    finally:
        postgres(f"ALTER ROLE {user} RESET ALL")
    assert found == DUE
    assert level == "read committed"
    assert told == ["repeatable read", "on"]


WAYS = ("isolation", "read_only")


def test_a_server_that_could_lose_what_was_recorded_is_refused(own: Own, figure: Figure) -> None:
    """With fsync or full_page_writes off nothing is opened nor made; synchronous_commit off is overruled (P8)."""
    own.start()
    url = Server(own.url).named("reg")
    EventStore.create(url, register_id=REGISTER).close()
    for setting in ("fsync", "full_page_writes"):
        own.stop()
        own.start(**{setting: "off"})
        with pytest.raises(Unavailable, match=setting) as opening:
            EventStore.open(url)
        with pytest.raises(Unavailable, match=setting) as making:
            EventStore.create(f"{url}2", register_id=REGISTER)
        assert {opening.value.reason, making.value.reason} == {"unsafe-server"}
    figure("P8", "fsync=off and full_page_writes=off: refused, to open and to make")


def _crashed(own: Own, rounds: int) -> int:
    """Stop a server at once under retrying writers, again and again; nothing acknowledged may be lost (P7, P8)."""
    own.start(synchronous_commit="off")
    url = Server(own.url).named("reg")
    EventStore.create(url, register_id=REGISTER).close()
    acknowledged: list[list[str]] = [[] for _ in range(4)]
    reasons: set[str] = set()
    enough = threading.Event()

    def write(mine: int) -> None:
        number = mine * 1_000_000
        while not enough.is_set():
            number += 1
            name = str(UUID(int=number))
            while True:
                try:
                    with EventStore.open(url) as store:
                        store.append([proposal(name, f"project/p{mine}")], now=lambda: datetime.now(UTC))
                    acknowledged[mine].append(name)
                    break
                except Unavailable as fault:
                    reasons.add(fault.reason)
                    if enough.wait(0.01):
                        return

    writers = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for writer in writers:
        writer.start()
    try:
        for _ in range(rounds):
            before = sum(map(len, acknowledged))
            while sum(map(len, acknowledged)) < before + 12:
                assert any(writer.is_alive() for writer in writers)
                enough.wait(0.01)
            own.stop()
            own.start(synchronous_commit="off")
    finally:
        enough.set()
        for writer in writers:
            writer.join()
    assert reasons <= {"unreachable", "unknown-outcome"}
    with EventStore.open(url) as store:
        found = [event.id for event in store.stream_all()]
        assert len(found) == len(set(found))
        assert {name for mine in acknowledged for name in mine} <= set(found)
        assert verify(store).ok
    return sum(map(len, acknowledged))


def _told(crashes: int, acknowledged: int, figure: Figure) -> None:
    lost = f"of {acknowledged} acknowledged 0 lost, 0 doubled"
    figure("P7", f"{crashes} x immediate stop under 4 retrying writers: {lost}")
    figure("P8", f"synchronous_commit=off server-wide, {crashes} x immediate stop: {lost}")


def test_a_server_stopped_at_once_loses_nothing_acknowledged(own: Own, figure: Figure) -> None:
    """Three crashes of the server under four writers that retry by id: nothing lost, nothing doubled."""
    _told(3, _crashed(own, 3), figure)


@pytest.mark.soak
def test_twenty_crashes_of_the_server_lose_nothing_acknowledged(own: Own, figure: Figure) -> None:
    """The same twenty times."""
    _told(20, _crashed(own, 20), figure)


def test_a_writer_that_hangs_blocks_nobody_for_ever(
    filled: EventStore, lid: ServerLid, propose: Propose, clock: Clock
) -> None:
    """Others give up after their patience with nothing recorded; the server throws the idle one out (P10)."""
    with EventStore.open(filled.place, patience=0.05) as hurried, psycopg.connect(lid.server.url) as hung:
        hung.execute("SET idle_in_transaction_session_timeout = '300ms'")
        hung.execute(f"SELECT {lid.schema}.lock_head()".encode())
        with pytest.raises(Unavailable) as refusal:
            hurried.append([propose()], now=clock)
        assert refusal.value.reason == "locked"
        assert len(list(hurried.stream_all())) == 5
        assert filled.append([propose()], now=clock).events[0].position == 6
        hung.close()


def test_a_connection_that_was_lost_is_replaced(
    filled: EventStore, lid: ServerLid, propose: Propose, clock: Clock
) -> None:
    """Connections that the server cut while nobody used them are noticed and made anew."""
    with filled.reading() as reader:
        pid = reader.connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
    lid(f"SELECT pg_terminate_backend({pid}, 5000)")
    assert filled.append([propose()], now=clock).events[0].position == 6


def cut(connection: Connection, lid: ServerLid) -> None:
    """Have the server cut a connection off."""
    pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
    lid(f"SELECT pg_terminate_backend({pid}, 5000)")


def test_a_connection_lost_before_the_commit_recorded_nothing(
    filled: EventStore, lid: ServerLid, propose: Propose, clock: Clock
) -> None:
    """Cut off in the middle of an append, the server undoes it; the same id is recorded once by a retry."""
    fact = propose()

    def late(connection: Connection, _: Sequence[Recorded]) -> None:
        cut(connection, lid)
        connection.exec_driver_sql("SELECT 1")

    with pytest.raises(Unavailable) as lost:
        filled.append([fact], now=clock, project=late)
    assert lost.value.reason == "unreachable"
    assert len(list(filled.stream_all())) == 5
    assert filled.append([fact], now=clock).events[0].position == 6


def test_a_commit_of_unknown_outcome_is_named(
    filled: EventStore, lid: ServerLid, propose: Propose, clock: Clock
) -> None:
    """Cut off at the commit, the caller is told to ask again with the same id, and that works."""
    fact = propose()
    with pytest.raises(Unavailable) as lost:
        filled.append([fact], now=clock, project=lambda connection, _: cut(connection, lid))
    assert lost.value.reason == "unknown-outcome"
    assert filled.append([fact], now=clock).events[0].position == 6


def test_a_failed_statement_that_was_ignored_is_no_commit(store: EventStore, propose: Propose, clock: Clock) -> None:
    """PostgreSQL answers COMMIT after a failed statement with a silent rollback: that is no acknowledgement (P3)."""

    def careless(connection: Connection, _: Sequence[Recorded]) -> None:
        with suppress(DBAPIError):
            connection.exec_driver_sql("SELECT 1/0")

    with pytest.raises(Unavailable):
        store.append([propose()], now=clock, project=careless)
    with store.reading() as reader:
        assert reader.head().size == 0


def test_no_message_has_the_password(filled: EventStore, lid: ServerLid, postgres: Server) -> None:
    """Refused with a wrong password, or unreachable, the error and what it shows never repeat it (P26)."""
    user = f"{lid.schema}_canary"
    postgres(f"CREATE ROLE {user} LOGIN PASSWORD '{PASSWORD}'")
    url = make_url(postgres.named(lid.schema, user=user, password=PASSWORD))
    places = [url, url.set(port=1), url.set(database="nowhere"), url.set(host="nowhere.invalid")]
    for place in places:
        with pytest.raises(StoreError) as refusal:
            EventStore.open(place.render_as_string(hide_password=False))
        shown = f"{refusal.value} {refusal.value!r} {refusal.value.fields} {refusal.value.__cause__!r}"
        assert PASSWORD not in shown
    assert PASSWORD not in filled.place


def test_a_backup_is_a_register_in_a_file(filled: EventStore, tmp_path: Path, propose: Propose, clock: Clock) -> None:
    """The copy has the same settings, events and root, verifies, and takes records like its original (P20)."""
    made = backup(filled, tmp_path / "copy.db")
    with EventStore.open(tmp_path / "copy.db") as copy, filled.reading() as reader:
        assert made.head == reader.head()
        assert list(copy.stream_all()) == list(filled.stream_all())
        assert copy.meta == filled.meta
        assert copy.append([propose()], now=clock).events[0].position == 6


def test_indexes_are_compared_with_their_tables(filled: EventStore) -> None:
    """A sound register's indexes have every row; reading twice is the way where amcheck is not allowed."""
    with filled.reading() as reader:
        assert list(filled.engine.integrity(reader.connection)) == []


def test_a_pooler_that_hides_weakens_nothing(postgres: Server, propose: Propose, clock: Clock) -> None:
    """One that shows a session's own number is not known from it; then nothing is recorded in a session not told."""
    with postgres.fresh_schema() as schema, own_pooler(postgres.url, hidden=True) as url:
        EventStore.create(postgres.named(schema), register_id=REGISTER).close()
        reasons, recorded = set(), 0
        with EventStore.open(Server(url).named(schema)) as store:
            for _ in range(12):
                try:
                    store.append([propose()], now=clock)
                    recorded += 1
                except Unavailable as refusal:
                    reasons.add(refusal.reason)
        assert (reasons, 0 < recorded < 12) == ({"session-lost"}, True)
        with EventStore.open(postgres.named(schema)) as store:
            assert verify(store).events == recorded
