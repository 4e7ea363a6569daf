"""Facts of an agreement once made: term, notice, renewal, amendment, suspension, end, registration."""

from pydantic import Field

from domain.facts import AgreementRef, Duration, EdtfText, Fact, Line, PartyRef, Prose
from domain.vocabulary import NoticeKind, Renewal, TermStart


class TermSet(Fact):
    """How long the instrument runs, and how it renews."""

    start: TermStart = Field(default="entry into force", description="from when the term counts")
    start_date: EdtfText | None = Field(default=None, description="the first day, where the start is a date")
    length: Duration | None = Field(default=None, description="such as P5Y; absent with no end: indefinite")
    end: EdtfText | None = Field(default=None, description="the last day, where the text names it")
    renewal: Renewal | None = Field(default=None, description="none, by express act, or tacit")
    period: Duration | None = Field(default=None, description="how long each renewal lasts; else the first length")
    notice: Duration | None = Field(default=None, description="how long before the end notice must be given")
    sunset: Duration | None = Field(default=None, description="how long obligations survive the end")


class NoticeGiven(Fact):
    """A party gave notice of denunciation, withdrawal, termination or non-renewal (VCLT article 65)."""

    party: PartyRef = Field(description="who gave notice")
    kind: NoticeKind = Field(description="of what")
    received: EdtfText | None = Field(default=None, description="when it was received, where on another day than given")
    takes_effect: EdtfText | None = Field(default=None, description="from when; for non-renewal the end of term")


class NoticeWithdrawn(Fact):
    """A notice was taken back before it took effect (VCLT article 68)."""

    party: PartyRef = Field(description="who took it back")


class AgreementRenewed(Fact):
    """The parties renewed the term."""

    until: EdtfText | None = Field(default=None, description="the new last day")


class AgreementAmended(Fact):
    """The instrument was amended (VCLT articles 39 and 40)."""

    instrument: AgreementRef | None = Field(default=None, description="the amending instrument's file")
    provisions: Prose | None = Field(default=None, description="articles or clauses changed")
    summary: Prose | None = Field(default=None, description="what changed, in short")
    obligations: tuple[Line, ...] = Field(default=(), description="obligations it touches, by article or number")


class TextRectified(Fact):
    """An error in the text itself was corrected (VCLT article 79); no correction of the record."""

    provisions: Prose | None = Field(default=None, description="what was rectified")


class AgreementSuspended(Fact):
    """The operation of the instrument was suspended (VCLT articles 57 to 62)."""

    reason: Prose | None = Field(default=None, description="why")


class SuspensionLifted(Fact):
    """The instrument operates again."""


class AgreementTerminated(Fact):
    """The instrument ended (VCLT articles 54 to 64); the fact's date is the day it took effect."""

    ground: Prose | None = Field(default=None, description="why, or under which article")
    replaced_by: AgreementRef | None = Field(default=None, description="the instrument that takes its place")
    sunset_until: EdtfText | None = Field(default=None, description="until when obligations survive")


class AgreementLapsed(Fact):
    """The instrument came to nothing before it ever entered into force."""

    reason: Prose | None = Field(default=None, description="why")


class AgreementRegistered(Fact):
    """The instrument was entered in a register (UN Charter article 102, or a national one)."""

    register_name: Line = Field(description="which register")
    number: Line = Field(description="its number there")
