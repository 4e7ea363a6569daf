"""Pieces of an export that wait on disk for their turn: of the largest register only their places are in memory."""

import tempfile
from array import array
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self


class Spool:
    """Pieces of bytes, numbered from 0 as they come. Close it, or use `with`."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        self._offsets = array("Q", [0])

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def add(self, piece: bytes) -> None:
        """Keep one more."""
        self._file.write(piece)
        self._offsets.append(self._offsets[-1] + len(piece))

    def pieces(self, numbers: Iterable[int] | None = None) -> Iterator[bytes]:
        """Yield the pieces with these numbers, or all of them; none may be added meanwhile."""
        for number in range(len(self)) if numbers is None else numbers:
            start, end = self._offsets[number : number + 2]
            self._file.seek(start)
            yield self._file.read(end - start)

    def close(self) -> None:
        """Let the file go."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
