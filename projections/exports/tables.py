"""The state as tables, one row a stream or deadline: for spreadsheets, on any day, as known at any point.

Every table has the columns of `COLUMNS`, in that order, for good: new ones come last. Texts are as recorded,
dates EDTF or ISO, amounts decimal text with the currency beside; several values of a cell are joined by `; `.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any, TypeAlias

from projections.answers.due import deadlines, latest_first
from projections.answers.listing import PLURALS, some_agreements, some_others
from projections.answers.parties import merged
from projections.answers.streams import standings
from projections.exports.iati import status_of
from projections.world import World

BATCH = 500
"""Streams asked for at once."""

Ask: TypeAlias = Callable[[], AbstractContextManager[World]]
Row: TypeAlias = list[str]
Found: TypeAlias = Mapping[str, Any]
Field: TypeAlias = Callable[[Found], Any]


def _field(name: str) -> Field:
    return lambda row: row[name]


def _part(name: str, part: str) -> Field:
    return lambda row: (row[name] or {}).get(part)


def _each(name: str, part: str) -> Field:
    return lambda row: [one[part] for one in row[name]]


def _iati(row: Found) -> str:
    return status_of(row["phase"], row["run_state"])


def _last_session(row: Found) -> Any:
    held = [session["on"] for session in row["sessions"] if session["state"] == "held"]
    return held[-1] if held else None


_FLAGS: dict[str, Field] = {"flags": _each("flags", "code")}

COLUMNS: dict[str, dict[str, Field]] = {
    "agreements": {
        **{name: _field(name) for name in ("slug", "title", "kind", "legal_status", "signed_on")},
        "parties": _each("parties", "slug"),
        "party_names": _each("parties", "name"),
        "sectors": _field("sectors"),
        "occasions": _field("occasions"),
        **{name: _field(name) for name in ("project", "phase", "run_state")},
        "iati_status": _iati,
        "financing": _field("financing"),
        "value": _part("value", "amount"),
        "currency": _part("value", "currency"),
        "review": _field("review"),
        "next": _part("next", "what"),
        "next_on": _part("next", "on"),
        **_FLAGS,
    },
    "projects": {
        **{name: _field(name) for name in ("slug", "title", "phase", "run_state")},
        "iati_status": _iati,
        **{name: _field(name) for name in ("since", "wording", "agreements", "financing", "review")},
        **_FLAGS,
    },
    "parties": {
        **{name: _field(name) for name in ("slug", "name", "abbreviation", "kind", "country", "stage")},
        **_FLAGS,
    },
    "commissions": {
        **{name: _field(name) for name in ("slug", "title", "sides")},
        "sessions": lambda row: len(row["sessions"]),
        "last_session": _last_session,
        "open_instructions": _field("open_instructions"),
        **_FLAGS,
    },
    "occasions": {
        **{name: _field(name) for name in ("slug", "title", "kind", "on", "place", "stage")},
        "combined_value": _part("combined_value", "amount"),
        "currency": _part("combined_value", "currency"),
        "agreements": _field("agreements"),
        **_FLAGS,
    },
    "due": {
        name: _field(name)
        for name in ("stream", "title", "what", "item", "text", "due", "stated", "days", "late", "responsible")
    },
}
"""By table: its columns, and where each takes its value from in a row of the answer."""


def heading(table: str) -> Row:
    """Return the names of a table's columns."""
    return list(COLUMNS[table])


def rows(ask: Ask, table: str, *, within: int) -> Iterator[Row]:
    """Yield the rows of a table for the question; `within` is how many days ahead `due` reaches.

    `ask` opens a world of always the same day and the same known part of the log. Each is closed before its rows
    are yielded: so memory does not grow with the register, and a slow reader holds up nobody who records.
    """
    fields = COLUMNS[table].values()
    for found in _due(ask, within) if table == "due" else _streams(ask, table):
        yield [_text(field(found)) for field in fields]


def _due(ask: Ask, within: int) -> Iterable[Found]:
    with ask() as world:
        names = world.reader.stream_names()
    found: list[dict[str, Any]] = []
    for start in range(0, len(names), BATCH):
        with ask() as world:
            found += deadlines(world, standings(world, names[start : start + BATCH]).values(), within)
    return sorted(found, key=latest_first)


def _streams(ask: Ask, table: str) -> Iterator[Found]:
    with ask() as world:
        names = world.reader.stream_names(PLURALS[table])
        into = merged(world) if table == "agreements" else {}
    for start in range(0, len(names), BATCH):
        batch = names[start : start + BATCH]
        with ask() as world:
            found = some_agreements(world, batch, into) if table == "agreements" else some_others(world, batch)
        yield from found


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return "; ".join(map(_text, value))
    return str(value)
