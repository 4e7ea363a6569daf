"""What PostgreSQL's error codes (SQLSTATE) mean to the store. No message ever has the password."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from eventstore.errors import Damaged, Missing, Reason, Refused, StoreError, Unavailable
from eventstore.postgres.address import Address
from eventstore.postgres.functions import REFUSED, SWALLOWED

# By code, else by class. 57014 is also what a statement timeout ends with.
_REASONS: Mapping[str, Reason] = {
    "55P03": "locked",
    "57014": "locked",
    "40001": "replaying",  # a standby that must go on replaying; nothing of ours is serialised otherwise
    "40": "locked",  # two transactions in each other's way, one of them undone
    "25P03": "locked",  # idle for too long with the head in hand: undone by the server
    "25006": "read-only",
    "53100": "full",
    "53": "io",
    "58": "io",
    "54": "io",
    "08": "unreachable",
    "57P": "unreachable",
    "28": "denied",
    "42501": "denied",
}
_DAMAGE = frozenset({"XX001", "XX002", SWALLOWED, "22021", "0A000"})
# A server that cannot be asked tells only by its words, in English unless it was set up otherwise.
_WORDS: Mapping[str, Reason] = {
    "authentication failed": "denied",
    "no password supplied": "denied",
    "no pg_hba.conf entry": "denied",
    "permission denied": "denied",
    "is not permitted to log in": "denied",
}


@contextmanager
def translated(address: Address) -> Iterator[None]:
    """Turn the errors of PostgreSQL into the store's names; the one place that does.

    Faults of a statement itself (no such table, a broken constraint) stay as they are: they are
    the caller's bugs.
    """
    try:
        yield
    except DBAPIError as fault:
        named = name_of(fault, address)
        if named is None:
            raise
        raise named from None if address.url.password else fault


def name_of(fault: DBAPIError, address: Address) -> StoreError | None:
    """Return what an error of PostgreSQL is to the store, None when it is the caller's bug."""
    code = _code(fault)
    told = address.without_secret(str(fault.orig).partition("\n")[0])
    if code == REFUSED:
        return Refused("append-only", told)
    if code in _DAMAGE:
        return Damaged(told)
    if code == "3D000" or (not code and 'database "' in told and "does not exist" in told):
        return Missing(str(address), "database")
    reason = _REASONS.get(code) or _REASONS.get(code[:3]) or _REASONS.get(code[:2])
    if not code and reason is None:
        reason = next((reason for words, reason in _WORDS.items() if words in told), None)
        if reason is None and (fault.connection_invalidated or _is_operational(fault)):
            reason = "unreachable"
    return Unavailable(reason, str(address), told) if reason else None


def nothing_committed(fault: DBAPIError) -> bool:
    """Say whether a commit that failed so surely committed nothing: the server itself said that it did not.

    A connection that broke, and a server that was shut down (57P), leave it open.
    """
    code = _code(fault)
    return bool(code) and not fault.connection_invalidated and not code.startswith(("08", "57P", "XX", "58"))


def _code(fault: DBAPIError) -> str:
    return getattr(fault.orig, "sqlstate", None) or ""


def _is_operational(fault: DBAPIError) -> bool:
    """Say whether the driver itself failed to reach or to keep the server."""
    return any(kind.__name__ in {"OperationalError", "InterfaceError"} for kind in type(fault.orig).__mro__)
