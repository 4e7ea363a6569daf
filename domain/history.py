"""The entries of one stream as they come in, with what they make: so that each new fact costs what it changes.

Deciding needs the lines, the steps in the order of effect, and who said the same before. All three are worked
out once and carried on; a fact about the record, or one that takes effect before the last, has them made anew.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property
from typing import Any, TypeAlias, overload

from domain.deciders import DECIDERS
from domain.entries import Draft, Entry, as_next
from domain.facts import name_of, said
from domain.record import Line, about_the_record, resolve
from domain.replay import Replayed, Step, effect_order, fold, in_order
from domain.streams import kind_of

Said: TypeAlias = tuple[str, str]
"""What a fact is looked up by: its type and the text of its date."""


class History(Sequence[Entry]):
    """One stream's entries in the order recorded; grows by `add`."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._entries: list[Entry] = []
        self._ids: set[str] = set()
        self._keys: set[str] = set()
        self._aims: set[str] = set()
        self._met: Step | None = None
        self._next: tuple[Draft, Entry] | None = None
        for entry in entries:
            self._keep(entry)

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> list[Entry]: ...
    def __getitem__(self, index: int | slice) -> Entry | list[Entry]:
        return self._entries[index]

    def __len__(self) -> int:
        return len(self._entries)

    def bears(self, id_: str) -> bool:
        """Say whether an entry has this id."""
        return id_ in self._ids

    def knows(self, draft: Draft) -> bool:
        """Say whether an entry bears the draft's id or key."""
        return self.bears(draft.id) or (draft.key is not None and draft.key in self._keys)

    def next(self, draft: Draft) -> Entry:
        """Return the entry a draft would become if it were recorded now; the same one until something is."""
        if self._next is None or self._next[0] is not draft:
            self._next = draft, as_next(draft, self._entries)
        return self._next[1]

    @cached_property
    def lines(self) -> list[Line]:
        """Return every entry with what became of it."""
        return list(resolve(self._entries))

    @cached_property
    def steps(self) -> list[Step]:
        """Return what stands about the world, folded and judged in the order of its effect."""
        told = (line.stands for line in self.lines)
        entries = in_order(entry for entry in told if entry is not None and not about_the_record(entry))
        return list(fold(self._entries[0].stream, entries)) if entries else []

    @property
    def state(self) -> Any:
        """Return the state that all steps lead to."""
        return self.steps[-1].after if self.steps else DECIDERS[kind_of(self._entries[0].stream)].initial

    def is_last(self, entry: Entry) -> bool:
        """Say whether an entry takes effect after everything that stands."""
        return not self.steps or effect_order(self.steps[-1].entry) < effect_order(entry)

    def met(self, entry: Entry) -> Step:
        """Return the step of an entry that `is_last`; adding it right after costs nothing more."""
        start = self.state if self._entries else None
        [self._met] = fold(entry.stream, [entry], start)
        return self._met

    def saying(self, draft: Draft) -> Iterable[Line]:
        """Yield the standing lines with a fact of the draft's type and date, in the order recorded."""
        return self._said.get((name_of(draft.fact), draft.on.text), ())

    def add(self, entry: Entry) -> None:
        """Take in the next entry of the stream."""
        met, self._met = self._met, None
        plain = not about_the_record(entry) and entry.id not in self._aims
        if self._made("lines") and not (plain and self._carry_on(entry, met)):
            self._forget()
        self._keep(entry)

    def replayed(self) -> Replayed:
        """Return the stream as `domain.replay.replay` does with all that is known, of any day."""
        told = [step.entry for step in self.steps]
        return Replayed(
            stream=self._entries[0].stream,
            state=self.state,
            steps=tuple(self.steps),
            lines=tuple(self.lines),
            possibly=frozenset(),
            settled=max((entry.on.start_latest for entry in told), default=date.min),
        )

    @cached_property
    def _said(self) -> dict[Said, list[Line]]:
        found: dict[Said, list[Line]] = {}
        for line in self.lines:
            _put(found, line)
        return found

    def _carry_on(self, entry: Entry, met: Step | None) -> bool:
        """Extend what is made already; False where the entry takes effect among the others."""
        if self._made("steps"):
            if met is None or met.entry is not entry:
                if not self.is_last(entry):
                    return False
                met = self.met(entry)
            self.steps.append(met)
            self._met = None
        line = Line(entry, entry)
        self.lines.append(line)
        if self._made("_said"):
            _put(self._said, line)
        return True

    def _made(self, name: str) -> bool:
        return name in self.__dict__

    def _forget(self) -> None:
        for name in ("lines", "steps", "_said"):
            self.__dict__.pop(name, None)

    def _keep(self, entry: Entry) -> None:
        self._entries.append(entry)
        self._next = None
        self._ids.add(entry.id)
        if entry.key is not None:
            self._keys.add(entry.key)
        if about_the_record(entry):
            self._aims.add(said(entry.fact, "target"))


def _put(found: dict[Said, list[Line]], line: Line) -> None:
    if line.stands is not None:
        found.setdefault((name_of(line.stands.fact), line.stands.on.text), []).append(line)
