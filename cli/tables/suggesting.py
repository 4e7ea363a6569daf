"""A map to begin with, from a table's heading and its first rows: what looks like a key, a party, a date, a status.

Everything proposed is said to be a guess, in comments; a map is read by a person before it is used.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from cli.screens.words import counted
from cli.slugs import proposed_slug
from cli.tables.cells import BadCell, date_of, is_missing, shown
from cli.tables.headings import END, IN_FORCE, KEY, PARTY, SIGNED, STATUS, TITLE, first, speaks_of
from cli.tables.headrows import heading_rows
from cli.tables.mapparts import Defaults, Layout
from cli.tables.reading import read_table
from cli.tables.sheets import Cell

_LOOKED_AT = 2_000
_FEW = 15
"""A column with so few different values, each several times, is a list of words."""
_ORDERS = ("iso", "dmy", "mdy", "ymd", "dmy2", "mdy2", "ranges")
_DEFAULTS = Defaults()


_YEARS = range(1200, 2200)
"""Numbers that may be years, where a column holds nothing but such."""
_SEPARATORS = (";", "|", "\n", ",", " / ")
_SERIES = re.compile(r"(.*\D)\d{1,2}$")
"""A column that is one of several: Party 1, c2."""
_OPENING = "../{@recorded}"
_OPEN = re.compile(r"9999[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]9999")
"""A day that will not come, in whatever order: it stands for no end."""


@dataclass(frozen=True, slots=True)
class Guessed:
    """What the columns of a table seem to be: their cells that say something, and which of them is what."""

    filled: dict[str, list[Cell]]
    dates: dict[str, str]
    key: str
    title: str
    parties: tuple[str, ...]
    status: str | None
    open_ends: tuple[str, ...]
    a_row_a_party: bool
    """Whether an agreement has a row for each party, with days of the party's own."""


def suggested(path: Path, layout: Layout | None) -> Iterator[str]:
    """Yield the lines of a map for a table that lies as is said, or as it seems; raises `Failure`."""
    layout = layout or Layout(header=heading_rows(path))
    table = read_table(path, layout.reading())
    rows = [row.cells for row in islice(table.rows, _LOOKED_AT)]
    guessed = _guessed({name: [row[place] for row in rows] for place, name in enumerate(table.columns)}, len(rows))
    orders = dict.fromkeys(guessed.dates.values()) or ["iso"]
    yield f"# A map for {path.name}, proposed from {counted(len(rows), 'row')}. Look at every line;"
    yield "# docs/import.md says what each means."
    yield f'name = "{proposed_slug(path.stem, set(), "map")}"'
    yield from _lies(layout)
    yield ""
    yield "[defaults]"
    yield f"dates = {_texts(orders)}"
    yield f"missing = {_texts(_DEFAULTS.missing)}"
    yield f"open_end = {_texts(guessed.open_ends or _DEFAULTS.open_end)}"
    yield 'source = "{file}"'
    yield from _words(guessed)
    yield from _party(guessed)
    yield from _agreement(guessed)
    yield from _dated(guessed)


def _lies(layout: Layout) -> Iterator[str]:
    """Yield how the table lies, where that is not as most do."""
    said = layout.model_dump(include={"sheet", "header", "delimiter", "encoding", "quote"}, exclude_defaults=True)
    if said:
        yield from ("", "[table]")
        yield from (f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in said.items())


def _guessed(columns: dict[str, list[Cell]], rows: int) -> Guessed:
    filled = {name: [cell for cell in cells if not _missing(cell)] for name, cells in columns.items()}
    ends = tuple(dict.fromkeys(shown(cell) for cells in columns.values() for cell in cells if _is_open(cell)))
    dates = {name: order for name, cells in filled.items() if (order := _date_order(name, cells))}
    key = _key(filled, rows, dates)
    again = _different(filled[key]) < len(filled[key])
    texts = [name for name, cells in filled.items() if name not in dates and 2 * len(cells) >= max(rows, 1)]
    parties = _parties([name for name in filled if name not in dates], texts if again else _without(texts, [key]))
    # A column that comes again is no key yet, and may be the very title that rows of several parties share.
    free = _without(texts, parties if again else [key, *parties])
    prose = [name for name in free if not _different(filled[name]) <= _FEW < len(filled[name])]
    named = [name for name in free if speaks_of(name, TITLE)]
    title = max(named or prose, key=lambda name: _length(filled[name]), default=key)
    a_row_a_party = again and bool(parties)
    key = title if a_row_a_party else key
    return Guessed(filled, dates, key, title, parties, first(_without(free, [title]), STATUS), ends, a_row_a_party)


def _without(names: Sequence[str], others: Sequence[str]) -> list[str]:
    return [name for name in names if name not in others]


def _different(cells: Sequence[Cell]) -> int:
    return len({shown(cell) for cell in cells})


def _missing(cell: Cell) -> bool:
    return is_missing(cell, _DEFAULTS.missing, _DEFAULTS.open_end) or _is_open(cell)


def _is_open(cell: Cell) -> bool:
    return cell is not None and _OPEN.fullmatch(shown(cell)) is not None


def _date_order(name: str, cells: list[Cell]) -> str | None:
    """Return the order that reads nearly all cells of a column as dates; None where none does."""
    years = not speaks_of(name, KEY) and _are_years(cells)
    texts = [cell for cell in cells if years or not isinstance(cell, int | float)]
    numbers = all(shown(cell).isdecimal() for cell in texts)
    if len(texts) < max(len(cells) // 2, 1) or (numbers and not years):
        return None
    read = {order: sum(_reads(cell, order) for cell in texts) for order in _ORDERS}
    best = max(read, key=lambda order: read[order])
    return best if read[best] > 0.9 * len(texts) else None


def _are_years(cells: Sequence[Cell]) -> bool:
    return bool(cells) and all((text := shown(cell)).isdecimal() and int(text) in _YEARS for cell in cells)


def _reads(cell: Cell, order: str) -> bool:
    try:
        date_of(cell, [order])
    except BadCell:
        return False
    return True


def _key(filled: dict[str, list[Cell]], rows: int, dates: dict[str, str]) -> str:
    """Return a column that is always filled and never twice the same, by its name if one is called so."""
    whole = [name for name, cells in filled.items() if len(cells) == rows and name not in dates]
    unique = [name for name in whole if len({shown(cell) for cell in filled[name]}) == rows]
    return first(unique, KEY) or next(iter([*unique, *whole, *filled]))


def _length(cells: list[Cell]) -> float:
    return sum(len(shown(cell)) for cell in cells) / max(len(cells), 1)


def _parties(names: list[str], texts: list[str]) -> tuple[str, ...]:
    """Return the columns that seem to name parties: several of one name and a number, or the first called so."""
    series: dict[str, list[str]] = {}
    for name in names:
        if (found := _SERIES.fullmatch(name)) is not None:
            series.setdefault(found[1], []).append(name)
    called = [stem for stem, members in series.items() if len(members) > 1 and speaks_of(stem, PARTY)]
    if called:
        return tuple(series[called[0]])
    one = first([name for name in texts if not speaks_of(name, TITLE)], PARTY)
    return (one,) if one else ()


def _words(guessed: Guessed) -> Iterator[str]:
    taken = {*guessed.dates, *guessed.parties, guessed.key, guessed.title}
    for name, cells in guessed.filled.items():
        values = sorted({shown(cell) for cell in cells})
        if name not in taken and 1 < len(values) <= _FEW < len(cells):
            yield ""
            yield f"# the values of {name}; write the register's word behind each"
            yield f"[words.{proposed_slug(name, set(), 'words')}]"
            yield from (f'{_text(value)} = ""' for value in values)


def _party(guessed: Guessed) -> Iterator[str]:
    if not guessed.parties:
        return
    several = len(guessed.parties) > 1
    name = "@party" if several else guessed.parties[0]
    yield from ("", "[streams.party]", 'kind = "party"', f"key = {_text(name)}")
    if several:
        yield f"each = {_texts(guessed.parties)}"
    elif separator := _separator(guessed.filled[name]):
        yield f"split = {_text(separator)}"
    yield from _fact("party", "PartyRegistered", _text(_OPENING), 'keep = ["on"]')
    yield from ("[facts.data]", f"name = {_text(f'{{{name}}}')}")


def _separator(cells: list[Cell]) -> str | None:
    often = {sign: sum(sign in str(cell) for cell in cells) for sign in _SEPARATORS}
    return next((sign for sign in _SEPARATORS if 3 * often[sign] >= max(len(cells), 1)), None)


def _agreement(guessed: Guessed) -> Iterator[str]:
    yield from ("", "[streams.agreement]", 'kind = "agreement"', f"key = {_text(guessed.key)}")
    if guessed.title != guessed.key:
        yield f"slug = {_text(f'{{{guessed.title}}}')}"
    begins = [name for name in guessed.dates if not speaks_of(name, END)]
    on = f"{{ columns = {_texts(begins)}, default = {_text(_OPENING)} }}" if begins else _text(_OPENING)
    yield from _fact("agreement", "AgreementOpened", on, 'keep = ["on"]')
    title = dict.fromkeys([guessed.title, guessed.key])
    yield from ("[facts.data]", f'title = {{ columns = {_texts(title)}, match = "^.{{1,500}}" }}')
    yield 'kind = "unknown"               # mou, treaty, contract …: paraph facts show AgreementOpened'
    if guessed.parties:
        yield from _fact("agreement", "PartyAdded", _text(_OPENING), 'keep = ["on"]')
        yield from ("[facts.data]", 'party = { stream = "party" }')


def _dated(guessed: Guessed) -> Iterator[str]:
    """Yield what the days and the status of the table may mean."""
    signed, force, end = (first(guessed.dates, said) for said in (SIGNED, IN_FORCE, END))
    own = ("[facts.data]", 'party = { stream = "party" }') if guessed.a_row_a_party else ()
    if signed and own:
        yield from _fact("agreement", "SignatureAffixed", f"{{ column = {_text(signed)} }}", *own)
    elif signed and signed != force:
        yield from ("", f"# Is {signed} the day of signature? Signing needs two parties, or the rule waived.")
        yield from _fact("agreement", "AgreementSigned", f"{{ column = {_text(signed)} }}")
        yield 'irregular = { few-parties = "the table may not name all parties" }'
    if force:
        yield from _fact("agreement", "EnteredIntoForce", f"{{ column = {_text(force)} }}", *own)
    if end:
        yield from _fact("agreement", "TermSet", _text(_OPENING), 'keep = ["on"]', f"when = {_text(end)}")
        yield from ("[facts.data]", 'start = "entry into force"', f'end = {{ column = {_text(end)}, as = "date" }}')
    if guessed.status:
        yield from _fact("agreement", "StatusAsserted", '"{@recorded}"', f"when = {_text(guessed.status)}")
        yield from ('changed = "record"', "[facts.data]", f"facet = {_text(guessed.status)}")
        yield f"value = {_text(f'{{{guessed.status}}}')}"


def _fact(stream: str, kind: str, on: str, *more: str) -> Iterator[str]:
    yield from ("", "[[facts]]", f"stream = {_text(stream)}", f"type = {_text(kind)}", f"on = {on}", *more)


def _texts(values: Iterable[str]) -> str:
    return "[" + ", ".join(_text(value) for value in values) + "]"


def _text(text: str) -> str:
    """Return a text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
