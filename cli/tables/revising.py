"""A table that comes again: what it says anew is a new fact, what it says otherwise a correction; silence is nothing.

What counts is what this map said last. A correction made by hand stands as long as the table says what it
said before; what the table no longer has is never taken for deleted.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from cli.tables.mapping import Mapped
from domain.entries import Entry
from domain.facts import stored
from domain.folding import words
from domain.reading import read_all
from domain.record import Line, resolve
from eventstore.log import Reader

NEW, CORRECTED, SAME, LEFT = "new", "corrected", "same", "left"
"""What becomes of a fact: recorded, recorded as a correction, on record already, or left as the desk made it."""


_FIGURES = re.compile(r"[0-9X?~%./\[\],\- ]+")
"""Dates and amounts are no words: a mark of doubt is a difference."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a table says otherwise than before: in which row and field, what it was and is, and what is done."""

    row: int
    stream: str
    fact: str
    field: str
    before: Any
    after: Any
    how: str


@dataclass
class Revision:
    """Holds a table against what its map said before."""

    reader: Reader
    prefix: str
    day: str
    file: str
    changes: list[Change] = field(default_factory=list)
    keys: dict[str, tuple[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        self.keys = self.reader.keyed(f"{self.prefix}/")

    def named(self, known_as: str) -> str | None:
        """Return the stream a map opened under a natural key before; None where it did not."""
        return next((self.keys[key][1] for key in self._openings(known_as) if key in self.keys), None)

    def _openings(self, known_as: str) -> Iterable[str]:
        from domain.deciders import DECIDERS

        return (f"{known_as}/{fact}" for decider in DECIDERS.values() for fact in decider.opens)

    def of(self, batch: list[Mapped]) -> Iterable[tuple[str, Mapped]]:
        """Yield each fact of a batch with what becomes of it; a correction in the fact's place."""
        known = [mapped for mapped in batch if mapped.key in self.keys]
        told = self._told({self.keys[mapped.key][1] for mapped in known})
        for mapped in batch:
            yield self._compared(mapped, told) if mapped.key in self.keys else (NEW, mapped)

    def _told(self, streams: set[str]) -> dict[str, Line]:
        found: dict[str, Line] = {}
        for events in self.reader.streams(streams).values():
            found |= {line.entry.key: line for line in resolve(read_all(events)) if line.entry.key}
        return found

    def _compared(self, mapped: Mapped, told: dict[str, Line]) -> tuple[str, Mapped]:
        if mapped.rule.changed == "record":
            return self._recorded(mapped, told)
        line = told[mapped.key]
        if line.stands is None:
            return LEFT, mapped
        said = self._last_said(mapped, line, told)
        differs = _differences(mapped, said)
        differs = {name: new for name, new in differs.items() if not _same(new, _now(name, line.stands))}
        if not differs:
            return SAME, mapped
        for name, new in differs.items():
            column = mapped.columns.get(name if name == "on" else f"data.{name}", name)
            before = _now(name, line.stands)
            self.changes.append(
                Change(mapped.row, mapped.line["stream"], mapped.line["type"], column or name, before, new, CORRECTED)
            )
        return CORRECTED, self._correction(mapped, line, differs)

    def _recorded(self, mapped: Mapped, told: dict[str, Line]) -> tuple[str, Mapped]:
        """Return a new fact where the table's last word about it was another."""
        number = 1
        while _numbered(mapped.key, number + 1) in self.keys:
            number += 1
        last = told[_numbered(mapped.key, number)]
        said = stored(last.entry.fact)
        news = {name: v for name, v in mapped.line["data"].items() if name not in mapped.rule.keep}
        if all(_same(value, said.get(name)) for name, value in news.items()):
            return SAME, mapped
        for name, value in news.items():
            if not _same(value, said.get(name)):
                column = mapped.columns.get(f"data.{name}") or name
                self.changes.append(
                    Change(mapped.row, mapped.line["stream"], mapped.line["type"], column, said.get(name), value, NEW)
                )
        key = _numbered(mapped.key, number + 1)
        return NEW, replace(mapped, line={**mapped.line, "key": key})

    def _last_said(self, mapped: Mapped, line: Line, told: dict[str, Line]) -> dict[str, Any]:
        """Return what the map said last of a fact: as first recorded, and as its own corrections changed that."""
        said = {**stored(line.entry.fact), "on": line.entry.on.text}
        for correction in self._corrections(mapped.key, told):
            fact: Any = correction.entry.fact
            said |= {**fact.changes, **({"on": fact.on} if fact.on else {})}
        return said

    def _corrections(self, key: str, told: dict[str, Line]) -> Iterable[Line]:
        number = 1
        while (line := told.get(f"{key}~{number}")) is not None:
            yield line
            number += 1

    def _correction(self, mapped: Mapped, line: Line, differs: dict[str, Any]) -> Mapped:
        number = 1
        while f"{mapped.key}~{number}" in self.keys:
            number += 1
        data: dict[str, Any] = {"target": line.entry.id, "reason": f"{self.file}, row {mapped.row}, says otherwise"}
        changes = {name: new for name, new in differs.items() if name != "on"}
        data |= ({"changes": changes} if changes else {}) | ({"on": differs["on"]} if "on" in differs else {})
        said = {"type": "EventCorrected", "on": self.day, "data": data, "key": f"{mapped.key}~{number}"}
        return replace(mapped, line={**mapped.line, **said}, opens=False)


def _numbered(key: str, number: int) -> str:
    return key if number == 1 else f"{key}#{number}"


def _differences(mapped: Mapped, said: dict[str, Any]) -> dict[str, Any]:
    """Return the fields a table says otherwise than it did; a field it leaves out says nothing."""
    now = {**mapped.line["data"], "on": mapped.line["on"]}
    return {
        name: value for name, value in now.items() if name not in mapped.rule.keep and not _same(value, said.get(name))
    }


def _same(first: Any, second: Any) -> bool:
    """Say whether two values are the same but for letter case, blanks and accents."""
    if isinstance(first, list | tuple) and isinstance(second, list | tuple):
        return len(first) == len(second) and all(map(_same, first, second))
    if isinstance(first, str) and isinstance(second, str) and not (_FIGURES.fullmatch(first) or first == second):
        return words(first) == words(second)
    return bool(first == second)


def _now(name: str, stands: Entry) -> Any:
    return stands.on.text if name == "on" else stored(stands.fact).get(name)
