"""What every session is told, and which servers are refused (RELIABILITY.md decision 10).

Behind a pooler that lends sessions by transaction (PgBouncer) the next transaction may be in another session. So
there each transaction is told anew, and for itself only; and wherever we are, the head is locked only by a session
that stands as it was told (ADR 21).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from eventstore.errors import Missing, Unavailable
from eventstore.postgres.address import Address
from eventstore.postgres.layout import TABLES

OLDEST_SERVER = 150000
SESSION = "session"
"""Under this name a pooled connection keeps what it was told."""

# A writer that hangs inside its transaction is thrown out, so that it blocks nobody for ever (P10).
_SETTINGS = {
    "synchronous_commit": "on",
    "idle_in_transaction_session_timeout": "60s",
    "statement_timeout": "300s",
    "timezone": "UTC",
    "standard_conforming_strings": "on",
    "client_encoding": "UTF8",
    "search_path": "",  # every name of ours is qualified, so that nobody's table or operator takes its place
    "default_transaction_deferrable": "off",
    "row_security": "off",  # a policy that would hide rows is an error instead
}
_SAFE = {"fsync": "on", "full_page_writes": "on", "server_encoding": "UTF8", "session_replication_role": "origin"}

_FOUND = "ARRAY[" + ", ".join(f"pg_catalog.current_setting('{name}')" for name in _SAFE) + "]"
_FACTS = f"SELECT pg_catalog.current_setting('server_version_num')::int, pg_catalog.pg_backend_pid(), {_FOUND}"
# The first group role we are in: what it creates is then the group's, and a superuser acts with no more than that.
_ROLE = """SELECT r.rolname FROM pg_catalog.pg_roles r
WHERE r.rolname IN (%(append)s, %(reader)s)
  AND pg_catalog.pg_has_role(session_user, r.oid, CASE WHEN %(version)s >= 160000 THEN 'SET' ELSE 'MEMBER' END)
ORDER BY r.rolname = %(append)s DESC LIMIT 1"""
_STANDS = """SELECT pg_catalog.has_schema_privilege(n.oid, 'USAGE'), ARRAY(
  SELECT c.relname::text FROM pg_catalog.pg_class c WHERE c.relnamespace = n.oid AND c.relname = ANY (%s))
FROM pg_catalog.pg_namespace n WHERE n.nspname = %s"""


@dataclass(frozen=True)
class Session:
    """What a connection is told, as the server spells it, and whether a pooler is in between."""

    address: Address
    told: Mapping[str, str]
    spelt: tuple[str, ...]
    pooled: bool

    def begin(self, connection: Connection) -> None:
        """Tell a transaction what its session may never have been told, and look at the server's settings again."""
        if self.pooled:
            statement = f"SELECT {_FOUND}, {_calls(self.told, local=True)}"
            found, *_ = connection.exec_driver_sql(statement, _words(self.told)).one()
            _expect_safe(found, self.address)

    def stands(self, connection: Connection) -> bool:
        """Say whether the transaction at hand has every setting as told."""
        return bool(connection.exec_driver_sql(f"SELECT {self._compared}", ([*self.spelt],)).scalar())

    def lock(self, connection: Connection) -> None:
        """Lock the head; Unavailable(session-lost) in a session that is not as told, which might wait for ever."""
        statement = f"""SELECT s.stands, CASE WHEN s.stands THEN "{self.address.schema}".lock_head() END
FROM (SELECT {self._compared} AS stands) s"""
        stands, _ = connection.exec_driver_sql(statement, ([*self.spelt],)).one()
        if not stands:
            raise Unavailable(reason="session-lost", place=str(self.address))

    @property
    def _compared(self) -> str:
        names = ", ".join(f"pg_catalog.current_setting('{name}')" for name in self.told)
        return f"ARRAY[{names}] OPERATOR(pg_catalog.=) %s::text[]"


def settle(driver: Any, address: Address, *, patience: float, role: bool = True) -> Session:
    """Tell a new connection what every session is told; refuse an unsafe server. The caller commits.

    A pooler answers with a number of its own where a server names its process.
    """
    told = {**_SETTINGS, "lock_timeout": f"{max(1, round(patience * 1000))}ms"}
    with driver.cursor() as cursor:
        cursor.execute(_FACTS)
        version, process, found = cursor.fetchone()
        if version < OLDEST_SERVER:
            raise Unavailable(reason="older-postgres", place=str(address), detail=str(version // 10000))
        _expect_safe(found, address)
        pooled = process != driver.info.backend_pid
        if pooled:
            driver.prepare_threshold = None  # a statement prepared in one session is not there in the next
        if role:
            cursor.execute(_ROLE, {"append": address.append, "reader": address.reader, "version": version})
            if chosen := cursor.fetchone():
                told["role"] = chosen[0]  # last, for what is set before needs no more than anybody may
        cursor.execute(f"SELECT {_calls(told, local=pooled)}", _words(told))
        return Session(address, told, cursor.fetchone(), pooled)


def _calls(told: Mapping[str, str], *, local: bool) -> str:
    return ", ".join(f"pg_catalog.set_config(%s, %s, {local})" for _ in told)


def _words(told: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(word for pair in told.items() for word in pair)


def expect_register(driver: Any, address: Address, newest: int) -> None:
    """Expect a register of a layout we know in the schema; Missing or Unavailable say what is there instead.

    A damaged one passes: comparing the schema and the seal of the settings is for who opens it.
    """
    found = ""
    with driver.cursor() as cursor:
        cursor.execute(_STANDS, ([*TABLES], address.schema))
        usage, tables = cursor.fetchone() or (None, [])
        if usage is None:
            raise Missing(str(address))
        if not tables:
            raise Unavailable(reason="not-a-register", place=str(address))
        if not usage:
            raise Unavailable(reason="denied", place=str(address))
        if "meta" in tables:
            cursor.execute(f"SELECT value FROM \"{address.schema}\".meta WHERE name = 'format'")
            (found,) = cursor.fetchone() or ("",)
    if found.isdecimal() and int(found) > newest:
        raise Unavailable(reason="newer-version", place=str(address), detail=f"format {found}")


def _expect_safe(found: list[str], address: Address) -> None:
    for (name, due), value in zip(_SAFE.items(), found, strict=True):
        if value != due:
            raise Unavailable(reason="unsafe-server", place=str(address), detail=f"{name} is {value}, not {due}")
