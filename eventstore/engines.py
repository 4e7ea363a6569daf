"""Everything that is SQLite's: connections, settings, transactions, locks and error codes.

The seam for another engine is this file and `schema`: the rest of the store sees an Engine, two
kinds of transaction, a locked head row and the names of `errors`.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event, select
from sqlalchemy.exc import DBAPIError

from eventstore.errors import Damaged, Reason, Refused, StoreError, Unavailable
from eventstore.places import expect_register_file, files_translated, reserve, sync_folder
from eventstore.schema import TABLES, TRIGGERS
from eventstore.tables import head

FORMAT = 1
APPLICATION_ID = int.from_bytes(b"prph")
OLDEST_SQLITE = (3, 37, 0)  # STRICT tables

# Measured under simulated power cuts: with these nothing acknowledged is lost (RELIABILITY.md
# decision 1). fullfsync is macOS, where a plain fsync stops at the disk's own cache. 16 MB of pages
# make integrity_check a quarter quicker.
_SETTINGS = {
    "synchronous": "EXTRA",
    "foreign_keys": "ON",
    "trusted_schema": "OFF",
    "fullfsync": "ON",
    "cache_size": "-16000",
}

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


def open_engine(path: Path, *, patience: float) -> Engine:
    """Return an engine on a register, one connection tried; Missing or Unavailable if it is none."""
    expect_register_file(path)
    engine = create_engine("sqlite://", creator=lambda: _connect(path, patience), poolclass=QueuePool, max_overflow=-1)
    event.listen(engine, "begin", _begin)
    with translated(path), engine.connect():
        return engine


def for_writing(engine: Engine) -> Engine:
    """Return the engine whose transactions take the write lock at once.

    A deferred BEGIN that turns into a write fails outright when another writer got there first.
    """
    return engine.execution_options(begin="BEGIN IMMEDIATE")


def create_file(path: Path, meta: Mapping[str, str], *, patience: float) -> None:
    """Create a register whole or not at all; Unavailable(exists) and kin when the place is taken."""
    reserve(path)
    try:
        with translated(path), files_translated(path):
            _lay_out(path, meta, patience)
            sync_folder(path.parent)
    except BaseException:
        path.unlink()
        path.with_name(path.name + "-journal").unlink(missing_ok=True)
        raise


def copy_into(connection: Connection, path: Path) -> None:
    """Copy the database, as this transaction sees it, into an empty file of ours."""
    source = connection.connection.driver_connection
    assert isinstance(source, sqlite3.Connection)  # noqa: S101 - this file is the engine
    with translated(path), closing(sqlite3.connect(path)) as copy:
        source.backup(copy)  # in one step: step by step it would begin anew after every commit of others


def lock_head(connection: Connection) -> tuple[int, bytes, str | None]:
    """Return size, peaks and recorded time of the head, held until the commit.

    BEGIN IMMEDIATE has locked the file, so reading is enough here; an engine with row locks takes
    this one FOR UPDATE.
    """
    return read_head(connection)


def read_head(connection: Connection) -> tuple[int, bytes, str | None]:
    """Return size, peaks and recorded time of the head as it stands; Damaged unless there is exactly one."""
    rows = connection.execute(select(head.c.size, head.c.peaks, head.c.recorded)).all()
    if len(rows) != 1:
        raise Damaged(what=f"{len(rows)} head rows")
    return rows[0].size, rows[0].peaks, rows[0].recorded


def commit(connection: Connection) -> None:
    """Commit; Unavailable(unknown-outcome) when a failure leaves open whether it happened."""
    try:
        connection.commit()
    except DBAPIError as fault:
        # SQLAlchemy sends no ROLLBACK after a failed COMMIT: the connection would go back to the
        # pool inside its transaction, holding its locks. Closing it rolls back and lets them go.
        connection.invalidate()
        if _primary_code(fault) in _BEFORE_COMMIT:
            raise
        raise Unavailable(reason="unknown-outcome", detail=str(fault.orig)) from fault


@contextmanager
def translated(place: Path | None = None) -> Iterator[None]:
    """Turn the errors of the database into the store's names; the one place that does.

    Faults of a statement itself (no such table, a broken constraint) stay as they are: they are
    the caller's bugs.
    """
    try:
        yield
    except (DBAPIError, sqlite3.Error) as fault:
        named = _named(fault, str(place) if place else None)
        if named is None:
            raise
        raise named from fault


def _named(fault: DBAPIError | sqlite3.Error, place: str | None) -> StoreError | None:
    cause = fault.orig if isinstance(fault, DBAPIError) else fault
    code = getattr(cause, "sqlite_errorcode", None)
    if code == sqlite3.SQLITE_CONSTRAINT_TRIGGER:
        return Refused("append-only", str(cause))
    if _primary_code(fault) == sqlite3.SQLITE_CORRUPT or (code is None and "decode" in str(cause)):
        return Damaged(str(cause))  # text that is no UTF-8 is found by the driver, without a code
    reason = _REASONS.get(_primary_code(fault))
    return Unavailable(reason, place, str(cause)) if reason else None


def _primary_code(fault: DBAPIError | sqlite3.Error) -> int:
    cause = fault.orig if isinstance(fault, DBAPIError) else fault
    return int(getattr(cause, "sqlite_errorcode", 0)) & _PRIMARY


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))


def _connect(path: Path, patience: float) -> sqlite3.Connection:
    """Open one connection, identify the file before any setting touches it, then apply the settings."""
    connection = _raw_connection(path, patience)
    try:
        _identify(connection, path)
        _settle(connection)
    except (sqlite3.Error, UnicodeDecodeError) as fault:
        # Nothing of the caller's runs here, so what has no other name is a file that SQLite cannot
        # make out; over a damaged schema the driver even fails on the text of the complaint.
        connection.close()
        named = _named(fault, str(path)) if isinstance(fault, sqlite3.Error) else None
        raise named or Damaged(what=str(fault)) from fault
    except BaseException:
        connection.close()
        raise
    return connection


def _raw_connection(path: Path, patience: float) -> sqlite3.Connection:
    """Open without ever creating; isolation_level None leaves BEGIN to us on every Python version."""
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise Unavailable(reason="older-sqlite", detail=sqlite3.sqlite_version)
    uri = f"{path.absolute().as_uri()}?mode=rw"
    return sqlite3.connect(uri, uri=True, timeout=patience, isolation_level=None, check_same_thread=False)


def _identify(connection: sqlite3.Connection, path: Path) -> None:
    """Ask SQLite, never the file: closing a file of our own would drop SQLite's locks on it."""
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise Unavailable(reason="not-a-register", place=str(path))
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    if found > FORMAT:
        raise Unavailable(reason="newer-version", place=str(path), detail=f"format {found}")
    if found != FORMAT:
        raise Damaged(what=f"format {found}")


def _settle(connection: sqlite3.Connection) -> None:
    mode = connection.execute("PRAGMA journal_mode = TRUNCATE").fetchone()[0]
    if mode != "truncate":
        raise Damaged(what=f"journal mode {mode}")
    for name, value in _SETTINGS.items():
        connection.execute(f"PRAGMA {name} = {value}")


def _lay_out(path: Path, meta: Mapping[str, str], patience: float) -> None:
    connection = _raw_connection(path, patience)
    try:
        _settle(connection)
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {FORMAT}")
        for statement in (*TABLES, *TRIGGERS):
            connection.execute(statement)
        connection.execute("INSERT INTO head (one, size, peaks) VALUES (1, 0, x'')")
        for name, value in meta.items():
            connection.execute("INSERT INTO meta (name, value) VALUES (?, ?)", (name, value))
        connection.execute("COMMIT")
    finally:
        connection.close()
