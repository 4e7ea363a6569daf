"""The register's log: created, opened, read, appended to. Everything that touches it comes through here."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from time import monotonic, sleep
from types import TracebackType
from typing import Self, TypeAlias

from sqlalchemy import Connection, select

from eventstore import engines
from eventstore.append import Clock, append_within
from eventstore.codec import admit, canonical
from eventstore.engine import FORMAT, Engine
from eventstore.engines import Place
from eventstore.envelope import Condition, Entry, Head, Proposed, Receipt, Recorded
from eventstore.errors import Damaged, Unavailable
from eventstore.reader import Reader
from eventstore.replica import Standing
from eventstore.restore import Waiting, write_next
from eventstore.tables import meta

__all__ = ["EventStore", "Project", "Reader", "settled", "settlement"]

Project: TypeAlias = Callable[[Connection, Sequence[Recorded]], None]

_SEAL = "seal"
_FIRST_PAUSE, _LONGEST_PAUSE = 0.01, 0.25
"""How long a replica is left alone between two looks, in seconds."""


class EventStore:
    """An open register. Use `create` or `open`; close it, or use it as a context manager."""

    def __init__(self, engine: Engine, opened_at: Place, *, examine: bool) -> None:
        self.engine = engine
        self.opened_at = opened_at
        self.examine = examine
        self._schema_checked: Hashable = None

    @classmethod
    def create(cls, place: Place, *, patience: float | None = None, timezone: str = "UTC", register_id: str) -> Self:
        """Create an empty register at a free place and open it; Unavailable(exists) when it is taken.

        Missing(folder) when there is no folder to create it in. The id and the time zone
        are sealed for good.
        """
        engines.create(place, settlement(register_id, timezone), patience=patience)
        return cls.open(place, patience=patience)

    @classmethod
    def open(cls, place: Place, *, patience: float | None = None, examine: bool = False) -> Self:
        """Open an existing register; Missing, Unavailable or Damaged say why not. Never creates one.

        `examine` opens a damaged register too, for reading and `verify` only.
        """
        store = cls(engines.open_engine(place, patience=patience), place, examine=examine)
        try:
            with store.reading() as reader:
                store._expect_own_schema(reader.connection)
                if not examine:
                    # Read now: asked for inside another snapshot it would take a second connection to the server.
                    with suppress(Damaged):
                        store.meta = settled(reader.connection)
        except BaseException:
            store.close()
            raise
        return store

    @property
    def place(self) -> str:
        """Where the register lies, fit to be shown: a path, or a URL without its password."""
        return self.engine.place

    @cached_property
    def meta(self) -> Mapping[str, str]:
        """What was settled at creation: format, register, timezone. Damaged when it is not as sealed."""
        with self.reading() as reader:
            return settled(reader.connection)

    @property
    def size(self) -> int:
        """How far the log reaches."""
        with self.reading() as reader:
            return reader.head().size

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """Read in one snapshot. Keep it short: in a file a reader holds up commits."""
        with self.engine.reading() as connection:
            yield Reader(connection)

    def standing(self) -> Standing | None:
        """Return how a replica stands towards its primary, None where this is none."""
        with self.reading() as reader:
            return self.engine.standing(reader.connection)

    def wait_for(self, position: int, *, patience: float) -> int:
        """Return how far the log reaches once it has reached a position, or when patience is at its end."""
        until, pause = monotonic() + patience, _FIRST_PAUSE
        while (size := self.size) < position and (rest := until - monotonic()) > 0:
            sleep(min(pause, rest))
            pause = min(2 * pause, _LONGEST_PAUSE)
        return size

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Write in one transaction that holds the write lock from its start; an exception undoes it all."""
        if self.examine:
            raise Unavailable(reason="examined", place=self.place)
        with self.engine.writing() as connection:
            self._expect_own_schema(connection)
            yield connection

    def append(
        self,
        proposals: Sequence[Entry],
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
        set back. `project` runs in the same transaction over the fresh events. Among the proposals may be events
        that `made_ahead` made.
        """
        for proposal in proposals:
            if isinstance(proposal, Proposed):
                admit(proposal)
        with self.writing() as connection:
            return self._append(
                connection, proposals, now=now, conditions=conditions, project=project, asserted_at=asserted_at
            )

    def append_in_turn(
        self,
        decide: Callable[[Reader], tuple[Sequence[Proposed], Sequence[Condition]]],
        *,
        now: Clock,
        project: Project | None = None,
    ) -> Receipt | None:
        """Append what is decided while nobody else can write; None where nothing is proposed.

        `decide` reads what nobody can overtake. It keeps all other writers waiting, and must not open another
        transaction. Raises what `append` raises.
        """
        with self.writing() as connection:
            proposals, conditions = decide(Reader(connection))
            for proposal in proposals:
                admit(proposal)
            if not proposals:
                return None
            return self._append(connection, proposals, now=now, conditions=conditions, project=project)

    def _append(
        self,
        connection: Connection,
        proposals: Sequence[Entry],
        *,
        now: Clock,
        conditions: Sequence[Condition],
        project: Project | None,
        asserted_at: datetime | None = None,
    ) -> Receipt:
        receipt = append_within(
            connection, self.engine.write, proposals, now=now, conditions=conditions, asserted_at=asserted_at
        )
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
                    peaks, head = write_next(connection, self.engine.write, chunk, peaks)
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
        self.engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _expect_own_schema(self, connection: Connection) -> None:
        """Compare the schema whenever it changed since we last looked: a trigger may come at any time."""
        found = self.engine.schema_version(connection)
        if found != self._schema_checked and not self.examine:
            if amiss := self.engine.differences(connection):
                raise Damaged(what="; ".join(amiss))
            self._schema_checked = found


def settlement(register_id: str, timezone: str) -> dict[str, str]:
    """Return what is settled when a register is created, the seal last."""
    told = {"format": str(FORMAT), "register": register_id, "timezone": timezone}
    return told | {_SEAL: _seal(told)}


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
