"""Recorded events as entries: stored data becomes the fact it states."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from domain.catalogue import model_named
from domain.dates import parse
from domain.entries import Entry
from domain.facts import Source


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
