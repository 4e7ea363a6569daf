"""How long a writer waits for its turn: longer while others record than while one of them hangs."""

import sqlite3
from time import monotonic
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from eventstore.sqlite.faults import locked

HUNG = 10.0
"""So long anybody waits while nothing moves: who hangs must not make the others hang (P10)."""
_SLICE = 1.0


def begin_writing(connection: Connection, patience: float) -> None:
    """Take the write lock, a slice of waiting after the other; between them look whether somebody committed."""
    driver: Any = connection.connection.driver_connection
    (told,) = driver.execute("PRAGMA busy_timeout").fetchone()
    driver.execute(f"PRAGMA busy_timeout = {round(min(patience, _SLICE) * 1000)}")
    try:
        _begin(connection, driver, patience)
    finally:
        driver.execute(f"PRAGMA busy_timeout = {told}")


def _begin(connection: Connection, driver: Any, patience: float) -> None:
    begun = moved = monotonic()
    seen: int | None = None
    while True:
        try:
            connection.begin()
        except DBAPIError as fault:
            found = _commits(driver)
            if seen is not None and found not in {None, seen}:
                moved = monotonic()
            seen = found or seen
            if not locked(fault) or monotonic() >= min(begun + patience, moved + HUNG):
                raise
        else:
            return


def _commits(driver: Any) -> int | None:
    """Return a number that changes whenever somebody else commits; None while one is at it."""
    try:
        return int(driver.execute("PRAGMA data_version").fetchone()[0])
    except sqlite3.OperationalError:
        return None
