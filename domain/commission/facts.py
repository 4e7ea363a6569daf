"""A standing intergovernmental body: its sessions, protocols and instructions (DOMAIN.md section 3)."""

from typing import TypeAlias

from pydantic import Field

from domain.facts import Duration, EdtfText, Fact, Line, PartyRef, Prose


class CommissionEstablished(Fact):
    """The commission exists."""

    name: Line = Field(description="its name")
    sides: tuple[Line, ...] = Field(default=(), description="the sides that sit on it")
    mandate: Prose | None = Field(default=None, description="what it is for")


class CoChairAppointed(Fact):
    """A side named its co-chair."""

    side: Line = Field(description="which side")
    name: Line = Field(description="who")
    office: Line | None = Field(default=None, description="the office that person holds")


class CoChairReplaced(Fact):
    """A side named another co-chair."""

    side: Line = Field(description="which side")
    name: Line = Field(description="who now")
    office: Line | None = Field(default=None, description="the office that person holds")


class WorkingGroupEstablished(Fact):
    """The commission set up a working group."""

    name: Line = Field(description="its name")


class WorkingGroupDissolved(Fact):
    """The commission dissolved a working group."""

    name: Line = Field(description="its name")


class SessionScheduled(Fact):
    """A session is planned; the fact's date is the day it was planned on."""

    session: Line = Field(description="its number or name")
    held_on: EdtfText | None = Field(default=None, description="the planned date")
    place: Line | None = Field(default=None, description="where")


class SessionPostponed(Fact):
    """A planned session was put off."""

    session: Line = Field(description="its number or name")
    held_on: EdtfText | None = Field(default=None, description="the new date, where known")


class SessionHeld(Fact):
    """The commission met."""

    session: Line | None = Field(default=None, description="its number or name, where known")
    place: Line | None = Field(default=None, description="where")
    co_chairs: tuple[Line, ...] = Field(default=(), description="who presided")


class AgendaAdopted(Fact):
    """The commission settled what it deals with."""

    session: Line = Field(description="its number or name")
    items: tuple[Line, ...] = Field(description="the points, in order")


class ProtocolSigned(Fact):
    """The protocol of a session was signed."""

    session: Line = Field(description="its number or name")
    place: Line | None = Field(default=None, description="where")


class InstructionIssued(Fact):
    """The commission instructed somebody to do something."""

    item: Line = Field(description="its number in the protocol; the name it goes by in this commission")
    text: Prose = Field(description="what is to be done")
    session: Line | None = Field(default=None, description="at which session")
    responsible: PartyRef | None = Field(default=None, description="who answers for it")
    co_executors: tuple[PartyRef, ...] = Field(default=(), description="who takes part")
    deadline: EdtfText | None = Field(default=None, description="by when; of a recurring one the first time")
    recurrence: Duration | None = Field(default=None, description="how often it falls due again, such as P3M")
    until: EdtfText | None = Field(default=None, description="the last day on which it may fall due again")


class _AboutInstruction(Fact):
    item: Line = Field(description="the instruction's number in the protocol")


class InstructionProgressReported(_AboutInstruction):
    """Somebody reported how far an instruction is carried out."""

    report: Prose = Field(description="in their words")


class InstructionDeadlineMoved(_AboutInstruction):
    """An instruction got another deadline; a recurring one, this time only."""

    deadline: EdtfText = Field(description="the new day")
    reason: Prose | None = Field(default=None, description="why")


class InstructionFulfilmentReported(_AboutInstruction):
    """The executor says it is done; it stays under control until closed."""

    report: Prose | None = Field(default=None, description="in their words")


class InstructionClosed(_AboutInstruction):
    """The commission took the instruction off control; a recurring one, for this time."""

    due: EdtfText | None = Field(default=None, description="which time, where it recurs; else the first open one")


class InstructionReopened(_AboutInstruction):
    """The commission put the instruction under control again."""

    reason: Prose | None = Field(default=None, description="why")


class InstructionCancelled(_AboutInstruction):
    """The commission gave the instruction up."""

    reason: Prose | None = Field(default=None, description="why")


CommissionFact: TypeAlias = (
    CommissionEstablished
    | CoChairAppointed
    | CoChairReplaced
    | WorkingGroupEstablished
    | WorkingGroupDissolved
    | SessionScheduled
    | SessionPostponed
    | SessionHeld
    | AgendaAdopted
    | ProtocolSigned
    | InstructionIssued
    | InstructionProgressReported
    | InstructionDeadlineMoved
    | InstructionFulfilmentReported
    | InstructionClosed
    | InstructionReopened
    | InstructionCancelled
)

FACTS: dict[str, type[CommissionFact]] = {
    "CommissionEstablished": CommissionEstablished,
    "CoChairAppointed": CoChairAppointed,
    "CoChairReplaced": CoChairReplaced,
    "WorkingGroupEstablished": WorkingGroupEstablished,
    "WorkingGroupDissolved": WorkingGroupDissolved,
    "SessionScheduled": SessionScheduled,
    "SessionPostponed": SessionPostponed,
    "SessionHeld": SessionHeld,
    "AgendaAdopted": AgendaAdopted,
    "ProtocolSigned": ProtocolSigned,
    "InstructionIssued": InstructionIssued,
    "InstructionProgressReported": InstructionProgressReported,
    "InstructionDeadlineMoved": InstructionDeadlineMoved,
    "InstructionFulfilmentReported": InstructionFulfilmentReported,
    "InstructionClosed": InstructionClosed,
    "InstructionReopened": InstructionReopened,
    "InstructionCancelled": InstructionCancelled,
}
