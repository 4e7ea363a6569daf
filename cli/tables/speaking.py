"""Which streams a row speaks of: by what each is known, in this file and in later ones, and by which slug."""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from cli.slugs import proposed_slug
from cli.tables.cells import BadCell, shown
from cli.tables.mapfile import Stream
from cli.tables.mapparts import columns_in
from cli.tables.sheets import Cell
from cli.tables.values import Cells, Damaged, Values
from cli.tables.words import divided
from domain.streams import is_slug, stream_name

Seen: TypeAlias = dict[int, Cell]
"""Cells as one of several streams in a row sees them, by their place."""


@dataclass(frozen=True, slots=True)
class Speaks:
    """A stream a row speaks of: its name, what it is known by, its own cells, whether it was known before."""

    name: str
    known_as: str
    seen: Seen
    before: bool


@dataclass
class Names:
    """Gives streams their names: one known already keeps its own, a new one gets a free slug."""

    named: Callable[[str], str | None]
    taken: set[str]
    known: dict[str, tuple[str, bool]] = field(default_factory=dict)
    _next: dict[str, int] = field(default_factory=dict)

    def before(self, known_as: str) -> tuple[str, bool] | None:
        """Return the name of a stream this file or an earlier one spoke of, and whether an earlier one did."""
        found = self.known.get(known_as)
        if found is None and (name := self.named(known_as)) is not None:
            found = self.known[known_as] = (name, True)
        return found

    def new(self, known_as: str, kind: str, wanted: str) -> tuple[str, bool]:
        """Name a new stream after a text, numbered where others have that slug."""
        base = proposed_slug(wanted, set(), kind)
        number = self._next.get(base, 1)
        while (slug := _numbered(base, number)) in self.taken:
            number += 1
        self._next[base] = number + 1
        self.taken.add(slug)
        found = self.known[known_as] = (stream_name(kind, slug), False)
        return found


def _numbered(base: str, number: int) -> str:
    return base if number == 1 else f"{base[: 39 - len(str(number))].rstrip('-')}-{number}"


class Speaker:
    """Finds the streams of one kind that a row speaks of."""

    def __init__(self, name: str, said: Stream, values: Values, names: Names) -> None:
        self.said, self.values, self.names = said, values, names
        self.name, self.prefix = name, f"{values.map.name}/{said.same or name}:"
        self.holds = values.holds(said.when)
        self.keys = [values.template(key if "{" in key else f"{{{key}}}") for key in said.key]
        self.slug = values.template(said.slug) if said.slug else None
        self.first = values.place(said.key[0]) if said.key and "{" not in said.key[0] else None
        self.words = values.words(said.words) if said.words else None
        self.each = values.places.each[said.key[0]] if said.each else (self.first,)
        self.named_in = [said.each or columns_in(key) or (key,) for key in said.key]
        self.one = self._found(said.fixed, said.fixed, {}, []) if said.fixed is not None else None

    def __call__(self, cells: Cells) -> list[Speaks]:
        """Return the streams a row speaks of; raises `Damaged` where one should be on record and is not."""
        if self.holds is not None and not self.holds(cells):
            return []
        if self.one is not None:
            return [self.one]
        if self.first is None or not (self.said.split or self.words or self.said.each):
            found = self._of(cells, {})
            return [found] if found else []
        items = (item for place in self.each if place is not None for item in self._items(cells[place]))
        each = (self._of(cells, {self.first: item}) for item in dict.fromkeys(items))
        return [found for found in each if found]

    def _items(self, cell: Cell) -> Iterator[str]:
        for plain in divided(self.values.text(cell), self.said.split):
            meant = self.words.get(plain) if self.words else None
            yield plain if meant is None else meant

    def _of(self, cells: Cells, seen: Seen) -> Speaks | None:
        own = overlaid(cells, seen)
        parts = [key(own) for key in self.keys]
        if not all(parts):
            self._expect_all_blank(parts)
            return None
        text = "|".join(parts)
        return self._found(text, " ".join(parts), seen, own)

    def _expect_all_blank(self, parts: Sequence[str]) -> None:
        """Raise `Damaged` where a part of the key is there and another is not: nothing is known by half a key."""
        if any(parts):
            column = self.named_in[parts.index("")][0]
            whole = " ".join(key if "{" in key else f"{{{key}}}" for key in self.said.key)
            what = f"is blank, and belongs to the key of {self.name}"
            raise Damaged(column, "", BadCell(what, f'key = "{whole}" if it may be blank'), noted=False)

    def _found(self, text: str, wanted: str, seen: Seen, own: Cells) -> Speaks:
        plain = text if text.isascii() else unicodedata.normalize("NFC", text)
        known_as = self.prefix + plain.casefold()
        found = self.names.before(known_as)
        if found is None:
            wanted = (self.slug(own) if self.slug else "") or wanted
            found = self._existing(wanted) if self.said.existing else self.names.new(known_as, self.said.kind, wanted)
        return Speaks(found[0], known_as, seen, found[1])

    def _existing(self, wanted: str) -> tuple[str, bool]:
        slug = wanted.partition("/")[2] if wanted.startswith(f"{self.said.kind}/") else wanted
        if not is_slug(slug) or slug not in self.names.taken:
            column = next(iter([*columns_in(self.said.slug or ""), *self.said.key]), "")
            raise Damaged(column, shown(wanted), BadCell(f"no such {self.said.kind}"), noted=False)
        return stream_name(self.said.kind, slug), True


def overlaid(cells: Cells, seen: Seen) -> Cells:
    """Return cells as a stream sees them."""
    if not seen:
        return cells
    own = list(cells)
    for place, cell in seen.items():
        own[place] = cell
    return own
