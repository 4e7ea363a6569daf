"""Workbooks: Excel and OpenDocument, with all told that a person looking at the sheet would see."""

import re
import zipfile
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from cli.exits import REFUSED, Failure
from cli.tables.boxes import Looked, check_boxes
from cli.tables.sheets import Cell, Layout

_OLE = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"
_SIGNS = {".xlsx": _ZIP, ".xlsm": _ZIP, ".ods": _ZIP, ".xls": _OLE}
"""How a file begins that is what its suffix says."""


def book_rows(path: Path, layout: Layout) -> tuple[Iterator[list[Cell]], list[str]]:
    """Return the rows of a sheet, and what a reader should know of the workbook; raises `Failure`."""
    from python_calamine import CalamineError, CalamineWorkbook

    _expect_book(path)
    try:
        looked = check_boxes(path) if zipfile.is_zipfile(path) else Looked()
        book = CalamineWorkbook.from_path(str(path))
        name = _sheet_name(path, book.sheet_names, layout.sheet)
        sheet = book.get_sheet_by_name(name)
        remarks = [*_remarks(book, name), *looked.remarks()]
        rows = sheet.iter_rows() if sheet.start else iter(())
        return _cells(rows, sheet.start[1] if sheet.start else 0), remarks
    except CalamineError as error:
        raise _unreadable(path, str(error)) from None
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise _unreadable(path, str(error)) from None


def _unreadable(path: Path, said: str) -> Failure:
    if "password" in said.casefold() or "encrypt" in said.casefold():
        return Failure("unreadable", f"{path} is protected by a password", REFUSED, "save it without one")
    return Failure("unreadable", f"{path} cannot be read: {said}", REFUSED, "save it anew as .xlsx")


def _expect_book(path: Path) -> None:
    with path.open("rb") as opened:
        start = opened.read(4096)
    suffix = path.suffix.casefold()
    if not start:
        raise Failure("unreadable", f"{path} is empty", REFUSED)
    if start.startswith(_SIGNS[suffix]):
        return
    if suffix != ".xls" and start.startswith(_OLE):
        message = f"{path} is no {suffix}: it is an old workbook, or one protected by a password"
        raise Failure("unreadable", message, REFUSED, "save it without a password, or rename it .xls")
    if suffix == ".xls" and start.startswith((b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")):
        return  # workbooks older than Excel 97 are no containers
    likely = ".xlsx or .ods" if start.startswith(_ZIP) else "an .html page" if _is_markup(start) else ".csv"
    hint = "open it in a spreadsheet and save it as .xlsx" if _is_markup(start) else f"rename it {likely}"
    raise Failure("unreadable", f"{path} is no {suffix}: by its content it is rather {likely}", REFUSED, hint)


def _is_markup(start: bytes) -> bool:
    return re.match(rb"(\xef\xbb\xbf)?\s*<", start) is not None


def _cells(rows: Iterator[list[Any]], before: int) -> Iterator[list[Cell]]:
    blank: list[Cell] = [None] * before
    for row in rows:
        yield [*blank, *map(_cell, row)]


def _cell(value: Any) -> Cell:
    match value:
        case str():
            return value.strip() or None
        case datetime():
            return value.date()
        case float() if value.is_integer():
            return int(value)
        case time() | timedelta():
            return str(value)
        case _:
            return value  # type: ignore[no-any-return]  # calamine has no other kinds


def _sheet_name(path: Path, names: list[str], wanted: str | int) -> str:
    if isinstance(wanted, int):
        if 1 <= wanted <= len(names):
            return names[wanted - 1]
    elif wanted in names:
        return wanted
    raise Failure("not-found", f"{path} has no sheet {wanted!r}: {', '.join(names)}", REFUSED, "[table] sheet = …")


def _remarks(book: Any, name: str) -> Iterator[str]:
    from python_calamine import SheetVisibleEnum

    others = [other.name for other in book.sheets_metadata if other.name != name]
    hidden = [other.name for other in book.sheets_metadata if other.visible != SheetVisibleEnum.Visible]
    if others:
        yield f"sheet {name!r} is read; not {', '.join(map(repr, others))}"
    if hidden:
        yield f"hidden: {', '.join(map(repr, hidden))}"
