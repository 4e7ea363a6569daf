"""Lifecycles as people and programs read them: the rows, a drawing of them, the document of them all."""

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from cli.output import Screen, cell
from cli.table import Column, lines
from domain.lifecycle import Lifecycle

LIFECYCLES = (Column("facet", "FACET", fixed=True), Column("kind", "OF", fixed=True), Column("values", "VALUES"))
MOVES = (
    Column("fact", "FACT", fixed=True),
    Column("from", "FROM"),
    Column("to", "TO"),
    Column("otherwise", "ELSE", fixed=True),
    Column("guards", "GUARDS", drop=1),
)
ASKING = "(the asking date)"
"""What stands in a lifecycle where a fact does in its other rows: nothing happened but the days."""
ANY = "any"
_MANY = 4
"""From more values than so many one arrow is drawn instead of one from each."""

Row: TypeAlias = dict[str, Any]
Arrow: TypeAlias = tuple[str, str, str]
"""From where, to where, by what."""


def rows_of(lifecycle: Lifecycle[Any]) -> list[Row]:
    """Return a lifecycle's rows: fact, from, to, what happens otherwise, guards; last what the calendar leads to.

    `case` says what the fact must say for the row to be its; where several rows are, the first that fits is.
    """
    moved = [
        {
            "fact": move.fact,
            "case": {move.case.field: list(move.case.values)} if move.case else None,
            "from": list(move.froms),
            "to": move.to or "unchanged",
            "otherwise": move.otherwise,
            "guards": [f"{guard.weight} {guard.code}: {guard.shown}" for guard in move.guards],
        }
        for move in lifecycle.moves
    ]
    reckoned = [
        {"fact": ASKING, "case": None, "from": list(row.froms), "to": row.to, "otherwise": "", "guards": [row.shown]}
        for row in lifecycle.reckoned
    ]
    return [*moved, *reckoned]


def flat(row: Row, lifecycle: Lifecycle[Any]) -> dict[str, str]:
    """Return a row as short text: most facts are in order at any value, or at any but the ended ones."""
    froms, ended = frozenset(row["from"]), lifecycle.ended
    names = {
        frozenset(lifecycle.values) - ended: f"any but {', '.join(sorted(ended))}",
        frozenset(lifecycle.values): ANY,
    }
    told = {name: cell(row[name]) for name in ("to", "otherwise", "guards")}
    return {**told, "fact": _named(row), "from": names.get(froms) or cell(row["from"])}


def _named(row: Row) -> str:
    """Return a row's fact with its case. No colon: within the label of an arrow Mermaid takes none."""
    said = (f"{field} {' or '.join(values)}" for field, values in (row["case"] or {}).items())
    return " ".join((row["fact"], *(f"({case})" for case in said)))


def _arrows(lifecycle: Lifecycle[Any]) -> list[Arrow]:
    """Return what leads from where to where, by origin; what leads on from all that goes on has one arrow, from any."""
    goes_on = set(lifecycle.values) - lifecycle.ended
    anywhere = goes_on if len(goes_on) > _MANY else None
    found = [
        (origin, row["to"], _named(row))
        for row in rows_of(lifecycle)
        if row["to"] != "unchanged"
        for origin in ([ANY] if set(row["from"]) == anywhere else row["from"])
    ]
    order = (ANY, *lifecycle.values)
    return sorted(found, key=lambda arrow: order.index(arrow[0]))


def drawn(lifecycle: Lifecycle[Any], screen: Screen) -> Iterator[str]:
    """Yield a lifecycle for people: where each value leads and by what, then every row with its guards."""
    arrows = _arrows(lifecycle)
    wide = max(len(to) for _, to, _ in arrows)
    for origin in dict.fromkeys(origin for origin, _, _ in arrows):
        yield screen.bold(origin)
        yield from (f"  -> {to:{wide}}  {by}" for start, to, by in arrows if start == origin)
    yield ""
    yield from lines([flat(row, lifecycle) for row in rows_of(lifecycle)], MOVES, screen.width)


def document(lifecycles: Iterable[Lifecycle[Any]]) -> Iterator[str]:
    """Yield every lifecycle as one Markdown document: docs/lifecycle.md."""
    yield "# Lifecycles"
    yield ""
    yield "Which fact leads each facet from which value to which, and what guards it. Written by"
    yield "`paraph lifecycle show all --format md`; a test sees to it that this is what the program does."
    for lifecycle in lifecycles:
        yield ""
        yield from mermaid(lifecycle)


def mermaid(lifecycle: Lifecycle[Any]) -> Iterator[str]:
    """Yield the lifecycle as a Mermaid state diagram and a table of its rows, in Markdown."""
    arrows = _arrows(lifecycle)
    hub = [ANY] if any(origin == ANY for origin, _, _ in arrows) else []
    ids = {value: value.replace(" ", "_").replace("-", "_") for value in (*hub, *lifecycle.values)}
    yield f"## {lifecycle.facet} ({lifecycle.kind})"
    yield ""
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield from (f'  state "{value}" as {name}' for value, name in ids.items())
    yield from (f"  {ids[origin]} --> {ids[to]}: {by}" for origin, to, by in arrows)
    yield "```"
    yield ""
    yield "| fact | from | to | out of order | guards |"
    yield "| --- | --- | --- | --- | --- |"
    for row in rows_of(lifecycle):
        yield f"| {' | '.join(flat(row, lifecycle)[column.field] for column in MOVES)} |"
