"""Behind a pooler that lends sessions by transaction every promise holds, or nothing is recorded (ADR 21)."""

from uuid import UUID

import psycopg
import pytest
from sqlalchemy import make_url

from eventstore.errors import Unavailable
from eventstore.log import EventStore
from eventstore.postgres.engine import session_of
from eventstore.verify import verify
from tests.eventstore.conftest import POOLED
from tests.eventstore.givens import Clock, Propose
from tests.eventstore.lids import ServerLid
from tests.eventstore.test_postgres_server import DUE, WAYS
from tests.eventstore.test_processes import Start, start
from tests.pooler import BAD
from tests.postgres import Server

__all__ = ["start"]

pytestmark = [pytest.mark.usefixtures("engine"), pytest.mark.parametrize("engine", POOLED, indirect=True)]


def test_every_transaction_has_the_settings(store: EventStore, where: str) -> None:
    """Each transaction, in whatever session, is told what every session is told, role and isolation among it."""
    due = DUE | {"role": f"{store.engine.name}_append"}
    del due["application_name"]  # a pooler's own affair
    seen = set()
    with EventStore.open(where) as other, other.reading(), store.reading(), store.reading():
        pass  # so many at once that the pooler has several sessions
    for _ in range(8):
        with store.writing() as connection:
            assert {name: connection.exec_driver_sql(f"SHOW {name}").scalar() for name in due} == due
            seen.add(connection.exec_driver_sql("SELECT pg_backend_pid()").scalar())
        with store.reading() as reader:
            assert {name: reader.connection.exec_driver_sql(f"SHOW {name}").scalar() for name in due} == due
            told = [reader.connection.exec_driver_sql(f"SHOW transaction_{n}").scalar() for n in WAYS]
            assert told == ["repeatable read", "on"]
            seen.add(reader.connection.exec_driver_sql("SELECT pg_backend_pid()").scalar())
    assert len(seen) > 1


def test_sessions_are_given_back_as_they_were(filled: EventStore, where: str) -> None:
    """Nothing we tell a transaction outlives it: another program's in the same session finds its own settings."""
    assert verify(filled).ok
    plain = make_url(where).set(query={}).render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True, prepare_threshold=None) as other:
        for _ in range(6):
            found = other.execute("SELECT current_setting('lock_timeout'), current_setting('role'), user").fetchone()
            assert found == ("0", "none", make_url(where).username)
            assert other.execute("SHOW synchronous_commit").fetchone() == (BAD["synchronous_commit"],)


def test_a_writer_that_hangs_blocks_nobody_for_ever(
    filled: EventStore, where: str, propose: Propose, clock: Clock
) -> None:
    """The patience holds although the pooler's sessions would wait for ever (P10)."""
    with EventStore.open(where, patience=0.05) as hurried, filled.writing() as hung:
        with pytest.raises(Unavailable) as refusal:
            hurried.append([propose()], now=clock)
        assert refusal.value.reason == "locked"
        assert hung.exec_driver_sql("SHOW idle_in_transaction_session_timeout").scalar() == "1min"
    assert filled.append([propose()], now=clock).events[0].position == 6


def test_who_only_reads_appends_nothing(
    filled: EventStore, where: str, postgres: Server, propose: Propose, clock: Clock
) -> None:
    """Roles are what they are without a pooler: readers read, strangers are not let in."""
    schema = ServerLid.schema_of(where)
    postgres(
        f"CREATE ROLE {schema}_person LOGIN",
        f"CREATE ROLE {schema}_stranger LOGIN",
        f"GRANT {schema}_reader TO {schema}_person",
    )
    url = make_url(where)
    with EventStore.open(url.set(username=f"{schema}_person").render_as_string()) as store:
        for _ in range(5):
            assert len(list(store.stream_all())) == 5
            with pytest.raises(Unavailable) as refusal:
                store.append([propose()], now=clock)
            assert refusal.value.reason == "denied"
    with pytest.raises(Unavailable) as refusal:
        EventStore.open(url.set(username=f"{schema}_stranger").render_as_string())
    assert refusal.value.reason == "denied"
    assert verify(filled).events == 5


def test_many_transactions_prepare_nothing(filled: EventStore, propose: Propose, clock: Clock) -> None:
    """A statement repeated often is never prepared in a session that will be another's."""
    for _ in range(30):
        filled.append([propose()], now=clock)
        with filled.reading() as reader:
            assert session_of(reader.connection).pooled
            assert reader.connection.exec_driver_sql("SELECT count(*) FROM pg_prepared_statements").scalar() == 0
    assert verify(filled).events == 35


def test_many_writers_lose_and_double_nothing(store: EventStore, start: Start) -> None:
    """Processes that write at once through a few sessions leave a log without a gap."""
    ids = [str(UUID(int=number)) for number in range(1, 61)]
    writers = [start("project/plant", "-", ids[n::4]) for n in range(4)]
    for writer in writers:
        writer.go()
    told = {name: int(position) for writer in writers for name, position in writer.acknowledged().items()}
    assert {event.id: event.position for event in store.stream_all()} == told
    assert sorted(told.values()) == [*range(1, 61)]
    assert verify(store).ok
