"""What may be wrong between us and a register on a server: the server, our rights there, and who is in between."""

from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from typing import TypeAlias

from sqlalchemy import Connection

from eventstore.checkup import Finding
from eventstore.postgres.session import Session

_SETTINGS = "SELECT pg_catalog.current_setting(name) FROM pg_catalog.unnest(%s::text[]) WITH ORDINALITY t (name, n)"
_WE = """SELECT session_user::text, r.rolsuper, pg_catalog.current_setting('role'),
  pg_catalog.has_function_privilege(pg_catalog.to_regprocedure(%(append)s), 'EXECUTE')
FROM pg_catalog.pg_roles r WHERE r.rolname = session_user"""
_ROOM = """SELECT (SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_activity WHERE backend_type = 'client backend'),
  pg_catalog.current_setting('max_connections')::int"""
_HERE = {"", "localhost", "127.0.0.1", "::1"}
_CROWDED = 0.9

Ask: TypeAlias = Callable[[Connection, Session], Finding]


def driver() -> Finding:
    """Return which driver there is, and the libpq it brings."""
    if find_spec("psycopg") is None:
        return Finding("driver", "bad", "psycopg is not installed", "pip install 'paraph[postgres]'")
    import psycopg
    from psycopg import pq

    libpq = pq.version()
    return Finding("driver", "ok", f"psycopg {psycopg.__version__}, libpq {libpq // 10000}.{libpq % 10000}")


def ask(connection: Connection, session: Session) -> Iterator[Finding]:
    """Yield how the server, the connection and our rights stand."""
    for question in QUESTIONS.values():
        yield question(connection, session)


def _shown(connection: Connection, *names: str) -> list[str]:
    return [*connection.exec_driver_sql(_SETTINGS + " ORDER BY t.n", ([*names],)).scalars()]


def _server(connection: Connection, _: Session) -> Finding:
    return Finding("server", "ok", f"PostgreSQL {_shown(connection, 'server_version')[0]}")


def _durability(connection: Connection, _: Session) -> Finding:
    fsync, pages, commit = _shown(connection, "fsync", "full_page_writes", "synchronous_commit")
    told = f"fsync {fsync}, full_page_writes {pages}, synchronous_commit {commit}"
    if (fsync, pages) != ("on", "on"):
        return Finding("durability", "bad", told, "whoever keeps the server sets fsync and full_page_writes on")
    return Finding("durability", "ok", told)


def _primary(connection: Connection, _: Session) -> Finding:
    if connection.exec_driver_sql("SELECT pg_catalog.pg_is_in_recovery()").scalar():
        return Finding("primary", "warn", "a replica: it answers, and takes no record", "name the primary to record")
    return Finding("primary", "ok", "the primary")


def _rights(connection: Connection, session: Session) -> Finding:
    function = f'"{session.address.schema}".append(bytea[])'
    user, power, role, may = connection.exec_driver_sql(_WE, {"append": function}).one()
    acting = f"{user}, acting as {role}" if role != "none" else str(user)
    if power:
        remedy = f"log in as somebody with the role {session.address.append}"
        return Finding("rights", "warn", f"{acting}: a superuser, whom no grant binds", remedy)
    if not may:
        remedy = f'to record: GRANT "{session.address.append}" TO {user}'
        return Finding("rights", "ok", f"{acting}: reads, and records nothing ({remedy})")
    return Finding("rights", "ok", f"{acting}: records and reads")


def _patience(connection: Connection, _: Session) -> Finding:
    lock, idle, statement = _shown(
        connection, "lock_timeout", "idle_in_transaction_session_timeout", "statement_timeout"
    )
    told = f"waits {lock} for another writer; idle in a transaction {idle}, a statement {statement}, then it ends"
    lasting = [text for text in (lock, idle, statement) if text == "0"]
    remedy = "report this: paraph sets all three" if lasting else ""
    return Finding("patience", "bad" if lasting else "ok", told, remedy)


def _pooler(connection: Connection, session: Session) -> Finding:
    if not session.stands(connection):
        told = "something in between gives each transaction another session, and does not show it"
        remedy = "set it to lend whole sessions (pool_mode = session), or connect past it"
        return Finding("pooler", "bad", f"{told}: nothing can be recorded", remedy)
    if session.pooled:
        return Finding("pooler", "ok", "one is in between: every transaction is told its settings")
    return Finding("pooler", "ok", "none seen between here and the server")


def _encryption(connection: Connection, _: Session) -> Finding:
    driver = connection.connection.driver_connection
    host = getattr(getattr(driver, "info", None), "host", "")
    if getattr(getattr(driver, "pgconn", None), "ssl_in_use", False):
        return Finding("encryption", "ok", "the connection is encrypted")
    if host in _HERE or host.startswith("/"):
        return Finding("encryption", "ok", "none, and none needed on this machine")
    remedy = "add ?sslmode=verify-full to the URL, and sslrootcert where the server's is not a public one"
    return Finding("encryption", "warn", "the connection can be read on its way", remedy)


def _room(connection: Connection, _: Session) -> Finding:
    used, most = connection.exec_driver_sql(_ROOM).one()
    told = f"{used} of {most} connections in use"
    if used > _CROWDED * most:
        return Finding("room", "warn", told, "raise max_connections, or put PgBouncer before the server")
    return Finding("room", "ok", told)


QUESTIONS: Mapping[str, Ask] = {
    "server": _server,
    "durability": _durability,
    "primary": _primary,
    "rights": _rights,
    "patience": _patience,
    "pooler": _pooler,
    "encryption": _encryption,
    "room": _room,
}
