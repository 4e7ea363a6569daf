"""What the register needs of PostgreSQL is what docs/scale.md says, statement by statement and word by word."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

import psycopg
import pytest

from eventstore.postgres.address import Address
from eventstore.postgres.functions import FUNCTIONS
from eventstore.postgres.layout import TABLES
from eventstore.postgres.making import Plan
from tests.cli.program import ROOT, Program, inside
from tests.cli.test_postgres import STORY
from tests.portability import catalogs, features, settings, written_in
from tests.postgres import Server

OURS = {name.partition("(")[0] for name in FUNCTIONS} | {*TABLES}
SCRIPTED = {"functions.py", "layout.py", "making.py"}
"""Modules whose statements are all in the script that makes a register."""
MORE = [["backup", "copy.db"], ["export", "-o", "log.jsonl"], ["schedule", "once", "--at", "00:00"], ["funnel"]]
PAGE = ROOT / "docs" / "scale.md"


class Recording(psycopg.Cursor[Any]):
    """A cursor that keeps every statement as the server gets it, and how its transaction began."""

    sent: ClassVar[set[str]] = set()

    def execute(self, query: Any, params: Any = None, **more: Any) -> "Recording":
        """Keep a statement and run it."""
        self._keep(query, params)
        return super().execute(query, params, **more)

    def executemany(self, query: Any, params_seq: Iterable[Any], **more: Any) -> None:
        """Keep a statement and run it with many values."""
        self._keep(query, None)
        super().executemany(query, params_seq, **more)

    def _keep(self, query: Any, params: Any) -> None:
        level = self.connection.isolation_level
        told = f"BEGIN {'ISOLATION LEVEL ' + level.name.replace('_', ' ') if level else ''}"
        self.sent.add(told + (" READ ONLY" if self.connection.read_only else ""))
        named = "set_config" in query  # the settings are in the parameters
        self.sent.add(psycopg.ClientCursor(self.connection).mogrify(query, params) if named else str(query))


@pytest.fixture(scope="module")
def seen(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[set[str]]:
    """Return every statement of a story from `init` to `verify`, and of the script that makes a register."""
    connect = psycopg.connect

    def recorded(*args: Any, **more: Any) -> Any:
        connection = connect(*args, **more)
        connection.cursor_factory = Recording
        return connection

    with postgres.fresh_schema() as schema, pytest.MonkeyPatch.context() as patched:
        patched.setattr(psycopg, "connect", recorded)
        with inside(tmp_path_factory.mktemp("story")):
            paraph = Program()
            for command in [*STORY, *MORE]:
                paraph(*command, "--db", postgres.named(schema))
        own = {schema, f"{schema}_views"}
        story = {re.sub("|".join(sorted(own, reverse=True)), "x", statement) for statement in Recording.sent}
    yield {*story, *Plan(Address.of("postgresql://server/db"), {"name": "value"}).statements()}
    Recording.sent.clear()


def written() -> Iterator[str]:
    """Yield the statements in the source of the engine, those of ways a story does not go too."""
    for module in sorted((ROOT / "eventstore" / "postgres").glob("*.py")):
        if module.name not in SCRIPTED:
            yield from written_in(module)


def listed(heading: str) -> list[str]:
    """Return the first column of the table under a heading of the page."""
    told = PAGE.read_text(encoding="utf-8").partition(f"## {heading}\n")[2].partition("\n## ")[0]
    rows = [line.split(" | ")[0].removeprefix("| ") for line in told.splitlines() if line.startswith("|")]
    return [row.replace("`", "") for row in rows[2:]]


def named(kind: str) -> list[str]:
    """Return the names in the page's paragraph about a kind of thing."""
    told = PAGE.read_text(encoding="utf-8").partition(f"{kind}: ")[2].partition(".\n")[0]
    return re.findall(r"`(\w+)`", told)


def test_the_page_lists_what_the_statements_need(seen: set[str]) -> None:
    """Every word of every statement is plain SQL or belongs to a feature; the page lists those, and no others."""
    found = set().union(*(features(statement, OURS) for statement in [*seen, *written()]))
    assert sorted(listed("What a server must have")) == sorted(found)


def test_the_page_names_the_settings_and_the_catalogs(seen: set[str]) -> None:
    """Whoever ports the store finds every server setting it sets or reads, and every catalog it asks."""
    statements = [*seen, *written()]
    assert named("Settings set or read") == sorted(set().union(*map(settings, statements)) - {"x"})
    assert named("Catalogs asked") == sorted(set().union(*map(catalogs, statements)))


def test_reading_the_register_is_plain_sql(seen: set[str]) -> None:
    """What asks the log and the views needs nothing but casts, the order of bytes and a snapshot."""
    asked = {said for said in seen if re.match(r"SELECT x\.(events|mentions|head|meta|view_\w+)\.", said)}
    assert len(asked) > 20
    needed = set().union(*(features(statement, OURS) for statement in asked))
    assert needed <= {"PostgreSQL's expressions", 'COLLATE "C"'}


@pytest.mark.parametrize(
    ("statement", "needs"),
    [
        ("SELECT name FROM meta WHERE one = 1 ORDER BY name LIMIT 5", set()),
        ("SELECT h.size FROM x.head h FOR UPDATE", {"SELECT … FOR UPDATE"}),
        ('SELECT %(a)s::VARCHAR COLLATE "C"', {"PostgreSQL's expressions", 'COLLATE "C"'}),
        ("EXECUTE format('LOCK TABLE x.%I IN ACCESS SHARE MODE', name)", {"LOCK TABLE … ACCESS SHARE"}),
    ],
)
def test_a_statement_needs_what_its_words_say(statement: str, needs: set[str]) -> None:
    """Plain SQL needs nothing; texts that the server runs as statements are read too."""
    assert needs <= features(statement)
    assert needs or features(statement) == set()


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT a FROM t WHERE a ILIKE 'b'",
        "SELECT pg_advisory_lock(1)",
        "SELECT nextval('s')",
        "INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING",
        "SELECT a FROM t FOR SHARE",
        "SELECT a FROM t WHERE a ~ 'b'",
        "CREATE INDEX i ON t USING gin (a)",
        "COPY t FROM STDIN",
        "select name from meta for update",
        "SELECT pg_notify('events', '')",
    ],
)
def test_a_new_dependency_is_noticed(statement: str) -> None:
    """What nobody has classified is no plain SQL by default: the word is named."""
    with pytest.raises(LookupError, match="neither plain SQL nor a feature"):
        features(statement)
