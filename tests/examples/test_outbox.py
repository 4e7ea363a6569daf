"""The example outbox: every event reaches NATS JetStream once and in order, whatever is killed on the way."""

import asyncio
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import nats
import pytest

from eventstore.log import EventStore
from tests.eventstore.writer import proposal

ROOT = Path(__file__).parents[2]
OUTBOX = [sys.executable, str(ROOT / "examples" / "outbox-nats" / "outbox.py")]
EVENTS = 400


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """Start a server that keeps what it is told, and return its address."""
    program = shutil.which("nats-server", path=str(Path(sys.executable).parent)) or shutil.which("nats-server")
    assert program, "nats-server is missing: it comes with the dev extra, or as Debian's package"
    options = ["-js", "-sd", str(tmp_path / "js"), "-a", "127.0.0.1", "-p", "-1", "--ports_file_dir", str(tmp_path)]
    with subprocess.Popen([program, *options], stderr=subprocess.DEVNULL) as process:
        try:
            while not (found := [*tmp_path.glob("*.ports")]):
                assert process.poll() is None
                time.sleep(0.02)
            yield json.loads(found[0].read_text())["nats"][0]
        finally:
            process.terminate()


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """Return a register with some hundred events."""
    place = tmp_path / "register.db"
    ids = [f"00000000-0000-4000-8000-{n:012x}" for n in range(EVENTS)]
    with EventStore.create(place, register_id="5f0e6d1c-2a77-4a52-9d8e-0c8f5b1f6a11") as store:
        store.append([proposal(name, f"project/p{n % 7}") for n, name in enumerate(ids)], now=datetime.now(UTC))
    return place


def passed_on(register: Path, server: str) -> "subprocess.CompletedProcess[str]":
    """Run the outbox until it is level."""
    command = [*OUTBOX, str(register), server, "--until-level"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)


def messages(server: str) -> list[bytes]:
    """Return what the stream holds, in order."""

    async def read() -> list[bytes]:
        client = await nats.connect(server)
        js = client.jetstream()
        size = (await js.stream_info("PARAPH")).state.last_seq
        found = [(await js.get_msg("PARAPH", seq=number)).data or b"" for number in range(1, size + 1)]
        await client.close()
        return found

    return asyncio.run(read())


def bodies(register: Path) -> list[bytes]:
    """Return the bytes of every event."""
    with EventStore.open(register) as store:
        return [event.body for event in store.stream_all()]


def test_every_event_is_passed_on_as_it_is_stored(register: Path, server: str) -> None:
    """The messages are the stored bytes in the order of the log; passing on again adds none."""
    assert json.loads(passed_on(register, server).stdout) == {"published": EVENTS}
    assert json.loads(passed_on(register, server).stdout) == {"published": 0}
    assert messages(server) == bodies(register)


def test_killed_at_any_moment_it_goes_on_without_a_gap_or_a_repetition(register: Path, server: str) -> None:
    """Killed again and again, and started again, each event is there once and in order."""
    command = [*OUTBOX, str(register), server]
    for moment in (0.1, 0.25, 0.4, 0.45, 0.5, 0.55):
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as outbox:
            time.sleep(moment)
            outbox.kill()
    passed_on(register, server)
    assert messages(server) == bodies(register)


def test_two_at_once_do_not_interleave(register: Path, server: str) -> None:
    """Of two outboxes at the same time one may stop with an error; what is passed on stays right."""
    command = [*OUTBOX, str(register), server, "--until-level"]
    both = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    for outbox in both:
        outbox.communicate(timeout=120)
    passed_on(register, server)
    assert messages(server) == bodies(register)
