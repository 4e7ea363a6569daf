"""A fact with its envelope: as a draft before it is recorded, as an entry after.

Only an entry has a position, a version and a recorded time; the store gives them (DOMAIN.md section 2).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from domain.dates import When
from domain.facts import Fact, Source, references


@dataclass(frozen=True)
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
        return self._mentions

    @cached_property
    def _mentions(self) -> tuple[str, ...]:
        named = dict.fromkeys((*self.about, *references(self.fact)))
        named.pop(self.stream, None)
        return tuple(named)


class Entry(NamedTuple):
    """A fact that stands in the log, as read, or as it would stand if recorded next.

    A tuple, since each fact is made into one several times, and a frozen dataclass takes thrice as long to make.
    """

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


def as_next(draft: Draft, history: Sequence[Entry]) -> Entry:
    """Return the entry a draft would become if it were recorded right after the given history."""
    last = history[-1] if history else None
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
        position=last.position + 1 if last else 1,
        version=last.version + 1 if last else 1,
        recorded="",
    )
