"""The database itself keeps the log append-only, whatever program opens it; foreign triggers are named."""

import sqlite3

import pytest

from eventstore.errors import Damaged, Refused
from eventstore.log import EventStore
from eventstore.sqlite import schema
from eventstore.verify import verify
from tests.eventstore.givens import Clock, Propose
from tests.eventstore.lids import Lid

pytestmark = [pytest.mark.usefixtures("engine"), pytest.mark.parametrize("engine", ["sqlite"], indirect=True)]

COLUMNS = (
    "position",
    "id",
    "stream",
    "version",
    "type",
    "schema",
    "earliest",
    "latest",
    "recorded",
    "key",
    "batch",
)


def insertion(verb: str = "REPLACE", **changed: str) -> str:
    """Return the insertion of a well-formed sixth event, with some columns changed to these expressions."""
    values = dict.fromkeys(COLUMNS, "'x'") | {"position": "6", "version": "1", "schema": "1"}
    values |= {"hash": "x'00'", "body": "x'00'"} | changed
    return f"{verb} INTO events ({', '.join(values)}) SELECT {', '.join(values.values())}"


FIRST = "(SELECT {} FROM events WHERE position = 1)"
ATTEMPTS = {
    "change an event": "UPDATE events SET type = 'x' WHERE position = 1",
    "change an event to itself": "UPDATE events SET type = type",
    "change or replace an event": "UPDATE OR REPLACE events SET position = 2 WHERE position = 1",
    "delete an event": "DELETE FROM events WHERE position = 5",
    "delete every event": "DELETE FROM events",
    "replace by position": insertion(position="1"),
    "ignore by position": insertion("INSERT OR IGNORE", position="1"),
    "replace by id": insertion(id=FIRST.format("id")),
    "replace by key": insertion(key="'row-1'"),
    "replace by version": insertion(stream="'party/izia'"),
    "replace by hash": insertion(hash=FIRST.format("hash")),
    "leave a gap": insertion("INSERT", position="7"),
    "let SQLite number": insertion("INSERT", position="NULL"),
    "leave a gap in a stream": insertion("INSERT", version="2"),
    "upsert": insertion("INSERT", position="1") + " WHERE true ON CONFLICT DO UPDATE SET type = 'x'",
    "change a mention": "UPDATE mentions SET stream = 'party/x'",
    "delete a mention": "DELETE FROM mentions",
    "add a mention to an old event": "INSERT INTO mentions VALUES (1, 'party/x')",
    "replace a mention": "REPLACE INTO mentions SELECT * FROM mentions",
    "change a setting": "UPDATE meta SET value = 'x'",
    "delete a setting": "DELETE FROM meta",
    "add a setting": "INSERT INTO meta VALUES ('x', 'y')",
    "replace a setting": "REPLACE INTO meta VALUES ('timezone', 'UTC')",
    "delete the head": "DELETE FROM head",
    "replace the head": "REPLACE INTO head VALUES (1, 9, x'', '')",
    "add a second head": "INSERT INTO head VALUES (2, 9, x'', '')",
    "shrink the head": "UPDATE head SET size = 1",
    "change the peaks": "UPDATE head SET peaks = x''",
    "run the head ahead": "UPDATE head SET size = 6",
    "set the head's time back": "UPDATE head SET recorded = '2000'",
}


@pytest.mark.parametrize("recursive", ["OFF", "ON"])
@pytest.mark.parametrize("statement", ATTEMPTS.values(), ids=ATTEMPTS)
def test_no_program_rewrites_the_log(filled: EventStore, lid: Lid, statement: str, recursive: str) -> None:
    """A raw connection with default settings can neither change, delete nor replace anything."""
    before = list(filled.stream_all())
    with pytest.raises(sqlite3.IntegrityError, match=r"^(events|mentions|meta|head): "):
        lid(f"PRAGMA recursive_triggers = {recursive}", statement)
    assert list(filled.stream_all()) == before
    assert verify(filled).ok


def test_an_edit_through_the_store_is_refused_by_name(filled: EventStore) -> None:
    """Nor can a program using the store's own connection; it learns that the log is append-only."""
    with pytest.raises(Refused) as refusal, filled.writing() as connection:
        connection.exec_driver_sql("DELETE FROM events")
    assert refusal.value.reason == "append-only"


FOREIGN = {
    "a trigger on events": "CREATE TRIGGER evil BEFORE INSERT ON events BEGIN SELECT RAISE(IGNORE); END",
    "a trigger on the head": "CREATE TRIGGER evil BEFORE UPDATE ON head BEGIN SELECT RAISE(IGNORE); END",
    "a trigger on a view's table": "CREATE TRIGGER evil AFTER INSERT ON board BEGIN DELETE FROM board; END",
    "a view": "CREATE VIEW evil AS SELECT * FROM events",
    "an index on events": "CREATE INDEX evil ON events (type)",
    "a unique index on events": "CREATE UNIQUE INDEX evil ON events (type, on_conflict)".replace(
        ", on_conflict", ", id"
    ),
}


@pytest.mark.parametrize("statement", FOREIGN.values(), ids=FOREIGN)
def test_whatever_foreign_acts_on_the_log_is_named(filled: EventStore, lid: Lid, statement: str) -> None:
    """A foreign trigger, view or index refuses opening and appending and is named by `verify`."""
    lid("CREATE TABLE board (position INTEGER)", statement)
    with pytest.raises(Damaged, match="evil"):
        EventStore.open(filled.place)
    with EventStore.open(filled.place, examine=True) as store:
        report = verify(store)
    assert not report.ok
    assert not report.checks["schema"]
    assert any("evil" in problem.what for problem in report.problems)


def test_a_trigger_that_comes_while_the_store_is_open_is_noticed(
    filled: EventStore, lid: Lid, propose: Propose, clock: Clock
) -> None:
    """The next append after a foreign trigger arrived is refused, naming it, and nothing is recorded."""
    lid(FOREIGN["a trigger on events"])
    with pytest.raises(Damaged, match="evil"):
        filled.append([propose()], now=clock)
    assert lid("SELECT max(position) FROM events") == [(5,)]


@pytest.mark.parametrize("table", ["events", "mentions", "head"])
def test_a_swallowed_write_is_never_acknowledged(
    filled: EventStore, lid: Lid, propose: Propose, clock: Clock, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    """Even where the schema were not compared, a silently ignored row is found missing and all is undone."""
    monkeypatch.setattr(schema, "differences", lambda _: [])
    verb = "UPDATE" if table == "head" else "INSERT"
    lid(f"CREATE TRIGGER evil BEFORE {verb} ON {table} BEGIN SELECT RAISE(IGNORE); END")
    with pytest.raises(Damaged):
        filled.append([propose(about=("party/x",))], now=clock)
    lid("DROP TRIGGER evil")
    assert lid("SELECT max(position) FROM events") == [(5,)]
    assert filled.append([propose(about=("party/x",))], now=clock).events[0].position == 6


@pytest.mark.parametrize("name", sorted(schema._expected()))
def test_whatever_of_ours_is_missing_is_named(filled: EventStore, lid: Lid, name: str) -> None:
    """Each trigger, index and table dropped is missed by name."""
    kind = schema._expected()[name][0]
    if name.startswith("sqlite_"):
        return  # SQLite itself refuses to drop the index of a constraint
    lid("PRAGMA foreign_keys = OFF", f"DROP {kind} {name}")
    with pytest.raises(Damaged, match=f"missing {kind} {name}"):
        EventStore.open(filled.place)
    with EventStore.open(filled.place, examine=True) as store:
        report = verify(store)
    assert any(f"missing {kind} {name}" in problem.what for problem in report.problems)


def test_a_changed_trigger_is_named(filled: EventStore, lid: Lid) -> None:
    """A trigger of ours that no longer does its work is not taken for ours."""
    lid(
        "DROP TRIGGER events_delete",
        "CREATE TRIGGER events_delete BEFORE DELETE ON events BEGIN SELECT 1; END",
    )
    with pytest.raises(Damaged, match="changed trigger events_delete"):
        EventStore.open(filled.place)


def test_tables_of_projections_are_welcome(filled: EventStore, lid: Lid, propose: Propose, clock: Clock) -> None:
    """Other tables with their plain indexes neither hinder nor alarm."""
    lid(
        "CREATE TABLE board (slug TEXT UNIQUE, phase TEXT)",
        "CREATE INDEX board_by_phase ON board (phase)",
        "ANALYZE",
    )
    filled.append([propose()], now=clock)
    with EventStore.open(filled.place) as store:
        assert verify(store).ok
