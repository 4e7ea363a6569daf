"""A server that is a hot standby: it can be read, it cannot be written, and it knows how far it has come."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from eventstore.errors import Unavailable
from eventstore.postgres.address import Address
from eventstore.replica import Standing

# Who may not see the details of the receiver sees at least that there is one. Only a standby may be asked whether
# its replay is paused. What it has received is unknown to one that never streamed.
_STANDING = """SELECT
  EXISTS (SELECT FROM pg_catalog.pg_stat_wal_receiver),
  CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_is_wal_replay_paused() END,
  pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_last_wal_receive_lsn(), pg_catalog.pg_last_wal_replay_lsn()),
  pg_catalog.pg_last_xact_replay_timestamp(),
  pg_catalog.clock_timestamp() - pg_catalog.pg_last_xact_replay_timestamp()
WHERE pg_catalog.pg_is_in_recovery()"""
_RECOVERING = "SELECT pg_catalog.pg_is_in_recovery()"
# A transaction that is to write cannot begin on a standby, and one that did not say so cannot write.
_NO_WRITING = frozenset({"0A000", "25006"})


def standing(connection: Connection) -> Standing | None:
    """Return how a standby stands towards its primary, None for a server that is none."""
    row = connection.exec_driver_sql(_STANDING).one_or_none()
    if row is None:
        return None
    receiving, paused, unplayed, replayed, since = row
    # Started anew it counts what it receives from the beginning of a file: less than it has replayed long since.
    return Standing(receiving, paused, max(0, int(unplayed or 0)), replayed, since or timedelta())


@contextmanager
def refused_on_a_standby(reader: Engine, address: Address) -> Iterator[None]:
    """Say of a write that a standby cannot take that this is why: its own codes may mean other things too."""
    try:
        yield
    except DBAPIError as fault:
        if getattr(fault.orig, "sqlstate", None) not in _NO_WRITING:
            raise
        with reader.connect() as another:
            if not another.exec_driver_sql(_RECOVERING).scalar_one():
                raise
        raise Unavailable(reason="replica", place=str(address)) from None
