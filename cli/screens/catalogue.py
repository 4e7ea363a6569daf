"""Fact types and lifecycles as people and programs read them."""

from collections.abc import Iterable, Iterator
from typing import Any, get_origin

from cli.factexamples import SHAPES, STREAMS, choices_of, data_examples, is_shape
from cli.inert import inert
from cli.output import Screen, cell
from cli.table import Column, lines
from domain.facts import Fact, referred_kind
from domain.lifecycle import Lifecycle

FACTS = (
    Column("type", "TYPE", fixed=True),
    Column("kind", "OF", fixed=True),
    Column("summary", "WHAT IT SAYS"),
    Column("fields", "FIELDS", drop=1),
)
FIELDS = (
    Column("field", "FIELD", fixed=True),
    Column("required", "REQUIRED"),
    Column("values", "VALUES"),
    Column("description", "WHAT"),
)
LIFECYCLES = (Column("facet", "FACET", fixed=True), Column("kind", "OF", fixed=True), Column("values", "VALUES"))
ASKING = "(the asking date)"
"""What stands in a lifecycle where a fact does in its other rows: nothing happened but the days."""

MOVES = (
    Column("fact", "FACT", fixed=True),
    Column("from", "FROM"),
    Column("to", "TO"),
    Column("otherwise", "ELSE", fixed=True),
    Column("guards", "GUARDS", drop=1),
)


def fact_row(name: str, kind: str, model: type[Fact]) -> dict[str, Any]:
    """Return a fact type as one row, its fields nested."""
    summary = " ".join(str(model.__doc__).split())
    return {"type": name, "kind": kind, "schema": model.schema_number, "summary": summary, "fields": field_rows(model)}


def flat(row: dict[str, Any]) -> dict[str, Any]:
    """Return the row with its fields as names, the required ones starred."""
    names = (f"{field['field']}{'*' if field['required'] else ''}" for field in row["fields"])
    return {**row, "fields": ", ".join(names)}


def field_rows(model: type[Fact]) -> list[dict[str, Any]]:
    """Return a fact's fields: name, whether required, what values, what for."""
    return [
        {
            "field": name,
            "required": info.is_required(),
            "many": get_origin(info.annotation) is tuple,
            "values": _values(info),
            "description": info.description,
        }
        for name, info in model.model_fields.items()
    ]


def _values(info: Any) -> str:
    if kind := referred_kind(info):
        return f"{kind}/slug"
    if choices := choices_of(info):
        return " | ".join(choices)
    return next((f"such as {example}" for shape, example in SHAPES if is_shape(info, shape)), "text")


def schema_of(name: str, kind: str, model: type[Fact]) -> dict[str, Any]:
    """Return the JSON Schema of a fact's data, with examples of the data and one of the whole fact."""
    least, every = data_examples(model)
    stream = STREAMS.get(kind, STREAMS["agreement"])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **model.model_json_schema(),
        "title": name,
        "x-kind": kind,
        "x-schema-number": model.schema_number,
        "examples": [least, every],
        "x-example": {"type": name, "stream": stream, "on": "2025-04-17", "data": least},
    }


def fact_lines(name: str, schema: dict[str, Any], rows: list[dict[str, Any]], screen: Screen) -> Iterator[str]:
    """Yield one fact type for people."""
    yield f"{screen.bold(name)}   {schema['x-kind']}"
    yield inert(str(schema["description"]))
    if rows:
        cells = [{column.field: cell(row[column.field]) for column in FIELDS} for row in rows]
        yield from lines(cells, FIELDS, screen.width)
    data = schema["x-example"]["data"]
    told = " ".join(f"--set {field}={cell(value)!r}" for field, value in data.items())
    slug = schema["x-example"]["stream"].partition("/")[2]
    yield f"Next: paraph record fact {name} {slug} {told}".rstrip()


def move_rows(lifecycle: Lifecycle[Any]) -> list[dict[str, Any]]:
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


def flat_move(row: dict[str, Any], lifecycle: Lifecycle[Any]) -> dict[str, str]:
    """Return a lifecycle's row as short text: most facts are in order at any value, or at any but the ended ones."""
    froms, ended = frozenset(row["from"]), lifecycle.ended
    names = {
        frozenset(lifecycle.values): "any",
        frozenset(lifecycle.values) - ended: f"any but {', '.join(sorted(ended))}",
    }
    # No colon: within the label of an arrow Mermaid takes none.
    said = (f"{field} {' or '.join(values)}" for field, values in (row["case"] or {}).items())
    fact = " ".join((row["fact"], *(f"({case})" for case in said)))
    told = {name: cell(row[name]) for name in ("to", "otherwise", "guards")}
    return {**told, "fact": fact, "from": names.get(froms) or cell(row["from"])}


def all_lifecycles(lifecycles: Iterable[Lifecycle[Any]]) -> Iterator[str]:
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
    ids = {value: value.replace(" ", "_").replace("-", "_") for value in lifecycle.values}
    yield f"## {lifecycle.facet} ({lifecycle.kind})"
    yield ""
    yield "```mermaid"
    yield "stateDiagram-v2"
    for value, name in ids.items():
        yield f'  state "{value}" as {name}'
    yield from _arrows(lifecycle, ids)
    yield "```"
    yield ""
    yield "| fact | from | to | out of order | guards |"
    yield "| --- | --- | --- | --- | --- |"
    for row in move_rows(lifecycle):
        flat = flat_move(row, lifecycle)
        cells = (flat["fact"], flat["from"], row["to"], row["otherwise"], "; ".join(row["guards"]))
        yield f"| {' | '.join(cells)} |"


_MANY = 4
"""From more values than so many one arrow is drawn instead of one from each."""


def _arrows(lifecycle: Lifecycle[Any], ids: dict[str, str]) -> Iterator[str]:
    """Yield an arrow for each move; one from all values that are no end has a single arrow, from `any`."""
    goes_on = set(lifecycle.values) - lifecycle.ended
    anywhere = goes_on if len(goes_on) > _MANY else None
    rows = [row for row in move_rows(lifecycle) if row["to"] != "unchanged"]
    if any(set(row["from"]) == anywhere for row in rows):
        yield '  state "any" as any_value'
    for row in rows:
        froms = ["any_value"] if set(row["from"]) == anywhere else [ids[value] for value in row["from"]]
        yield from (f"  {value} --> {ids[row['to']]}: {flat_move(row, lifecycle)['fact']}" for value in froms)
