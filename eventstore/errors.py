"""What can go wrong in the store: a handful of names with codes and fields; their text is made at the edge.

Database errors become these names in each engine's `faults.translated` and nowhere else.
"""

from dataclasses import dataclass, fields
from typing import ClassVar, Literal

Reason = Literal[
    "locked",  # another writer, or a long reader, outlasted our patience
    "read-only",
    "full",
    "directory",
    "symlink",
    "exists",  # create only: something is already there
    "engine",  # a URL of an engine this program does not speak
    "not-a-register",
    "newer-version",
    "older-sqlite",
    "older-postgres",
    "unsafe-server",  # settings that would lose what was acknowledged
    "no-driver",  # the extra for this kind of database is not installed
    "unreachable",  # the server does not answer, or the connection was lost
    "denied",  # the server does not let us in, or not so far
    "session-lost",  # what the session was told is gone: something in between gave us another one
    "roles",  # create only: the person may not create the roles of a register
    "replica",  # a server that only repeats what its primary holds
    "replaying",  # a replica broke a read off, because it stood in the way of what it has to repeat
    "io",
    "examined",  # opened for examination only, so nothing may be written
    "unknown-outcome",  # the commit may or may not have happened: retry with the same id
]


@dataclass(eq=False)
class StoreError(Exception):
    """Base of every error the store names."""

    code: ClassVar[str] = "store"

    @property
    def fields(self) -> dict[str, object]:
        """What the edge needs to write a sentence: the fields of the error by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value!r}" for name, value in self.fields.items() if value is not None)
        return f"{self.code}: {told}"


@dataclass(eq=False)
class Conflict(StoreError):
    """A condition failed, or the same id or key came with other content.

    reason "version": `stream` stands at `actual`, not at `expected`. reason "about": an event at
    `position` concerns `stream` after position `expected`. reason "id" or "key": the event at
    `position` (None when it is in the same batch) bears it with other content.
    """

    code: ClassVar[str] = "conflict"

    reason: Literal["version", "about", "id", "key"]
    stream: str | None = None
    expected: int | None = None
    actual: int | None = None
    id: str | None = None
    key: str | None = None
    position: int | None = None


@dataclass(eq=False)
class Refused(StoreError):
    """The request cannot be granted: a time out of order, an edit of the log, a log restored upon another."""

    code: ClassVar[str] = "refused"

    reason: Literal["asserted-time", "append-only", "not-a-prefix", "another-register"]
    what: str


@dataclass(eq=False)
class Unstorable(StoreError):
    """A value the log cannot hold byte for byte on every engine; `path` leads to it: `data.parties.0`."""

    code: ClassVar[str] = "unstorable"

    path: str
    problem: str


@dataclass(eq=False)
class Damaged(StoreError):
    """The register is not as it was written; `verify` tells the whole of it."""

    code: ClassVar[str] = "damaged"

    what: str
    position: int | None = None


@dataclass(eq=False)
class Missing(StoreError):
    """There is no register at the place, or no folder or database to create it in."""

    code: ClassVar[str] = "missing"

    place: str
    what: Literal["register", "folder", "database"] = "register"


@dataclass(eq=False)
class Unavailable(StoreError):
    """The register is there but cannot serve this now; `detail` is the engine's own wording."""

    code: ClassVar[str] = "unavailable"

    reason: Reason
    place: str | None = None
    detail: str | None = None
