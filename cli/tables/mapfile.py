"""The map: a TOML file that says how a row becomes facts (docs/import.md).

A map is read whole before the first row: what is wrong with it is told at once, with its place.
"""

import tomllib
from pathlib import Path
from string import Formatter
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from cli.exits import REFUSED, USAGE, Failure
from domain.catalogue import MODELS, kind_of_fact
from domain.facts import Fact, worded
from domain.streams import Kind

DateOrder: TypeAlias = Literal["iso", "dmy", "mdy", "ymd", "dmy2", "mdy2", "ranges"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, hide_input_in_errors=True)


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str | dict) else value


Texts: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(_listed)]
"""One text, or several in a list."""


class Condition(_Part):
    """A row counts only where a column is filled, or has one of some values, or none of them."""

    column: str
    values: Texts = Field(default=(), alias="is")
    but: Texts = Field(default=(), alias="not")


class Value(_Part):
    """Where a field's value comes from: a column, a template, a stream of the map, or a constant."""

    column: str | None = None
    columns: Texts = ()
    """The first of these that is filled."""
    text: str | None = None
    """A template: {Column} stands for what the column holds."""
    stream: str | None = None
    value: Any = None
    dates: Texts = ()
    words: str | None = None
    split: str | None = None
    read: Literal["text", "date", "amount", "whole"] = Field(default="text", alias="as")
    decimal: Literal[".", ","] = "."
    default: str | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        given = [self.column, self.columns or None, self.text, self.stream, self.value]
        if sum(part is not None for part in given) != 1:
            raise ValueError("needs exactly one of column, columns, text, stream, value")
        return self

    def names(self) -> tuple[str, ...]:
        """Return the columns the value comes from."""
        own = (self.column,) if self.column else self.columns
        return (*own, *columns_in(self.text or ""))


def _value(value: Any) -> Any:
    if isinstance(value, str):
        return {"text": value}
    return value if isinstance(value, dict) else {"value": value}


Said: TypeAlias = Annotated[Value, BeforeValidator(_value)]


def _conditions(value: Any) -> Any:
    return [{"column": each} if isinstance(each, str) else each for each in _listed(value)]


Conditions: TypeAlias = Annotated[tuple[Condition, ...], BeforeValidator(_conditions)]


class Stream(_Part):
    """A stream a row speaks of: which kind, by which columns it is known again, and how its slug is made."""

    kind: Kind
    key: Texts = Field(min_length=1)
    slug: str | None = None
    split: str | None = None
    existing: bool = False
    """Its slug is that of a stream on record already."""
    when: Conditions = ()


class FactRule(_Part):
    """One fact a row may give: on which stream, of which type, on which day, saying what."""

    id: str | None = None
    stream: str
    type: str
    on: Said
    data: dict[str, Said] = Field(default_factory=dict)
    when: Conditions = ()
    key: Texts = ()
    """Columns that tell apart several facts of this rule on one stream."""
    changed: Literal["correct", "record"] = "correct"
    """What a later file that says otherwise means: the old fact was wrong, or something new happened."""
    keep: Texts = ()
    """Fields that are not compared with a later file, such as names that are spelt anew each time."""
    quote: str | None = None

    @property
    def name(self) -> str:
        """Return what the rule is called in keys and messages."""
        return self.id or self.type


class Layout(_Part):
    """How the table lies in its file."""

    sheet: str | int = 1
    header: int = Field(default=1, ge=1)
    delimiter: str | None = None
    encoding: str | None = None


class Defaults(_Part):
    """What holds for every column that says nothing else."""

    dates: Texts = ("iso",)
    missing: Texts = ("NA", "N/A", "n/a", "-", "--", "null", "NULL")
    open_end: Texts = ("9999-12-31",)
    source: str = "{file}"
    certainty: Literal["stated", "inferred", "assumed"] = "stated"


class Map(_Part):
    """A whole map."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$")
    table: Layout = Layout()
    defaults: Defaults = Defaults()
    words: dict[str, dict[str, str]] = Field(default_factory=dict)
    streams: dict[str, Stream]
    facts: tuple[FactRule, ...]

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        names = [(rule.stream, rule.name) for rule in self.facts]
        twice = sorted({f"{stream}: {name}" for stream, name in names if names.count((stream, name)) > 1})
        if twice:
            raise ValueError(f"two rules bear one name, {', '.join(twice)}: give each an id")
        for rule in self.facts:
            self._check(rule)
        return self

    def _check(self, rule: FactRule) -> None:
        if rule.type not in MODELS:
            raise ValueError(f"{rule.type!r} is no fact type; paraph facts list names them")
        if rule.stream not in self.streams:
            raise ValueError(f"{rule.name} is on {rule.stream!r}, which is none of {', '.join(self.streams)}")
        kind, home = self.streams[rule.stream].kind, kind_of_fact(rule.type)
        if home not in {kind, "any"}:
            raise ValueError(f"{rule.type} is a fact of a {home}, and {rule.stream!r} is a {kind}")
        model: type[Fact] = MODELS[rule.type]
        if unknown := rule.data.keys() - model.model_fields.keys():
            raise ValueError(f"{rule.type} has no field {', '.join(sorted(unknown))}: {', '.join(model.model_fields)}")
        if wanted := [
            name for name, info in model.model_fields.items() if info.is_required() and name not in rule.data
        ]:
            raise ValueError(f"{rule.type} must say {', '.join(wanted)}; paraph facts show {rule.type}")
        for said in (*rule.data.values(), rule.on):
            self._check_value(rule, said)

    def _check_value(self, rule: FactRule, said: Value) -> None:
        if said.stream is not None and said.stream not in self.streams:
            raise ValueError(f"{rule.name} names {said.stream!r}, which is none of {', '.join(self.streams)}")
        if said.words is not None and said.words not in self.words:
            raise ValueError(f"{rule.name} wants words.{said.words}, which is not in the map")

    def columns(self) -> set[str]:
        """Return every column the map asks for."""
        found = {name for stream in self.streams.values() for name in (*stream.key, *columns_in(stream.slug or ""))}
        for rule in self.facts:
            found |= {name for said in (*rule.data.values(), rule.on) for name in said.names()}
            found |= {*rule.key, *(condition.column for condition in rule.when)}
        return found | {condition.column for stream in self.streams.values() for condition in stream.when}


def columns_in(template: str) -> tuple[str, ...]:
    """Return the columns a template names."""
    return tuple(name for _, name, _, _ in Formatter().parse(template) if name)


def read_map(path: Path) -> Map:
    """Return the map of a file; raises `Failure` naming the place of what is wrong."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Failure("unreadable", f"{path} cannot be read: {error.strerror}", USAGE, "--map MAP.toml") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Failure("bad-map", f"{path}: {error}", REFUSED, "docs/import.md shows a map") from None
    try:
        return Map.model_validate(values)
    except ValidationError as error:
        problems = (f"{'.'.join(map(str, found['loc'])) or 'map'} {worded(found)}" for found in error.errors())
        raise Failure("bad-map", f"{path}: {'; '.join(problems)}", REFUSED, "docs/import.md shows a map") from None
