"""Fact types and lifecycles as people and programs read them."""

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

from cli.inert import inert
from cli.output import Screen, cell
from cli.table import Column, lines
from domain.facts import Amount, Country, Currency, Duration, EdtfText, EventId, Fact, Language, referred_kind
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
MOVES = (
    Column("fact", "FACT", fixed=True),
    Column("from", "FROM"),
    Column("to", "TO"),
    Column("otherwise", "ELSE", fixed=True),
    Column("guards", "GUARDS", drop=1),
)

_EXAMPLES: tuple[tuple[Any, str], ...] = (
    (Amount, "335000000"),
    (Currency, "USD"),
    (Country, "AZ"),
    (Language, "az"),
    (Duration, "P5Y"),
    (EdtfText, "2025-04-17"),
    (EventId, "0201c331-35ba-50bc-8341-80793522dda2"),
)
_REFERENCES = {
    "agreement": "agreement/izia-vencou-cardboard",
    "project": "project/sumgayit-cardboard",
    "commission": "commission/az-cn-trade",
    "occasion": "occasion/beijing-conference-2025",
    "party": "party/izia",
}


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
    if choices := _choices(info):
        return " | ".join(choices)
    return next((f"such as {example}" for shape, example in _EXAMPLES if _is(info, shape)), "text")


def _choices(info: Any) -> tuple[str, ...]:
    parts = (info.annotation, *get_args(info.annotation))
    return next((get_args(part) for part in parts if get_origin(part) is Literal), ())


def _is(info: Any, shape: Any) -> bool:
    """Say whether a field has one of the shared shapes, alone or optional."""
    return shape in get_args(info.annotation) or _marks(shape) <= set(map(repr, info.metadata))


def _marks(shape: Any) -> set[str]:
    """Return what tells a shared shape apart: its constraints, which Pydantic copies to the field."""
    marks = (part for mark in get_args(shape)[1:] for part in getattr(mark, "metadata", None) or [mark])
    return set(map(repr, marks))


def schema_of(name: str, kind: str, model: type[Fact]) -> dict[str, Any]:
    """Return the JSON Schema of a fact's data, with an example of the whole fact."""
    example = {
        "type": name,
        "stream": _REFERENCES.get(kind, _REFERENCES["agreement"]),
        "on": "2025-04-17",
        "data": {field: _example(info) for field, info in model.model_fields.items() if info.is_required()},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **model.model_json_schema(),
        "title": name,
        "x-kind": kind,
        "x-schema-number": model.schema_number,
        "x-example": example,
    }


def _example(info: Any) -> Any:
    value = _one_example(info)
    return [value] if get_origin(info.annotation) is tuple else value


def _one_example(info: Any) -> Any:
    if kind := referred_kind(info):
        return _REFERENCES[kind]
    if choices := _choices(info):
        return choices[0]
    if info.annotation is int:
        return 1
    if "sha256" in str(info.description).casefold() or "SHA-256" in str(info.description):
        return "0" * 64
    if getattr(info.annotation, "model_fields", None):
        return {"source": "trend-2025-04-23"}
    return next((example for shape, example in _EXAMPLES if _is(info, shape)), str(info.description))


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
    """Return a lifecycle's rows: fact, from, to, what happens otherwise, guards."""
    return [
        {
            "fact": move.fact,
            "from": list(move.froms),
            "to": move.to or "unchanged",
            "otherwise": move.otherwise,
            "guards": [f"{guard.weight} {guard.code}: {guard.shown}" for guard in move.guards],
        }
        for move in lifecycle.moves
    ]


def flat_move(row: dict[str, Any], lifecycle: Lifecycle[Any]) -> dict[str, str]:
    """Return a lifecycle's row as short text: most facts are in order at any value, or at any but the ended ones."""
    froms, ended = frozenset(row["from"]), lifecycle.ended
    names = {
        frozenset(lifecycle.values): "any",
        frozenset(lifecycle.values) - ended: f"any but {', '.join(sorted(ended))}",
    }
    return {name: cell(value) for name, value in row.items()} | {"from": names.get(froms) or cell(row["from"])}


def mermaid(lifecycle: Lifecycle[Any]) -> Iterator[str]:
    """Yield the lifecycle as a Mermaid state diagram in a Markdown block."""
    ids = {value: value.replace(" ", "_").replace("-", "_") for value in lifecycle.values}
    yield f"## {lifecycle.facet} ({lifecycle.kind})"
    yield ""
    yield "```mermaid"
    yield "stateDiagram-v2"
    for value, name in ids.items():
        yield f'  state "{value}" as {name}'
    for move in lifecycle.moves:
        for value in move.froms if move.to else ():
            yield f"  {ids[value]} --> {ids[str(move.to)]}: {move.fact}"
    yield "```"
