"""The formats an export may have: what each is made of, and what it cannot take."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

from cli.exits import USAGE, Failure
from cli.options import Asked
from cli.register import Register
from eventstore.envelope import Recorded

EVERY = 1000
"""Events between two moves of the bar."""


@dataclass
class Export:
    """One export: what was asked for, and what came of it."""

    register: Register
    asked: Asked
    what: str
    days: int
    progress: Callable[[int, int], None]
    told: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def upto(self) -> int:
        """Return the position up to which the log is known to the question."""
        known_at = self.asked.known_at
        with self.register.store.reading() as reader:
            return reader.head().size if known_at is None else self.register.position(reader, known_at)

    def events(self) -> Iterator[Recorded]:
        """Yield the events known, in constant memory, moving the bar."""
        self.told["events"] = 0
        for event in self.register.store.stream_all(upto=self.upto):
            self.told["events"] += 1
            if event.position % EVERY == 0:
                self.progress(event.position, self.upto)
            yield event


Chunks: TypeAlias = Iterable[bytes]


@dataclass(frozen=True, slots=True)
class Format:
    """One format. `whats` are the tables it knows (none: it has but one content); `text` can be shown as it is."""

    write: Callable[[Export], Chunks]
    whats: tuple[str, ...] = ()
    text: bool = True
    json: bool = False
    dated: bool = True
    """Whether --as-of means anything to it: the log as recorded has no day."""


def _jsonl(export: Export) -> Chunks:
    from projections.exports import jsonl

    return jsonl.lines(export.events(), upto=export.upto)


FORMATS: dict[str, Format] = {
    "jsonl": Format(_jsonl, json=True, dated=False),
}


def format_asked(name: str, what: str | None, asked: Asked, output: str) -> tuple[Format, str]:
    """Return the format of that name and what is to be exported; a usage Failure where the flags do not fit."""
    form = FORMATS[name]
    if what is not None and what not in form.whats:
        known = f"takes {', '.join(form.whats)}" if form.whats else "takes no WHAT: it is the whole of it"
        raise Failure("usage", f"{name} has no {what!r}: it {known}", USAGE, f"paraph export --format {name}")
    if asked.as_of is not None and not form.dated:
        message = f"{name} is the log as recorded, of all days: --as-of is not for it"
        raise Failure("usage", message, USAGE, "--known-at ends it at an earlier point")
    if asked.json and output == "-" and not form.json:
        raise Failure("usage", f"with --json stdout holds no {name}", USAGE, "name a file: --output FILE")
    return form, what or next(iter(form.whats), "log")
