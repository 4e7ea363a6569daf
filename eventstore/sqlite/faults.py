"""What SQLite's error codes mean to the store."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from eventstore.errors import Damaged, Reason, Refused, StoreError, Unavailable

_REASONS: Mapping[int, Reason] = {
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_PROTOCOL: "locked",
    sqlite3.SQLITE_READONLY: "read-only",
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_NOTADB: "not-a-register",
    sqlite3.SQLITE_IOERR: "io",
    sqlite3.SQLITE_CANTOPEN: "io",
    sqlite3.SQLITE_PERM: "io",
    sqlite3.SQLITE_AUTH: "io",
    sqlite3.SQLITE_NOMEM: "io",
    sqlite3.SQLITE_NOLFS: "io",
}
_PRIMARY = 0xFF  # an extended result code carries its primary code in the low byte
# Raised before SQLite's commit point, so nothing was committed; any other failure leaves it open.
_BEFORE_COMMIT = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY})


@contextmanager
def translated(place: Path | None = None) -> Iterator[None]:
    """Turn the errors of SQLite into the store's names; the one place that does.

    Faults of a statement itself (no such table, a broken constraint) stay as they are: they are
    the caller's bugs.
    """
    try:
        yield
    except (DBAPIError, sqlite3.Error) as fault:
        named = name_of(fault, place)
        if named is None:
            raise
        raise named from fault


def name_of(fault: DBAPIError | sqlite3.Error, place: Path | None) -> StoreError | None:
    """Return what an error of SQLite is to the store, None when it is the caller's bug."""
    cause = fault.orig if isinstance(fault, DBAPIError) else fault
    code = getattr(cause, "sqlite_errorcode", None)
    if code == sqlite3.SQLITE_CONSTRAINT_TRIGGER:
        return Refused("append-only", str(cause))
    if _primary_code(fault) == sqlite3.SQLITE_CORRUPT or (code is None and "decode" in str(cause)):
        return Damaged(str(cause))  # text that is no UTF-8 is found by the driver, without a code
    reason = _REASONS.get(_primary_code(fault))
    return Unavailable(reason, str(place) if place else None, str(cause)) if reason else None


def nothing_committed(fault: DBAPIError) -> bool:
    """Say whether a commit that failed so surely committed nothing."""
    return _primary_code(fault) in _BEFORE_COMMIT


def locked(fault: DBAPIError) -> bool:
    """Say whether somebody else held the lock."""
    return _primary_code(fault) == sqlite3.SQLITE_BUSY


def _primary_code(fault: DBAPIError | sqlite3.Error) -> int:
    cause = fault.orig if isinstance(fault, DBAPIError) else fault
    return int(getattr(cause, "sqlite_errorcode", 0)) & _PRIMARY
