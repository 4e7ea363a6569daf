"""What every session is told, and which servers are refused (RELIABILITY.md decision 10)."""

from collections.abc import Mapping
from typing import Any

from eventstore.errors import Missing, Unavailable
from eventstore.postgres.address import Address
from eventstore.postgres.layout import TABLES

OLDEST_SERVER = 150000

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

_FACTS = """SELECT current_setting('server_version_num')::int,
  ARRAY[current_setting('fsync'), current_setting('full_page_writes'), current_setting('server_encoding'),
    current_setting('session_replication_role')]"""
# The first group role we are in: what it creates is then the group's, and a superuser acts with no more than that.
_ROLE = """SELECT r.rolname FROM pg_catalog.pg_roles r
WHERE r.rolname IN (%(append)s, %(reader)s)
  AND pg_catalog.pg_has_role(session_user, r.oid, CASE WHEN %(version)s >= 160000 THEN 'SET' ELSE 'MEMBER' END)
ORDER BY r.rolname = %(append)s DESC LIMIT 1"""
_STANDS = """SELECT pg_catalog.has_schema_privilege(n.oid, 'USAGE'), ARRAY(
  SELECT c.relname::text FROM pg_catalog.pg_class c WHERE c.relnamespace = n.oid AND c.relname = ANY (%s))
FROM pg_catalog.pg_namespace n WHERE n.nspname = %s"""


def settle(driver: Any, address: Address, *, patience: float, role: bool = True) -> None:
    """Tell a new connection what every session is told, in one transaction of its own; refuse an unsafe server."""
    settings = {**_SETTINGS, "lock_timeout": f"{max(1, round(patience * 1000))}ms"}
    calls = ", ".join("pg_catalog.set_config(%s, %s, false)" for _ in settings)
    with driver.cursor() as cursor:
        cursor.execute(_FACTS)
        version, found = cursor.fetchone()
        _expect_safe(version, dict(zip(_SAFE, found, strict=True)), address)
        cursor.execute(f"SELECT {calls}", [word for pair in settings.items() for word in pair])
        if role:
            cursor.execute(_ROLE, {"append": address.append, "reader": address.reader, "version": version})
            if chosen := cursor.fetchone():
                cursor.execute("SELECT pg_catalog.set_config('role', %s, false)", chosen)
    driver.commit()


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
    driver.commit()
    if found.isdecimal() and int(found) > newest:
        raise Unavailable(reason="newer-version", place=str(address), detail=f"format {found}")


def _expect_safe(version: int, found: Mapping[str, str], address: Address) -> None:
    if version < OLDEST_SERVER:
        raise Unavailable(reason="older-postgres", place=str(address), detail=str(version // 10000))
    for name, due in _SAFE.items():
        if found[name] != due:
            raise Unavailable(reason="unsafe-server", place=str(address), detail=f"{name} is {found[name]}, not {due}")
