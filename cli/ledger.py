"""What an import has decided and not yet recorded, on disk: a file larger than memory is judged whole first."""

import tempfile
from array import array
from collections.abc import Iterator
from types import TracebackType
from typing import Self

import orjson

from eventstore.envelope import Proposed

_IN_MEMORY = 16 << 20
"""Bytes kept in memory before a file is used."""


class Ledger:
    """Proposals in the order decided, to be read again by stream, by id, or all in turn. Close it, or use `with`."""

    def __init__(self) -> None:
        self._lines = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed by `close`
        self._offsets = array("Q", [0])
        # In few bytes each, since this alone grows with the file: a proposal knows the one before it in its stream.
        self._before = array("q")
        self._last: dict[str, int] = {}
        self._by_id: dict[bytes, int] = {}
        self._at_end = True

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def add(self, proposal: Proposed) -> None:
        """Keep one more; its id must be new here."""
        line = orjson.dumps(proposal, option=orjson.OPT_APPEND_NEWLINE)
        if not self._at_end:  # seeking empties the buffer, however near
            self._lines.seek(self._offsets[-1])
            self._at_end = True
        self._lines.write(line)
        number = len(self)
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

    def settle(self) -> None:
        """Let go of what looking one up takes: nothing more is added, and all are read in turn."""
        self._by_id.clear()
        self._last.clear()
        del self._before[:]

    def __iter__(self) -> Iterator[Proposed]:
        self._lines.seek(0)
        self._at_end = False
        return map(_read, self._lines)

    def close(self) -> None:
        """Let the file go."""
        self._lines.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _at(self, number: int) -> Proposed:
        self._lines.seek(self._offsets[number])
        self._at_end = False
        return _read(self._lines.readline())


def _packed(id_: str) -> bytes:
    """Return the bytes of a canonical UUID, half as large as its text."""
    return bytes.fromhex(id_.replace("-", ""))


def _read(line: bytes) -> Proposed:
    said = orjson.loads(line)
    return Proposed(**{**said, "about": tuple(said["about"]), "sources": tuple(said["sources"])})
