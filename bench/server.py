"""Appends on a PostgreSQL server beside what the driver alone commits there (RELIABILITY.md P6)."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from time import perf_counter
from uuid import UUID

import psycopg

from eventstore.log import EventStore
from tests.eventstore.givens import REGISTER
from tests.eventstore.writer import proposal
from tests.postgres import Server
from tests.postgres_server import make_server


@contextmanager
def server() -> Iterator[Server]:
    """Run a server of our own in a folder that is thrown away."""
    own = make_server(os.getpid())
    try:
        own.start()
        yield Server(own.url)
    finally:
        own.remove()


def appends(on: Server, count: int) -> float:
    """Append single events, a commit each; returns seconds."""
    with EventStore.create(on.named("bench"), register_id=REGISTER) as store:
        begun = perf_counter()
        for n in range(count):
            store.append([proposal(str(UUID(int=n)), f"project/p{n % 7}")], now=datetime.now(UTC))
        return perf_counter() - begun


def raw_commits(on: Server, count: int) -> float:
    """Commit single rows with the driver alone; returns seconds."""
    with psycopg.connect(on.url) as raw:
        raw.execute("CREATE TABLE raw (n int PRIMARY KEY, body bytea)")
        raw.commit()
        begun = perf_counter()
        for n in range(count):
            raw.execute("INSERT INTO raw VALUES (%s, %s)", (n, b"x" * 400))
            raw.commit()
        return perf_counter() - begun
