"""The log, one event, a replay and a verification, as a person reads them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from cli.inert import inert
from cli.output import Screen, cell
from cli.screens.words import counted
from cli.table import Column, lines
from domain.streams import slug_of
from eventstore.report import Report

Shorten: TypeAlias = Callable[[int], str]
"""Gives the shortest unmistakable prefix of an event's hash, by its position."""

LOG = (
    Column("position", "POS", fixed=True),
    Column("hash", "EVENT", fixed=True),
    Column("on", "ON", fixed=True),
    Column("slug", "STREAM", fixed=True, drop=2),
    Column("type", "FACT"),
    Column("what", "WHAT", drop=1),
    Column("source", "SOURCE", drop=3),
    Column("standing", "STANDING", fixed=True),
)

SHOW = (Column("field", "FIELD"), Column("value", "VALUE"))

REPLAY = tuple(Column(name, name.upper()) for name in ("step", "hash", "on", "type", "facet", "before", "after"))

REPLAY_ALL = tuple(Column(name, name.upper()) for name in ("events", "streams", "seconds", "matches_projection"))

REASONS = (
    Column("position", "POS", fixed=True),
    Column("on", "ON", fixed=True),
    Column("type", "FACT"),
    Column("facet", "FACET"),
    Column("before", "BEFORE", drop=1),
    Column("after", "AFTER"),
    Column("source", "SOURCE", drop=2),
)

DIFF = (Column("facet", "FACET"), Column("before", "BEFORE"), Column("after", "AFTER"))

PROBLEMS = (Column("position", "POSITION", fixed=True), Column("what", "WHAT"))

_TOLD = (
    "phase",
    "study",
    "title",
    "name",
    "party",
    "agreement",
    "commission",
    "amount",
    "standing",
    "item",
    "milestone",
    "text",
)

_DETAILS = frozenset({"stays", "consents", "quality"})
"""Facets that only spell out what another one says in short; programs get them too."""

_WHY = ("reason", "basis", "source", "resolution", "text")


def what(event: dict[str, Any]) -> str:
    """Return in a few words what an event says: its quotation, or its most telling fields."""
    data = event["corrected_data"] or event["data"]
    told = [_told(data[name]) for name in _TOLD if name in data]
    if not told:
        told = [_told(value) for name, value in data.items() if name != "target"]
    return ", ".join(filter(None, told))


def _told(value: Any) -> str:
    text = cell(value)
    return slug_of(text) or text if "/" in text and " " not in text else text


def event_row(event: dict[str, Any]) -> dict[str, Any]:
    """Return an event as a row of columns."""
    sources = "; ".join(dict.fromkeys(source["source"] for source in event["sources"]))
    slug = slug_of(event["stream"])
    return {**event, "slug": slug, "what": what(event), "source": sources}


def log_lines(answer: dict[str, Any], shorten: Shorten, screen: Screen) -> Iterator[str]:
    """Yield the log for people; struck events are marked."""
    if not answer["events"]:
        yield "no events"
        return
    rows = [event_row(event) | {"hash": shorten(event["position"])} for event in answer["events"]]
    cells = [{column.field: cell(row.get(column.field)) for column in LOG} for row in rows]
    for texts in cells:
        texts["standing"] = "" if texts["standing"] == "standing" else texts["standing"]
    several = len({row["stream"] for row in rows}) > 1
    columns = tuple(column for column in LOG if several or column.field != "slug")
    heading, *body = lines(cells, columns, screen.width)
    yield screen.faint(heading)
    for row, line in zip(rows, body, strict=True):
        yield screen.faint(line) if row["standing"] == "retracted" else line


_TAIL = ("position", "recorded", "by", "on", "stream", "type", "what")
TAIL = "\t".join(_TAIL)
"""The heading of what is followed."""


def tail_line(event: dict[str, Any]) -> str:
    """Return one event on a line, its parts between tabs."""
    row = event_row(event)
    return "\t".join(cell(row[part]) for part in _TAIL)


def show_rows(event: dict[str, Any]) -> list[dict[str, Any]]:
    """Return an event as field and value; data, sources and their parts each on a row."""
    nested = {"data", "corrected_data", "sources"}
    found = [{"field": name, "value": value} for name, value in event.items() if name not in nested]
    for part in ("data", "corrected_data"):
        found += [{"field": f"{part}.{name}", "value": value} for name, value in (event[part] or {}).items()]
    for number, source in enumerate(event["sources"], 1):
        found += [{"field": f"source {number}.{name}", "value": value} for name, value in source.items()]
    return found


def show_lines(answer: dict[str, Any], screen: Screen) -> Iterator[str]:
    """Yield one event for people."""
    event = answer["event"]
    yield f"{screen.bold(event['type'])}   {slug_of(event['stream'])}@{event['version']}   {event['standing']}"
    refined = f" (recorded as {event['on_as_recorded']})" if event["on"] != event["on_as_recorded"] else ""
    yield f"{'On':>12}  {inert(event['on'])}{refined}"
    yield f"{'Recorded':>12}  {event['recorded']} by {inert(event['by'])}, position {event['position']}"
    yield from _data_lines(event["data"], event["corrected_data"])
    for source in event["sources"]:
        yield f"{'Source':>12}  {inert(source['source'])}, {source.get('certainty', 'stated')}"
        if quote := source.get("quote"):
            yield f"{'':>12}  “{inert(quote)}”"
    if event["note"]:
        yield f"{'Note':>12}  {inert(event['note'])}"
    if event["about"]:
        yield f"{'About':>12}  {', '.join(event['about'])}"
    for touch in answer["touched_by"]:
        why = next((touch["data"][name] for name in _WHY if touch["data"].get(name)), "")
        said = f"{touch['type']} by {touch['by']} on {touch['recorded'][:10]}: {cell(why)}"
        yield f"{'Touched':>12}  {inert(said)}"
    yield f"{'Id':>12}  {event['id']}"
    yield f"{'Hash':>12}  {event['hash']}"


def _data_lines(recorded: dict[str, Any], corrected: dict[str, Any] | None) -> Iterator[str]:
    """Yield each field as it stands, with what was recorded where that was other."""
    stands = recorded if corrected is None else corrected
    for name in dict.fromkeys((*recorded, *stands)):
        was = f" (recorded as {cell(recorded.get(name)) or 'nothing'})"
        changed = stands.get(name) != recorded.get(name)
        yield f"{inert(name):>12}  {cell(stands.get(name)) or 'nothing'}{was if changed else ''}"


def step_rows(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a replay as one row for each facet each step changed."""
    return [
        {
            "step": number,
            "hash": step["event"]["hash"],
            "on": step["event"]["on"],
            "type": step["event"]["type"],
            "facet": change["facet"],
            "before": change["before"],
            "after": change["after"],
        }
        for number, step in enumerate(answer["steps"], 1)
        for change in step["changes"] or [{"facet": "", "before": "", "after": ""}]
    ]


def replay_lines(answer: dict[str, Any], shorten: Shorten, screen: Screen) -> Iterator[str]:
    """Yield a replay for people: each step, what it changed, what the rules say; then the comparison."""
    total = len(answer["steps"])
    for number, step in enumerate(answer["steps"], 1):
        event = step["event"]
        head = f"{number}/{total}  {shorten(event['position'])}  {event['on']:<12}  {event['type']:<22}"
        yield f"{screen.bold(head)} {inert(what(event))}".rstrip()
        told = (change for change in step["changes"] if change["facet"] not in _DETAILS)
        yield from (f"       {line}" for line in map(_change, told))
        for finding in step["findings"]:
            yield f"       ! {finding['code']}: {inert(finding['message'])}"
    for event in answer["struck"]:
        yield screen.faint(
            f"struck  {shorten(event['position'])}  {event['on']}  {event['type']}  {inert(what(event))}"
        )
    position = answer["head"]["position"]
    if answer["matches_projection"]:
        yield f"ok: rebuilt state equals the stored projection ({counted(total, 'step')}, position {position})"
    else:
        yield f"differs: the stored projection is not what the log gives (position {position})"
        yield "Next: paraph projections rebuild"


def _change(change: dict[str, Any]) -> str:
    facet, before, after = change["facet"], change["before"], change["after"]
    name = facet.replace("_", " ")
    if isinstance(after, list) and isinstance(before, list):
        gained = [cell(item) for item in after if item not in before]
        lost = [cell(item) for item in before if item not in after]
        # What reads the same before and after is the same thing, changed in a detail.
        signs = [f"{'~' if text in lost else '+'} {name:<14} {text}" for text in gained]
        signs += [f"- {name:<14} {text}" for text in lost if text not in gained]
        return "\n       ".join(signs) or f"~ {name:<14} reordered"
    if before in (None, "", {}):
        return f"+ {name:<14} {cell(after)}"
    return f"~ {name:<14} {cell(before)} -> {cell(after) or 'nothing'}"


def diff_lines(answer: dict[str, Any], screen: Screen) -> Iterator[str]:
    """Yield what differs between two points, for people."""
    was, is_ = (f"as of {answer[end]['as_of']}, known at {answer[end]['known_at']}" for end in ("from", "to"))
    yield screen.bold(f"{answer['slug']}   {was}  ->  {is_}")
    yield from change_lines(answer["changes"]) if answer["changes"] else ["  nothing differs"]


def reason_row(reason: dict[str, Any]) -> dict[str, Any]:
    """Return one event a facet rests on as a row; of a list or a table of values, only what the event changed."""
    before, after = apart(reason["before"], reason["after"])
    return {**event_row(reason["event"]), "facet": reason["facet"], "before": before, "after": after}


_MOST = 120
"""So many characters of a facet's value stand in the heading; `status` shows it whole."""


def _value(value: Any) -> str:
    text = cell(value) or "nothing"
    return text if len(text) <= _MOST else f"{text[:_MOST]}…"


def apart(before: Any, after: Any) -> tuple[Any, Any]:
    """Return two values without what they have in common, where they are lists or tables of values."""
    if isinstance(before, list) and isinstance(after, list):
        return [row for row in before if row not in after], [row for row in after if row not in before]
    if isinstance(before, dict) and isinstance(after, dict):
        differing = [name for name in {**before, **after} if before.get(name) != after.get(name)]
        kept = ({name: value[name] for name in differing if name in value} for value in (before, after))
        return next(kept), next(kept)
    return before, after


def reason_lines(answer: dict[str, Any], rows: Sequence[dict[str, Any]], screen: Screen) -> Iterator[str]:
    """Yield why a facet says what it says, for people."""
    how = ", reckoned by the calendar from" if answer["reckoned"] else ""
    yield screen.bold(f"{answer['slug']}: {answer['facet']} is {_value(answer['value'])}{how}")
    if not rows:
        yield "no event set it"
        return
    yield from lines(
        [{column.field: cell(row.get(column.field)) for column in REASONS} for row in rows], REASONS, screen.width
    )


def change_lines(changes: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Yield facets with what they were and are, for people."""
    for change in changes:
        if change["facet"] not in _DETAILS:
            yield from (f"  {line.strip()}" for line in _change(change).splitlines())


def report_json(report: Report, wrong_views: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return a verification as `verify --json` answers it."""
    problems = [{"position": problem.position, "what": problem.what} for problem in report.problems]
    problems += [
        {"position": None, "what": f"view {name} differs from the log: {', '.join(streams)}"}
        for name, streams in wrong_views.items()
    ]
    return {
        "ok": report.ok and not wrong_views,
        "events": report.events,
        "root": report.root.hex(),
        "checks": {**report.checks, "views": report.ok and not wrong_views},
        "problems": problems,
        "more": report.more,
    }


def verify_lines(answer: dict[str, Any], screen: Screen) -> Iterator[str]:
    """Yield a verification for people."""
    if answer["ok"]:
        yield f"ok: {counted(answer['events'], 'event')}, every hash, column and view as recorded"
        yield f"root {answer['root']}"
        return
    yield screen.bold("DAMAGED: the register is not as it was written")
    for problem in answer["problems"]:
        where = f"position {problem['position']}" if problem["position"] else "register"
        yield f"  {where}: {inert(problem['what'])}"
    if answer["more"]:
        yield f"  and {answer['more']} more"
