"""The same commands on a server: only `--db` is another, and the password is never repeated (P26)."""

import re
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import make_url

from eventstore.log import EventStore
from tests.cli.program import ROOT, Program, environment
from tests.pooler import own_pooler
from tests.postgres import PASSWORD, Server

EXAMPLE = str(ROOT / "examples" / "az-cn-2025.jsonl")
STORY = [
    ["init", "--timezone", "Asia/Baku"],
    ["import", EXAMPLE],
    ["import", EXAMPLE],
    ["status", "sumgayit-cardboard"],
    ["record", "phase", "sumgayit-cardboard", "operation", "--on", "2025-06-01", "--source", "protocol-4"],
    ["record", "resumed", "sumgayit-cardboard"],
    ["replay", "sumgayit-cardboard"],
    ["status"],
    ["board"],
    ["list"],
    ["list", "parties"],
    ["find", "cardboard"],
    ["docket", "--as-of", "2026-01-01"],
    ["due", "--as-of", "2026-05-25"],
    ["log", "sumgayit-cardboard"],
    ["retract", "sumgayit-cardboard@7", "--reason", "another plant"],
    ["status", "sumgayit-cardboard", "--as-of", "2025-04-20"],
    ["status", "sumgayit-cardboard", "--known-at", "200"],
    ["projections", "check"],
    ["projections", "rebuild"],
    ["verify"],
    ["replay", "--all"],
]


def told(paraph: Program, place: str) -> list[object]:
    """Return what every command of the story answers about a register at a place."""
    paraph.ids = 0
    found: list[object] = []
    for command in STORY:
        answer = paraph(*command, "--db", place, "--json")
        shown = (answer.out + answer.err).replace(place, "PLACE")
        found.append((command, answer.code, _without_chance(shown)))
    return found


def _without_chance(text: str) -> str:
    """Return an answer without what differs between any two registers: its id and how long something took."""
    return re.sub(r'"(register|seconds)": [^,\n]+', "", text)


def test_a_story_is_the_same_on_both_engines(paraph: Program, postgres_url: str) -> None:
    """From `init` to `verify` every command ends alike and answers alike, to the root of the log."""
    clock = paraph.clock.now
    on_file = told(paraph, "story.db")
    paraph.clock.now = clock
    assert told(paraph, postgres_url) == on_file


def test_a_story_is_the_same_through_a_pooler(paraph: Program, postgres: Server, postgres_url: str) -> None:
    """Behind a pooler that lends sessions by transaction every command answers as on the server itself."""
    schema = str(make_url(postgres_url).query["schema"])
    clock = paraph.clock.now
    with own_pooler(postgres.url) as url:
        through = told(paraph, Server(url).named(f"{schema}_p"))
    paraph.clock.now = clock
    assert through == told(paraph, postgres_url)


def test_a_server_that_is_down_is_unavailable(paraph: Program) -> None:
    """Nobody listens: exit 6, with what to do."""
    place = "postgresql://desk@127.0.0.1:1/register"
    assert paraph.refused(6, "status", "--db", place)["code"] == "unreachable"


def test_no_register_there_is_missing(paraph: Program, postgres_url: str) -> None:
    """A schema that is not there is missing as a file is; `init` makes it, once."""
    assert paraph.refused(6, "status", "--db", postgres_url)["code"] == "missing"
    paraph.ok("init", "--db", postgres_url)
    assert paraph.refused(6, "init", "--db", postgres_url)["code"] == "exists"
    paraph.ok("new", "party", "IZIA", "--db", postgres_url)


def test_a_script_for_whoever_keeps_the_server_makes_a_register(
    paraph: Program, postgres: Server, postgres_url: str
) -> None:
    """What `db init --sql` prints, run as it is, makes a register that commands record in."""
    script = paraph.ok("db", "init", "--sql", "--timezone", "Asia/Baku", "--db", postgres_url).out
    with postgres.connect() as connection:
        connection.execute(script.encode())
    paraph.ok("new", "party", "IZIA", "--db", postgres_url)
    assert paraph.json("verify", "--db", postgres_url)["ok"]
    with EventStore.open(postgres_url) as store:
        assert store.meta["timezone"] == "Asia/Baku"


def test_a_script_is_for_servers_only(paraph: Program) -> None:
    """A file needs no script."""
    assert paraph.refused(2, "db", "init", "--sql", "--db", "paraph.db")["code"] == "usage"


@pytest.fixture
def canary(postgres: Server, postgres_url: str) -> str:
    """Return the URL, with a password, of somebody who may record."""
    schema = str(make_url(postgres_url).query["schema"])
    user = f"{schema}_canary"
    EventStore.create(postgres_url, register_id=str(UUID(int=1))).close()
    postgres(f"CREATE ROLE {user} LOGIN PASSWORD '{PASSWORD}'", f"GRANT {schema}_append TO {user}")
    return postgres.named(schema, user=user, password=PASSWORD)


COMMANDS = [
    ["status"],
    ["new", "party", "IZIA"],
    ["list"],
    ["verify"],
    ["config", "show"],
    ["projections", "rebuild"],
    ["backup", "copy.db"],
    ["copy", "moved.db"],
    ["restore", "copy.db"],
    ["doctor"],
    ["schedule", "once", "--at", "00:00"],
    ["init"],
    ["db", "init", "--sql"],
    ["record", "nonsense", "x"],
]


@pytest.mark.parametrize("flags", [[], ["--json"]], ids=["plain", "json"])
def test_no_command_repeats_the_password(paraph: Program, canary: str, flags: list[str]) -> None:
    """In no answer, hint, error, file or backup, with a server that answers, is down or lets nobody in."""
    url = make_url(canary)
    wrong = [
        url,
        url.set(port=1),
        url.set(database="nowhere"),
        url.set(username="locksmith"),
        url.set(query={"x": "y"}),
    ]
    places = [place.render_as_string(hide_password=False) for place in wrong]
    places += [canary.replace(f":{PASSWORD}@", f":a@{PASSWORD}@"), canary.replace(f":{PASSWORD}@", f":{PASSWORD}/x@")]
    places += [canary.replace(f":{PASSWORD}@", "@") + f"&password={PASSWORD}"]
    for place in places:
        for command in COMMANDS:
            answer = paraph(*command, *flags, "--db", place)
            assert PASSWORD not in answer.out + answer.err, command
    assert not [path for path in Path().rglob("*") if path.is_file() and PASSWORD.encode() in path.read_bytes()]


def test_without_the_driver_one_is_told_what_to_install(paraph: Program, postgres_url: str) -> None:
    """Where the extra is not installed the command ends with 6 and names it; a register in a file needs none."""
    assert paraph.head() is None
    block = "import sys; sys.modules['psycopg'] = None; import paraph; sys.exit(paraph.main())"
    for place, code in ((postgres_url, 6), ("own.db", 0)):
        done = subprocess.run(
            [sys.executable, "-c", block, "init", "--db", place],
            env=environment(Path.cwd()) | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stderr
        assert ("paraph[postgres]" in done.stderr) == bool(code)
