"""A map to begin with, from a table's heading and its first rows: what looks like a key, a date, a word list.

Everything proposed is said to be a guess, in comments; a map is read by a person before it is used.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from cli.slugs import proposed_slug
from cli.tables.cells import BadCell, date_of, is_missing, shown
from cli.tables.mapparts import Defaults
from cli.tables.reading import read_table
from cli.tables.sheets import Cell, Layout

_LOOKED_AT = 2_000
_FEW = 15
"""A column with so few different values, each several times, is a list of words."""
_ORDERS = ("iso", "dmy", "mdy", "ymd", "dmy2", "mdy2", "ranges")
_DEFAULTS = Defaults()


def suggested(path: Path) -> Iterator[str]:
    """Yield the lines of a map for a table; raises `Failure` where it cannot be read."""
    table = read_table(path, Layout())
    rows = [row.cells for row in islice(table.rows, _LOOKED_AT)]
    columns = {name: [row[place] for row in rows] for place, name in enumerate(table.columns)}
    filled = {name: [cell for cell in cells if not _missing(cell)] for name, cells in columns.items()}
    dates = {name: order for name, cells in filled.items() if (order := _date_order(cells))}
    key = _key(filled, len(rows), dates)
    yield f"# A map for {path.name}, proposed from {len(rows)} rows. Look at every line;"
    yield "# docs/import.md says what each means."
    yield f'name = "{proposed_slug(path.stem, set(), "map")}"'
    yield ""
    yield "[defaults]"
    yield f"dates = {_texts(dict.fromkeys(dates.values()) or ['iso'])}"
    yield f"missing = {_texts(_DEFAULTS.missing)}"
    yield f"open_end = {_texts(_DEFAULTS.open_end)}"
    yield 'source = "{file}"'
    yield from _words(filled, dates, key)
    yield from _streams(key, filled, dates)


def _missing(cell: Cell) -> bool:
    return is_missing(cell, _DEFAULTS.missing, _DEFAULTS.open_end)


def _date_order(cells: list[Cell]) -> str | None:
    """Return the order that reads nearly all cells of a column as dates; None where none does."""
    texts = [cell for cell in cells if not isinstance(cell, int | float)]
    if len(texts) < max(len(cells) // 2, 1):
        return None
    read = {order: sum(_reads(cell, order) for cell in texts) for order in _ORDERS}
    best = max(read, key=lambda order: read[order])
    return best if read[best] > 0.9 * len(texts) else None


def _reads(cell: Cell, order: str) -> bool:
    try:
        date_of(cell, [order])
    except BadCell:
        return False
    return True


def _key(filled: dict[str, list[Cell]], rows: int, dates: dict[str, str]) -> str:
    """Return the first column that is always filled and never twice the same; else the first that is always filled."""
    whole = [name for name, cells in filled.items() if len(cells) == rows and name not in dates]
    unique = [name for name in whole if len({shown(cell) for cell in filled[name]}) == rows]
    return next(iter([*unique, *whole, *filled]))


def _words(filled: dict[str, list[Cell]], dates: dict[str, str], key: str) -> Iterator[str]:
    for name, cells in filled.items():
        values = sorted({shown(cell) for cell in cells})
        if name not in {*dates, key} and 1 < len(values) <= _FEW < len(cells):
            yield ""
            yield f"# the values of {name}; write the register's word behind each"
            yield f"[words.{proposed_slug(name, set(), 'words')}]"
            yield from (f'{_text(value)} = ""' for value in values)


def _streams(key: str, filled: dict[str, list[Cell]], dates: dict[str, str]) -> Iterator[str]:
    texts = [name for name, cells in filled.items() if name not in {*dates, key} and cells]
    title = max(texts, key=lambda name: sum(len(shown(cell)) for cell in filled[name]) / len(filled[name]), default=key)
    first = next(iter(dates), None)
    yield from ("", "[streams.agreement]", 'kind = "agreement"', f"key = {_text(key)}")
    yield from ("", "[[facts]]", 'stream = "agreement"', 'type = "AgreementOpened"')
    yield f"on = {{ columns = {_texts(dates)} }}" if dates else 'on = "{@recorded}"'
    yield from ("[facts.data]", f"title = {{ column = {_text(title)} }}", 'kind = "unknown"')
    if first:
        yield ""
        yield f"# Is {first} the day of signature? Signing needs two parties:"
        yield "# add a stream of kind party, and PartyAdded."
        yield from ("# [[facts]]", '# stream = "agreement"', '# type = "AgreementSigned"')
        yield f"# on = {{ column = {_text(first)} }}"


def _texts(values: Iterable[str]) -> str:
    return "[" + ", ".join(_text(value) for value in values) + "]"


def _text(text: str) -> str:
    """Return a text as TOML writes it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
