"""How far the sheets of a workbook reach, found before they are parsed (ADR 19).

A reader makes room for every cell from the first to the last. A file of a thousand bytes can have its last cell in row
1,048,576, or say that a row is repeated a thousand million times: then that room is more than any machine has.
"""

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from cli.exits import REFUSED, Failure
from cli.tables.limits import LIMITS, Limits

_CHUNK = 1 << 18
_REFERENCE = re.compile(r"([A-Z]{1,7})(\d{1,12})")
_ROOTS = frozenset({"worksheet", "document-content"})
_SHEETS = (b"sheetData", b"table-row")
"""What a member holds that is a sheet, whatever it is called."""


class _NoSheet(Exception):
    """A member that is no sheet."""


class _TooFar(Exception):
    """A sheet that reaches further than is read."""


@dataclass
class Looked:
    """What a person would see in the sheets of a workbook, and its values do not tell."""

    formulas: int = 0
    unvalued: int = 0
    errors: int = 0
    merged: int = 0

    def remarks(self) -> Iterator[str]:
        """Yield what a reader should know of it."""
        if self.formulas:
            yield f"{self.formulas} cells hold formulas: the values they last came to are read"
        if self.unvalued:
            yield f"{self.unvalued} formulas have no value yet, and are read as empty: save it in a spreadsheet first"
        if self.errors:
            yield f"{self.errors} cells hold an error such as #N/A or #REF!: they are read as empty"
        if self.merged:
            yield (
                f"{self.merged} merged ranges: only the first cell of each holds its value"
                " ([table] fill = [COLUMN] carries it down)"
            )


class _Box:
    """The rows and columns a sheet has come to, as its elements go by."""

    def __init__(self, most: int, looked: Looked) -> None:
        self.most, self.looked, self.begun = most, looked, False
        self.rows = self.columns = self.row = self.column = self.repeated = 0
        self.filled = self.formula = False

        self.begins: dict[str, Callable[[Mapping[str, str]], None]] = {
            "c": self._cell,
            "v": self._value,
            "f": self._formula,
            "row": self._row,
            "mergeCell": self._merged,
            "table-cell": self._open_cell,
            "covered-table-cell": self._open_cell,
            "p": self._paragraph,
            "table-row": self._open_row,
            "table": self._table,
        }

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take an element that begins: of a sheet of Excel, or of an open document."""
        plain = name.rpartition(":")[2]
        if not self.begun:
            if plain not in _ROOTS:
                raise _NoSheet
            self.begun = True
        elif (begins := self.begins.get(plain)) is not None:
            begins(attributes)

    def _row(self, attributes: Mapping[str, str]) -> None:
        self.row, self.column = _number(attributes, "r", self.row + 1), 0
        self._reach(self.row, 0)

    def _formula(self, _: Mapping[str, str]) -> None:
        self.formula = True
        self.looked.formulas += 1
        self.looked.unvalued += 1

    def _value(self, _: Mapping[str, str]) -> None:
        self.looked.unvalued -= self.formula
        self.formula = False

    def _merged(self, _: Mapping[str, str]) -> None:
        self.looked.merged += 1

    def _table(self, _: Mapping[str, str]) -> None:
        self.row = self.repeated = 0

    def _open_row(self, attributes: Mapping[str, str]) -> None:
        self.row += self.repeated
        self.repeated, self.column, self.filled = _number(attributes, "number-rows-repeated", 1), 0, False

    def _paragraph(self, _: Mapping[str, str]) -> None:
        if self.repeated:
            self.filled = True
            self._fill()

    def _open_cell(self, attributes: Mapping[str, str]) -> None:
        self.column += _number(attributes, "number-columns-repeated", 1)
        formula = any(said.endswith(":formula") for said in attributes)
        spanned = max(_number(attributes, f"number-{what}-spanned", 1) for what in ("rows", "columns"))
        self.looked.formulas += formula
        self.looked.merged += spanned > 1
        self.filled = formula or any(said.endswith("value-type") for said in attributes)
        self._fill()

    def _cell(self, attributes: Mapping[str, str]) -> None:
        self.formula = False
        self.looked.errors += attributes.get("t") == "e"
        if (found := _REFERENCE.fullmatch(attributes.get("r", ""))) is None:
            self.column += 1
            self._reach(self.row, self.column)
            return
        self.column = 0
        for letter in found[1]:
            self.column = self.column * 26 + ord(letter) - 64
        self._reach(int(found[2]), self.column)

    def _fill(self) -> None:
        if self.filled:
            self._reach(self.row + self.repeated, self.column)

    def _reach(self, row: int, column: int) -> None:
        if row > self.rows or column > self.columns:
            self.rows, self.columns = max(self.rows, row), max(self.columns, column)
            if self.rows * self.columns > self.most:
                raise _TooFar


def _number(attributes: Mapping[str, str], name: str, otherwise: int) -> int:
    said = next((value for key, value in attributes.items() if key.rpartition(":")[2] == name), "")
    return int(said) if re.fullmatch(r"[0-9]{1,12}", said) else otherwise


def check_boxes(path: Path, limits: Limits = LIMITS) -> Looked:
    """Refuse a workbook of which a sheet reaches further than is read, or cannot be looked through for it."""
    looked = Looked()
    with zipfile.ZipFile(path) as archive:
        for member in archive.namelist():
            box = _Box(limits.cells, looked)
            try:
                _look_through(archive, member, box)
            except _TooFar:
                what = (
                    f"a sheet has {box.rows:,} rows by {box.columns:,} columns; at most {limits.cells:,} cells are read"
                )
                raise Failure(
                    "too-much", f"{path} is not read: {what}", REFUSED, "save it as .csv, or split it"
                ) from None
            except expat.ExpatError as error:
                if box.begun or _is_sheet(archive, member):
                    message = f"{path} is damaged: {member} is no XML: {error}"
                    raise Failure("unreadable", message, REFUSED, "save it anew as .xlsx") from None
    return looked


def _look_through(archive: zipfile.ZipFile, member: str, box: _Box) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = box.start
    try:
        with archive.open(member) as opened:
            while chunk := opened.read(_CHUNK):
                parser.Parse(chunk)
            parser.Parse(b"", True)  # noqa: FBT003 - expat takes no keywords
    except _NoSheet:
        return


def _is_sheet(archive: zipfile.ZipFile, member: str) -> bool:
    tail = b""
    with archive.open(member) as opened:
        while chunk := opened.read(_CHUNK):
            if any(sign in tail + chunk for sign in _SHEETS):
                return True
            tail = chunk[-16:]
    return False
