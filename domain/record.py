"""What facts about the record make of the others: which stand, and as what (DOMAIN.md section 6, step 2)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple, TypeAlias

from pydantic import ValidationError

from domain import corrections as c
from domain.dates import parse
from domain.entries import Entry
from domain.facts import Fact, references, said, stored

Standing: TypeAlias = Literal["standing", "corrected", "retracted"]


class Line(NamedTuple):
    """One entry of the log and what became of it."""

    entry: Entry
    stands: Entry | None
    touched_by: tuple[Entry, ...] = ()

    @property
    def standing(self) -> Standing:
        """Say whether the entry holds as recorded, as corrected, or no more."""
        if self.stands is None:
            return "retracted"
        same = self.stands.fact == self.entry.fact and self.stands.on == self.entry.on
        return "standing" if same else "corrected"

    @property
    def unfit(self) -> tuple[Entry, ...]:
        """Return the corrections that no longer fit, since one they rested on was taken back."""
        return tuple(_walk(self.entry, self.touched_by)[1])

    @property
    def disputed(self) -> bool:
        """Say whether a dispute about the entry is open."""
        if not self.touched_by:
            return False
        words = [entry.fact for entry in self.touched_by if isinstance(entry.fact, c.EventDisputed | c.DisputeResolved)]
        return bool(words) and isinstance(words[-1], c.EventDisputed)

    @property
    def waiver(self) -> c.RuleWaived | None:
        """Return the waiver that let the entry in against a rule, or None."""
        return next((e.fact for e in self.touched_by if isinstance(e.fact, c.RuleWaived)), None)

    @property
    def refined(self) -> c.DateRefined | None:
        """Return the latest refinement of the entry's date, or None."""
        found = [e.fact for e in self.touched_by if isinstance(e.fact, c.DateRefined)]
        return found[-1] if found else None


def about_the_record(entry: Entry) -> bool:
    """Say whether an entry speaks about the record and not about the world."""
    return type(entry.fact) in _ABOUT_THE_RECORD


_ABOUT_THE_RECORD = frozenset(c.FACTS.values())


def resolve(entries: Iterable[Entry]) -> tuple[Line, ...]:
    """Return every entry with what became of it, in the order given.

    Withdrawn facts about the record count as retracted; the others touch their targets in the order
    they were recorded, so the latest standing correction of a field wins.
    """
    entries = tuple(entries)
    withdrawn = {e.fact.target for e in entries if isinstance(e.fact, c.CorrectionWithdrawn)}
    touching: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        target = said(entry.fact, "target") if about_the_record(entry) else None
        if target is not None and entry.id not in withdrawn:
            touching[target].append(entry)
    return tuple(_line(entry, touching.get(entry.id, ()), withdrawn) for entry in entries)


def _line(entry: Entry, touched_by: Sequence[Entry], withdrawn: set[str]) -> Line:
    if not touched_by and not withdrawn:
        return Line(entry, entry)
    if entry.id in withdrawn or any(isinstance(e.fact, c.EventRetracted) for e in touched_by):
        return Line(entry, None, tuple(touched_by))
    return Line(entry, _walk(entry, touched_by)[0], tuple(touched_by))


def _walk(entry: Entry, touched_by: Iterable[Entry]) -> tuple[Entry, list[Entry]]:
    """Touch an entry by each in turn; return what it becomes, and the corrections that do not fit it."""
    unfit = []
    for touch in touched_by:
        try:
            entry = _touched(entry, touch.fact)
        except ValidationError:
            # Nothing on record may keep a stream from being read: what does not fit is left out.
            unfit.append(touch)
    return entry, unfit


def _touched(entry: Entry, fact: Fact) -> Entry:
    match fact:
        case c.EventCorrected():
            on = parse(fact.on) if fact.on else entry.on
            right = corrected(entry.fact, fact.changes)
            return entry._replace(fact=right, on=on, about=_about(entry, right))
        case c.DateRefined():
            return entry._replace(on=parse(fact.on))
        case c.SourceAdded():
            return entry._replace(sources=(*entry.sources, fact.source))
        case _:
            return entry


def _about(entry: Entry, right: Fact) -> tuple[str, ...]:
    """Return the streams a corrected entry concerns: those its fields named wrongly give way."""
    wrong = set(references(entry.fact))
    named = dict.fromkeys((*(name for name in entry.about if name not in wrong), *references(right)))
    return tuple(name for name in named if name != entry.stream)


def corrected(fact: Fact, changes: dict[str, object]) -> Fact:
    """Return the fact with fields changed (null takes one away); raises Pydantic's ValidationError."""
    if not changes:
        return fact
    data = {**stored(fact), **changes}
    present = {name: value for name, value in data.items() if value is not None}
    return type(fact).model_validate(present)
