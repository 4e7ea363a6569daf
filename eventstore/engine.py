"""What the store asks of a database. `sqlite` and `postgres` answer; `engines` chooses between them."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol, TypeAlias

from sqlalchemy import Connection

from eventstore.checkup import Finding
from eventstore.envelope import Recorded
from eventstore.replica import Standing
from eventstore.tree import Peaks

FORMAT = 1
"""The version of the layout of a register; a register of a later one is left alone."""

Meta: TypeAlias = Mapping[str, str]


class Engine(Protocol):
    """One open register. Whatever goes wrong inside a transaction has the names of `errors`."""

    @property
    def place(self) -> str:
        """Where the register lies, fit to be shown: a path, or a URL without its password."""

    @property
    def path(self) -> Path | None:
        """The file the register is, None where it is none."""

    @property
    def name(self) -> str:
        """A short name of the register, fit for the name of a file."""

    @property
    def alone(self) -> bool:
        """Whether the register is on a server for all, and yet its maker's alone."""

    def reading(self) -> AbstractContextManager[Connection]:
        """Read in one snapshot."""

    def writing(self) -> AbstractContextManager[Connection]:
        """Write in one transaction that holds the head from its start and is committed at its end.

        Unavailable(unknown-outcome) when a failure leaves open whether it was.
        """

    def listening(self) -> AbstractContextManager[Callable[[float], object]]:
        """Give a wait that ends when somebody recorded, at the latest after so many seconds; perhaps sooner."""

    def write(self, connection: Connection, recorded: Sequence[Recorded], peaks: Peaks) -> None:
        """Add these next events with their mentions, and move the head; Damaged where a row was not taken."""

    def schema_version(self, connection: Connection) -> Hashable:
        """Return a value that changes with the schema, so that an unchanged one need not be compared again."""

    def differences(self, connection: Connection) -> list[str]:
        """Return what is not as created: anything of ours changed or gone, anything foreign acting on it.

        What makes every other question pointless begins with "missing table" or "changed table".
        """

    def integrity(self, connection: Connection) -> Iterator[str]:
        """Yield what the database itself finds wrong with its pages and indexes."""

    def standing(self, connection: Connection, /) -> Standing | None:
        """Return how a replica stands towards its primary, None where this is none."""

    def checkup(self, connection: Connection, /) -> Iterator[Finding]:
        """Yield how the database, and our way to it, stand."""

    def copy_into(self, connection: Connection, path: Path, /) -> None:
        """Copy the register, as this transaction sees it, into an empty file of ours."""

    def close(self) -> None:
        """Close every connection."""
