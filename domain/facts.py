"""The base of every fact model, and the field types they share.

A fact model is the storage contract: frozen, no field beyond those named, absence as the only
default (so that leaving out what is absent loses nothing), and texts that can be stored and shown.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, Self, TypeAlias, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic.fields import FieldInfo

from domain import dates
from domain.streams import Kind, is_stream, stream_name
from domain.vocabulary import ReviewFinding, ReviewOutcome


class Fact(BaseModel):
    """What happened, without its envelope. Subclasses are the entries of the catalogue."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True, hide_input_in_errors=True)

    schema_number: ClassVar[int] = 1
    """Raised when the shape changes; stored beside the type name with every event."""


@dataclass(frozen=True, slots=True)
class Refers:
    """Marks a field that names a stream of the given kind."""

    kind: Kind


def _inert(text: str, *, newlines: bool) -> str:
    if not text.isprintable():  # what is printable holds none of these, and need not be looked through
        for character in text:
            if character == "\n" and newlines:
                continue
            if unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}:
                raise ValueError(f"holds the control character U+{ord(character):04X}")
    if not text.strip():
        raise ValueError("is blank")
    return text


def _one_line(text: str) -> str:
    return _inert(text, newlines=False)


def _prose(text: str) -> str:
    return _inert(text, newlines=True)


def _decimal(value: Any) -> Any:
    if isinstance(value, bool | float):
        raise ValueError('write the amount as text, such as "1250000.50", so that no digit is lost')
    text = str(value) if isinstance(value, int) else value
    if isinstance(text, str) and not re.fullmatch(r"[0-9]{1,24}(\.[0-9]{1,6})?", text):
        raise ValueError("is not a plain decimal amount: digits, then at most six after a point")
    return text


def _duration(text: str) -> str:
    # In Python's own regular expressions: Pydantic's know no look-ahead, and \d there is any script's digit.
    if not re.fullmatch(r"P(?=[0-9])([0-9]{1,5}Y)?([0-9]{1,5}M)?([0-9]{1,5}W)?([0-9]{1,5}D)?", text):
        raise ValueError("is no duration of whole years, months, weeks and days, such as P5Y or P6M")
    return text


def _edtf(text: str) -> str:
    dates.parse(text)
    return text


def _reference(kind: Kind) -> BeforeValidator:
    def complete(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        name = stream_name(kind, value)
        if not is_stream(name):
            raise ValueError(f"is no name of {_article(kind)}: {kind}/ and 3 to 40 of a-z, 0-9, hyphen")
        return name

    return BeforeValidator(complete)


def _article(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


Line: TypeAlias = Annotated[str, Field(max_length=500), AfterValidator(_one_line)]
"""A name, a title, a place: one line, at most 500 characters, no control characters."""

Prose: TypeAlias = Annotated[str, Field(max_length=20_000), AfterValidator(_prose)]
"""A quote, a remark, the text of an instruction: line breaks allowed, at most 20,000 characters."""

Amount: TypeAlias = Annotated[str, BeforeValidator(_decimal)]
"""A decimal amount as text, in whole units of its currency; never a float."""

Currency: TypeAlias = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
"""An ISO 4217 code, such as USD."""

Country: TypeAlias = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
"""An ISO 3166-1 alpha-2 code, such as AZ."""

Language: TypeAlias = Annotated[str, Field(pattern=r"^[a-zA-Z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
"""A BCP 47 tag, such as az, ru, zh-Hans."""

EdtfText: TypeAlias = Annotated[str, AfterValidator(_edtf)]
"""A date in EDTF, as domain.dates reads it."""

Duration: TypeAlias = Annotated[str, AfterValidator(_duration)]
"""An ISO 8601 duration of whole years, months, weeks and days, such as P5Y or P6M."""

EventId: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]
"""The id of another event: a UUID in lower case."""

AgreementRef: TypeAlias = Annotated[str, _reference("agreement"), Refers("agreement")]
ProjectRef: TypeAlias = Annotated[str, _reference("project"), Refers("project")]
CommissionRef: TypeAlias = Annotated[str, _reference("commission"), Refers("commission")]
OccasionRef: TypeAlias = Annotated[str, _reference("occasion"), Refers("occasion")]
PartyRef: TypeAlias = Annotated[str, _reference("party"), Refers("party")]

Certainty: TypeAlias = Literal["stated", "inferred", "assumed"]


class Source(BaseModel):
    """Where a fact comes from: who said it, where in it, and how sure that makes us."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True, hide_input_in_errors=True)

    source: Line = Field(description="what was read: a press report, a protocol, a register entry")
    locator: Line | None = Field(default=None, description="where in it: page, paragraph, row")
    quote: Prose | None = Field(default=None, description="the words themselves, verbatim")
    lang: Language | None = Field(default=None, description="the language of the quote, BCP 47")
    certainty: Certainty = Field(default="stated", description="stated there, inferred from it, or assumed")


class Money(Fact):
    """Shared by facts that may state an amount of money and who it comes from."""

    amount: Amount | None = Field(default=None, description="decimal text, where stated")
    currency: Currency | None = Field(default=None, description="ISO 4217, where an amount is stated")
    financier: PartyRef | None = Field(default=None, description="who pays, where named")
    financier_class: Line | None = Field(default=None, description="what sort of financier, where unnamed")

    @model_validator(mode="after")
    def _amount_and_currency(self) -> Self:
        if (self.amount is None) != (self.currency is None):
            raise ValueError("an amount and its currency go together")
        return self


class Review(Fact):
    """Shared by the facts that say a commission looked at an agreement or a project."""

    commission: CommissionRef = Field(description="which commission")
    session: Line | None = Field(default=None, description="number or name of the session")
    finding: ReviewFinding | None = Field(default=None, description="what it found")
    outcome: ReviewOutcome | None = Field(default=None, description="what it decided")
    remarks: Prose | None = Field(default=None, description="in its words")


def references(fact: Fact) -> Iterator[str]:
    """Yield the streams that the fields of a fact name, in the order of the fields."""
    for name in _referring_fields(type(fact)):
        value = getattr(fact, name)
        if isinstance(value, str):
            yield value
        elif value is not None:
            yield from value


@cache
def _referring_fields(model: type[Fact]) -> tuple[str, ...]:
    fields = model.model_fields.items()
    return tuple(name for name, info in fields if referred_kind(info) is not None)


def referred_kind(info: FieldInfo) -> Kind | None:
    """Return the kind of stream a model's field names, whether one, optional or several."""
    return next(_marks(info.annotation, info.metadata), None)


def _marks(annotation: Any, metadata: Iterable[Any]) -> Iterator[Kind]:
    yield from (mark.kind for mark in metadata if isinstance(mark, Refers))
    for part in get_args(annotation):
        yield from _marks(part, getattr(part, "__metadata__", ()))


def name_of(fact: Fact) -> str:
    """Return the name a fact is stored under: that of its class, which the catalogue pins."""
    return type(fact).__name__


def said(fact: Fact, field: str) -> Any:
    """Return what a fact says in a field; None where it says nothing in it, or has no such field."""
    # Asked by `getattr` for a field it lacks, a model makes an error first: thirty times slower.
    return vars(fact).get(field)


def worded(problem: Mapping[str, Any]) -> str:
    """Return in a sentence what Pydantic found wrong with a field."""
    match problem["type"]:
        case "extra_forbidden":
            return "is no field of this fact"
        case "missing":
            return "is missing"
        case "literal_error":
            return f"is none of {problem['ctx']['expected']}"
        case _:
            return str(problem["msg"]).removeprefix("Value error, ")


def stored(fact: Fact) -> dict[str, Any]:
    """Return the fact's data as it is stored: JSON values, absent fields left out."""
    return fact.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
