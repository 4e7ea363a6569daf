"""Text tables: CSV and its kin, in whatever encoding and with whatever delimiter, read line by line."""

import codecs
import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, Self, TextIO

from cli.exits import REFUSED, Failure
from cli.tables.limits import LIMITS
from cli.tables.sheets import Cell, Layout
from projections.exports.formulas import restored

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_QUOTED = re.compile(r'"[^"]*"')
_DELIMITERS = ",;\t|"
_LIKELY = ("cp1251", "cp1254", "cp1252", "cp1250", "cp866", "gb18030")
"""Encodings offered where a text is not in the one it should be in."""


def text_rows(path: Path, layout: Layout) -> tuple[Iterator[list[Cell]], list[str]]:
    """Return the rows of a text table, and what a reader should know of the file; raises `Failure`."""
    encoding = _encoding(path, layout)
    return _rows(path, layout, encoding), list(_remarks(path))


class _Lines:
    """The lines of a text, of which a row may take several; a row of more than is read is refused."""

    def __init__(self, path: Path, opened: TextIO) -> None:
        self.path, self.opened, self.length = path, opened, 0

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = self.opened.readline(LIMITS.record)
        if not line:
            raise StopIteration
        self.length += len(line)
        if self.length >= LIMITS.record:
            message = f"{self.path} is not read: a row has more than {LIMITS.record:,} characters"
            raise Failure("too-much", message, REFUSED, 'is a " missing that closes it? [table] quote = ""')
        return line


def _rows(path: Path, layout: Layout, encoding: str) -> Iterator[list[Cell]]:
    csv.field_size_limit(LIMITS.cell)
    quote = layout.quote if layout.quote is not None else '"'
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE
    line = 0
    try:
        with path.open(encoding=encoding, newline="") as opened:
            delimiter = layout.delimiter or _delimiter(path, opened.read(65536), layout.heading()[-1])
            opened.seek(0)
            lines = _Lines(path, opened)
            reader = csv.reader(lines, delimiter=delimiter, quotechar=quote or None, quoting=quoting, strict=False)
            for record in reader:
                line = reader.line_num
                lines.length = 0
                yield [restored(text.strip()) or None for text in record]  # as `export` neutralised them
    except UnicodeDecodeError as error:
        raise _not_in(path, encoding, error) from None
    except csv.Error as error:
        if "field limit" in str(error):
            message = f"{path} is not read: a cell below line {line} has more than {LIMITS.cell:,} characters"
            raise Failure("too-much", message, REFUSED, 'is a " missing that closes it? [table] quote = ""') from None
        raise Failure("unreadable", f"{path}, line {line + 1}: {error}", REFUSED) from None


def _encoding(path: Path, layout: Layout) -> str:
    with path.open("rb") as opened:
        start = opened.read(4096)
    _expect_text(path, start)
    marked = next((encoding for bom, encoding in _BOMS if start.startswith(bom)), None)
    if layout.encoding is not None:
        try:
            " ".encode(layout.encoding)  # some of what codecs know is no encoding of texts
        except (LookupError, UnicodeError):
            message = f"no encoding is called {layout.encoding}"
            raise Failure(
                "bad-map", message, REFUSED, "utf-8, utf-16, cp1251, cp1254, cp1252, latin-1, gb18030"
            ) from None
        # A mark at the beginning is no part of the first column's name, whatever the map calls the encoding.
        return (
            "utf-8-sig" if marked == "utf-8-sig" and codecs.lookup(layout.encoding).name == "utf-8" else layout.encoding
        )
    if marked is None and b"\0" in start:
        little = start[1::2].count(0) >= start[::2].count(0)
        likely = "utf-16-le" if little else "utf-16-be"
        message = f"{path} holds zero bytes: it is no text in utf-8"
        raise Failure("unreadable", message, REFUSED, f'[table] encoding = "{likely}", or another')
    return marked or "utf-8"


def _expect_text(path: Path, start: bytes) -> None:
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        kind = ".xlsx or .ods" if start.startswith(b"PK") else ".xls"
        raise Failure("unreadable", f"{path} is no text: by its content it is a workbook", REFUSED, f"rename it {kind}")


def _not_in(path: Path, encoding: str, error: UnicodeDecodeError) -> Failure:
    """Return the failure, with what the bytes would read as in other encodings: a person sees which is right."""
    start = max(error.start - 12, 0)
    before, after = error.object[start : error.start], error.object[error.start : error.start + 20]
    piece = (before.splitlines() or [b""])[-1] * (not before.endswith((b"\n", b"\r"))) + after.splitlines()[0]
    readings = []
    for name in _LIKELY:
        text = piece.decode(name, errors="replace")
        if "\N{REPLACEMENT CHARACTER}" not in text and text.isprintable():
            readings.append(f"{name} {text.strip()!r}")
    tried = f": as {', '.join(readings[:4])}" if readings else ""
    message = f"{path} is not in {encoding}{tried}"
    hint = '[table] encoding = "cp1251" in the map, or whichever reads right; --suggest heeds it with --map'
    return Failure("unreadable", message, REFUSED, hint)


def _delimiter(path: Path, sample: str, header: int) -> str:
    if path.suffix.casefold() == ".tsv":
        return "\t"
    lines = sample.splitlines()[:50]
    if header == 0:  # of rows alone: the sign that most of them have as often as the first
        first = (lines or [""])[0]
        return max(_DELIMITERS, key=lambda sign: _often(sign, first, lines))
    heading = _QUOTED.sub("", lines[header - 1] if header <= len(lines) else (lines or [""])[0])
    return max(_DELIMITERS, key=heading.count)


def _often(sign: str, first: str, lines: list[str]) -> int:
    wanted = _QUOTED.sub("", first).count(sign)
    return sum(_QUOTED.sub("", line).count(sign) == wanted > 0 for line in lines)


def _remarks(path: Path) -> Iterator[str]:
    quotes = 0
    with path.open("rb") as opened:
        while block := opened.read(1 << 20):
            quotes += block.count(b'"')
    if quotes % 2:
        yield "the quotation marks are odd in number: one that is not closed swallows what follows; see [table] quote"
