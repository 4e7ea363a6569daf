"""Workbooks by hand: an old .xls, a sheet of .xlsx, a content.xml of .ods, with what no writer of ours would write."""

import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

FREE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SECTOR = 512
DAY_FORMAT = 14
"""The built-in format of days."""


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _text(text: str) -> bytes:
    return struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")


def _cell(row: int, column: int, value: object) -> bytes:
    if isinstance(value, str):
        return _record(0x0204, struct.pack("<HHH", row, column, 0) + _text(value))
    days = isinstance(value, int)  # a whole number stands for a day, as spreadsheets count
    return _record(0x0203, struct.pack("<HHHd", row, column, int(days), float(str(value))))


def _stream(cells: Mapping[tuple[int, int], object], *, from_1904: bool) -> bytes:
    begin, end = struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0), _record(0x000A, b"")
    formats = b"".join(_record(0x00E0, struct.pack("<HHHBBBBIIH", 0, form, 0, 0, 0, 0, 0, 0, 0, 0)) for form in (0, 14))
    epoch = _record(0x0022, struct.pack("<H", from_1904))
    name = struct.pack("<BB", len("Data"), 0) + b"Data"
    head = _record(0x0809, begin) + epoch + formats
    offset = len(head) + 4 + 6 + len(name) + len(end)
    sheet = _record(0x0085, struct.pack("<IBB", offset, 0, 0) + name)
    body = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0))
    body += b"".join(_cell(row, column, value) for (row, column), value in cells.items())
    return (head + sheet + end + body + end).ljust(8 * SECTOR, b"\0")


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    written = name.encode("utf-16-le") + b"\0\0" if name else b""
    head = written.ljust(64, b"\0") + struct.pack("<HBB", len(written), kind, 1)
    return head + struct.pack("<III", FREE, FREE, child) + bytes(36) + struct.pack("<III", start, size, 0)


def old_book(name: str, cells: Mapping[tuple[int, int], object], *, from_1904: bool = False) -> str:
    """Write an .xls of Excel 97 with one sheet; whole numbers are days, other numbers numbers. Return its name."""
    stream = _stream(cells, from_1904=from_1904)
    stream = stream.ljust(-(-len(stream) // SECTOR) * SECTOR, b"\0")
    last = len(stream) // SECTOR + 1
    table = [TABLE, END, *range(3, last + 1), END]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0) + struct.pack("<109I", 0, *[FREE] * 108)
    entries = _entry("Root Entry", 5, 1, END, 0) + _entry("Workbook", 2, FREE, 2, len(stream))
    entries += (_entry("", 0, FREE, 0, 0)) * 2
    sectors = struct.pack("<128I", *table, *[FREE] * (128 - len(table)))
    Path(name).write_bytes(header + sectors + entries + stream)
    return name


def rows_of(*rows: Sequence[object]) -> dict[tuple[int, int], object]:
    """Return cells by their place."""
    return {(row, column): value for row, cells in enumerate(rows) for column, value in enumerate(cells)}


SPACES = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns"


def open_document(name: str, table: str) -> str:
    """Write an .ods of one sheet with these rows in XML; return its name."""
    spaces = " ".join(f'xmlns:{each}="{_OFFICE}:{each}:1.0"' for each in ("office", "table", "text"))
    head = f'<?xml version="1.0"?><office:document-content {spaces}><office:body><office:spreadsheet>'
    foot = "</office:spreadsheet></office:body></office:document-content>"
    with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", f'{head}<table:table table:name="Data">{table}</table:table>{foot}')
    return name


def cell(text: str, *more: str) -> str:
    """Return a cell of an .ods that holds a text."""
    attributes = " ".join(['office:value-type="string"', *more])
    return f"<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"


def row(*cells: str, more: str = "") -> str:
    """Return a row of an .ods."""
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"
