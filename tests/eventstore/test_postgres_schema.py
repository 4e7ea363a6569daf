"""What is not as `init` created it, or acts on our tables from outside, is named and stops everything (P28)."""

import pytest

from eventstore.errors import Damaged, Unavailable
from eventstore.log import EventStore
from eventstore.postgres import catalog
from eventstore.verify import verify
from tests.eventstore.givens import Clock, Propose
from tests.eventstore.lids import ServerLid

pytestmark = [pytest.mark.usefixtures("engine"), pytest.mark.parametrize("engine", ["postgres"], indirect=True)]

FUNCTION = "CREATE FUNCTION {views}.evil() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
SWALLOW = "FOR EACH ROW EXECUTE FUNCTION evil()"
FOREIGN = {
    "a trigger on events": "CREATE TRIGGER evil BEFORE INSERT ON events " + SWALLOW,
    "a trigger on the head": "CREATE TRIGGER evil BEFORE UPDATE ON head " + SWALLOW,
    "a trigger on a read model": "CREATE TRIGGER evil BEFORE INSERT ON board " + SWALLOW,
    "a rule": "CREATE RULE evil AS ON INSERT TO events DO INSTEAD NOTHING",
    "a rule on a read model": "CREATE RULE evil AS ON INSERT TO board DO INSTEAD NOTHING",
    "a policy": "CREATE POLICY evil ON events USING (false)",
    "an heir": "CREATE TABLE {log}.evil () INHERITS (events)",
    "a view": "CREATE VIEW {log}.evil AS SELECT 1",
    "an index": "CREATE INDEX evil ON events (type)",
    "a constraint": "ALTER TABLE events ADD CONSTRAINT evil CHECK (type <> 'x') NOT VALID",
    "a column": "ALTER TABLE events ADD COLUMN evil text",
    "a function": "CREATE FUNCTION {log}.evil() RETURNS int LANGUAGE sql AS 'SELECT 1'",
}
CHANGED = {
    "row security": ("ALTER TABLE events ENABLE ROW LEVEL SECURITY", "events"),
    "a trigger disabled": ("ALTER TABLE events DISABLE TRIGGER events_delete", "events_delete"),
    "a trigger weakened": ("ALTER TABLE events ENABLE TRIGGER events_delete", "events_delete"),
    "a trigger dropped": ("DROP TRIGGER head_update ON head", "head_update"),
    "a constraint dropped": ("ALTER TABLE events DROP CONSTRAINT events_id", "events_id"),
    "an index dropped": ("DROP INDEX mentions_by_stream", "mentions_by_stream"),
    "a column changed": ("ALTER TABLE events ALTER COLUMN batch TYPE varchar", "batch"),
    "a collation changed": ('ALTER TABLE events ALTER COLUMN stream TYPE text COLLATE "default"', "stream"),
    "a column that may be null": ("ALTER TABLE events ALTER COLUMN type DROP NOT NULL", "type"),
    "a default": ("ALTER TABLE events ALTER COLUMN batch SET DEFAULT 'x'", "batch"),
    "a table unlogged": ("ALTER TABLE mentions SET UNLOGGED", "mentions"),
    "a function of another text": (
        "CREATE OR REPLACE FUNCTION {log}.refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
        "refuse",
    ),
    "a function of another path": ("ALTER FUNCTION {log}.append(bytea[]) SET search_path = public", "append"),
    "a function of another owner": ("ALTER FUNCTION {log}.append(bytea[]) OWNER TO CURRENT_USER", "append"),
    "a table of another owner": ("ALTER TABLE events OWNER TO CURRENT_USER", "events"),
    "everybody may insert": ("GRANT INSERT ON events TO PUBLIC", "INSERT on events"),
    "everybody may change a column": ("GRANT UPDATE (type) ON events TO PUBLIC", "UPDATE on events.type"),
    "everybody may append": ("GRANT EXECUTE ON FUNCTION {log}.append(bytea[]) TO PUBLIC", "EXECUTE on append"),
    "everybody may create": ("GRANT CREATE ON SCHEMA {log} TO PUBLIC", "CREATE on the schema"),
}
AMISS = {**{name: (statement, "evil") for name, statement in FOREIGN.items()}, **CHANGED}


@pytest.mark.parametrize(("statement", "name"), AMISS.values(), ids=AMISS)
def test_whatever_is_not_as_created_is_named(
    filled: EventStore, lid: ServerLid, propose: Propose, clock: Clock, statement: str, name: str
) -> None:
    """What is changed, missing or foreign refuses opening and the next append, and `verify` names it."""
    lid(f"CREATE TABLE {lid.schema}_views.board (position int)")
    lid(FUNCTION.replace("{views}", f"{lid.schema}_views"))
    lid(statement.replace("{log}", lid.schema))
    with pytest.raises((Damaged, Unavailable), match=name):
        filled.append([propose()], now=clock)
    with pytest.raises((Damaged, Unavailable), match=name):
        EventStore.open(filled.place)
    with EventStore.open(filled.place, examine=True) as store:
        report = verify(store)
    assert not report.checks["schema"]
    assert any(name in problem.what for problem in report.problems), report.problems
    assert lid("SELECT max(position) FROM events") == [(5,)]


@pytest.mark.parametrize("table", ["events", "mentions", "head"])
def test_a_swallowed_write_is_never_acknowledged(
    filled: EventStore, lid: ServerLid, propose: Propose, clock: Clock, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    """Even where the schema were not compared, a row that a trigger swallows is found missing, and all is undone."""
    monkeypatch.setattr(catalog, "differences", lambda *_: [])
    verb = "UPDATE" if table == "head" else "INSERT"
    lid(
        FUNCTION.replace("{views}", f"{lid.schema}_views"),
        f"CREATE TRIGGER evil BEFORE {verb} ON {table} {SWALLOW}",
    )
    with pytest.raises(Damaged):
        filled.append([propose(about=("party/x",))], now=clock)
    lid(f"DROP TRIGGER evil ON {table}")
    assert lid("SELECT max(position) FROM events") == [(5,)]
    assert filled.append([propose(about=("party/x",))], now=clock).events[0].position == 6


def test_a_foreign_table_of_our_name_answers_nothing(filled: EventStore, lid: ServerLid) -> None:
    """A table of the same name among the read models is never taken for the log's."""
    lid(f"CREATE TABLE {lid.schema}_views.events (LIKE events)")
    assert len(list(filled.stream_all())) == 5
