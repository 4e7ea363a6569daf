"""Facts of what the parties must do under an agreement: obligations, how they fall due and end."""

from typing import TypeAlias

from pydantic import Field

from domain.facts import Duration, EdtfText, Fact, Line, PartyRef, Prose


class AboutObligation(Fact):
    """Shared by the facts about one obligation."""

    item: Line = Field(description="the article or number the obligation goes by in this agreement")


class ObligationRecorded(AboutObligation):
    """The text obliges a party to do something."""

    text: Prose = Field(description="what is to be done")
    debtor: PartyRef | None = Field(default=None, description="which party must do it; all, where none is named")
    due: EdtfText | None = Field(default=None, description="by when; of a recurring one the first time")
    recurrence: Duration | None = Field(default=None, description="how often it falls due again, such as P1Y")
    until: EdtfText | None = Field(default=None, description="the last day on which it may fall due again")


class ObligationProgressReported(AboutObligation):
    """Somebody reported how far an obligation is carried out."""

    report: Prose = Field(description="in their words")


class ObligationDeadlineMoved(AboutObligation):
    """An obligation got another deadline; of a recurring one, this time only."""

    deadline: EdtfText = Field(description="the new day")
    reason: Prose | None = Field(default=None, description="why")


class ObligationFulfilmentReported(AboutObligation):
    """The debtor says it is done; it stays open until it is confirmed."""

    report: Prose | None = Field(default=None, description="in their words")


class ObligationFulfilled(AboutObligation):
    """An obligation is fulfilled, and confirmed to be."""

    due: EdtfText | None = Field(default=None, description="which time, where it recurs; else the first open one")


class ObligationWaived(AboutObligation):
    """The creditor does without it (VCLT article 45)."""

    due: EdtfText | None = Field(default=None, description="only this time, where it recurs; else for good")
    reason: Prose | None = Field(default=None, description="why")


class ObligationBreached(AboutObligation):
    """An obligation was broken (VCLT article 60); it may still be fulfilled late."""

    reason: Prose | None = Field(default=None, description="how")


class ObligationReopened(AboutObligation):
    """An obligation thought fulfilled or waived is open again."""

    reason: Prose | None = Field(default=None, description="why")


ObligationFact: TypeAlias = (
    ObligationRecorded
    | ObligationProgressReported
    | ObligationDeadlineMoved
    | ObligationFulfilmentReported
    | ObligationFulfilled
    | ObligationWaived
    | ObligationBreached
    | ObligationReopened
)
