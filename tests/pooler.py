"""Poolers that lend sessions by transaction: one of our own on every machine, PgBouncer where it is installed.

Ours is as unkind as a pooler may be: it hands every transaction to another session than the one before, resets
nothing, and its sessions are set up badly from the start.
"""

import contextlib
import os
import secrets
import shutil
import socket
import struct
import subprocess
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import pq
from psycopg.pq.abc import PGconn
from sqlalchemy import make_url

from tests.postgres_server import PATIENCE, free_port

BAD = {
    "lock_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "statement_timeout": "0",
    "synchronous_commit": "off",
    "search_path": "public, pg_catalog",
    "row_security": "on",
    "TimeZone": "Asia/Baku",
}
"""How its sessions are set up, and must be when they are given back."""

_SHOWN = ("server_version", "server_encoding", "client_encoding", "standard_conforming_strings", "DateStyle")
_PLAIN, _NO_TLS, _CANCEL = 196608, {80877103, 80877104}, 80877102


@dataclass
class Pooler:
    """A pooler of our own before a server, with so many sessions for each user and database.

    A client is told a number of the pooler's own, or, where it is `hidden`, that of the second session to be lent:
    the first transaction of a client's is SQLAlchemy's, and the next one ours.
    """

    url: str
    sessions: int = 3
    hidden: bool = False
    door: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    free: dict[tuple[str, str], "deque[PGconn]"] = field(default_factory=dict)
    change: threading.Condition = field(default_factory=threading.Condition)

    @property
    def port(self) -> int:
        """Return where it listens."""
        port: int = self.door.getsockname()[1]
        return port

    def run(self) -> None:
        """Serve until the door is closed."""
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.door.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def close(self) -> None:
        """Let nobody in any more, and end the sessions nobody uses."""
        with contextlib.suppress(OSError):
            self.door.shutdown(socket.SHUT_RDWR)
        self.door.close()
        with self.change:
            for waiting in self.free.values():
                for session in waiting:
                    session.finish()

    def _serve(self, client: socket.socket) -> None:
        with client, contextlib.suppress(EOFError, OSError):
            told = _greeted(client)
            whose = told["user"], told.get("database", told["user"])
            try:
                shown = self._pool_of(*whose)
            except psycopg.OperationalError as fault:
                client.sendall(_message(b"E", b"SFATAL\0C28000\0M" + str(fault).encode() + b"\0\0"))
                return
            words = [(name, shown.parameter_status(name.encode()) or b"") for name in _SHOWN]
            status = b"".join(_message(b"S", name.encode() + b"\0" + value + b"\0") for name, value in words)
            number = shown.backend_pid if self.hidden else secrets.randbelow(2**31)
            key = _message(b"K", struct.pack("!ii", number, 1))
            client.sendall(_message(b"R", struct.pack("!i", 0)) + status + key + _message(b"Z", b"I"))
            while self._transaction(client, whose):
                pass

    def _transaction(self, client: socket.socket, whose: tuple[str, str]) -> bool:
        """Lend a session to the client until it is idle again; False when the client took its leave."""
        kind, first = _received(client)
        if kind == b"X":
            return False
        session = self._lent(whose)
        with socket.socket(fileno=os.dup(session.socket)) as server:
            try:
                server.setblocking(True)  # noqa: FBT003 - the name of the call says it
                _pass_on(client, server, kind, first)
            except BaseException:
                session.finish()  # a client that goes within its transaction takes the session along
                session = self._made(*whose)
                raise
            finally:
                with self.change:
                    self.free[whose].append(session)
                    self.change.notify()
        return True

    def _lent(self, whose: tuple[str, str]) -> PGconn:
        with self.change:
            self.change.wait_for(lambda: self.free[whose], PATIENCE)
            return self.free[whose].popleft()

    def _pool_of(self, user: str, database: str) -> PGconn:
        with self.change:
            if (user, database) not in self.free:
                self.free[user, database] = deque(self._made(user, database) for _ in range(self.sessions))
            self.change.wait_for(lambda: self.free[user, database], PATIENCE)
            waiting = self.free[user, database]
            return waiting[1 % len(waiting)]

    def _made(self, user: str, database: str) -> PGconn:
        url = make_url(self.url)
        words = f"host={url.host} port={url.port} user={user} dbname={database} sslmode=disable gssencmode=disable"
        session = pq.PGconn.connect(words.encode())
        if session.status != pq.ConnStatus.OK:
            raise psycopg.OperationalError(session.get_error_message())
        for name, value in BAD.items():
            session.exec_(f"SET {name} = {value if name == 'search_path' else repr(value)}".encode())
        return session


def _greeted(client: socket.socket) -> dict[str, str]:
    """Return what a client says of itself when it comes in."""
    while True:
        (length,) = struct.unpack("!i", _exactly(client, 4))
        body = _exactly(client, length - 4)
        (code,) = struct.unpack("!i", body[:4])
        if code == _PLAIN:
            words = body[4:].decode().split("\0")
            return dict(zip(words[::2], words[1::2], strict=False))
        if code not in _NO_TLS:
            raise EOFError
        client.sendall(b"N")


def _pass_on(client: socket.socket, server: socket.socket, kind: bytes, first: bytes) -> None:
    """Pass messages to and fro until the server is idle and owes no answer."""
    owed, status = 0, b"T"
    while True:
        if kind == b"X":
            raise EOFError
        server.sendall(_message(kind, first))
        owed += kind in {b"Q", b"S"}
        while owed:
            answer, body = _received(server)
            client.sendall(_message(answer, body))
            if answer == b"Z":
                owed, status = owed - 1, body
        if status == b"I" and kind in {b"Q", b"S"}:
            return
        kind, first = _received(client)


def _message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!i", len(body) + 4) + body


def _received(peer: socket.socket) -> tuple[bytes, bytes]:
    kind, length = struct.unpack("!ci", _exactly(peer, 5))
    return kind, _exactly(peer, length - 4)


def _exactly(peer: socket.socket, length: int) -> bytes:
    parts = b""
    while len(parts) < length:
        part = peer.recv(length - len(parts))
        if not part:
            raise EOFError
        parts += part
    return parts


@contextlib.contextmanager
def own_pooler(url: str, *, hidden: bool = False) -> Iterator[str]:
    """Yield the URL of a server through a pooler of our own."""
    pooler = Pooler(url, hidden=hidden)
    threading.Thread(target=pooler.run, daemon=True).start()
    try:
        yield make_url(url).set(port=pooler.port).render_as_string(hide_password=False)
    finally:
        pooler.close()


_ANYBODY = "SELECT rolname, NULL::text FROM pg_catalog.pg_roles WHERE rolname = $1"
INSTALLED = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")


@contextlib.contextmanager
def pgbouncer(url: str) -> Iterator[str]:
    """Yield the URL of a server through PgBouncer in transaction mode, with sessions set up as badly."""
    own, port = make_url(url), free_port()
    assert INSTALLED, "PgBouncer is to be tested here, and is not installed"
    folder = Path(tempfile.mkdtemp(prefix="pgb-"))
    bad = "; ".join(f"SET {name} = {value if name == 'search_path' else repr(value)}" for name, value in BAD.items())
    query = bad.replace("'", "''")
    settings = f"""[databases]
* = host={own.host} port={own.port} connect_query='{query}'
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {folder / "users"}
auth_query = {_ANYBODY}
auth_user = {own.username}
pool_mode = transaction
default_pool_size = 3
server_round_robin = 1
logfile = {folder / "log"}
"""
    (folder / "users").write_text(f'"{own.username}" ""\n')
    (folder / "pgbouncer.ini").write_text(settings)
    folder.chmod(0o777)
    as_nobody = ["-u", "nobody"] if os.geteuid() == 0 else []
    command = [INSTALLED, "-q", *as_nobody, str(folder / "pgbouncer.ini")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _await(port, process, folder / "log")
            yield own.set(port=port).render_as_string(hide_password=False)
        finally:
            process.terminate()
            process.wait(PATIENCE)
            shutil.rmtree(folder, ignore_errors=True)


def _await(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert process.poll() is None, log.read_text() if log.exists() else "PgBouncer ended"
            assert time.monotonic() < until, "PgBouncer does not listen"
            time.sleep(0.05)
        else:
            return
