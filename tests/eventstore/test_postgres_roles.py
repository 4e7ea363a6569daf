"""Who may do what on a server: appenders append, readers read, and nobody rewrites the log (P27, decision 7)."""

from collections.abc import Iterator, Sequence

import psycopg
import pytest
from sqlalchemy import Connection

from eventstore.envelope import Recorded
from eventstore.errors import Missing, Unavailable
from eventstore.log import EventStore
from eventstore.verify import verify
from tests.eventstore import denied
from tests.eventstore.givens import REGISTER, Clock, Propose
from tests.eventstore.lids import ServerLid
from tests.figures import Figure
from tests.postgres import Server

pytestmark = [pytest.mark.usefixtures("engine"), pytest.mark.parametrize("engine", ["postgres"], indirect=True)]

People = dict[str, str]


@pytest.fixture
def people(filled: EventStore, postgres: Server) -> People:
    """Return the URLs of a recorder, a reader and a stranger of one register."""
    schema = filled.engine.name
    found = {}
    for who in ("append", "reader", "stranger"):
        user = f"{schema}_person_{who}"
        postgres(f"CREATE ROLE {user} LOGIN")
        if who != "stranger":
            postgres(f"GRANT {schema}_{who} TO {user}")
        found[who] = postgres.named(schema, user=user)
    return found


@pytest.fixture
def raw(filled: EventStore, people: People, postgres: Server, request: pytest.FixtureRequest) -> Iterator[object]:
    """Return a plain connection of the person the test names, as any other program makes it."""
    user = f"{filled.engine.name}_person_{request.param}"
    assert people
    with psycopg.connect(postgres.url, user=user, autocommit=True) as connection:
        connection.execute(f"SET search_path = {filled.engine.name}, {filled.engine.name}_views".encode())
        yield connection


def test_a_recorder_records_and_reads(people: People, propose: Propose, clock: Clock) -> None:
    """Who has the append role records, reads and verifies; what others recorded is there."""
    with EventStore.open(people["append"]) as store:
        assert store.append([propose()], now=clock).events[0].position == 6
        assert verify(store).ok


def test_a_reader_reads_and_records_nothing(people: People, propose: Propose, clock: Clock) -> None:
    """Who has the reader role reads and verifies; an append says that it is not allowed."""
    with EventStore.open(people["reader"]) as store:
        assert len(list(store.stream_all())) == 5
        assert verify(store).ok
        with pytest.raises(Unavailable) as refusal:
            store.append([propose()], now=clock)
    assert refusal.value.reason == "denied"


def test_a_stranger_sees_nothing(people: People) -> None:
    """Who has no role of the register is not let in."""
    with pytest.raises(Unavailable) as refusal:
        EventStore.open(people["stranger"])
    assert refusal.value.reason == "denied"


def _outcome(raw: "psycopg.Connection[object]", statement: str) -> str:
    """Return whether a statement is denied, or what becomes of it instead; GRANT only warns that it did nothing."""
    told: list[str | None] = []
    raw.add_notice_handler(lambda notice: told.append(notice.sqlstate))
    try:
        raw.execute(statement.encode())
    except psycopg.errors.InsufficientPrivilege:
        return "denied"
    except psycopg.Error as fault:
        return f"{type(fault).__name__}: {fault}"
    else:
        return "denied" if "01007" in told else "done"
    finally:
        raw.rollback()


@pytest.mark.parametrize("raw", ["append", "reader"], indirect=True)
def test_nobody_of_the_register_does_more_than_his_role(
    filled: EventStore, raw: "psycopg.Connection[object]", request: pytest.FixtureRequest, figure: Figure
) -> None:
    """Every raw statement of recorders and readers that would do more than append or read is denied."""
    role = request.node.callspec.params["raw"]
    attempts = [
        *denied.to_all(filled.engine.name),
        *(denied.to_readers(filled.engine.name) if role == "reader" else []),
    ]
    otherwise = {statement: found for statement in attempts if (found := _outcome(raw, statement)) != "denied"}
    assert otherwise == {}
    assert verify(filled).ok
    assert verify(filled).events == 5
    figure("P27", f"{len(attempts)} attempts of a member of the {role} role at more than it is for: all denied")


FORGED = {
    "another position": ('"position":6', '"position":7'),
    "a version that was": ('"version":3', '"version":2'),
    "a time before the last": ("2026-11-23", "2025-11-23"),
    "no stream": ('"stream"', '"streem"'),
    "no JSON": ("{", "["),
}


@pytest.mark.parametrize("raw", ["append"], indirect=True)
@pytest.mark.parametrize(("told", "forged"), FORGED.values(), ids=FORGED)
def test_a_body_that_is_not_the_next_event_is_refused(
    filled: EventStore,
    raw: "psycopg.Connection[object]",
    propose: Propose,
    clock: Clock,
    told: str,
    forged: str,
) -> None:
    """Whoever calls the append function by hand can add the next event and nothing else."""
    written: list[bytes] = []

    def undone(_: Connection, fresh: Sequence[Recorded]) -> None:
        written.extend(event.body for event in fresh)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        filled.append([propose("project/plant")], now=clock, project=undone)
    body = written[0].replace(told.encode(), forged.encode(), 1)
    assert body != written[0]
    with pytest.raises(psycopg.Error):
        raw.execute(b"SELECT append(%s)", ([body],))
    raw.execute(b"SELECT append(%s)", (written,))
    assert verify(filled).events == 6
    assert verify(filled).ok


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET type = type",
        "DELETE FROM events WHERE position = 5",
        "TRUNCATE events CASCADE",
        "TRUNCATE head",
        "TRUNCATE mentions",
        "TRUNCATE meta",
        "UPDATE mentions SET stream = 'party/x'",
        "DELETE FROM mentions",
        "INSERT INTO mentions VALUES (1, 'party/x')",
        "INSERT INTO mentions VALUES (9, 'party/x')",
        "DELETE FROM head",
        "INSERT INTO head VALUES (2, 9, '', '')",
        "UPDATE head SET size = 1",
        "UPDATE head SET size = 6",
        "UPDATE head SET peaks = ''",
        "UPDATE meta SET value = 'x'",
        "DELETE FROM meta",
        "INSERT INTO meta VALUES ('x', 'y')",
        "INSERT INTO events SELECT 7, 'i', stream, 1, type, 1, '', '', '', NULL, NULL, '', body FROM events LIMIT 1",
        "INSERT INTO events SELECT * FROM events WHERE position = 5 ON CONFLICT (id) DO UPDATE SET type = 'x'",
    ],
)
@pytest.mark.parametrize("mode", ["origin", "replica"])
def test_not_even_a_superuser_rewrites_the_log(filled: EventStore, lid: ServerLid, statement: str, mode: str) -> None:
    """The triggers refuse everybody, in replica mode as well, where others do not fire."""
    with pytest.raises(psycopg.errors.DatabaseError, match=r"^(events|mentions|meta|head): ") as refused:
        lid(f"SET session_replication_role = {mode}", statement)
    assert refused.value.sqlstate == "PRPH1"
    assert verify(filled).ok


def test_a_register_in_a_database_that_is_not_there(postgres: Server) -> None:
    """A database that does not exist is missing, and so is a schema that does not."""
    url = postgres.named("none")
    for place in (url, url.replace("/postgres?", "/nowhere?")):
        with pytest.raises(Missing):
            EventStore.open(place)
    with pytest.raises(Missing) as missing:
        EventStore.create(url.replace("/postgres?", "/nowhere?"), register_id=REGISTER)
    assert missing.value.what == "database"


def test_creating_replaces_nothing(filled: EventStore, where: str) -> None:
    """A schema that is taken stays as it is."""
    with pytest.raises(Unavailable) as refusal:
        EventStore.create(where, register_id=REGISTER)
    assert refusal.value.reason == "exists"
    assert verify(filled).ok


def test_who_may_not_make_roles_makes_a_register_of_his_own(
    postgres: Server, where: str, propose: Propose, clock: Clock
) -> None:
    """Whoever may make schemas but no roles gets a register that works, for himself; with neither he is told."""
    schema = ServerLid.schema_of(where)
    user = f"{schema}_maker"
    postgres(f"CREATE ROLE {user} LOGIN")
    own = postgres.named(schema, user=user)
    with pytest.raises(Unavailable) as refusal:
        EventStore.create(own, register_id=REGISTER)
    assert refusal.value.reason == "roles"
    postgres(f"GRANT CREATE ON DATABASE postgres TO {user}")
    with EventStore.create(own, register_id=REGISTER) as store:
        assert store.engine.alone
        assert store.append([propose()], now=clock).events[0].position == 1
        assert verify(store).ok


def test_who_may_make_roles_shares_his_register(postgres: Server, where: str, propose: Propose, clock: Clock) -> None:
    """Nobody need be a superuser to make a register with roles, nor keeps the owner's power afterwards."""
    schema = ServerLid.schema_of(where)
    user = f"{schema}_maker"
    postgres(f"CREATE ROLE {user} LOGIN CREATEROLE", f"GRANT CREATE ON DATABASE postgres TO {user}")
    with EventStore.create(postgres.named(schema, user=user), register_id=REGISTER) as store:
        assert not store.engine.alone
        assert store.append([propose()], now=clock).events[0].position == 1
        assert verify(store).ok
    owner = postgres(f"SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = '{schema}'")  # noqa: S608
    assert owner == [(f"{schema}_owner",)]
