"""The formats an export may have: what each is made of, and which flags mean anything to it."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import islice
from typing import Any, TypeAlias

from cli.exits import USAGE, Failure
from cli.options import Asked
from cli.register import Register
from eventstore.envelope import Recorded
from eventstore.tree import Peaks
from projections.world import World

BATCH = 1000
"""Events between two moves of the bar."""


@dataclass
class Export:
    """One export: what was asked for, and in `told` what came of it."""

    register: Register
    asked: Asked
    kind: str | None
    within: int
    progress: Callable[[int, int], None]
    told: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def upto(self) -> int:
        """Return the position up to which the log is known to the question: its end of now, or an earlier point."""
        known_at = self.asked.known_at
        with self.register.store.reading() as reader:
            return reader.head().size if known_at is None else self.register.position(reader, known_at)

    @cached_property
    def day(self) -> date:
        """Return the day asked for, by default today."""
        return self.asked.day or self.register.today()

    @contextmanager
    def world(self) -> Iterator[World]:
        """Ask in one short snapshot; every one knows the same part of the log."""
        with self.register.store.reading() as reader:
            yield World(reader, self.day, self.upto)

    def events(self) -> Iterator[Recorded]:
        """Yield the events known, in constant memory, moving the bar; the root they have is told at the end."""
        stream, peaks = self.register.store.stream_all(batch=BATCH, upto=self.upto), Peaks()
        while batch := list(islice(stream, BATCH)):
            yield from batch
            peaks = peaks.extend(event.hash for event in batch)
            self.progress(batch[-1].position, self.upto)
        self.told |= {"events": peaks.size, "root": peaks.root().hex()}


Chunks: TypeAlias = Iterable[bytes]


@dataclass(frozen=True, slots=True)
class Format:
    """One format. `flags` are those that mean anything to it; `text` can be shown as it is, `json` also with --json."""

    write: Callable[[Export], Chunks]
    flags: frozenset[str] = frozenset()
    text: bool = True
    json: bool = False


def _jsonl(export: Export) -> Chunks:
    from projections.exports import jsonl

    return jsonl.lines(export.events(), upto=export.upto)


FORMATS: dict[str, Format] = {
    "jsonl": Format(_jsonl, json=True),
}


def format_asked(name: str, output: str, asked: Asked, **flags: object) -> Format:
    """Return the format of that name; a usage Failure where a flag given means nothing to it."""
    form = FORMATS[name]
    for flag, value in {"as_of": asked.as_of, **flags}.items():
        if value is not None and flag not in form.flags:
            able = ", ".join(other for other, known in FORMATS.items() if flag in known.flags)
            spelt = f"--{flag.replace('_', '-')}"
            raise Failure("usage", f"{spelt} means nothing to {name}", USAGE, f"it is for {able}")
    if asked.json and output == "-" and not form.json:
        raise Failure("usage", f"with --json stdout holds no {name}", USAGE, "name a file: --output FILE")
    return form
