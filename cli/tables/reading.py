"""Tables as rows of cells, by the names of their columns: CSV, TSV, Excel, OpenDocument."""

import codecs
import csv
import itertools
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeAlias

from cli.exits import REFUSED, USAGE, Failure
from cli.tables.limits import check_file, check_shape
from projections.exports.formulas import restored

Cell: TypeAlias = str | int | float | bool | date | None
"""A cell as the file has it; text has no blanks at its ends, an empty cell is None."""

TEXT = frozenset({".csv", ".tsv", ".txt"})
BOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table lies in its file: which sheet, which row is the heading, what separates and encodes text."""

    sheet: str | int = 1
    header: int = 1
    delimiter: str | None = None
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row below the heading: its number in the file, counted from 1, and its cells by column."""

    number: int
    cells: dict[str, Cell]


@dataclass
class Table:
    """A table: its columns, its rows, and what a reader should know of the file."""

    columns: tuple[str, ...]
    rows: Iterable[Row]
    remarks: list[str] = field(default_factory=list)


def read_table(path: Path, layout: Layout) -> Table:
    """Return the table of a file; raises `Failure` where it cannot be read, or is larger than is taken."""
    if not path.is_file():
        raise Failure("unreadable", f"{path} is no file", USAGE, "name a .csv, .tsv, .xlsx, .xls or .ods file")
    check_file(path)
    suffix = path.suffix.casefold()
    if suffix in TEXT:
        return _table(path, layout, _text_rows(path, layout), [])
    if suffix in BOOKS:
        rows, remarks = _book_rows(path, layout)
        return _table(path, layout, rows, remarks)
    raise Failure("unreadable", f"{path.suffix or path} is no table known here", USAGE, "csv, tsv, xlsx, xls or ods")


def _table(path: Path, layout: Layout, rows: Iterator[list[Cell]], remarks: list[str]) -> Table:
    heading = next(itertools.islice(rows, layout.header - 1, None), None)
    if heading is None or not any(heading):
        raise Failure("unreadable", f"{path} has no heading in row {layout.header}", REFUSED, "[table] header = ROW")
    columns = tuple(" ".join(str(cell).split()) if cell is not None else "" for cell in heading)
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise Failure("unreadable", f"{path} has two columns called {', '.join(twice)}", REFUSED, "rename one")
    return Table(tuple(filter(None, columns)), _named(path, columns, rows, layout.header), remarks)


def _named(path: Path, columns: tuple[str, ...], rows: Iterator[list[Cell]], header: int) -> Iterator[Row]:
    for number, cells in enumerate(rows, header + 1):
        check_shape(path, number, len(cells), max((len(c) for c in cells if isinstance(c, str)), default=0))
        named = {name: cell for name, cell in itertools.zip_longest(columns, cells) if name}
        if any(cell is not None for cell in cells):
            yield Row(number, named)


def _text_rows(path: Path, layout: Layout) -> Iterator[list[Cell]]:
    encoding = layout.encoding or _encoding(path)
    csv.field_size_limit(1 << 20)
    try:
        with path.open(encoding=encoding, newline="") as opened:
            delimiter = layout.delimiter or _delimiter(path, opened.read(65536))
            opened.seek(0)
            for record in csv.reader(opened, delimiter=delimiter, strict=False):
                yield [restored(text.strip()) or None for text in record]  # as `export` neutralised them
    except UnicodeDecodeError as error:
        message = f"{path} is not in {encoding}: byte {error.start} is wrong"
        raise Failure("unreadable", message, REFUSED, '[table] encoding = "cp1251", or another') from None
    except (csv.Error, LookupError) as error:
        raise Failure("unreadable", f"{path} cannot be read as a table: {error}", REFUSED) from None


def _text(text: str) -> str | None:
    return text.strip() or None


def _encoding(path: Path) -> str:
    with path.open("rb") as opened:
        start = opened.read(4)
    return next((encoding for bom, encoding in _BOMS if start.startswith(bom)), "utf-8")


def _delimiter(path: Path, sample: str) -> str:
    if path.suffix.casefold() == ".tsv":
        return "\t"
    heading = sample.partition("\n")[0]
    return max(_DELIMITERS, key=heading.count)


def _book_rows(path: Path, layout: Layout) -> tuple[Iterator[list[Cell]], list[str]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(path))
        name = _sheet_name(path, book.sheet_names, layout.sheet)
        sheet = book.get_sheet_by_name(name)
        rows = sheet.to_python(skip_empty_area=False)
    except CalamineError as error:
        raise Failure("unreadable", f"{path} cannot be read: {error}", REFUSED, "save it anew as .xlsx") from None
    return ([_cell(value) for value in row] for row in rows), [*_remarks(book, sheet, name), *_formulas(path)]


def _sheet_name(path: Path, names: list[str], wanted: str | int) -> str:
    if isinstance(wanted, int):
        if 1 <= wanted <= len(names):
            return names[wanted - 1]
    elif wanted in names:
        return wanted
    raise Failure("not-found", f"{path} has no sheet {wanted!r}: {', '.join(names)}", REFUSED, "[table] sheet = …")


def _remarks(book: Any, sheet: Any, name: str) -> Iterator[str]:
    from python_calamine import SheetVisibleEnum

    others = [other.name for other in book.sheets_metadata if other.name != name]
    hidden = [other.name for other in book.sheets_metadata if other.visible != SheetVisibleEnum.Visible]
    if others:
        yield f"sheet {name!r} is read; not {', '.join(map(repr, others))}"
    if hidden:
        yield f"hidden: {', '.join(map(repr, hidden))}"
    merged = getattr(sheet, "merged_cell_ranges", None)
    if merged:
        yield f"{len(merged)} merged ranges: only the first cell of each holds its value"


def _formulas(path: Path) -> Iterator[str]:
    """Tell how many cells hold formulas: what is read is the value they last came to."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        sheets = [member for member in archive.namelist() if member.startswith("xl/worksheets/sheet")]
        count = sum(_count(archive, sheet) for sheet in sheets)
    if count:
        yield f"{count} cells hold formulas: the values they last came to are read"


def _count(archive: zipfile.ZipFile, member: str) -> int:
    count, tail = 0, b""
    with archive.open(member) as opened:
        while chunk := opened.read(1 << 20):
            seen = tail + chunk
            count += seen.count(b"<f>") + seen.count(b"<f ")
            tail = seen[-2:]
    return count


def _cell(value: Any) -> Cell:
    match value:
        case str():
            return _text(value)
        case datetime():
            return value.date()
        case float() if value.is_integer():
            return int(value)
        case time() | timedelta():
            return str(value)
        case _:
            return None if value == "" else value
