"""The register as commands use it: ask it, or have facts decided and recorded."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from cli.exits import NOT_FOUND, Failure
from eventstore.codec import instant
from eventstore.envelope import Receipt, Recorded
from eventstore.log import EventStore, Reader
from projections.world import World

_DIGITS = 20
"""Of a position, more than any log has."""


@dataclass(frozen=True)
class Register:
    """An open register with its clock and its source of ids; everything that records or asks enters here."""

    store: EventStore
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    by: str

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone in which the register's days begin and end."""
        return ZoneInfo(self.store.meta["timezone"])

    def today(self) -> date:
        """Return the day it is in the register's time zone."""
        return self.now().astimezone(self.zone).date()

    @contextmanager
    def world(self, *, as_of: date | None = None, known_at: str | None = None) -> Iterator[World]:
        """Ask in one snapshot, as of a day (default: today) and as known at a time or position (default: now)."""
        with self.store.reading() as reader:
            position = None if known_at is None else self.position(reader, known_at)
            yield World(reader, as_of or self.today(), position)

    def position(self, reader: Reader, text: str) -> int:
        """Return the position a text names: itself, or the last one recorded by a time."""
        size = reader.head().size
        if text.isdecimal() and len(text) != 4:
            # Python refuses to read thousands of digits; of so many, the first few are beyond any log too.
            return self.existing(int(text[:_DIGITS]), size)
        if text.isdecimal() and int(text) <= size:
            return int(text)
        return reader.position_at(instant(self.moment(text)))

    def position_by(self, reader: Reader, day: date) -> int:
        """Return the position of the last event recorded by the end of a day in the register's time zone."""
        return reader.position_at(instant(self.moment(day.isoformat())))

    def existing(self, position: int, size: int) -> int:
        """Return a position that the log has reached; Failure for another."""
        if not 0 <= position <= size:
            message = f"there is no position {position}; the log ends at {size}"
            raise Failure("not-found", message, NOT_FOUND, "paraph log shows positions")
        return position

    def moment(self, text: str, *, begin: bool = False) -> datetime:
        """Return the moment a text names; a time without a zone is the register's.

        A day, month or year means its end, or its begin where that is asked for.
        """
        from domain.dates import BadDate, parse

        if len(text) <= len("2025-04-17") and "T" not in text:
            named = parse(text)
            day, hour = (named.earliest, time.min) if begin else (named.latest, time.max)
            return _in_utc(datetime.combine(day, hour, self.zone))
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise BadDate(text, "is no time; write 2025-04-17T12:00:00Z, a day, or a position") from None
        return _in_utc(moment if moment.tzinfo else moment.replace(tzinfo=self.zone))


def _in_utc(moment: datetime) -> datetime:
    """Return the moment in UTC; at the calendar's ends the last one there is, for another zone may lie beyond."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        day, hour = (date.min, time.min) if moment.year == date.min.year else (date.max, time.max)
        return datetime.combine(day, hour, UTC)


def waiver_of(event_id: str) -> str:
    """Return the id of the waiver that lets an event in: the same one on every retry."""
    return str(uuid.uuid5(uuid.UUID(event_id), "waiver"))


def in_position_order(receipt: Receipt) -> Sequence[Recorded]:
    """Return a receipt's events in the order of the log."""
    return sorted(receipt.events, key=lambda event: event.position)
