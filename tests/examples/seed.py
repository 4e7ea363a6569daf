"""The seed file read, and decided line by line as the importer does."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias
from uuid import NAMESPACE_URL, uuid5

from domain.entries import Entry, as_next
from domain.factline import draft_of
from domain.findings import Finding
from domain.recording import decide

EXAMPLES = Path(__file__).parents[2] / "examples"
ARTICLE = (EXAMPLES / "az-cn-2025.article.txt").read_bytes().decode()
TEXT = (EXAMPLES / "az-cn-2025.jsonl").read_bytes().decode()

Line: TypeAlias = dict[str, Any]
LINES: list[Line] = [json.loads(text) for text in TEXT.splitlines()]
DATED = [line for line in LINES if line["type"] != "DateRefined"]
REFINED = [line for line in LINES if line["type"] == "DateRefined"]

PROJECT = "project/sumgayit-cardboard"
STATED = {"A01", "A02", "A05", "A06", "A07", "A08"}
"""Agreements whose day the report states; for the others it follows from where they stand in it."""


def of_type(*types: str) -> list[Line]:
    """Return the lines of the given types, in order."""
    return [line for line in LINES if line["type"] in types]


def number(line: Line) -> str:
    """Return the agreement's number in the key, such as A15."""
    return str(line["key"].split("/")[1])


def event_id(key: str) -> str:
    """Return the id an event of that key gets here."""
    return str(uuid5(NAMESPACE_URL, key))


def importable(line: Line) -> Line:
    """Resolve a `key:` target to an id, as the importer does."""
    target = line["data"].get("target", "")
    if not target.startswith("key:"):
        return line
    return {**line, "data": {**line["data"], "target": event_id(target.removeprefix("key:"))}}


def decided() -> Iterator[tuple[Line, tuple[Finding, ...], Entry]]:
    """Decide line by line, each on what the lines before it left; yield what was found and the entry."""
    streams: dict[str, list[Entry]] = defaultdict(list)
    for position, line in enumerate(LINES, 1):
        draft = draft_of(importable(line), new_id=event_id(line["key"]), by="test")
        history = streams[draft.stream]
        decision = decide(history, draft, today=date(2025, 4, 28))
        assert decision.already is None, line["key"]
        assert decision.drafts == (draft,), (line["key"], decision.findings)
        entry = as_next(draft, history)._replace(position=position)
        history.append(entry)
        yield line, decision.findings, entry
