"""What an import has decided and not yet recorded, on disk: a file larger than memory is judged whole first."""

import tempfile
from array import array
from collections.abc import Collection, Iterator
from heapq import merge
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import orjson

from eventstore.envelope import Proposed

_IN_MEMORY = 16 << 20
"""Bytes kept in memory before a file is used."""


class Ledger:
    """Proposals in the order decided, to be read again by stream, by id, or all in turn. Close it, or use `with`.

    `numbers` are those of the lines they come from. Without a path the file is nobody else's, and goes when closed.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._lines: IO[bytes] = (
            path.open("w+b") if path else tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - by `close`
        )
        self.numbers = array("L")
        self._joined: tuple[IO[bytes], array[int]] | None = None
        self._offsets = array("Q", [0])
        # In few bytes each, since this alone grows with the file: a proposal knows the one before it in its stream.
        self._before = array("q")
        self._last: dict[str, int] = {}
        self._by_id: dict[bytes, int] = {}
        self._at_end = True

    def __len__(self) -> int:
        return len(self.numbers) + (len(self._joined[1]) if self._joined else 0)

    @property
    def streams(self) -> Collection[str]:
        """Return the streams of those kept."""
        return self._last.keys()

    def add(self, proposal: Proposed, line_number: int) -> None:
        """Keep one more, of a line; its id must be new here, and its line no earlier than those before it."""
        line = orjson.dumps(proposal, option=orjson.OPT_APPEND_NEWLINE)
        if not self._at_end:  # seeking empties the buffer, however near
            self._lines.seek(self._offsets[-1])
            self._at_end = True
        self._lines.write(line)
        number = len(self.numbers)
        self.numbers.append(line_number)
        self._before.append(self._last.get(proposal.stream, -1))
        self._last[proposal.stream] = self._by_id[_packed(proposal.id)] = number
        self._offsets.append(self._offsets[-1] + len(line))

    def of(self, stream: str) -> list[Proposed]:
        """Return those of one stream."""
        numbers, number = [], self._last.get(stream, -1)
        while number >= 0:
            numbers.append(number)
            number = self._before[number]
        return [self._at(number) for number in reversed(numbers)]

    def by_id(self, id_: str) -> Proposed | None:
        """Return the one with this id."""
        number = self._by_id.get(_packed(id_))
        return None if number is None else self._at(number)

    def join(self, path: Path, numbers: "array[int]") -> None:
        """Read those of another ledger, kept at a path, among those of this one, by the numbers of their lines."""
        self._joined = path.open("rb"), numbers

    def settle(self) -> None:
        """Let go of what looking one up takes: nothing more is added, and all are read in turn."""
        self._by_id.clear()
        self._last.clear()
        del self._before[:]

    def __iter__(self) -> Iterator[Proposed]:
        return map(proposal_of, self.lines())

    def lines(self) -> Iterator[bytes]:
        """Yield what `proposal_of` reads, in turn."""
        self._lines.seek(0)
        self._at_end = False
        if self._joined is None:
            return iter(self._lines)
        file, numbers = self._joined
        file.seek(0)
        return (line for _, line in merge(zip(self.numbers, self._lines, strict=True), zip(numbers, file, strict=True)))

    def close(self) -> None:
        """Let the files go."""
        self._lines.close()
        if self._joined:
            self._joined[0].close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _at(self, number: int) -> Proposed:
        self._lines.seek(self._offsets[number])
        self._at_end = False
        return proposal_of(self._lines.readline())


def _packed(id_: str) -> bytes:
    """Return the bytes of a canonical UUID, half as large as its text."""
    return bytes.fromhex(id_.replace("-", ""))


def proposal_of(line: bytes) -> Proposed:
    """Return the proposal that a line of a ledger holds."""
    said = orjson.loads(line)
    return Proposed(**{**said, "about": tuple(said["about"]), "sources": tuple(said["sources"])})
