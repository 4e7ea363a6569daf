"""The facts of a clock: it was started, a round was completed, something was called to mind."""

from typing import TypeAlias

from pydantic import Field

from domain.facts import EdtfText, EventId, Fact, Line
from domain.vocabulary import ClockJob


class ClockStarted(Fact):
    """The register began to call deadlines to mind; what was due before is not called to mind."""

    timezone: Line = Field(description="the time zone of its days, such as Asia/Baku")


class ReminderFired(Fact):
    """Something was called to mind; it never is again. The fact's date is the day it was meant for."""

    job: ClockJob = Field(description="what sort of reminder")
    subject: Line = Field(description="the stream it is about, or the register")
    item: Line | None = Field(default=None, description="which instruction, obligation, milestone, session …")
    due: EdtfText | None = Field(default=None, description="the deadline it calls to mind")
    days: int | None = Field(default=None, ge=-3660, le=3660, description="days ahead of the deadline")
    text: Line = Field(description="what it says")


class ReminderDelivered(Fact):
    """A reminder reached its outlet."""

    reminder: EventId = Field(description="which")
    outlet: Line = Field(description="by which way, such as stdout, file, command, smtp")


class DeliveryFailed(Fact):
    """A reminder did not reach its outlet; it can be delivered again."""

    reminder: EventId = Field(description="which")
    outlet: Line = Field(description="by which way")
    problem: Line = Field(description="what went wrong")


class RoundCompleted(Fact):
    """All that was to be called to mind up to a day was; the fact's date is that day."""

    fired: int = Field(ge=0, description="how many reminders this round fired")


ClockFact: TypeAlias = ClockStarted | ReminderFired | ReminderDelivered | DeliveryFailed | RoundCompleted

FACTS: dict[str, type[ClockFact]] = {
    "ClockStarted": ClockStarted,
    "ReminderFired": ReminderFired,
    "ReminderDelivered": ReminderDelivered,
    "DeliveryFailed": DeliveryFailed,
    "RoundCompleted": RoundCompleted,
}
