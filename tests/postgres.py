"""A real PostgreSQL for the tests: the one named, the one installed, or the one of the dev extra's wheel.

`PARAPH_TEST_PG` is the URL of a superuser of a running server, or `wheel` to insist on the wheel. Else a server
of our own is started in a throw-away folder, by an unprivileged user where we are root, for PostgreSQL refuses
root. It is shared by all workers of a test run and ends with it (`postgres_guard`). fsync stays on: the store
would refuse a server without.
"""

import contextlib
import itertools
import json
import os
import secrets
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from tests.postgres_server import PATIENCE, Own, make_server

PASSWORD = "canary-5up3r-s3cret"  # noqa: S105 - of a throw-away server
_kept: "list[Own]" = []


@dataclass(frozen=True)
class Server:
    """A running server, as its superuser reaches it."""

    url: str
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count, compare=False)

    def named(self, schema: str, *, user: str | None = None, password: str | None = None) -> str:
        """Return the URL of a register in this schema, for somebody."""
        url = make_url(self.url).set(query={"schema": schema})
        if user:
            url = url.set(username=user, password=password)
        return url.render_as_string(hide_password=False)

    def connect(self, **more: Any) -> "psycopg.Connection[tuple[Any, ...]]":
        """Return a connection of the superuser, each statement its own transaction."""
        return psycopg.connect(self.url, autocommit=True, **more)

    def __call__(self, *statements: str) -> list[tuple[Any, ...]]:
        """Run statements as the superuser; return the rows of the last."""
        rows: list[tuple[Any, ...]] = []
        with self.connect() as connection:
            for statement in statements:
                found = connection.execute(statement.encode())
                rows = found.fetchall() if found.description else []
        return rows

    @contextlib.contextmanager
    def fresh_schema(self) -> Iterator[str]:
        """Yield a name no schema and no role begins with; whatever bears it is gone afterwards."""
        name = f"t{secrets.token_hex(5)}_{next(self._numbers)}"
        try:
            yield name
        finally:
            self.drop(name)

    def drop(self, name: str) -> None:
        """Drop the schemas and the roles that begin with a name."""
        with self.connect() as connection:
            connection.execute("SET lock_timeout = '10s'")
            like = name + "%"
            for kind, query in (
                ("SCHEMA", "SELECT nspname FROM pg_namespace WHERE nspname LIKE %s"),
                ("ROLE", "SELECT rolname FROM pg_roles WHERE rolname LIKE %s"),
            ):
                for (found,) in connection.execute(query.encode(), (like,)).fetchall():
                    named = sql.Identifier(found)
                    if kind == "ROLE":
                        connection.execute(sql.SQL("DROP OWNED BY {}").format(named))
                        connection.execute(sql.SQL("DROP ROLE {}").format(named))
                    else:
                        connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(named))


def shared_server(shared: Path, watched: int) -> str:
    """Return the URL of the server of this test run, started by whoever asks first; LookupError when there is none."""
    told = os.environ.get("PARAPH_TEST_PG", "")
    if "://" in told:
        return told
    answer = shared / "postgres.json"
    try:
        os.close(os.open(shared / "postgres.begun", os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        found = _awaited(answer)
    else:
        found = _started(watched)
        draft = answer.with_suffix(".part")
        draft.write_text(json.dumps(found))
        draft.replace(answer)
    if "problem" in found:
        raise LookupError(found["problem"])
    return found["url"]


def _started(watched: int) -> dict[str, str]:
    try:
        own = make_server(watched)
    except (LookupError, OSError, subprocess.CalledProcessError) as fault:
        return {"problem": str(fault)}
    try:
        own.start()
    except RuntimeError as fault:
        own.remove()
        return {"problem": str(fault)}
    _kept.append(own)  # it goes on after us, until the tests end
    return {"url": own.url}


def _awaited(answer: Path) -> dict[str, str]:
    until = time.monotonic() + 2 * PATIENCE
    while not answer.exists():
        if time.monotonic() > until:
            return {"problem": "another worker began a server and never said where"}
        time.sleep(0.05)
    found: dict[str, str] = json.loads(answer.read_text())
    return found


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Server:
    """Return the server of this test run; in CI a missing one fails, elsewhere its tests are skipped."""
    base = tmp_path_factory.getbasetemp()
    alone = worker_id == "master"
    try:
        return Server(shared_server(base if alone else base.parent, os.getpid() if alone else os.getppid()))
    except LookupError as missing:
        if os.environ.get("CI"):
            pytest.fail(f"no PostgreSQL to test on: {missing}")
        pytest.skip(f"no PostgreSQL to test on: {missing}")


@pytest.fixture
def postgres_url(postgres: Server) -> Iterator[str]:
    """Return a superuser's URL of a register that does not exist yet; it is gone after the test."""
    with postgres.fresh_schema() as schema:
        yield postgres.named(schema)
