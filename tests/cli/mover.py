"""The program with an accident at a moment of one's choice: `python -m tests.cli.mover MOMENT HOW ARGUMENT …`.

MOMENT is `reserved`, `laying-out`, `created`, or a number: once so many events are written. HOW is the name of a
signal, or `cut`: the server ends every session of this program within its transaction.
"""

import os
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import psycopg

import cli.copying
from cli.main import run
from eventstore import copying, engines, places
from eventstore import restore as restoring
from eventstore.copying import Copy
from eventstore.reader import Reader
from eventstore.sqlite import engine as sqlite
from projections.runner import follow

_CUT = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = %s AND pid <> pg_backend_pid()"


def accident(how: str) -> None:
    """Have the accident."""
    if how == "cut":
        with psycopg.connect(os.environ["PARAPH_TEST_SERVER"], autocommit=True) as connection:
            connection.execute(_CUT, (os.environ["PARAPH_TEST_USER"],))
    else:
        os.kill(os.getpid(), getattr(signal, how))


def after(function: Callable[..., Any], how: str) -> Callable[..., Any]:
    """Return the function with the accident behind it."""

    def call(*args: Any, **more: Any) -> Any:
        found = function(*args, **more)
        accident(how)
        return found

    return call


def main(moment: str, how: str, *arguments: str) -> None:
    """Run the command in chunks of ten, with the accident."""
    restoring.CHUNK = 10
    if moment == "reserved":
        patched: Any = patch.object(sqlite, "reserve", after(places.reserve, how))
    elif moment == "laying-out":
        patched = patch.object(sqlite3, "connect", _slow_maker(how))
    elif moment == "created":
        patched = patch.object(engines, "create", after(engines.create, how))
    elif how == "cut":
        patched = _in_transactions(int(moment))
    else:
        patched = patch.object(Copy, "run", _until(int(moment), how))
    with patched:
        run([*arguments])


@contextmanager
def _in_transactions(events: int) -> Iterator[None]:
    """Cut the sessions off at their work: one that nobody uses is only made anew."""
    after_ = Reader.after

    def followed(connection: Any, fresh: Any) -> None:
        if fresh[-1].position >= events:
            accident("cut")
        follow(connection, fresh)

    def read(reader: Reader, position: int, **more: Any) -> Any:
        if position >= events:
            accident("cut")
        return after_(reader, position, **more)

    with (
        patch.object(cli.copying, "follow", followed),
        patch.object(Reader, "after", read),
        patch.object(copying, "_BATCH", 50),
    ):
        yield


def _until(events: int, how: str) -> Callable[..., Any]:
    original = Copy.run

    def going(job: Copy, **more: Any) -> Any:
        for head in original(job, **more):
            yield head
            if head.size >= events:
                accident(how)

    return going


def _slow_maker(how: str) -> Callable[..., sqlite3.Connection]:
    """Connect so that pages are written before the commit, and the accident comes with the last trigger."""

    class Connection(sqlite3.Connection):
        def execute(self, statement: str, *args: Any) -> sqlite3.Cursor:
            if statement.startswith("BEGIN EXCLUSIVE"):
                super().execute("PRAGMA cache_size = 1")
            if statement.startswith("INSERT INTO head"):
                accident(how)
            return super().execute(statement, *args)

    original = sqlite3.connect
    return lambda *args, **more: original(*args, factory=Connection, **more)


if __name__ == "__main__":
    main(*sys.argv[1:])
