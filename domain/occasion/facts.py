"""The facts of an occasion; a combined value belongs here, never to one agreement (DOMAIN.md section 3)."""

from typing import TypeAlias

from pydantic import Field

from domain.facts import AgreementRef, Amount, Currency, Fact, Line, PartyRef, Prose
from domain.vocabulary import OccasionKind


class OccasionAnnounced(Fact):
    """The occasion is to take place."""

    title: Line = Field(description="what it is called")
    kind: OccasionKind | None = Field(default=None, description="visit, ceremony, conference, session")
    place: Line | None = Field(default=None, description="where")


class OccasionHeld(Fact):
    """The occasion took place."""

    title: Line | None = Field(default=None, description="what it is called, unless announced under that title")
    kind: OccasionKind | None = Field(default=None, description="visit, ceremony, conference, session")
    place: Line | None = Field(default=None, description="where")
    organisers: tuple[PartyRef, ...] = Field(default=(), description="who organised it")
    supporters: tuple[PartyRef, ...] = Field(default=(), description="who supported it")


class CombinedValueStated(Fact):
    """A source values all that was signed there together; never divided among agreements."""

    amount: Amount = Field(description="decimal text in whole units of the currency")
    currency: Currency = Field(description="ISO 4217")
    qualifier: Line | None = Field(default=None, description="such as estimated, about, more than")
    scope: Line | None = Field(default=None, description="what the sum covers")


class DocumentCountStated(Fact):
    """A source says how many documents were signed there."""

    count: int = Field(ge=0, le=100_000, description="how many")
    scope: Line | None = Field(default=None, description="of what")


class AgreementAttached(Fact):
    """An agreement was signed at this occasion."""

    agreement: AgreementRef = Field(description="the agreement's stream")


class AgreementDetached(Fact):
    """An agreement does not belong to this occasion after all."""

    agreement: AgreementRef = Field(description="the agreement's stream")


class OccasionCancelled(Fact):
    """The occasion did not take place."""

    reason: Prose | None = Field(default=None, description="why")


OccasionFact: TypeAlias = (
    OccasionAnnounced
    | OccasionHeld
    | CombinedValueStated
    | DocumentCountStated
    | AgreementAttached
    | AgreementDetached
    | OccasionCancelled
)

FACTS: dict[str, type[OccasionFact]] = {
    "OccasionAnnounced": OccasionAnnounced,
    "OccasionHeld": OccasionHeld,
    "CombinedValueStated": CombinedValueStated,
    "DocumentCountStated": DocumentCountStated,
    "AgreementAttached": AgreementAttached,
    "AgreementDetached": AgreementDetached,
    "OccasionCancelled": OccasionCancelled,
}
