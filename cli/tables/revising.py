"""A table that comes again: what it says anew is a new fact, what it says otherwise a correction; silence is nothing.

What counts is what this map said last. A correction made by hand stands as long as the table says what it
said before; what the table no longer has is never taken for deleted, and what it left blank is told.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from cli.tables.mapping import Mapped, shortened
from domain.catalogue import MODELS
from domain.deciders import DECIDERS
from domain.entries import Entry
from domain.facts import stored
from domain.folding import words
from domain.reading import read_all
from domain.record import Line, resolve
from eventstore.log import EventStore

NEW, CORRECTED, SAME, LEFT = "new", "corrected", "same", "left"
"""What becomes of a fact: recorded, recorded as a correction, on record already, or left as the desk made it."""
BLANKED, UNSAID = "blanked; left as it is", "no longer said; left as it is"
"""What becomes of a fact whose cell is empty now, or whose row no longer meets the rule's conditions: nothing."""

OPENERS = frozenset(fact for decider in DECIDERS.values() for fact in decider.opens)
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
    """Holds a table against what its map said before, in short snapshots: a table may be long."""

    store: EventStore
    prefix: str
    day: str
    file: str
    openings: frozenset[str] = OPENERS
    """What the facts that open a stream are called in keys: by their type, or as the map calls them."""
    changes: list[Change] = field(default_factory=list)
    keys: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        with self.store.reading() as reader:
            self.keys = reader.keyed(f"{self.prefix}/")

    def named(self, known_as: str) -> str | None:
        """Return the stream a map opened under a natural key before; None where it did not."""
        if not self.keys:
            return None
        keys = (shortened(f"{known_as}/{fact}") for fact in self.openings)
        return next((self.keys[key] for key in keys if key in self.keys), None)

    def of(self, batch: list[Mapped], silent: list[Mapped]) -> Iterable[tuple[str, Mapped]]:
        """Yield each fact of a batch with what becomes of it; a correction in the fact's place."""
        if not self.keys:
            yield from ((NEW, mapped) for mapped in batch)
            return
        known = [mapped for mapped in (*batch, *silent) if mapped.key in self.keys]
        told = self._told({self.keys[mapped.key] for mapped in known})
        for mapped in batch:
            if mapped.key in self.keys:
                yield self._compared(mapped, told)
            else:
                self._tell_new(mapped)
                yield NEW, mapped
        for mapped in silent:
            if mapped.key in self.keys:
                self._tell_silent(mapped, told)

    def _told(self, streams: set[str]) -> dict[str, Line]:
        found: dict[str, Line] = {}
        with self.store.reading() as reader:
            recorded = reader.streams(streams)
        for events in recorded.values():
            found |= {line.entry.key: line for line in resolve(read_all(events)) if line.entry.key}
        return found

    def _tell_new(self, mapped: Mapped) -> None:
        """Tell what a row says anew of a stream that an earlier file spoke of."""
        if mapped.before:
            name, column = mapped.rule.telling()
            after = mapped.line["on"] if name in {"on", ""} else mapped.line["data"].get(name)
            self._tell(mapped, column, None, after, NEW)

    def _tell(self, mapped: Mapped, column: str, before: Any, after: Any, how: str) -> None:
        fact = mapped.rule.said.type
        self.changes.append(Change(mapped.row, mapped.stream, fact, column, before, after, how))

    def _tell_silent(self, mapped: Mapped, told: dict[str, Line]) -> None:
        """Tell what a row said once and says no more, where it stands."""
        number = self._last_number(mapped.key)
        line = told[mapped.key if mapped.rule.said.changed == "correct" else _numbered(mapped.key, number)]
        if line.stands is None:
            return
        column, before = self._where(mapped, line.stands)
        self._tell(mapped, column, before, None, UNSAID if mapped.rule.holds is not None else BLANKED)

    def _where(self, mapped: Mapped, stands: Entry) -> tuple[str, Any]:
        """Return the column a fact came from, and what it said."""
        name, column = mapped.rule.telling()
        return column, stands.on.text if name in {"on", ""} else stored(stands.fact).get(name)

    def _compared(self, mapped: Mapped, told: dict[str, Line]) -> tuple[str, Mapped]:
        if mapped.rule.said.changed == "record":
            return self._recorded(mapped, told)
        line = told[mapped.key]
        if line.stands is None:
            return LEFT, mapped
        said = self._last_said(mapped, line, told)
        self._tell_blank(mapped, said)
        now = {**mapped.line["data"], "on": mapped.line["on"]}
        differs = {
            name: new
            for name, new in _differences(mapped, now, said).items()
            if not _same(new, _now(name, line.stands))
        }
        if not differs:
            return SAME, mapped
        for name, new in differs.items():
            self._tell(mapped, mapped.rule.column(name), _now(name, line.stands), new, CORRECTED)
        return CORRECTED, self._correction(mapped, line, differs)

    def _recorded(self, mapped: Mapped, told: dict[str, Line]) -> tuple[str, Mapped]:
        """Return a new fact where the table's last word about it was another."""
        number = self._last_number(mapped.key)
        said = stored(told[_numbered(mapped.key, number)].entry.fact)
        self._tell_blank(mapped, said)
        differs = _differences(mapped, mapped.line["data"], said)
        if not differs:
            return SAME, mapped
        for name, value in differs.items():
            self._tell(mapped, mapped.rule.column(name), said.get(name), value, NEW)
        key = _numbered(mapped.key, number + 1)
        return NEW, replace(mapped, key=key, line={**mapped.line, "key": key})

    def _tell_blank(self, mapped: Mapped, said: dict[str, Any]) -> None:
        """Tell the fields that the table filled once, and leaves blank."""
        now, rule = mapped.line["data"], mapped.rule
        for name in said.keys() - now.keys() - rule.keep:
            if said[name] is not None and (column := rule.columns.get(f"data.{name}")):
                self._tell(mapped, column, said[name], None, BLANKED)

    def _last_number(self, key: str) -> int:
        number = 1
        while _numbered(key, number + 1) in self.keys:
            number += 1
        return number

    def _last_said(self, mapped: Mapped, line: Line, told: dict[str, Line]) -> dict[str, Any]:
        """Return what the map said last of a fact: as first recorded, and as its own corrections changed that."""
        said = {**stored(line.entry.fact), "on": line.entry.on.text}
        for correction in self._corrections(mapped.key, told):
            fact: Any = correction.entry.fact
            said |= {**fact.changes, **({"on": fact.on} if fact.on else {})}
        return said

    def _corrections(self, key: str, told: dict[str, Line]) -> Iterator[Line]:
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
        return replace(mapped, line={**mapped.line, **said})


def _numbered(key: str, number: int) -> str:
    return key if number == 1 else f"{key}#{number}"


def _differences(mapped: Mapped, now: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    """Return the fields a table says otherwise than it did; a field it leaves out says nothing."""
    keep, fields = mapped.rule.keep, MODELS[mapped.rule.said.type].model_fields
    return {
        name: value
        for name, value in now.items()
        # What is a field's default is not stored, and said all the same.
        if name not in keep and not _same(value, said.get(name, fields[name].default if name in fields else None))
    }


def _same(first: Any, second: Any) -> bool:
    """Say whether two values are the same but for letter case, blanks and accents."""
    if first == second:
        return True
    if isinstance(first, list | tuple) and isinstance(second, list | tuple):
        return len(first) == len(second) and all(map(_same, first, second))
    if isinstance(first, str) and isinstance(second, str) and not _FIGURES.fullmatch(first):
        return words(first) == words(second)
    return False


def _now(name: str, stands: Entry) -> Any:
    return stands.on.text if name == "on" else stored(stands.fact).get(name)
