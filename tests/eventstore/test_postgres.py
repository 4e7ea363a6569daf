"""What is PostgreSQL's alone: roles, guards, settings of the server, and what goes past the store as a superuser."""

import secrets
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import make_url

from eventstore import engines
from eventstore.errors import Damaged, Missing, Refused, StoreError, Unavailable
from eventstore.log import EventStore
from eventstore.postgres.engine import script
from eventstore.postgres.schema import TABLES, role
from eventstore.verify import verify
from tests.eventstore.givens import REGISTER, Clock, Propose
from tests.postgres import Server

CHANGES = {
    "id": "'00000000-0000-4000-8000-000000000099'",
    "stream": "'party/other'",
    "version": "version + 7",
    "type": "'Other'",
    "schema": "schema + 1",
    "earliest": "'1999-01-01'",
    "latest": "'2999-01-01'",
    "recorded": "'2020-01-01T00:00:00.000000Z'",
    "key": "'other'",
    "batch": "'other'",
    "hash": "sha256('x')",
    "body": "body || ' '",
}


@pytest.fixture
def place(postgres_url: str) -> str:
    """Return the URL of a register of three events."""
    with EventStore.create(postgres_url, register_id=REGISTER) as store:
        store.append([Propose()(), Propose(iter(range(7, 9)))("party/izia", about=("agreement/x",))], now=Clock())  # type: ignore[arg-type]
        store.append([Propose(iter(range(9, 10)))("party/izia", key="k", batch="b")], now=Clock())  # type: ignore[arg-type]
    return postgres_url


def schema_of(url: str) -> str:
    """Return the schema a URL names."""
    return str(make_url(url).query["schema"])


def role_of(url: str, right: str) -> str:
    """Return the role that holds a right on the register."""
    return role(str(make_url(url).database), schema_of(url), right)


@pytest.fixture
def desk(postgres: Server) -> Iterator[str]:
    """Return a person of the server who has no right yet."""
    name = f"desk_{secrets.token_hex(4)}"
    postgres(f"CREATE ROLE {name} LOGIN")
    yield name
    postgres(f"DROP OWNED BY {name}", f"DROP ROLE {name}")


def as_(name: str, place: str) -> str:
    """Return the URL for another person."""
    return make_url(place).set(username=name, password=None).render_as_string(hide_password=False)


@pytest.mark.parametrize(
    "change",
    [f"{verb} {{schema}}.{table}" for table in TABLES for verb in ("DELETE FROM", "TRUNCATE")]
    + ["UPDATE {schema}.events SET batch = 'x'", "UPDATE {schema}.mentions SET stream = 'x'"]
    + ["UPDATE {schema}.head SET size = 1", "UPDATE {schema}.meta SET value = 'x'"]
    + ["INSERT INTO {schema}.meta VALUES ('a', 'b')", "INSERT INTO {schema}.head VALUES (1, 0, '', NULL)"],
)
def test_the_log_is_append_only_for_a_superuser_too(postgres: Server, place: str, change: str) -> None:
    """No statement changes, deletes or truncates a row of the log, whoever sends it."""
    with pytest.raises(psycopg.Error) as refusal:
        postgres(change.format(schema=schema_of(place)) + (" CASCADE" if change.startswith("TRUNCATE") else ""))
    assert refusal.value.sqlstate == "PR001"


@pytest.mark.parametrize("column", sorted(CHANGES))
def test_every_column_tampered_with_is_found_by_position(postgres: Server, place: str, column: str) -> None:
    """Changed past the triggers, as a superuser can, `verify` names the position."""
    schema = schema_of(place)
    postgres(
        f"ALTER TABLE {schema}.events DISABLE TRIGGER ALL",
        f"UPDATE {schema}.events SET {column} = {CHANGES[column]} WHERE position = 2",
        f"ALTER TABLE {schema}.events ENABLE TRIGGER ALL",
        *(f"ALTER TABLE {schema}.events ENABLE ALWAYS TRIGGER {name}" for name in ("events_insert", "events_change")),
    )
    with EventStore.open(place, examine=True) as store:
        report = verify(store)
    assert not report.ok
    assert 2 in {problem.position for problem in report.problems}


@pytest.mark.parametrize(
    ("act", "named"),
    [
        ("CREATE TRIGGER lose BEFORE INSERT ON {s}.events FOR EACH ROW EXECUTE FUNCTION {s}.lose()", "lose"),
        ("CREATE RULE lose AS ON INSERT TO {s}.events DO INSTEAD NOTHING", "lose"),
        ("ALTER TABLE {s}.events DISABLE TRIGGER events_change", "events_change"),
        ("ALTER TABLE {s}.mentions ENABLE ROW LEVEL SECURITY", "mentions"),
        ("DROP INDEX {s}.mentions_by_stream", "mentions_by_stream"),
        ("ALTER TABLE {s}.events ADD COLUMN x text", "x"),
        ("ALTER FUNCTION {s}.lock_head() SECURITY INVOKER", "lock_head"),
        ("CREATE OR REPLACE FUNCTION {s}.guard_head() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'", ""),
    ],
)
def test_a_foreign_hand_in_the_schema_is_named_and_nothing_acknowledged(
    postgres: Server, place: str, propose: Propose, act: str, named: str
) -> None:
    """A trigger or rule that swallows inserts, a guard switched off: no append is acknowledged, `verify` names it."""
    schema = schema_of(place)
    with EventStore.open(place) as store:
        lose = f"CREATE FUNCTION {schema}.lose() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
        postgres(*([lose] if "lose()" in act else []), act.format(s=schema))
        with pytest.raises((Damaged, Unavailable)):  # what may not run at all is not available
            store.append([propose(), propose()], now=Clock())
    with EventStore.open(place, examine=True) as store, store.reading() as reader:
        assert reader.head().size == 3
        assert any(named in problem.what for problem in verify(store).problems)


def test_who_may_append_may_do_nothing_else(postgres: Server, place: str, desk: str, propose: Propose) -> None:
    """The append role appends through the function alone; its member cannot insert, change or drop."""
    schema = schema_of(place)
    postgres(f'GRANT "{role_of(place, "append")}" TO {desk}')
    with EventStore.open(as_(desk, place)) as store:
        assert store.append([propose(id="00000000-0000-4000-8000-000000000777")], now=Clock()).head.size == 4
    for denied in (
        f"INSERT INTO {schema}.events SELECT * FROM {schema}.events",
        f"UPDATE {schema}.head SET size = 9",
        f"DELETE FROM {schema}.mentions",
        f"TRUNCATE {schema}.events CASCADE",
        f"DROP TABLE {schema}.mentions",
        f"ALTER TABLE {schema}.events DISABLE TRIGGER ALL",
        f"DROP FUNCTION {schema}.lock_head()",
    ):
        url = as_(desk, postgres.url)
        with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(denied)


def test_who_may_read_may_not_append(postgres: Server, place: str, desk: str, propose: Propose) -> None:
    """The reader role reads all and writes nothing; without any right not even that."""
    with pytest.raises(StoreError):
        EventStore.open(as_(desk, place))
    postgres(f'GRANT "{role_of(place, "reader")}" TO {desk}')
    with EventStore.open(as_(desk, place)) as store:
        assert verify(store).ok
        with pytest.raises(Unavailable) as refusal:
            store.append([propose()], now=Clock())
    assert refusal.value.reason == "no-right"


def test_nobody_logs_in_as_a_role_of_the_register(postgres: Server, place: str) -> None:
    """Owner, append and reader are roles to be granted, and nobody is left a member of the owner."""
    names = [role_of(place, right) for right in ("owner", "append", "reader")]
    found = postgres(f"SELECT rolname, rolcanlogin FROM pg_roles WHERE rolname IN ({', '.join(map(repr, names))})")
    assert sorted(found) == sorted((name, False) for name in names)
    members = postgres(
        f"SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid WHERE r.rolname = '{names[0]}'"
    )
    assert members == [(0,)]


def test_what_a_dba_runs_is_what_create_runs(postgres: Server, postgres_url: str) -> None:
    """The printed script, run as it is, makes a register that opens and verifies."""
    meta = {"format": "1", "register": REGISTER, "timezone": "UTC"}
    told = script(postgres_url, meta)
    postgres(told)
    assert schema_of(postgres_url) in told
    with EventStore.open(postgres_url) as store:
        assert store.backend.differences is not None
        with store.reading() as reader:
            assert store.backend.differences(reader.connection) == []


def test_a_lock_held_too_long_is_told_and_given_up(place: str, propose: Propose) -> None:
    """Another writer that hangs makes an append fail once its patience ends, with nothing recorded."""
    fact = propose(id="00000000-0000-4000-8000-000000000777")
    with (
        EventStore.open(place) as hung,
        EventStore.open(place, patience=0.2) as other,
        hung.writing(),
        pytest.raises(Unavailable) as refusal,
    ):
        other.append([fact], now=Clock())
    assert refusal.value.reason == "locked"


def test_a_server_that_forgets_acknowledged_commits_cannot_make_us(postgres: Server, place: str) -> None:
    """`synchronous_commit` off for the database changes nothing for our sessions."""
    database = make_url(place).database
    postgres(f'ALTER DATABASE "{database}" SET synchronous_commit = off')
    try:
        with EventStore.open(place) as store, store.writing() as connection:
            assert connection.exec_driver_sql("SHOW synchronous_commit").scalar_one() == "on"
    finally:
        postgres(f'ALTER DATABASE "{database}" RESET synchronous_commit')


def test_errors_tell_no_password(place: str) -> None:
    """A wrong password, a wrong database, a server that is not there: each has its name, and no secret in it."""
    url = make_url(place).set(password="canary-in-a-url")  # noqa: S106 - a canary
    away = url.set(host="127.0.0.1", port=1)
    for wrong, kind in ((url.set(database="not-there"), Missing), (away, Unavailable)):
        with pytest.raises(kind) as told:
            EventStore.open(wrong.render_as_string(hide_password=False))
        assert "canary" not in str(told.value)
        assert "canary" not in repr(told.value.__cause__)
        assert told.value.__suppress_context__ or told.value.__cause__ is None
    with EventStore.open(url.render_as_string(hide_password=False)) as store:
        assert "canary" not in store.backend.place


def test_a_schema_that_is_not_there_is_missing(postgres_url: str) -> None:
    """A database without the register is a register that is not there, as a file is."""
    with pytest.raises(Missing):
        engines.opened(postgres_url, patience=1)


def test_a_register_is_not_made_twice(place: str) -> None:
    """Where there is a schema of that name nothing is made."""
    with pytest.raises(Unavailable) as refusal:
        EventStore.create(place, register_id=REGISTER)
    assert refusal.value.reason == "exists"


def test_an_edit_through_the_store_is_refused_by_name(place: str) -> None:
    """What a trigger refuses has the store's own name."""

    def edit(store: EventStore) -> None:
        with store.writing() as connection:
            connection.exec_driver_sql("RESET ROLE")
            connection.exec_driver_sql("UPDATE events SET batch = 'x'")

    with EventStore.open(place) as store, pytest.raises(Refused) as refusal:
        edit(store)
    assert refusal.value.reason == "append-only"
