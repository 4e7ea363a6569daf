"""The world as asked: on a day, and as the register knew it at a point of the log.

One mechanism serves every question. A view's stored rows of a stream hold for the question when all
the stream's dates are settled by the day asked and nothing was recorded past the point asked; the
other streams are folded anew from the log and put through the same view. The present needs no folding.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, select, true

from eventstore.envelope import Head
from eventstore.log import Reader
from projections.books import STREAMS, Books
from projections.projection import Projection, Row

if TYPE_CHECKING:
    from domain.replay import Replayed


@dataclass(frozen=True)
class World:
    """The register in one snapshot, as of a day, and as known at a position (None: all that is known)."""

    reader: Reader
    as_of: date
    known_at: int | None = None
    _folded: dict[str, "Replayed | None"] = field(default_factory=dict, repr=False)

    @cached_property
    def head(self) -> Head:
        """Return the head of the log."""
        return self.reader.head()

    def rows(self, view: Projection, streams: Iterable[str] | None = None) -> list[Row]:
        """Return a view's rows as the question has them, of all streams or of those named."""
        wanted = None if streams is None else set(streams)
        if not self._level(view):
            return self._folded_rows(view, self._all_streams() if wanted is None else wanted)
        unsettled = self.unsettled if wanted is None else self.unsettled & wanted
        return [*self._stored_rows(view, wanted), *self._folded_rows(view, unsettled)]

    def stored(self, view: Projection) -> list[Row] | None:
        """Return a view's stored rows that hold for the question, None where it is not level with the log."""
        return self._stored_rows(view, None) if self._level(view) else None

    @cached_property
    def unsettled(self) -> frozenset[str]:
        """The streams whose stored rows, in views that are level, do not hold for the question."""
        return frozenset(self.reader.connection.scalars(select(STREAMS.c.stream).where(~self._holds)))

    def _level(self, view: Projection) -> bool:
        return self._books.reached(view) == self.head.size

    @cached_property
    def _books(self) -> Books:
        return Books.of(self.reader.connection)

    def replayed(self, stream: str) -> "Replayed | None":
        """Return a stream as `fold` does, the same at every call."""
        if stream not in self._folded:
            self._folded[stream] = self.fold(stream)
        return self._folded[stream]

    def fold(self, stream: str) -> "Replayed | None":
        """Return a stream folded for the question; None where nothing of it was known or in effect."""
        from domain.reading import read_all
        from domain.replay import replay

        entries = read_all(self.reader.stream(stream))
        if not entries:
            return None
        found = replay(entries, as_of=self.as_of, known_at=self.known_at)
        return found if found.steps else None

    @cached_property
    def _holds(self) -> ColumnElement[bool]:
        settled = STREAMS.c.settled <= self.as_of.isoformat()
        known = true() if self.known_at is None else STREAMS.c.last_position <= self.known_at
        return and_(settled, known)

    def _all_streams(self) -> list[str]:
        return self.reader.stream_names()

    def _stored_rows(self, view: Projection, wanted: set[str] | None) -> list[Row]:
        if wanted is not None and not wanted:
            return []
        table = view.table
        query = select(table).join(STREAMS, STREAMS.c.stream == table.c.stream).where(self._holds)
        if wanted is not None and len(wanted) <= 500:
            query = query.where(table.c.stream.in_(wanted))
        found = self.reader.connection.execute(query.order_by(table.c.stream)).mappings()
        return [dict(row) for row in found if wanted is None or row["stream"] in wanted]

    def _folded_rows(self, view: Projection, streams: Iterable[str]) -> list[Row]:
        found: list[Row] = []
        for stream in sorted(streams):
            replayed = self.replayed(stream)
            if replayed is not None:
                found.extend({"stream": stream, **row} for row in view.rows(replayed))
        return found
