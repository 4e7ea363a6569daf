"""Limits on files of strangers, checked before anything is parsed (RELIABILITY.md P24)."""

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from cli.exits import REFUSED, Failure

MEGABYTE = 1 << 20
_TEXT = frozenset({".csv", ".tsv", ".txt"})


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is taken at most; bytes, members of an archive, rows, columns, characters, cells."""

    size: int = 128 * MEGABYTE
    unpacked: int = 192 * MEGABYTE
    ratio: int = 200
    members: int = 2_000
    rows: int = 1_000_000
    columns: int = 1_000
    cell: int = 100_000
    cells: int = 4_000_000
    """Rows by columns of a sheet: a reader makes room for all of them."""
    record: int = 4 * MEGABYTE
    """Characters of a row of text, whose cells may hold line ends."""


LIMITS = Limits()


def check_file(path: Path, limits: Limits = LIMITS) -> None:
    """Refuse a file that is too large, or an archive that unpacks to more than it may; nothing is unpacked."""
    size = path.stat().st_size
    if size > limits.size:
        raise _too_much(path, f"it has {size:,} bytes; at most {limits.size:,} are read")
    if path.suffix.casefold() not in _TEXT and zipfile.is_zipfile(path):
        _check_archive(path, limits)


def _check_archive(path: Path, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise Failure("unreadable", f"{path} is a damaged archive: {error}", REFUSED) from None
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members) or 1
    if len(members) > limits.members:
        raise _too_much(path, f"it has {len(members):,} members; at most {limits.members:,} are read")
    if unpacked > limits.unpacked:
        raise _too_much(path, f"it unpacks to {unpacked:,} bytes; at most {limits.unpacked:,} are read")
    if unpacked > MEGABYTE and unpacked / packed > limits.ratio:
        raise _too_much(
            path, f"it unpacks to {unpacked // packed} times its size; at most {limits.ratio} times is read"
        )
    _check_members(path)


def _check_members(path: Path) -> None:
    """Unpack every member and throw it away: one that is larger than it says is damaged, and refused."""
    try:
        with zipfile.ZipFile(path) as archive:
            bad = archive.testzip()
    except RuntimeError:  # what zipfile says of a member under a password
        raise Failure("unreadable", f"{path} is protected by a password", REFUSED, "save it without one") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise Failure("unreadable", f"{path} is a damaged archive: {error}", REFUSED) from None
    if bad is not None:
        raise Failure("unreadable", f"{path} is a damaged archive: {bad} is not what it says it is", REFUSED)


def check_shape(path: Path, row: int, columns: int, longest: int, limits: Limits = LIMITS) -> None:
    """Refuse a table with too many rows or columns, or a cell that is too long."""
    if row > limits.rows:
        raise _too_much(path, f"it has more than {limits.rows:,} rows")
    if columns > limits.columns:
        raise _too_much(path, f"row {row} has {columns:,} columns; at most {limits.columns:,} are read")
    if longest > limits.cell:
        raise _too_much(path, f"row {row} has a cell of {longest:,} characters; at most {limits.cell:,} are read")


def _too_much(path: Path, what: str) -> Failure:
    return Failure("too-much", f"{path} is not read: {what}", REFUSED, "split it, or leave out what is not needed")
