"""What an import has decided and not yet recorded, on disk: a file larger than memory is judged whole first."""

import tempfile
from array import array
from collections import defaultdict
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
        self._end = 0
        self._by_stream: dict[str, array[int]] = defaultdict(lambda: array("Q"))
        self._by_id: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    def add(self, proposal: Proposed) -> None:
        """Keep one more; its id must be new here."""
        line = orjson.dumps(proposal) + b"\n"
        self._lines.seek(self._end)
        self._lines.write(line)
        self._by_stream[proposal.stream].append(self._end)
        self._by_id[proposal.id] = self._end
        self._end += len(line)

    def of(self, stream: str) -> list[Proposed]:
        """Return those of one stream."""
        return [self._at(offset) for offset in self._by_stream.get(stream, ())]

    def by_id(self, id_: str) -> Proposed | None:
        """Return the one with this id."""
        offset = self._by_id.get(id_)
        return None if offset is None else self._at(offset)

    def streams(self) -> list[str]:
        """Return the streams that something was decided for."""
        return list(self._by_stream)

    def __iter__(self) -> Iterator[Proposed]:
        self._lines.seek(0)
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

    def _at(self, offset: int) -> Proposed:
        self._lines.seek(offset)
        return _read(self._lines.readline())


def _read(line: bytes) -> Proposed:
    said = orjson.loads(line)
    return Proposed(**{**said, "about": tuple(said["about"]), "sources": tuple(said["sources"])})
