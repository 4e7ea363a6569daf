"""What the store asks of a database engine: two kinds of transaction, a locked head, one way to write, named faults.

`eventstore.sqlite` and `eventstore.postgres` fill it; everything else in this package is the same for both.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager

from sqlalchemy import Connection

from eventstore.envelope import Recorded
from eventstore.tree import Peaks

FORMAT = 1
"""The format of a register: what the tables of the log hold, the same on every engine."""


class Backend(ABC):
    """One open register on one engine."""

    @property
    @abstractmethod
    def place(self) -> str:
        """Where the register lies, fit to be shown: no password in it."""

    @abstractmethod
    def reading(self) -> AbstractContextManager[Connection]:
        """Open a transaction that sees one moment and writes nothing; raises the store's errors."""

    @abstractmethod
    def writing(self) -> AbstractContextManager[Connection]:
        """Open a transaction that may write; committed by `commit` only, else undone. Raises the store's errors."""

    @abstractmethod
    def commit(self, connection: Connection) -> None:
        """Commit; Unavailable(unknown-outcome) when a failure leaves open whether it happened."""

    @abstractmethod
    def lock_head(self, connection: Connection) -> tuple[int, bytes, str | None]:
        """Return size, peaks and recorded time of the head, held until the commit."""

    @abstractmethod
    def write(self, connection: Connection, recorded: Sequence[Recorded], *, size: int, grown: Peaks) -> None:
        """Write events, their mentions and the head they lead to, past a log of `size`; Damaged if less arrives."""

    @abstractmethod
    def schema_version(self, connection: Connection) -> int:
        """Return a number that changes with the schema, so that an unchanged one need not be compared again."""

    @abstractmethod
    def differences(self, connection: Connection) -> list[str]:
        """Return what in the schema is not as created."""

    @abstractmethod
    def integrity(self, connection: Connection) -> Iterable[str]:
        """Yield what the engine itself finds wrong with its pages, indexes and types."""

    @abstractmethod
    def close(self) -> None:
        """Close every connection."""
