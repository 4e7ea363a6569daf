"""A fact with its envelope: as a draft before it is recorded, as an entry after.

Only an entry has a position, a version and a recorded time; the store gives them (DOMAIN.md section 2).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from domain.catalogue import model_named
from domain.dates import When, parse
from domain.facts import Fact, Source, references


@dataclass(frozen=True, slots=True)
class Draft:
    """A fact somebody wants recorded."""

    id: str
    stream: str
    on: When
    fact: Fact
    about: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    by: str = ""
    key: str | None = None
    batch: str | None = None
    note: str | None = None

    def mentions(self) -> tuple[str, ...]:
        """Return the other streams it concerns: those said in `about` and those its fields name."""
        named = dict.fromkeys((*self.about, *references(self.fact)))
        return tuple(name for name in named if name != self.stream)


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact that stands in the log, as read, or as it would stand if recorded next."""

    id: str
    stream: str
    on: When
    fact: Fact
    about: tuple[str, ...]
    sources: tuple[Source, ...]
    by: str
    key: str | None
    note: str | None
    position: int
    version: int
    recorded: str


class Stored(Protocol):
    """What the domain needs of a recorded event; the event store's own type fits."""

    @property
    def id(self) -> str: ...
    @property
    def stream(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def schema(self) -> int: ...
    @property
    def on(self) -> str: ...
    @property
    def data(self) -> Mapping[str, Any]: ...
    @property
    def about(self) -> tuple[str, ...]: ...
    @property
    def sources(self) -> tuple[Mapping[str, Any], ...]: ...
    @property
    def by(self) -> str: ...
    @property
    def key(self) -> str | None: ...
    @property
    def note(self) -> str | None: ...
    @property
    def position(self) -> int: ...
    @property
    def version(self) -> int: ...
    @property
    def recorded(self) -> str: ...


def read(event: Stored) -> Entry:
    """Turn a recorded event into an entry.

    Raises `UnknownFact` for a type or schema this program does not know.
    """
    return Entry(
        id=event.id,
        stream=event.stream,
        on=parse(event.on),
        fact=model_named(event.type, event.schema).model_validate(event.data),
        about=event.about,
        sources=tuple(map(Source.model_validate, event.sources)),
        by=event.by,
        key=event.key,
        note=event.note,
        position=event.position,
        version=event.version,
        recorded=event.recorded,
    )


def read_all(events: Sequence[Stored]) -> tuple[Entry, ...]:
    """Turn recorded events into entries, in the same order."""
    return tuple(map(read, events))


def as_next(draft: Draft, history: Sequence[Entry]) -> Entry:
    """Return the entry a draft would become if it were recorded right after the given history."""
    return Entry(
        id=draft.id,
        stream=draft.stream,
        on=draft.on,
        fact=draft.fact,
        about=draft.mentions(),
        sources=draft.sources,
        by=draft.by,
        key=draft.key,
        note=draft.note,
        position=(history[-1].position if history else 0) + 1,
        version=(history[-1].version if history else 0) + 1,
        recorded="",
    )
