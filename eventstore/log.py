"""The register's log: created, opened, read, appended to. Everything that touches it comes through here."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self, TypeAlias

from sqlalchemy import Connection, Engine, select

from eventstore import engines, schema
from eventstore.append import Clock, append_within
from eventstore.codec import admit, canonical
from eventstore.envelope import Condition, Head, Proposed, Receipt, Recorded
from eventstore.errors import Damaged, Unavailable
from eventstore.places import locate
from eventstore.reader import Reader
from eventstore.restore import Waiting, write_next
from eventstore.tables import meta

__all__ = ["EventStore", "Project", "Reader", "settled"]

Project: TypeAlias = Callable[[Connection, Sequence[Recorded]], None]
Place: TypeAlias = str | os.PathLike[str]

PATIENCE = 30.0
_SEAL = "seal"


class EventStore:
    """An open register. Use `create` or `open`; close it, or use it as a context manager."""

    def __init__(self, path: Path, engine: Engine, *, examine: bool) -> None:
        self.path = path
        self.examine = examine
        self._engine = engine
        self._writer = engines.for_writing(engine)
        self._schema_checked: int | None = None

    @classmethod
    def create(cls, place: Place, *, patience: float = PATIENCE, timezone: str = "UTC", register_id: str) -> Self:
        """Create an empty register at a free place and open it; Unavailable(exists) when it is taken.

        Missing(folder) when there is no folder to create it in. The id and the time zone
        are sealed for good.
        """
        path = locate(place)
        told = {"format": str(engines.FORMAT), "register": register_id, "timezone": timezone}
        engines.create_file(path, told | {_SEAL: _seal(told)}, patience=patience)
        return cls.open(place, patience=patience)

    @classmethod
    def open(cls, place: Place, *, patience: float = PATIENCE, examine: bool = False) -> Self:
        """Open an existing register; Missing, Unavailable or Damaged say why not. Never creates one.

        `examine` opens a damaged register too, for reading and `verify` only.
        """
        path = locate(place)
        store = cls(path, engines.open_engine(path, patience=patience), examine=examine)
        try:
            with store.reading() as reader:
                store._expect_own_schema(reader.connection)
        except BaseException:
            store.close()
            raise
        return store

    @cached_property
    def meta(self) -> Mapping[str, str]:
        """What was settled at creation: format, register, timezone. Damaged when it is not as sealed."""
        with self.reading() as reader:
            return settled(reader.connection)

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """Read in one snapshot. Keep it short: a reader holds up commits (rollback journal)."""
        with engines.translated(self.path), self._engine.connect() as connection, connection.begin():
            yield Reader(connection)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Write in one transaction that holds the write lock from its start; an exception undoes it all."""
        if self.examine:
            raise Unavailable(reason="examined", place=str(self.path))
        with engines.translated(self.path), self._writer.connect() as connection:
            connection.begin()
            self._expect_own_schema(connection)
            yield connection
            engines.commit(connection)

    def append(
        self,
        proposals: Sequence[Proposed],
        *,
        now: Clock,
        conditions: Sequence[Condition] = (),
        project: Project | None = None,
        asserted_at: datetime | None = None,
    ) -> Receipt:
        """Append all the proposals or none, durably, and return their receipt.

        Same id or key with the same content: the event on record is the answer. Raises Conflict,
        Unstorable, Refused, Unavailable (after `unknown-outcome` retry with the same ids) or Damaged.
        `now` may be a clock: it is read once the lock is held, so waiting does not look like a clock
        set back. `project` runs in the same transaction over the fresh events.
        """
        for proposal in proposals:
            admit(proposal)
        with self.writing() as connection:
            receipt = append_within(connection, proposals, now=now, conditions=conditions, asserted_at=asserted_at)
            if project and receipt.fresh:
                project(connection, _fresh(receipt))
        return receipt

    def restore(
        self, events: Iterable[Recorded], *, now: Clock, project: Project, rehearse: bool = False
    ) -> Iterator[Head]:
        """Write the exact events of another log behind those held, and yield the head after each chunk.

        The one way in for bytes made elsewhere: `restore.recovered` makes the events and checks each against
        its hash. The log must begin with the events held; all of it is tested before anything is written, and
        with `rehearse` nothing is. The first head yielded is that of the events held. Raises
        Refused(not-a-prefix), Unstorable and what `append` raises.
        """
        with Waiting(now() if callable(now) else now) as waiting:
            waiting.take(events, self.stream_all())
            with self.reading() as reader:
                yield reader.head()
            peaks = waiting.peaks
            for chunk in waiting.chunks() if not rehearse else ():
                with self.writing() as connection:
                    peaks, head = write_next(connection, chunk, peaks)
                    project(connection, chunk)
                yield head

    def stream_all(self, *, batch: int = 1000, after: int = 0, upto: int | None = None) -> Iterator[Recorded]:
        """Yield the events past `after`, up to a position or the end, a short transaction for each batch.

        One long transaction would hold up every commit until the last event is read.
        """
        while upto is None or after < upto:
            limit = batch if upto is None else min(batch, upto - after)
            with self.reading() as reader:
                found = reader.after(after, limit=limit)
            yield from found
            if len(found) < limit:
                return
            after = found[-1].position

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _expect_own_schema(self, connection: Connection) -> None:
        """Compare the schema whenever it changed since we last looked: a trigger may come at any time."""
        found = schema.schema_version(connection)
        if found != self._schema_checked and not self.examine:
            if amiss := schema.differences(connection):
                raise Damaged(what="; ".join(amiss))
            self._schema_checked = found


def settled(connection: Connection) -> dict[str, str]:
    """Return what was settled at creation; Damaged when it is not as sealed."""
    told = dict(connection.execute(select(meta.c.name, meta.c.value)).all())
    if told.pop(_SEAL, None) != _seal(told):
        raise Damaged(what="meta")
    return told


def _seal(told: Mapping[str, str]) -> str:
    """Return the digest that makes an edit of the settled values visible."""
    return sha256(canonical(dict(told))).hexdigest()


def _fresh(receipt: Receipt) -> list[Recorded]:
    once = {event.id: event for event in receipt.events if event.id in receipt.fresh}
    return list(once.values())
