"""A register in one SQLite file: connections, settings, transactions and locks; its layout is in `schema`."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from time import sleep

from sqlalchemy import Connection, QueuePool, Table, create_engine, event, update
from sqlalchemy.exc import DBAPIError

from eventstore.checkup import Finding
from eventstore.engine import FORMAT, Meta
from eventstore.envelope import Recorded
from eventstore.errors import Damaged, Unavailable
from eventstore.places import expect_register_file, files_translated, reserve, sync_folder
from eventstore.sqlite import checkup, schema
from eventstore.sqlite.faults import name_of, nothing_committed, translated
from eventstore.sqlite.waiting import HUNG, begin_writing
from eventstore.tables import LOG, events, head, mentioned, mentions, row_of
from eventstore.tree import Peaks

APPLICATION_ID = int.from_bytes(b"prph")
OLDEST_SQLITE = (3, 37, 0)  # STRICT tables
PATIENCE = 30.0
"""So long a writer waits while others record, in seconds."""

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
_COLUMNS = """SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c
WHERE m.type = 'table' AND m.name NOT IN ('meta', 'head', 'events', 'mentions')"""


class SqliteEngine:
    """An open register in a file (see `eventstore.engine.Engine`)."""

    alone = False

    def __init__(self, path: Path, *, patience: float) -> None:
        expect_register_file(path)
        self.path = path
        self.place = str(path)
        self.name = path.stem
        self._patience = patience
        engine = create_engine(
            "sqlite://", creator=lambda: _connect(path, min(patience, HUNG)), poolclass=QueuePool, max_overflow=-1
        )
        event.listen(engine, "begin", _begin)
        self.engine = engine.execution_options(schema_translate_map={LOG: None})
        # A deferred BEGIN that turns into a write fails outright when another writer got there first.
        self._writer = self.engine.execution_options(begin="BEGIN IMMEDIATE")
        with translated(path), self.engine.connect():
            pass

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read in one snapshot. Keep it short: a reader holds up commits (rollback journal)."""
        with translated(self.path), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Write with the whole file locked from the start, the head with it."""
        with translated(self.path), self._writer.connect() as connection:
            begin_writing(connection, self._patience)
            yield connection
            _commit(connection)

    @contextmanager
    def listening(self) -> Iterator[Callable[[float], object]]:
        """Look again after so many seconds: a file has no doorbell."""
        yield sleep

    def write(self, connection: Connection, recorded: Sequence[Recorded], peaks: Peaks) -> None:
        """Insert the rows and move the head."""
        _insert(connection, events, [row_of(event) for event in recorded])
        pairs = [(event.position, stream) for event in recorded for stream in sorted(mentioned(event))]
        _insert(connection, mentions, pairs)
        size = peaks.size - len(recorded)
        moved = connection.scalar(
            update(head)
            .where(head.c.size == size)
            .values(size=head.c.size + len(recorded), peaks=peaks.to_bytes(), recorded=recorded[-1].recorded)
            .returning(head.c.size)
        )
        if moved != peaks.size:
            raise Damaged(what="the head did not move")

    def schema_version(self, connection: Connection) -> int:
        """Return SQLite's own count of schema changes."""
        return int(connection.exec_driver_sql("PRAGMA schema_version").scalar_one())

    def differences(self, connection: Connection) -> list[str]:
        """Compare the text of every definition."""
        return schema.differences(connection)

    def integrity(self, connection: Connection) -> Iterator[str]:
        """Ask SQLite about its pages, its indexes and the types of its columns."""
        for what in connection.exec_driver_sql("PRAGMA integrity_check").scalars():
            if what != "ok":
                yield str(what)

    def standing(self, _connection: Connection) -> None:
        """Return that a file is no replica."""
        return

    def checkup(self, connection: Connection) -> Iterator[Finding]:
        """Ask the open database."""
        return checkup.ask(connection)

    def copy_into(self, connection: Connection, path: Path) -> None:
        """Copy the file through SQLite: opening it ourselves would drop its locks (RELIABILITY.md decision 9)."""
        source = connection.connection.driver_connection
        assert isinstance(source, sqlite3.Connection)  # noqa: S101 - this file is the engine
        with translated(path), closing(sqlite3.connect(path)) as copy:
            source.backup(copy)  # in one step: step by step it would begin anew after every commit of others

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def create_file(path: Path, meta: Meta, *, patience: float) -> None:
    """Create a register whole or not at all; Unavailable(exists) and kin when the place is taken."""
    reserve(path)
    try:
        with translated(path), files_translated(path):
            lay_out(path, meta, patience=patience)
            sync_folder(path.parent)
    except BaseException as fault:
        if not (isinstance(fault, Unavailable) and fault.reason == "exists"):  # then it is somebody's by now
            path.unlink()
            path.with_name(path.name + "-journal").unlink(missing_ok=True)
        raise


def lay_out(path: Path, meta: Meta, *, patience: float = PATIENCE) -> None:
    """Make a register of an empty file of ours; Unavailable(exists) where somebody made one of it meanwhile."""
    connection = _raw_connection(path, patience)
    try:
        _settle(connection)
        connection.execute("BEGIN EXCLUSIVE")
        if connection.execute("SELECT count(*) FROM sqlite_schema").fetchone() != (0,):
            raise Unavailable(reason="exists", place=str(path))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {FORMAT}")
        for statement in (*schema.TABLES, *schema.TRIGGERS):
            connection.execute(statement)
        connection.execute("INSERT INTO head (one, size, peaks) VALUES (1, 0, x'')")
        for name, value in meta.items():
            connection.execute("INSERT INTO meta (name, value) VALUES (?, ?)", (name, value))
        connection.execute("COMMIT")
    finally:
        connection.close()


def read_models(connection: Connection) -> Mapping[str, frozenset[str]]:
    """Return the tables that are not the log's, by name, with the names of their columns."""
    found: dict[str, set[str]] = {}
    for table, column in connection.exec_driver_sql(_COLUMNS):
        found.setdefault(table, set()).add(column)
    return {table: frozenset(columns) for table, columns in found.items()}


def _insert(connection: Connection, table: Table, rows: Sequence[tuple[object, ...]]) -> None:
    if rows:
        result = connection.exec_driver_sql(_insertion(table), list(rows))
        if result.rowcount != len(rows):  # a foreign RAISE(IGNORE) trigger swallows a row without an error
            raise Damaged(what=f"{table.name}: {len(rows)} rows inserted, {result.rowcount} accepted")


@cache
def _insertion(table: Table) -> str:
    """Build the statement once: Core's own executemany costs twice the driver's (DESIGN.md section 6)."""
    return f"INSERT INTO {table.name} VALUES ({', '.join('?' * len(table.c))})"  # noqa: S608 - our own names


def _commit(connection: Connection) -> None:
    """Commit; Unavailable(unknown-outcome) when a failure leaves open whether it happened."""
    try:
        connection.commit()
    except DBAPIError as fault:
        # SQLAlchemy sends no ROLLBACK after a failed COMMIT: the connection would go back to the
        # pool inside its transaction, holding its locks. Closing it rolls back and lets them go.
        connection.invalidate()
        if nothing_committed(fault):
            raise
        raise Unavailable(reason="unknown-outcome", detail=str(fault.orig)) from fault


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
        named = name_of(fault, path) if isinstance(fault, sqlite3.Error) else None
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
