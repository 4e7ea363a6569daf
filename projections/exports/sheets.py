"""Tables as files: CSV for any program, one workbook for a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import IO

from projections.exports.formulas import neutralised
from projections.exports.tables import Row

_BOM = "\ufeff"
_EVERY = 500
_WIDEST = 60
_CELL = 32_767
"""Characters a cell of a workbook holds."""


def csv_of(heading: Row, rows: Iterable[Row]) -> Iterator[bytes]:
    """Yield a CSV file (RFC 4180) in UTF-8, begun with the mark by which spreadsheets know it; formulas are text."""
    yield _BOM.encode()
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(heading)
    for number, row in enumerate(rows, 1):
        writer.writerow(map(neutralised, row))
        if number % _EVERY == 0:
            yield _taken(text)
    yield _taken(text)


def _taken(text: io.StringIO) -> bytes:
    data = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return data


def workbook(sheets: Iterable[tuple[str, Row, Iterable[Row]]], file: IO[bytes], *, made: datetime) -> int:
    """Write an .xlsx workbook: each sheet with a frozen heading and a filter; every cell is text, none a formula.

    `made` is written as the time of its making, so that the same register gives the same file. A text longer than
    a cell can be is cut, with an ellipsis; returns how many were.
    """
    import xlsxwriter

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
        "in_memory": False,
    }
    book = xlsxwriter.Workbook(file, options)
    book.set_properties({"created": made.astimezone(UTC).replace(tzinfo=None), "author": "paraph"})
    bold = book.add_format({"bold": True})
    cut = 0
    for name, heading, rows in sheets:
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        for column, title in enumerate(heading):
            sheet.set_column(column, column, min(max(len(title) + 4, 14), _WIDEST))
            sheet.write_string(0, column, title, bold)
        last = 0
        for last, row in enumerate(rows, 1):
            for column, text in enumerate(row):
                cut += len(text) > _CELL
                if text:
                    sheet.write_string(last, column, text if len(text) <= _CELL else f"{text[: _CELL - 1]}…")
        sheet.autofilter(0, 0, last, len(heading) - 1)
    book.close()
    return cut
