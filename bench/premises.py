"""The server of a simulation, the registers on it, and what they weigh: pages, catalogs, connections."""

import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from bench.office import FIRST, fact, put
from cli.register import Register
from cli.wiring import clock, create_register, open_register, random_id
from eventstore.log import EventStore
from tests.postgres_server import Own, make_server

SETTINGS = {"shared_buffers": "128MB", "max_connections": "300"}
_PRIVATE = re.compile(r"^Private_\w+: +(\d+) kB", re.MULTILINE)


@dataclass(frozen=True)
class Server:
    """A server of our own; it ends with this process."""

    own: Own

    def place(self, schema: str, database: str = "postgres") -> str:
        """Return the URL of a register."""
        return f"postgresql://desk@127.0.0.1:{self.own.port}/{database}?schema={schema}"

    def ask(self, question: str, *values: object, database: str = "postgres") -> tuple[Any, ...]:
        """Run one statement as the superuser; return the first row."""
        url = f"postgresql://desk@127.0.0.1:{self.own.port}/{database}"
        with psycopg.connect(url, autocommit=True) as connection:
            found = connection.execute(question.encode(), values)
            return found.fetchone() or () if found.description else ()

    def make(self, schema: str, database: str | None = None) -> float:
        """Make a register, in a database of its own where one is named; return how many seconds that took."""
        begun = time.perf_counter()
        if database:
            self.ask(f"CREATE DATABASE {database}")
        store = create_register(self.place(schema, database or "postgres"), timezone="UTC")
        seconds = time.perf_counter() - begun
        with store:
            put(Register(store, clock, random_id, "bench"), *_BEGINNING)
        return seconds

    @contextmanager
    def slow_disk(self, microseconds: int) -> Iterator[None]:
        """Let each flush of the log wait, as on a disk that needs so long; commits that wait share one flush."""
        for delay in (microseconds, 0):
            self.ask(f"ALTER SYSTEM SET commit_delay = {delay}")
            self.ask(f"ALTER SYSTEM SET commit_siblings = {0 if delay else 5}")
            self.ask("SELECT pg_reload_conf()")
            time.sleep(0.5)
            if delay:
                yield


_BEGINNING = (
    fact("party/one", "PartyRegistered", name="One"),
    fact("party/two", "PartyRegistered", name="Two"),
    fact(FIRST, "AgreementOpened", title="First", kind="mou"),
    fact(FIRST, "PartyAdded", party="one"),
    fact(FIRST, "PartyAdded", party="two"),
    fact(FIRST, "AgreementSigned", place="Baku"),
)


@contextmanager
def server() -> Iterator[Server]:
    """Start a server in a throw-away folder, with the settings a server comes with but for more connections."""
    own = make_server(os.getpid(), **SETTINGS)
    try:
        own.start()
        yield Server(own)
    finally:
        own.remove()


def opening(place: str, times: int = 9) -> float:
    """Return how many seconds it takes to open a register, at best: connect, settle the session, compare the schema."""

    def once() -> float:
        begun = time.perf_counter()
        EventStore.open(place).close()
        return time.perf_counter() - begun

    return min(once() for _ in range(times))


def comparing(place: str, times: int = 9) -> tuple[float, float]:
    """Return the seconds, at best, of comparing the schema whole, and of asking if it changed, as each write does."""
    whole, changed = [], []
    with EventStore.open(place) as store, store.reading() as reader:
        for _ in range(times):
            begun = time.perf_counter()
            store.engine.differences(reader.connection)
            between = time.perf_counter()
            store.engine.schema_version(reader.connection)
            whole.append(between - begun)
            changed.append(time.perf_counter() - between)
    return min(whole), min(changed)


def weight(server: Server, schema: str, database: str = "postgres") -> int:
    """Return the bytes of a register's tables and indexes."""
    question = """SELECT sum(pg_total_relation_size(c.oid))::bigint FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname IN (%s, %s)"""
    return int(server.ask(question, schema, f"{schema}_views", database=database)[0])


def catalogs(server: Server) -> tuple[int, int]:
    """Return how many relations the database knows, and the bytes of its catalogs."""
    question = """SELECT (SELECT count(*) FROM pg_class), (SELECT sum(pg_total_relation_size(oid))::bigint FROM pg_class
    WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind = 'r')"""
    relations, size = server.ask(question)
    return relations, size


def connections(server: Server) -> list[int]:
    """Return the private memory of each connection of an office in bytes; empty where nobody may look."""
    pids, *_ = server.ask("SELECT array_agg(pid) FROM pg_stat_activity WHERE application_name = 'paraph'")
    try:
        return [_private(pid) for pid in pids or ()]
    except OSError:
        return []


def cost(server: Server, place: str, work: Callable[[Register], None], times: int = 200) -> tuple[float, float]:
    """Return the seconds of a processor that a piece of work takes here, and on the server (0 where we may not look).

    They depend little on what else the machine does, as rates do.
    """
    with open_register(place, by="bench") as desk:
        work(desk)
        pids, *_ = server.ask("SELECT array_agg(pid) FROM pg_stat_activity WHERE application_name = 'paraph'")
        own, theirs = time.process_time(), sum(map(_processor, pids))
        for _ in range(times):
            work(desk)
        return (time.process_time() - own) / times, (sum(map(_processor, pids)) - theirs) / times


def _processor(pid: int) -> float:
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def _private(pid: int) -> int:
    told = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    return 1024 * sum(int(size) for size in _PRIVATE.findall(told))
