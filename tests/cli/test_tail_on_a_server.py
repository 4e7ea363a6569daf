"""`tail` on a server where many commit late and undo, and which is stopped and comes back: each event once (P9)."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from cli.wiring import create_register
from tests.cli.program import ROOT, STARTED, environment
from tests.figures import Figure
from tests.postgres import Server
from tests.postgres_server import Own, make_server

WRITERS, EACH = 4, 15


@pytest.fixture
def own() -> Iterator[Own]:
    """Return a running server of this test's own."""
    server = make_server(os.getpid())
    try:
        server.start()
        yield server
    finally:
        server.remove()


def tailed(own: Own, folder: Path, each: int, stops: int) -> str:
    """Follow late and undoing writers by `tail` while the server is stopped at once and started; return the figure."""
    url, last = Server(own.url).named("reg"), WRITERS * each
    create_register(url, timezone="UTC").close()
    with ExitStack() as running:

        def run(*command: str, **more: Any) -> "subprocess.Popen[str]":
            process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **more)
            running.enter_context(process)  # closes its pipe and waits
            running.callback(process.kill)
            return process

        home = environment(folder, PYTHONUNBUFFERED="1")
        tail = run(*STARTED, "tail", "--from", "0", "--count", str(last), "--json", "--db", url, env=home)
        ids = [[str(UUID(int=n * 1000 + m)) for m in range(each)] for n in range(WRITERS)]
        late = [sys.executable, "-m", "tests.eventstore.late_writer", url]
        writers = [run(*late, str(n), *mine, cwd=ROOT) for n, mine in enumerate(ids)]
        assert tail.stdout is not None
        seen = []
        for number, line in enumerate(tail.stdout, 1):
            seen.append(json.loads(line))
            if number % (last // (stops + 1)) == 0 and number < last:
                own.stop((signal.SIGQUIT, signal.SIGINT)[number % 2])
                own.start()
        assert tail.wait() == 0
        for writer in writers:
            writer.communicate()
        assert [writer.returncode for writer in writers] == [0] * WRITERS
    assert [event["position"] for event in seen] == list(range(1, last + 1))
    assert {event["id"] for event in seen} == {name for mine in ids for name in mine}
    stopped = f"{last} events, late commits, 10% undone, server stopped {stops} times"
    return f"`paraph tail`, {stopped}: 0 missed, 0 repeated"


def test_tail_outlives_the_server(own: Own, tmp_path: Path, figure: Figure) -> None:
    """Stopped twice under four writers, the server comes back, and what is followed is 1, 2, 3 … and no more."""
    figure("P9", tailed(own, tmp_path, EACH, 2))


@pytest.mark.soak
def test_tail_outlives_the_server_many_times(own: Own, tmp_path: Path, figure: Figure) -> None:
    """The same twenty times."""
    figure("P9", tailed(own, tmp_path, 200, 20))
