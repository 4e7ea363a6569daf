"""The doorbell: who recorded rings, who follows wakes at once. Polling stays the truth (ADR 23).

It is rung after the commit, in a transaction of its own: a NOTIFY inside an append would hold a lock of the whole
server while the append is flushed, and would fail it once the queue of notifications is full.
"""

from contextlib import suppress
from time import sleep
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import PoolProxiedConnection

from eventstore.errors import StoreError
from eventstore.postgres.address import Address
from eventstore.postgres.session import SESSION, Session

_AGAIN = 1.0
"""After so many seconds a lost bell is looked for again."""


def ring(connection: Connection, address: Address) -> None:
    """Wake who follows, after a commit; whatever goes wrong here is no fault of what was recorded."""
    driver: Any = connection.connection.driver_connection
    try:
        driver.autocommit = True
        # One message with two statements is one transaction. Losing the bell in a crash loses nothing, so that the
        # disk is not waited for a second time.
        driver.execute(f'SET LOCAL synchronous_commit = off; NOTIFY "{_channel(address)}"')
        driver.autocommit = False
    except psycopg.Error:
        connection.invalidate()


class Doorbell:
    """A connection of its own that hears the bell; where there can be none, a clock."""

    def __init__(self, engine: Engine, address: Address) -> None:
        self._engine = engine
        self._address = address
        self._driver: Any = None
        self._deaf = False

    def wait(self, seconds: float) -> None:
        """Return when the bell rings, at the latest after so many seconds; perhaps sooner."""
        if self._driver is not None:
            self._hear(seconds)
        elif self._deaf:
            sleep(seconds)
        elif not self._listen():
            sleep(min(seconds, _AGAIN))
        # Just listening: what was recorded before rang for nobody, so the caller looks once more.

    def close(self) -> None:
        """Let the connection go."""
        if self._driver is not None:
            with suppress(psycopg.Error):
                self._driver.close()
            self._driver = None

    def _hear(self, seconds: float) -> None:
        try:
            for _ in self._driver.notifies(timeout=seconds, stop_after=1):
                pass
        except (psycopg.Error, OSError):
            self.close()
            sleep(min(seconds, _AGAIN))

    def _listen(self) -> bool:
        """Listen, and say so; a server that refuses, or a pooler between it and us, makes us deaf for good."""
        try:
            pooled = self._engine.raw_connection()
        except (DBAPIError, StoreError, psycopg.Error):
            return False
        self._driver, self._deaf = pooled.driver_connection, _behind_a_pooler(pooled)
        pooled.detach()
        try:
            self._driver.autocommit = True
            if not self._deaf:
                self._driver.execute(f'LISTEN "{_channel(self._address)}"')
        except psycopg.OperationalError:
            self.close()
        except psycopg.Error:
            self._deaf = True
        if self._deaf:
            self.close()
        return self._driver is not None


def _behind_a_pooler(connection: PoolProxiedConnection) -> bool:
    """Say whether the session is not the server's own: LISTEN would stay with one that others are given."""
    session: Session = connection.info[SESSION]
    return session.pooled


def _channel(address: Address) -> str:
    return f"{address.schema}_bell"
