"""Two processes judge a large table: the streams that it opens are independent of each other once all they name is.

What others name comes first, and is judged before all. Of the rest the second process takes its part; where either
part turns out to name a stream of the other, all is judged anew by one.
"""

import os
from array import array
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TypeAlias

from cli.helper import Gone, Helper
from cli.judging import Findings, Judging
from cli.ledger import Ledger
from cli.lines import Numbered, numbered
from cli.register import Register
from eventstore.errors import StoreError
from eventstore.log import EventStore

FIRST, HERE, APART = range(3)
"""What a line is: judged before all others, or with them by the first process, or by the second."""

Tell: TypeAlias = Callable[[int], None]
"""Told the number of the last line judged."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A file of lines, what each line is, and all the streams they are about."""

    path: Path
    of_line: bytes
    streams: Container[str]


@dataclass(frozen=True, slots=True)
class Task:
    """What the second process is to judge: the register, the lines, and the streams that those before them opened."""

    place: str
    moment: datetime
    by: str
    batch: str
    parts: Path
    of_line: bytes
    known: frozenset[str]
    ledger: Path


@dataclass(frozen=True, slots=True)
class Judged:
    """What the second process found; what it accepted is in its ledger, under the numbers of the lines."""

    findings: Findings
    numbers: "array[int]"
    versions: dict[str, int]
    unknown: frozenset[str]


def judge_apart(task: Task) -> Judged | None:
    """Judge the second part, in the second process; None where register or files would not be read or written.

    The first process meets what is wrong with them too, and tells it.
    """
    try:
        with EventStore.open(task.place) as store, Ledger(task.ledger) as ledger, task.parts.open("rb") as file:
            register = Register(store, lambda: task.moment, str, task.by)
            judging = Judging(register, task.by, task.batch, ledger, Findings(), known=task.known)
            judging.judge(_only(APART, numbered(file), task.of_line), lambda _number: None)
            return Judged(judging.findings, ledger.numbers, judging.settle(), judging.unknown)
    except (StoreError, OSError):
        return None


def judge_in_two(judging: Judging, file: IO[bytes], parts: Parts, helper: Helper, tell: Tell) -> dict[str, int] | None:
    """Judge all lines with a second process; return the versions that the streams looked at stood at.

    None where it has to be done anew by one: the parts were not independent, or the second process did not come to
    its end. Raises the store's errors.
    """
    lines = numbered(file)
    judging.judge(islice(lines, parts.of_line.count(FIRST)), tell)
    with TemporaryDirectory(prefix="paraph-", ignore_cleanup_errors=True) as folder:
        task = Task(
            place=os.fspath(judging.register.store.opened_at),
            moment=judging.register.now(),
            by=judging.by,
            batch=judging.batch,
            parts=parts.path,
            of_line=parts.of_line,
            known=frozenset(judging.ledger.streams),
            ledger=Path(folder, "ledger"),
        )
        try:
            helper.begin(judge_apart, task)
            judging.judge(_only(HERE, lines, parts.of_line), tell)
            judged: Judged | None = helper.answer()
        except Gone:
            judged = None
        versions = judging.settle()
        if judged is None or any(name in parts.streams for name in (*judging.unknown, *judged.unknown)):
            return None
        judging.findings.take(judged.findings)
        judging.ledger.join(task.ledger, judged.numbers)
    return versions | judged.versions


def _only(part: int, lines: Iterator[Numbered], of_line: bytes) -> Iterator[Numbered]:
    return (line for line in lines if of_line[line.number - 1] == part)
