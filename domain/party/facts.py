"""The facts of a party: its names, its identifiers, its ties, its end (DOMAIN.md section 3)."""

from typing import TypeAlias

from pydantic import Field

from domain.facts import Country, EdtfText, Fact, Language, Line, PartyRef, Prose
from domain.vocabulary import PartyKind


class PartyRegistered(Fact):
    """The register opens a file on a party."""

    name: Line = Field(description="its name")
    kind: PartyKind = Field(default="unknown", description="what sort of party")
    country: Country | None = Field(default=None, description="ISO 3166-1 alpha-2, where known")
    abbreviation: Line | None = Field(default=None, description="the short form it goes by")


class NameVariantRecorded(Fact):
    """The party is also called otherwise."""

    text: Line = Field(description="the other name, exactly as found")
    language: Language | None = Field(default=None, description="BCP 47")
    until: EdtfText | None = Field(default=None, description="the last day it went by that name, where known")


class PartyRenamed(Fact):
    """The party took another name."""

    name: Line = Field(description="the new name")
    abbreviation: Line | None = Field(default=None, description="the new short form")


class IdentifierRecorded(Fact):
    """The party has an identifier in some scheme."""

    scheme: Line = Field(description="such as LEI, VÖEN, USCC")
    value: Line = Field(description="the identifier")


class ParentRecorded(Fact):
    """The party belongs to another."""

    parent: PartyRef = Field(description="to which")


class PartiesMerged(Fact):
    """Two files turned out to be one party; this one goes on, nothing of the other is rewritten."""

    absorbed: PartyRef = Field(description="the file that this one takes in")
    reason: Prose | None = Field(default=None, description="how it is known that they are one")


class MergeUndone(Fact):
    """Two files merged before are two parties after all."""

    absorbed: PartyRef = Field(description="the file that stands alone again")
    reason: Prose | None = Field(default=None, description="why")


class PossibleMatchNoted(Fact):
    """The party may be the same as another body; left open."""

    match: Line = Field(description="the other body, a stream or a name")
    reason: Prose | None = Field(default=None, description="why it may be the same")


class MatchRejected(Fact):
    """The party is not the same as that other body."""

    match: Line = Field(description="the other body, as noted")
    reason: Prose | None = Field(default=None, description="why not")


class PartySucceeded(Fact):
    """Another party took this one's place in law."""

    successor: PartyRef = Field(description="which")


class PartyDissolved(Fact):
    """The party ceased to exist."""


PartyFact: TypeAlias = (
    PartyRegistered
    | NameVariantRecorded
    | PartyRenamed
    | IdentifierRecorded
    | ParentRecorded
    | PartiesMerged
    | MergeUndone
    | PossibleMatchNoted
    | MatchRejected
    | PartySucceeded
    | PartyDissolved
)

FACTS: dict[str, type[PartyFact]] = {
    "PartyRegistered": PartyRegistered,
    "NameVariantRecorded": NameVariantRecorded,
    "PartyRenamed": PartyRenamed,
    "IdentifierRecorded": IdentifierRecorded,
    "ParentRecorded": ParentRecorded,
    "PartiesMerged": PartiesMerged,
    "MergeUndone": MergeUndone,
    "PossibleMatchNoted": PossibleMatchNoted,
    "MatchRejected": MatchRejected,
    "PartySucceeded": PartySucceeded,
    "PartyDissolved": PartyDissolved,
}
