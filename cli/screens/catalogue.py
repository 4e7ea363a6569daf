"""Fact types as people and programs read them."""

from collections.abc import Iterator
from typing import Any, get_origin

from cli.factexamples import SHAPES, STREAMS, choices_of, data_examples, is_shape
from cli.inert import inert
from cli.output import Screen, cell
from cli.table import Column, lines
from domain.facts import Fact, referred_kind

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
