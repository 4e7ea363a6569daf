"""What an event is, before it is recorded and after (DOMAIN.md section 2), and what an append returns.

Two types, because position, version and recorded time exist only once the store has given them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

JSON: TypeAlias = "Mapping[str, JSON] | Sequence[JSON] | str | int | bool | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """The fields both types share; on its own it is neither."""

    id: str
    stream: str
    type: str
    schema: int
    on: str
    earliest: str
    latest: str
    data: Mapping[str, JSON]
    by: str
    about: tuple[str, ...] = ()
    sources: tuple[Mapping[str, JSON], ...] = ()
    key: str | None = None
    batch: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed(_Entry):
    """A fact the caller wants recorded; the id is the caller's, so that a retry is safe.

    `id` is a canonical lower-case UUID, `stream` and `about` are "kind/slug", `on` is EDTF text as
    given, `earliest` and `latest` its bounds as ISO days.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded(_Entry):
    """A fact of the log. `recorded` is fixed-width UTC text, so text sorts by time.

    `asserted` marks a recorded time stated by an older register; `body` are the exact stored
    bytes and `hash` their RFC 6962 leaf hash.
    """

    position: int
    version: int
    recorded: str
    asserted: bool
    body: bytes
    hash: bytes


Entry: TypeAlias = Proposed | Recorded


@dataclass(frozen=True, slots=True)
class Head:
    """How far the log reaches: its size, its Merkle root and its last recorded time (None when empty)."""

    size: int
    root: bytes
    recorded: str | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """One event for each proposal, in the order proposed, and the head after them.

    `fresh` are the ids appended by this very call; the others were on record before. `clock_back`
    says how far the clock stood behind the last recorded time, None when it did not.
    """

    events: tuple[Recorded, ...]
    fresh: frozenset[str]
    clock_back: timedelta | None
    head: Head

    @property
    def already_recorded(self) -> bool:
        """Whether everything proposed was on record before."""
        return not self.fresh


@dataclass(frozen=True, slots=True)
class StreamAt:
    """Condition: the stream stands at this version (0 when it must not exist)."""

    stream: str
    version: int


@dataclass(frozen=True, slots=True)
class NothingAbout:
    """Condition: no event in the stream, or mentioning it, after this position."""

    stream: str
    after: int


Condition: TypeAlias = StreamAt | NothingAbout
