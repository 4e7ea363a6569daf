"""Where one stream stands, or the register, as a person reads it."""

from collections.abc import Iterator
from typing import Any

from cli.inert import inert
from cli.output import Screen
from cli.screens import words
from cli.screens.shapes import SHAPES
from cli.screens.words import counted
from cli.table import Column
from projections.answers.listing import PLURALS

SINGULARS = {**PLURALS, "events": "event", "streams": "stream"}

COLUMNS = (Column("facet", "FACET"), Column("value", "VALUE"))


def rows(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a status as facet and value, for formats that are columns."""
    return [{"facet": facet, "value": value} for facet, value in answer.items() if facet not in {"head", "quality"}]


def lines(answer: dict[str, Any], screen: Screen) -> Iterator[str]:
    """Yield the status of one stream for people."""
    if not answer["in_effect"]:
        known = counted(answer["events"], "event")
        nothing = f"nothing in effect on {answer['as_of']} ({known} known)"
        yield f"{screen.bold(answer['slug'])}   {answer['kind']}   {nothing}"
        return
    refined = words.refined_years(answer["quality"])
    state = answer.get("run_state") or answer.get("legal_status") or answer.get("stage") or ""
    yield f"{screen.bold(answer['slug'])}   {answer['kind']}   {state}".rstrip()
    yield inert(answer["title"])
    for label, text in (*SHAPES[answer["kind"]](answer, refined), *_tail(answer)):
        if text:
            yield f"{label:>10}  {inert(text)}"


def _tail(answer: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for flag in answer["flags"]:
        if flag["weight"] == "note":
            continue  # that dates were inferred is said beside them
        yield "Flag", f"{flag['code']}: {flag['message']}"
    sources = answer["sources"]
    refined = counted(len(answer["quality"]["refined"]), "date refined", "dates refined")
    history = f"{counted(answer['events'], 'event')}, {refined}" if answer["quality"]["refined"] else None
    yield "Sources", f"{len(sources)} ({answer['quality']['rating']})" if sources else "none"
    yield "History", history or counted(answer["events"], "event")


def overview_lines(answer: dict[str, Any], screen: Screen) -> Iterator[str]:
    """Yield the register as a whole for people."""
    counts = {name: count for name, count in answer["counts"].items() if count}
    told = (f"{count} {name if count != 1 else SINGULARS[name]}" for name, count in counts.items())
    yield screen.bold(", ".join(told) or "an empty register")
    for title, field in (("Agreements", "by_legal_status"), ("Projects", "by_phase")):
        if answer[field]:
            yield f"{title:>10}  " + ", ".join(f"{count} {value}" for value, count in answer[field].items())
    if answer["flagged"]:
        yield f"{'Flagged':>10}  {answer['flagged']}"
    yield f"{'Log':>10}  position {answer['head']['position']}, root {answer['head']['root'][:16]}…"
