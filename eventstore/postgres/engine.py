"""Everything that is PostgreSQL's: connections, settings, transactions, locks and error codes.

All settings are made at the begin of each transaction (SET LOCAL), so that a pooler which hands a session to
somebody else between two transactions, as pgbouncer does, changes nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import orjson
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, NoSuchModuleError, OperationalError

from eventstore.backend import Backend
from eventstore.envelope import Recorded
from eventstore.errors import Damaged, Missing, Reason, Refused, StoreError, Unavailable
from eventstore.postgres import catalog
from eventstore.postgres.schema import ddl, literal, quoted, role
from eventstore.tree import Peaks

OLDEST = 150_000
SCHEMA = "paraph"
"""The schema of a register whose URL names none."""

_IDLE = 60
"""Seconds after which the server ends a transaction in which nothing happens: a hung writer blocks nobody for ever."""

_CONNECTING = 10
_REASONS: Mapping[str, Reason] = {
    "55P03": "locked",  # lock_not_available
    "57014": "locked",  # query_canceled, by statement_timeout
    "40001": "locked",  # serialization_failure
    "40P01": "locked",  # deadlock_detected
    "53100": "full",
    "25006": "read-only",
    "42501": "no-right",
    "28000": "no-right",
    "28P01": "no-right",
}
_CLASSES: Mapping[str, Reason] = {"08": "io", "57": "io", "53": "io", "58": "io"}
_REFUSED, _LOST = "PR001", "PR002"
_UNSAFE = ("fsync", "full_page_writes")


class Postgres(Backend):
    """A register in a schema of a database."""

    def __init__(self, place: str, *, patience: float) -> None:
        """Open a register, one connection tried; Missing or Unavailable if it is none or not to be trusted."""
        self._url, self.schema = _parsed(place)
        self._engine = _engine(self._url)
        self._patience = patience
        event.listen(self._engine, "begin", self._begin)
        self._writer = self._engine.execution_options(paraph_writes=True)
        try:
            with self.reading() as connection:
                _expect_safe(connection, self.place)
                if (
                    connection.scalar(text("SELECT to_regclass(:head)"), {"head": f"{quoted(self.schema)}.head"})
                    is None
                ):
                    raise Missing(self.place)
                self._append_role = role(str(self._url.database), self.schema, "append")
        except BaseException:
            self.close()
            raise

    @property
    def place(self) -> str:
        """Return the URL, with stars for a password."""
        shown = self._url.set(drivername="postgresql")
        return shown.update_query_dict({"schema": self.schema}).render_as_string(hide_password=True)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read in one snapshot (REPEATABLE READ): writers are not held up."""
        with translated(self.place), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Write in one transaction that holds the head row from its start; others wait for it as long as they like."""
        with translated(self.place), self._writer.connect() as connection:
            connection.begin()
            self.lock_head(connection)
            yield connection

    def commit(self, connection: Connection) -> None:
        """Commit; when the connection is lost over it, nobody knows whether it happened."""
        try:
            connection.commit()
        except DBAPIError as fault:
            connection.invalidate()
            raise Unavailable(reason="unknown-outcome", detail=_said(fault)) from fault

    def lock_head(self, connection: Connection) -> tuple[int, bytes, str | None]:
        """Lock the head row through the owner's function."""
        call = f"SELECT size, peaks, recorded FROM {quoted(self.schema)}.lock_head()"
        rows = connection.execute(text(call)).all()
        if len(rows) != 1:
            raise Damaged(what=f"{len(rows)} head rows")
        return rows[0].size, bytes(rows[0].peaks), rows[0].recorded

    def write(self, connection: Connection, recorded: Sequence[Recorded], *, size: int, grown: Peaks) -> None:
        """Hand the events to the owner's function, which inserts, counts and moves the head."""
        told = {
            "fresh": orjson.dumps([_columns(event) for event in recorded]).decode(),
            "bodies": [event.body for event in recorded],
            "hashes": [event.hash for event in recorded],
            "known": size,
            "grown": grown.to_bytes(),
        }
        call = (
            f"SELECT {quoted(self.schema)}.append(CAST(:fresh AS jsonb), CAST(:bodies AS bytea[]),"
            " CAST(:hashes AS bytea[]), CAST(:known AS bigint), CAST(:grown AS bytea))"
        )
        if connection.scalar(text(call), told) != grown.size:
            raise Damaged(what="the head did not move")

    def schema_version(self, connection: Connection) -> int:
        """Return a sum over the catalog's rows that the log rests on."""
        return catalog.version(connection, self.schema)

    def differences(self, connection: Connection) -> list[str]:
        """Compare the catalog with what was created."""
        return catalog.differences(connection, self.schema)

    def integrity(self, connection: Connection) -> Iterable[str]:
        """Yield nothing: `verify` reads every row of every table, and the server has data checksums of its own."""
        del connection
        return ()

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def _begin(self, connection: Connection) -> None:
        writes = connection.get_execution_options().get("paraph_writes", False)
        _run(connection, self._to_write() if writes else self._to_read())

    def _to_read(self) -> str:
        return f"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; {self._settings()}"

    def _to_write(self) -> str:
        # As the group role, so that the views one person makes can be made anew by another.
        return f"{self._settings()}; SET LOCAL ROLE {quoted(self._append_role)}"

    def _settings(self) -> str:
        patience = max(1, int(self._patience * 1000))
        return (
            f"SET LOCAL search_path = {quoted(self.schema)}; SET LOCAL synchronous_commit = on;"
            f" SET LOCAL lock_timeout = {patience}; SET LOCAL idle_in_transaction_session_timeout = '{_IDLE}s';"
            " SET LOCAL TimeZone = 'UTC'; SET LOCAL standard_conforming_strings = on"
        )


def create(place: str, meta: Mapping[str, str], *, patience: float) -> None:
    """Create the schema, its roles and an empty register in one transaction; Unavailable(exists) where it is taken."""
    del patience  # nobody else can hold what is not there yet
    url, schema = _parsed(place)
    engine = _engine(url)
    shown = url.render_as_string(hide_password=True)
    try:
        with translated(shown), engine.begin() as connection:
            _expect_safe(connection, shown)
            if connection.scalar(text("SELECT to_regnamespace(:name)"), {"name": quoted(schema)}) is not None:
                raise Unavailable(reason="exists", place=f"{shown}, schema {schema}")
            for statement in ddl(str(url.database), schema, meta):
                _run(connection, statement)
    finally:
        engine.dispose()


def script(place: str, meta: Mapping[str, str]) -> str:
    """Return what `create` would run, for a DBA to read and run with psql."""
    url, schema = _parsed(place)
    statements = ddl(str(url.database), schema, meta)
    return ";\n".join(["BEGIN", *statements, "COMMIT"]) + ";"


def _run(connection: Connection, statements: str) -> None:
    """Run statements as they are written: without parameters a `%` is a `%`, and several may come at once."""
    connection.exec_driver_sql(statements, execution_options={"no_parameters": True})


def _parsed(place: str) -> tuple[URL, str]:
    try:
        url = make_url(place)
    except ArgumentError as fault:
        raise Unavailable(reason="engine") from fault
    schema = url.query.get("schema", SCHEMA)
    if not isinstance(schema, str) or not url.database or url.get_driver_name() not in {"psycopg", "psycopg2"}:
        raise Unavailable(reason="engine", place=url.render_as_string(hide_password=True))
    return url.set(drivername="postgresql+psycopg").difference_update_query(["schema"]), schema


def _engine(url: URL) -> Engine:
    try:
        return create_engine(
            url,
            hide_parameters=True,
            pool_pre_ping=True,
            max_overflow=-1,
            connect_args={
                "prepare_threshold": None,  # a pooler may give the next transaction another session
                "application_name": "paraph",
                "connect_timeout": _CONNECTING,
                "client_encoding": "utf8",
            },
        )
    except (ModuleNotFoundError, NoSuchModuleError) as fault:
        raise Unavailable(reason="no-driver", detail="psycopg") from fault


def _expect_safe(connection: Connection, place: str) -> None:
    """Refuse a server that is too old, that may lose what it acknowledged, or that cannot hold every text."""
    names = ("server_version_num", "server_encoding", *_UNSAFE)
    chosen = ", ".join(f"current_setting({literal(name)})" for name in names)
    version, encoding, *safe = connection.execute(text(f"SELECT {chosen}")).one()
    if int(version) < OLDEST:
        raise Unavailable(reason="older-server", place=place, detail=str(version))
    if encoding != "UTF8":
        raise Unavailable(reason="unsafe-server", place=place, detail=f"server_encoding {encoding}")
    for name, value in zip(_UNSAFE, safe, strict=True):
        if value != "on":
            raise Unavailable(reason="unsafe-server", place=place, detail=f"{name} {value}")


def _columns(event: Recorded) -> dict[str, Any]:
    names = ("id", "stream", "version", "type", "schema", "earliest", "latest", "recorded", "key", "batch")
    return {name: getattr(event, name) for name in names} | {"about": sorted(set(event.about))}


@contextmanager
def translated(place: str) -> Iterator[None]:
    """Turn the errors of the database into the store's names; faults of a statement itself stay as they are."""
    try:
        yield
    except DBAPIError as fault:
        named = _named(fault, place)
        if named is None:
            raise
        raise named from None  # the driver's own words may hold the connection string


def _named(fault: DBAPIError, place: str) -> StoreError | None:
    code = getattr(fault.orig, "sqlstate", None)
    if code is None and not isinstance(fault, OperationalError | InterfaceError):
        return None
    if code is None:
        return _unconnected(str(fault.orig), place)
    if code == _REFUSED:
        return Refused("append-only", _said(fault))
    if code == _LOST:
        return Damaged(what=_said(fault))
    reason = _REASONS.get(code) or _CLASSES.get(code[:2])
    return Unavailable(reason, place, _said(fault)) if reason else None


def _unconnected(told: str, place: str) -> StoreError:
    """Name what kept us from the server: libpq gives no code for what fails before there is a session."""
    if "database" in told and "does not exist" in told:
        return Missing(place)
    refused = "authentication failed" in told or "no password supplied" in told
    return Unavailable("no-right" if refused else "io", place, told.splitlines()[0] if told else "")


def _said(fault: DBAPIError) -> str:
    """Return the server's own sentence; what the driver says of a connection names hosts and files, no password."""
    diagnosis = getattr(fault.orig, "diag", None)
    told = getattr(diagnosis, "message_primary", None) or str(fault.orig)
    return str(told).splitlines()[0] if told else ""
