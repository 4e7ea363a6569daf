"""Where an export goes: standard output, or a file that appears whole or not at all."""

import os
import secrets
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from cli.exits import UNAVAILABLE, USAGE, Failure
from cli.inert import inert_json
from cli.output import unwritten
from eventstore.places import sync_folder

Write: TypeAlias = Callable[[bytes], object]


@contextmanager
def opened(output: str, *, force: bool, text: bool) -> Iterator[Write]:
    """Yield what to write bytes with; a file is new, or with `force` replaced, once all is written."""
    if output != "-":
        with _file(Path(output), force=force) as write:
            yield write
        return
    if sys.stdout.isatty() and not text:
        message = "this format is not for a terminal"
        raise Failure("usage", message, USAGE, "name a file: --output FILE")
    sys.stdout.flush()
    try:
        yield _to_terminal if sys.stdout.isatty() else sys.stdout.buffer.write
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise unwritten(error) from None


def _to_terminal(data: bytes) -> None:
    """Show text to a person, characters that would act on the terminal written out."""
    sys.stdout.write(inert_json(data.decode().replace("\r\n", "\n")))


@contextmanager
def _file(target: Path, *, force: bool) -> Iterator[Write]:
    """Write beside the target, then put it in place at once; the ordinary umask says who may read it."""
    with _named(target):
        _expect_free(target, force=force)
        beside = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}.part")
        handle = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with os.fdopen(handle, "wb", buffering=1 << 20) as file:
            yield _telling(file.write, target)
            with _named(target):
                file.flush()
                os.fsync(file.fileno())
        with _named(target):
            _place(beside, target, force=force)
            sync_folder(target.absolute().parent)
    finally:
        beside.unlink(missing_ok=True)


def _place(beside: Path, target: Path, *, force: bool) -> None:
    """Give the finished file its name; without `force` nothing that came meanwhile is replaced."""
    if not force:
        try:
            os.link(beside, target)
        except FileExistsError:
            raise
        except OSError:
            _expect_free(target, force=False)  # a file system without hard links
        else:
            return
    beside.replace(target)


def _expect_free(target: Path, *, force: bool) -> None:
    try:
        kind = target.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISREG(kind):  # --force would not help
        message = f"{target} is no ordinary file"
        raise Failure("output", message, USAGE, "name a file; - is standard output")
    if not force:
        raise FileExistsError


def _telling(write: Write, target: Path) -> Write:
    def told(data: bytes) -> None:
        with _named(target):
            write(data)

    return told


@contextmanager
def _named(target: Path) -> Iterator[None]:
    """Turn an error of the file system into a sentence about the target."""
    try:
        yield
    except FileExistsError:
        raise Failure("exists", f"{target} exists", UNAVAILABLE, "--force replaces it") from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        message = f"{target} cannot be written: {why}"
        raise Failure("output", message, UNAVAILABLE, "name a file in a folder you may write to") from None
