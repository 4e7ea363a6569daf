"""Facts about the record itself, in any stream: they change what is known, never what was written.

Resolving them (`domain.replay`) comes before any folding: a retracted fact drops out, the standing
corrections replace fields in the order they were recorded, a withdrawn correction restores what was
before (DOMAIN.md section 6).
"""

from typing import Any, TypeAlias

from pydantic import Field, model_validator

from domain.facts import EdtfText, EventId, Fact, Line, Prose, Source


class EventCorrected(Fact):
    """Fields of an earlier event were recorded wrongly."""

    target: EventId = Field(description="the event that was wrong")
    changes: dict[str, Any] = Field(default_factory=dict, description="field: right value; null takes a field away")
    on: EdtfText | None = Field(default=None, description="the right date, where the date was wrong")
    reason: Prose = Field(description="why, and how it is known")

    @model_validator(mode="after")
    def _says_something(self) -> "EventCorrected":
        if not self.changes and self.on is None:
            raise ValueError("corrects nothing: name a field or a date")
        return self


class EventRetracted(Fact):
    """An earlier event should never have been recorded."""

    target: EventId = Field(description="the event that drops out")
    reason: Prose = Field(description="why")


class CorrectionWithdrawn(Fact):
    """An earlier fact about the record was itself wrong; what was before holds again."""

    target: EventId = Field(description="the correction, retraction or refinement that is taken back")
    reason: Prose = Field(description="why")


class DateRefined(Fact):
    """An imprecise or doubtful date became better known."""

    target: EventId = Field(description="the event whose date is refined")
    on: EdtfText = Field(description="the better date")
    basis: Prose = Field(description="what the better date rests on")


class SourceAdded(Fact):
    """Another source states an earlier event too."""

    target: EventId = Field(description="the event that gains a source")
    source: Source = Field(description="the source")


class EventDisputed(Fact):
    """Somebody disputes an earlier event; it stands, and the dispute shows."""

    target: EventId = Field(description="the disputed event")
    reason: Prose = Field(description="what is disputed, and by whom")


class DisputeResolved(Fact):
    """A dispute is over."""

    target: EventId = Field(description="the event that was disputed")
    resolution: Prose = Field(description="with what result")


class RuleWaived(Fact):
    """A rule refused an event, and it was recorded all the same, for a stated reason."""

    target: EventId = Field(description="the event that was let in")
    rules: tuple[Line, ...] = Field(description="codes of the rules that refused")
    reason: Prose = Field(description="why it is right all the same")


class NoteRecorded(Fact):
    """A remark by the desk, about the stream or about one event of it."""

    text: Prose = Field(description="the remark")
    target: EventId | None = Field(default=None, description="the event it is about")


class ImportFinished(Fact):
    """A file was imported; the counts say what came of it."""

    file: Line = Field(description="the file's name")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the file, hexadecimal")
    new: int = Field(ge=0, description="facts newly recorded")
    already_recorded: int = Field(ge=0, description="facts that were on record before")
    rejected: int = Field(ge=0, description="rows that were refused")


RecordFact: TypeAlias = (
    EventCorrected
    | EventRetracted
    | CorrectionWithdrawn
    | DateRefined
    | SourceAdded
    | EventDisputed
    | DisputeResolved
    | RuleWaived
    | NoteRecorded
    | ImportFinished
)

FACTS: dict[str, type[RecordFact]] = {
    "EventCorrected": EventCorrected,
    "EventRetracted": EventRetracted,
    "CorrectionWithdrawn": CorrectionWithdrawn,
    "DateRefined": DateRefined,
    "SourceAdded": SourceAdded,
    "EventDisputed": EventDisputed,
    "DisputeResolved": DisputeResolved,
    "RuleWaived": RuleWaived,
    "NoteRecorded": NoteRecorded,
    "ImportFinished": ImportFinished,
}

REVERSIBLE = (EventCorrected, EventRetracted, DateRefined, SourceAdded)
"""What a CorrectionWithdrawn may take back."""
