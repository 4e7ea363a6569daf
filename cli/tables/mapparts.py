"""The parts of a map: values, conditions, how the table lies in its file, what holds where nothing else is said."""

import re
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from cli.tables import sheets
from cli.tables.dating import ORDERS, expect_pattern

_NAMED = re.compile(r"\{([^{}]+)\}")
MONTHS = "months"
"""The word map of the months' names: [words.months]."""
_REGEX_LENGTH = 200
_LAST_HEADING = 1_000


class Part(BaseModel):
    """A part of a map; a name it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, hide_input_in_errors=True)


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str | dict) else value


def _separators(separators: tuple[str, ...]) -> tuple[str, ...]:
    if not all(separators):
        raise ValueError("an empty text divides nothing")
    return separators


Texts: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(_listed)]
"""One text, or several in a list."""
Separators: TypeAlias = Annotated[Texts, AfterValidator(_separators)]
"""Texts of which each divides a cell."""


def _orders(orders: tuple[str, ...]) -> tuple[str, ...]:
    for order in orders:
        if order not in ORDERS and "%" not in order:
            raise ValueError(f"{order!r} is none of {', '.join(ORDERS)}, and no pattern such as %d.%m.%Y")
        if "%" in order:
            expect_pattern(order)
    return orders


Dates: TypeAlias = Annotated[Texts, AfterValidator(_orders)]
"""Orders in which dates may be written, or patterns as strftime has them."""


def _regex(pattern: str) -> str:
    try:
        re.compile(pattern)
    except (re.error, OverflowError) as error:
        raise ValueError(f"is no regular expression: {error}") from None
    return pattern


Regex: TypeAlias = Annotated[str, Field(max_length=_REGEX_LENGTH), AfterValidator(_regex)]


class Condition(Part):
    """A row counts only where a column is filled, or has one of some values, or none, or is blank, or open."""

    column: str
    values: Texts = Field(default=(), alias="is")
    but: Texts = Field(default=(), alias="not")
    like: Texts = ()
    """Values with * and ? in them."""
    blank: bool = False
    open: bool = False
    """Whether the column says that there is no end."""

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if (self.blank or self.open) + bool(self.values or self.but or self.like) > 1 or (self.blank and self.open):
            raise ValueError("is either of values (is, not, like), or blank, or open")
        return self


class Value(Part):
    """Where a field's value comes from: a column, a template, a stream of the map, or a constant."""

    column: str | None = None
    columns: Texts = ()
    """The first of these that is filled."""
    text: str | None = None
    """A template: {Column} stands for what the column holds."""
    stream: str | None = None
    all: str | None = None
    """A stream of which a row may name several: all of them, in a list."""
    value: Any = None
    dates: Dates = ()
    words: str | None = None
    split: Separators = ()
    """What stands between several values in one cell."""
    match: Regex | None = None
    """A regular expression: what its first group finds is the value."""
    read: Literal["text", "date", "amount", "whole"] = Field(default="text", alias="as")
    decimal: Literal[".", ","] = "."
    times: int = Field(default=1, ge=1)
    missing: Texts = ()
    """Words for missing in this place, beside those of [defaults]."""
    default: str | None = None
    damaged: Literal["reject", "note"] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        given = [self.column, self.columns or None, self.text, self.stream, self.all, self.value]
        if sum(part is not None for part in given) != 1:
            raise ValueError("needs exactly one of column, columns, text, stream, all, value")
        return self

    def own(self) -> tuple[str, ...]:
        """Return the columns of which the first that is filled counts."""
        return (self.column,) if self.column else self.columns

    def names(self) -> tuple[str, ...]:
        """Return the columns the value comes from."""
        return (*self.own(), *columns_in(self.text or ""), *columns_in(self.default or ""))


def _value(value: Any) -> Any:
    if isinstance(value, str):
        return {"text": value}
    return value if isinstance(value, dict) else {"value": value}


Said: TypeAlias = Annotated[Value, BeforeValidator(_value)]


def _conditions(value: Any) -> Any:
    return [{"column": each} if isinstance(each, str) else each for each in _listed(value)]


Conditions: TypeAlias = Annotated[tuple[Condition, ...], BeforeValidator(_conditions)]


class Layout(Part):
    """How the table lies in its file."""

    sheet: str | int = 1
    header: int | tuple[int, ...] = 1
    """The row of the heading, 0 where there is none; several rows are read as one heading."""
    delimiter: str | None = Field(default=None, min_length=1, max_length=1)
    encoding: str | None = None
    quote: str | None = Field(default=None, max_length=1)
    fill: Texts = ()
    """Columns in which an empty cell stands for what is above it."""
    when: Conditions = ()
    """Rows that count at all."""
    columns: dict[str, Texts] = Field(default_factory=dict)
    """Other names of columns, in other recordings of the table."""
    optional: Texts = ()
    """Columns that need not be there."""

    @model_validator(mode="after")
    def _heading_in_order(self) -> Self:
        rows = (self.header,) if isinstance(self.header, int) else self.header
        if not rows or min(rows) < (0 if len(rows) == 1 else 1) or list(rows) != sorted(set(rows)):
            raise ValueError("header is a row, counted from 1, or several in order; 0 where there is none")
        if max(rows) > _LAST_HEADING:
            raise ValueError(f"header is one of the first {_LAST_HEADING} rows")
        return self

    def reading(self) -> sheets.Layout:
        """Return what reading the file needs to know."""
        return sheets.Layout(self.sheet, self.header, self.delimiter, self.encoding, self.quote, self.fill)


class Defaults(Part):
    """What holds for every column that says nothing else."""

    dates: Dates = ("iso",)
    missing: Texts = ("NA", "N/A", "n/a", "-", "--", "null", "NULL")
    open_end: Texts = ("9999-12-31",)
    """How a date begins that stands for no end."""
    damaged: Literal["reject", "note"] = "reject"
    """What a cell that cannot be read costs: its row, or its fact alone, with a note of what it says."""
    source: str = "{file}"
    certainty: Literal["stated", "inferred", "assumed"] = "stated"


def columns_in(template: str) -> tuple[str, ...]:
    """Return the columns a template names, between braces."""
    return tuple(_NAMED.findall(template))
