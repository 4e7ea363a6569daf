"""Each row: what was measured, its rate, its peer's rate in the same run, and the ratio of the two."""

import json
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from time import perf_counter
from uuid import UUID

from bench import server
from cli.exporting import FORMATS, Export
from cli.importing import Import
from cli.options import Asked
from cli.outfile import opened
from cli.planning import record
from cli.register import Register
from cli.wiring import create_register
from domain.factline import draft_of
from eventstore.verify import verify
from projections.rebuild import check

STREAMS = 500
SINGLE = 200


def timed(work: Callable[[], object]) -> float:
    """Return how many seconds a piece of work takes."""
    begun = perf_counter()
    work()
    return perf_counter() - begun


def facts(count: int) -> bytes:
    """Return facts of many agreements as JSON lines: two parties, opened, signed, valued."""
    lines = [
        {"type": "PartyRegistered", "stream": f"party/p{n:04}", "on": "2020-01-01", "data": {"name": f"Party {n}"}}
        for n in range(2)
    ]
    for n in range(count):
        stream, on = f"agreement/a{n:06}", "2021-01-01"
        lines += [
            {"type": "AgreementOpened", "stream": stream, "on": on, "data": {"title": f"MoU {n}", "kind": "mou"}},
            {"type": "PartyAdded", "stream": stream, "on": on, "data": {"party": "p0000"}},
            {"type": "PartyAdded", "stream": stream, "on": on, "data": {"party": "p0001"}},
            {"type": "AgreementSigned", "stream": stream, "on": on, "data": {"place": "Baku"}},
            {"type": "ValueStated", "stream": stream, "on": on, "data": {"amount": str(n + 1), "currency": "USD"}},
        ]
    return b"\n".join(json.dumps(line).encode() for line in lines)


@contextmanager
def register() -> Iterator[Register]:
    """Make a register in a folder that is thrown away."""
    ids = iter(range(1, 10**9))
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        store = stack.enter_context(create_register(str(Path(folder) / "bench.db"), timezone="UTC"))
        yield Register(store, lambda: datetime.now(UTC), lambda: str(UUID(int=next(ids))), "bench")


def raw_commits(count: int) -> float:
    """Commit single rows with the driver alone, under the register's settings; returns seconds."""
    with tempfile.TemporaryDirectory() as folder:
        raw = sqlite3.connect(Path(folder) / "raw.db", isolation_level=None)
        raw.execute("PRAGMA journal_mode=TRUNCATE")
        raw.execute("PRAGMA synchronous=EXTRA")
        raw.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, body BLOB)")

        def commit_each() -> None:
            for n in range(count):
                raw.execute("BEGIN IMMEDIATE")
                raw.execute("INSERT INTO t VALUES (?, ?)", (n, b"x" * 400))
                raw.execute("COMMIT")

        seconds = timed(commit_each)
        raw.close()
        return seconds


def single_records(desk: Register, count: int) -> float:
    """Record facts one commit each, each in a short stream; returns seconds."""

    def record_each() -> None:
        for n in range(count):
            said = {"stream": f"party/single-{n:05}", "type": "PartyRegistered", "on": "2021-01-01"}
            record(desk, [draft_of({**said, "data": {"name": f"S {n}"}}, new_id=desk.new_id(), by="bench")])

    return timed(record_each)


def hashing(desk: Register) -> float:
    """Read every stored body and hash it, and nothing else; returns seconds."""

    def hash_all() -> None:
        for event in desk.store.stream_all():
            sha256(b"\0" + event.body).digest()

    return timed(hash_all)


def exporting(desk: Register) -> float:
    """Export the log as JSON lines into a file, as `paraph export` does; returns seconds."""
    with tempfile.TemporaryDirectory() as folder:
        job = Export(desk, Asked(), "log", 0, lambda _done, _total: None)

        def export() -> None:
            with opened(str(Path(folder) / "log.jsonl"), force=False, text=True) as write:
                for line in FORMATS["jsonl"].write(job):
                    write(line)

        return timed(export)


def started(*arguments: str) -> float:
    """Return the seconds from start to end of a fresh process, the best of five."""
    command = [sys.executable, *arguments]
    return min(timed(lambda: subprocess.run(command, check=True, capture_output=True)) for _ in range(5))


def measure() -> Iterator[tuple[str, float, float]]:
    """Yield each measurement with its own rate and its peer's, per second."""
    with register() as desk:
        data = facts(STREAMS)
        count = data.count(b"\n") + 1
        imported = timed(lambda: Import(desk, by="bench", progress=lambda _done, _total: None).run(BytesIO(data)))
        parsed = timed(lambda: [json.loads(line) for line in data.splitlines()])
        yield "import, facts (peer: json.loads)", count / imported, count / parsed
        yield "record, commits (peer: raw sqlite3)", SINGLE / single_records(desk, SINGLE), SINGLE / raw_commits(SINGLE)
        size = count + SINGLE
        yield "verify, events (peer: read and hash)", size / timed(lambda: verify(desk.store)), size / hashing(desk)
        yield (
            "replay all and compare, events (peer: read and hash)",
            size / timed(lambda: check(desk.store)),
            size / hashing(desk),
        )
        yield "export jsonl, events (peer: read and hash)", size / exporting(desk), size / hashing(desk)
    with server.server() as on:
        own, peer = SINGLE / server.appends(on, SINGLE), SINGLE / server.raw_commits(on, SINGLE)
        yield "append on PostgreSQL, commits (peer: raw psycopg; P6 >= 150)", own, peer
    yield (
        "paraph --help, starts (peer: python -c pass)",
        1 / started("-m", "paraph", "--help"),
        1 / started("-c", "pass"),
    )


def main() -> None:
    """Print the table."""
    print(f"{'what':60} {'rate/s':>10} {'peer/s':>12} {'ratio':>7}")
    for what, rate, peer in measure():
        print(f"{what:60} {rate:10.0f} {peer:12.0f} {rate / peer:7.3f}")


if __name__ == "__main__":
    main()
