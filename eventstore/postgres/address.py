"""Where a register on a server is: `postgresql://user@host/db?schema=NAME`, and what of it may be shown."""

import re
from dataclasses import dataclass
from typing import Self

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from eventstore.errors import Unavailable

SCHEMA = "paraph"
"""The schema of a register where the URL names none."""

_NAME = re.compile(r"[a-z_][a-z0-9_]{0,54}")  # the longest name we add to is 8 letters shorter than PostgreSQL's 63
_DRIVERS = frozenset({"postgresql", "postgresql+psycopg"})
# How to reach the server, and nothing that weakens the session (`options`) or holds a secret (`password`).
_SSL = {"sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "sslnegotiation", "channel_binding"}
_WAYS = {"host", "hostaddr", "port", "target_session_attrs", "passfile", "require_auth", "gssencmode", "krbsrvname"}
_OPTIONS = frozenset({*_SSL, *_WAYS, "connect_timeout", "keepalives", "keepalives_idle", "tcp_user_timeout"})


@dataclass(frozen=True)
class Address:
    """A register's server, database and schema. Its text never has the password."""

    url: URL
    schema: str

    @classmethod
    def of(cls, place: str) -> Self:
        """Read a URL; Unavailable(engine) when it is none of ours, without repeating what may be a secret."""
        try:
            url = make_url(place)
        except (ArgumentError, ValueError):
            raise Unavailable(reason="engine") from None
        if url.drivername not in _DRIVERS or "@" in (url.host or ""):
            raise Unavailable(reason="engine")  # an @ in the host is the end of a password with an unescaped one
        told = dict(url.query)
        schema = told.pop("schema", SCHEMA)
        shown = url.set(query={}).render_as_string(hide_password=True)
        if not isinstance(schema, str) or not _NAME.fullmatch(schema) or schema.startswith("pg_"):
            raise Unavailable(reason="engine", place=shown, detail="schema: lower-case letters, digits and _")
        if strange := sorted(told.keys() - _OPTIONS):
            raise Unavailable(reason="engine", place=shown, detail=f"not allowed in the URL: {', '.join(strange)}")
        return cls(url.set(drivername="postgresql+psycopg", query=told), schema)

    def __str__(self) -> str:
        shown = self.url.set(drivername="postgresql", password=None, query={"schema": self.schema})
        return shown.render_as_string()

    def __repr__(self) -> str:
        return f"Address({self})"

    @property
    def views(self) -> str:
        """The schema of the read models: whoever appends makes and drops their tables there."""
        return f"{self.schema}_views"

    @property
    def owner(self) -> str:
        """The role that owns the log; nobody logs in as it."""
        return f"{self.schema}_owner"

    @property
    def append(self) -> str:
        """The role of those who record."""
        return f"{self.schema}_append"

    @property
    def reader(self) -> str:
        """The role of those who only read."""
        return f"{self.schema}_reader"

    def without_secret(self, text: str) -> str:
        """Return a text of the driver or the server without the password."""
        secret = str(self.url.password or "")
        return text.replace(secret, "***") if secret else text
