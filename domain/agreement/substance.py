"""Facts of what an agreement is worth and what is said of it: value, money, links, documents, reviews."""

from pydantic import Field

from domain.facts import AgreementRef, Amount, Currency, Fact, Language, Line, Money, Review
from domain.vocabulary import FinancingStanding, Relation, ValueKind


class ValueStated(Fact):
    """A source gives the instrument a value."""

    amount: Amount = Field(description="decimal text in whole units of the currency")
    currency: Currency = Field(description="ISO 4217")
    kind: ValueKind = Field(default="estimated", description="how firm the figure is")


class FinancingStated(Money):
    """A source says who pays, and how firmly."""

    standing: FinancingStanding = Field(description="from merely mentioned to disbursed or withdrawn")


class AgreementLinked(Fact):
    """The instrument stands in a relation to another."""

    agreement: AgreementRef = Field(description="the other instrument")
    relation: Relation = Field(description="this instrument … the other")


class AgreementUnlinked(Fact):
    """A relation to another instrument no longer holds."""

    agreement: AgreementRef = Field(description="the other instrument")
    relation: Relation = Field(description="which relation")


class StatusAsserted(Fact):
    """Somebody says where the instrument stands, in their own words."""

    facet: Line = Field(description="which facet, such as legal status")
    value: Line = Field(description="the value as worded")
    asserted_by: Line | None = Field(default=None, description="who says so")


class DocumentAttached(Fact):
    """A copy of a document exists at a place, with its fingerprint."""

    locator: Line = Field(description="path or address of the document")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the file, hexadecimal")
    length: int = Field(ge=0, description="size in bytes")
    language: Language | None = Field(default=None, description="BCP 47")
    kind: Line | None = Field(default=None, description="such as text, annex, full powers")


class AgreementReviewed(Review):
    """A commission reviewed the instrument."""
