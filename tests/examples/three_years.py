"""The three years of an invented commission: its files as lines, and the answers worked out by hand."""

import json
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

FOLDER = Path(__file__).parents[2] / "examples" / "three-years"
FILES = sorted(FOLDER.glob("*.jsonl"))
COMMISSION = "commission/arvandia-belmora"

Line: TypeAlias = dict[str, Any]
TOLD: dict[str, list[Line]] = {
    path.stem: [json.loads(text) for text in path.read_text(encoding="utf-8").splitlines()] for path in FILES
}
"""The facts by the day they were recorded."""

LINES: list[Line] = [line for lines in TOLD.values() for line in lines]

Question: TypeAlias = dict[str, Any]
QUESTIONS: list[Question] = tomllib.loads((FOLDER / "answers.toml").read_text(encoding="utf-8"))["question"]

DueRow: TypeAlias = tuple[str, str, str | None, str, bool]
Reasons: TypeAlias = tuple[frozenset[str], int]

_SHORT = {
    line["stream"].partition("/")[2][:3].upper(): line["stream"]
    for line in LINES
    if line["type"] in {"AgreementOpened", "ProjectIdentified"}
}


def of_type(*types: str) -> list[Line]:
    """Return the lines of the given types, in the order they were recorded."""
    return [line for line in LINES if line["type"] in types]


def each(names: str) -> list[str]:
    """Return the names that `A16..A20` or `S1-21..S1-30` stands for; a single name stands for itself."""
    first, _, last = names.partition("..")
    if not last:
        return [first]
    stem = first[:-2]
    return [f"{stem}{number:02}" for number in range(int(first[-2:]), int(last[-2:]) + 1)]


def stream_of(name: str) -> str:
    """Return the stream that an answer names in short."""
    return COMMISSION if name == "commission" else _SHORT.get(name, name)


def asked(question: Question) -> list[str]:
    """Return the flags that ask a question."""
    known = ["--known-at", question["known_at"]] if "known_at" in question else []
    return ["--as-of", question["as_of"], *known]


def expected_due(question: Question) -> list[DueRow]:
    """Return what is due by the answers: stream, what, item, day, late."""
    return sorted(_due(question["due"]), key=str)


def _due(rows: Iterable[Line]) -> Iterator[DueRow]:
    for row in rows:
        for item in each(row["item"]) if "item" in row else [None]:
            yield stream_of(row["stream"]), row["what"], item, row["due"], row["late"]


def expected_docket(question: Question) -> dict[str, Reasons]:
    """Return what is before the commission by the answers: by stream its reasons, and how often it was carried over."""
    return {
        stream_of(name): (frozenset(_reasons(row)), row.get("carried_over", 0))
        for row in question["docket"]
        for names in row["streams"]
        for name in each(names)
    }


def _reasons(row: Line) -> Iterator[str]:
    words = ("changed", "late", "carried_over", "never_reviewed")
    return (word.replace("_", " ") for word in words if row.get(word))
