"""A register in a schema of a PostgreSQL database: connections, transactions and locks."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from eventstore.checkup import Finding
from eventstore.engine import FORMAT
from eventstore.envelope import Recorded
from eventstore.errors import Damaged, Unavailable
from eventstore.postgres import catalog, checkup
from eventstore.postgres.address import Address
from eventstore.postgres.faults import nothing_committed, translated
from eventstore.postgres.integrity import problems
from eventstore.postgres.session import SESSION, Session, expect_register, settle
from eventstore.postgres.standby import refused_on_a_standby, standing
from eventstore.reader import Reader
from eventstore.replica import Standing
from eventstore.sqlite.engine import SqliteEngine, lay_out
from eventstore.tables import LOG, meta
from eventstore.tree import Peaks

PATIENCE = 10.0
"""So long a writer waits for another: who hangs must not make the others hang (P10)."""
_CONNECT = {"connect_timeout": 10, "application_name": "paraph", "keepalives_idle": 30, "tcp_user_timeout": 30_000}
_ROLES = "SELECT count(*) FROM pg_catalog.pg_roles WHERE rolname = %(name)s"
_BATCH = 1000
_FAILED = 3  # libpq's PQTRANS_INERROR


class PostgresEngine:
    """An open register on a server (see `eventstore.engine.Engine`)."""

    path = None

    def __init__(self, address: Address, *, patience: float = PATIENCE) -> None:
        self.address = address
        self.place = str(address)
        self.name = address.schema
        self._log = f'"{address.schema}"'
        engine = make_engine(address, patience=patience, known=True)
        names = {LOG: address.schema, None: address.views}
        self.engine = engine.execution_options(schema_translate_map=names)
        self._reader = self.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        # After the lock each statement sees all that was committed before it was granted.
        self._writer = self.engine.execution_options(isolation_level="READ COMMITTED", postgresql_readonly=False)
        with translated(address), self.engine.connect():
            pass

    @property
    def alone(self) -> bool:
        """Whether there are no roles to let others in."""
        with self.reading() as connection:
            found = connection.exec_driver_sql(_ROLES, {"name": self.address.append})
            return bool(found.scalar_one() == 0)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read in one snapshot, which holds nobody up."""
        with translated(self.address), self._reader.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Write with the head row locked from the start: positions are assigned and seen in one order."""
        from eventstore.postgres.doorbell import ring

        with translated(self.address), self._writer.connect() as connection:
            with refused_on_a_standby(self._reader, self.address):
                connection.begin()
                session_of(connection).lock(connection)
            yield connection
            _commit(connection, self.address)
            ring(connection, self.address)

    @contextmanager
    def listening(self) -> Iterator[Callable[[float], object]]:
        """Wake when somebody recorded, by a doorbell of its own connection."""
        from eventstore.postgres.doorbell import Doorbell

        with closing(Doorbell(self.engine, self.address)) as doorbell:
            yield doorbell.wait

    def write(self, connection: Connection, recorded: Sequence[Recorded], peaks: Peaks) -> None:
        """Give the bodies to the server, which makes rows, mentions, tree and head of them by itself."""
        bodies = [event.body for event in recorded]
        size = connection.exec_driver_sql(f"SELECT {self._log}.append(%s)", (bodies,)).scalar_one()
        if size != peaks.size:
            raise Damaged(what="the head did not move")

    def schema_version(self, connection: Connection) -> str:
        """Return what tells any change of the catalogs about our tables."""
        return catalog.version(connection, self.address.schema, self.address.views)

    def differences(self, connection: Connection) -> list[str]:
        """Compare the system catalogs with what `init` creates."""
        return catalog.differences(connection, self.address.schema, self.address.views)

    def integrity(self, connection: Connection) -> Iterator[str]:
        """Compare every index with its table."""
        return problems(connection, self.address.schema)

    def standing(self, connection: Connection) -> Standing | None:
        """Ask the server whether it is a standby, and how far it has come."""
        return standing(connection)

    def checkup(self, connection: Connection) -> Iterator[Finding]:
        """Ask the server, the connection and our rights."""
        return checkup.ask(connection, session_of(connection))

    def copy_into(self, connection: Connection, path: Path) -> None:
        """Copy settings and events, byte for byte, into a register in a file; its views are made of them there."""
        settings = connection.execute(select(meta.c.name, meta.c.value).order_by(meta.c.name == "seal"))
        lay_out(path, {row.name: row.value for row in settings})
        copy, reader, peaks = SqliteEngine(path, patience=PATIENCE), Reader(connection), Peaks()
        try:
            with copy.writing() as written:
                while batch := reader.after(peaks.size, limit=_BATCH):
                    peaks = peaks.extend(event.hash for event in batch)
                    copy.write(written, batch, peaks)
        finally:
            copy.close()

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def make_engine(address: Address, *, patience: float, known: bool) -> Engine:
    """Return an engine whose sessions are told what every session is told; `known` expects a register."""
    if find_spec("psycopg") is None:
        raise Unavailable(reason="no-driver", detail="pip install 'paraph[postgres]'")
    engine = create_engine(
        address.url,
        connect_args=_CONNECT,
        hide_parameters=True,
        pool_pre_ping=True,
        max_overflow=-1,
        use_native_hstore=False,
    )

    def connected(driver: Any, record: ConnectionPoolEntry) -> None:
        try:
            record.info[SESSION] = settle(driver, address, patience=patience, role=known)
            if known:
                expect_register(driver, address, FORMAT)
            driver.commit()
        except BaseException:
            driver.close()
            raise

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", lambda connection: session_of(connection).begin(connection))
    return engine


def session_of(connection: Connection) -> Session:
    """Return what a connection was told when it was made."""
    session: Session = connection.info[SESSION]
    return session


def read_models(connection: Connection) -> Mapping[str, frozenset[str]]:
    """Return the tables that are not the log's, by name, with the names of their columns."""
    log = connection.get_execution_options()["schema_translate_map"][LOG]
    found: dict[str, set[str]] = {}
    for table, column in connection.exec_driver_sql(f'SELECT name, field FROM "{log}".read_models()'):
        found.setdefault(table, set()).add(column)
    return {table: frozenset(columns) for table, columns in found.items()}


def _commit(connection: Connection, address: Address) -> None:
    """Commit; Unavailable(unknown-outcome) when a failure leaves open whether it happened."""
    driver: Any = connection.connection.driver_connection
    if driver.info.transaction_status == _FAILED:
        # PostgreSQL answers COMMIT with a rollback and no error; nobody may take that for a commit (P3).
        raise Unavailable(reason="io", place=str(address), detail="a statement had failed")
    try:
        connection.commit()
    except DBAPIError as fault:
        connection.invalidate()
        if nothing_committed(fault):
            raise
        detail = address.without_secret(str(fault.orig))
        raise Unavailable(reason="unknown-outcome", place=str(address), detail=detail) from None
