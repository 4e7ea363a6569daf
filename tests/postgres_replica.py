"""A primary of the tests' own and its streaming replica, both on loopback, both in throw-away folders."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from tests.postgres import Server
from tests.postgres_server import PATIENCE, Own, free_port, make_server


@dataclass(frozen=True)
class Pair:
    """A running primary, and the replica that streams from it."""

    primary: Own
    replica: Own

    def place(self, name: str = "paraph") -> str:
        """Return the URL of a register on the primary."""
        return Server(self.primary.url).named(name)

    def copy(self, name: str = "paraph") -> str:
        """Return the URL of the same register on the replica."""
        return Server(self.replica.url).named(name)

    def pause(self) -> None:
        """Let the replica receive and replay nothing more, as one that lags without end."""
        Server(self.replica.url)("SELECT pg_wal_replay_pause()")
        await_that(lambda: Server(self.replica.url)("SELECT pg_get_wal_replay_pause_state()") == [("paused",)])

    @contextmanager
    def late(self, by: str) -> Iterator[None]:
        """Let the replica replay each commit so much later than it was made."""
        replica = Server(self.replica.url)
        replica(f"ALTER SYSTEM SET recovery_min_apply_delay = '{by}'", "SELECT pg_reload_conf()")
        try:
            yield
        finally:
            replica("ALTER SYSTEM RESET recovery_min_apply_delay", "SELECT pg_reload_conf()")

    def resume(self) -> None:
        """Let the replica go on."""
        Server(self.replica.url)("SELECT pg_wal_replay_resume()")

    def level(self) -> None:
        """Wait until the replica has replayed all that the primary has written."""
        [(written,)] = Server(self.primary.url)("SELECT pg_current_wal_lsn()::text")
        await_that(lambda: Server(self.replica.url)(f"SELECT pg_last_wal_replay_lsn() >= '{written}'") == [(True,)])

    def cut_off(self) -> None:
        """Stop the primary at once, as in a crash, and wait until the replica has noticed."""
        self.primary.stop()
        self._await_no_receiver()

    def stop_receiving(self) -> None:
        """Have the replica cut the stream, while the primary goes on."""
        replica = Server(self.replica.url)
        replica("ALTER SYSTEM SET primary_conninfo = ''", "SELECT pg_reload_conf()")
        self._await_no_receiver()

    def promote(self) -> None:
        """Make the replica a primary."""
        assert Server(self.replica.url)("SELECT pg_promote()") == [(True,)]

    def _await_no_receiver(self) -> None:
        await_that(lambda: Server(self.replica.url)("SELECT count(*) FROM pg_stat_wal_receiver") == [(0,)])


@dataclass(frozen=True)
class Shared:
    """A register of one test: its place on the primary, and where the replica has it."""

    pair: Pair
    place: str
    copy: str


@contextmanager
def replicated(**settings: str) -> Iterator[Pair]:
    """Run a primary with these settings, and a replica that has come as far."""
    primary = make_server(os.getpid(), **settings)
    replica: Own | None = None
    try:
        primary.start()
        replica = _copied(primary)
        replica.start(unix_socket_directories=str(replica.folder), synchronous_standby_names="")
        pair = Pair(primary, replica)
        pair.level()
        yield pair
    finally:
        if replica is not None:
            replica.remove()
        primary.remove()  # the last, for the programs may lie in its folder


@pytest.fixture(scope="session")
def pair() -> Iterator[Pair]:
    """Return a primary and its replica; in CI missing programs fail, elsewhere the tests are skipped."""
    try:
        with replicated() as running:
            yield running
    except LookupError as missing:
        if os.environ.get("CI"):
            pytest.fail(f"no PostgreSQL to test on: {missing}")
        pytest.skip(f"no PostgreSQL to test on: {missing}")


@pytest.fixture
def shared(pair: Pair) -> Iterator[Shared]:
    """Return the places of a register not made yet; after the test it is gone and the replica level."""
    with Server(pair.primary.url).fresh_schema() as schema:
        yield Shared(pair, pair.place(schema), pair.copy(schema))
        pair.resume()
    pair.level()


def _copied(primary: Own) -> Own:
    """Lay out a replica of a running primary, without starting it."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    folder.chmod(0o755)
    if primary.user:
        shutil.chown(folder, primary.user)
    source = f"host=127.0.0.1 port={primary.port} user=desk"
    told = ["-d", source, "-D", str(folder / "data"), "-R", "-X", "stream", "-c", "fast", "--no-sync"]
    command = [str(primary.bin / "pg_basebackup"), *told]
    try:
        subprocess.run(command, user=primary.user or None, cwd=folder, check=True, capture_output=True)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Own(primary.bin, primary.watched, primary.user, folder, free_port())


def await_that(holds: Callable[[], bool]) -> None:
    """Wait until something holds; an AssertionError when it never does."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            if holds():
                return
        except psycopg.OperationalError:
            pass
        assert time.monotonic() < until, "it never came about"
        time.sleep(0.02)
