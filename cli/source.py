"""What is named to be read: a file, a pipe or a device, of which the beginning can be looked at first."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from cli.exits import USAGE, Failure


class Source(io.RawIOBase):
    """Bytes from elsewhere; what cannot be read is a Failure that names it."""

    def __init__(self, name: str, raw: IO[bytes]) -> None:
        self.label = name
        self._raw = raw
        self._ahead = b""

    def ahead(self, count: int) -> bytes:
        """Return the next bytes, fewer only at the end, and leave them to be read."""
        while len(self._ahead) < count and (block := self._block(count - len(self._ahead))):
            self._ahead += block
        return self._ahead

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer as far as bytes are there, and return how far; 0 is the end."""
        block = self._ahead[: len(buffer)] or self._block(len(buffer))
        self._ahead = self._ahead[len(block) :]
        buffer[: len(block)] = block
        return len(block)

    def _block(self, count: int) -> bytes:
        try:
            return self._raw.read(count)
        except OSError as error:
            raise _unreadable(self.label, error) from None


@contextmanager
def source_of(file: str) -> Iterator[Source]:
    """Open what is named for reading; `-` is standard input."""
    if file == "-":
        yield Source(file, sys.stdin.buffer)
        return
    try:
        opened = Path(file).open("rb")  # noqa: SIM115 - closed below; errors of the block are not of opening
    except OSError as error:
        raise _unreadable(file, error) from None
    with opened:
        yield Source(file, opened)


def _unreadable(file: str, error: OSError) -> Failure:
    return Failure("unreadable", f"{file} cannot be read: {error.strerror}", USAGE, "name a .jsonl file")
