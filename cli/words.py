"""The short words of `paraph record`: which fact each stands for, by the kind of stream and the action.

A word's flags are the fields of its facts; `positional` fields stand without a flag. Facts without a
word of their own are recorded with `record fact`. Reading this table loads no fact model.
"""

from collections.abc import Mapping
from dataclasses import dataclass

Facts = Mapping[str, Mapping[str, str]]
"""By kind of stream, then by action: the fact type. The action is empty where a word needs none."""


@dataclass(frozen=True, slots=True)
class Word:
    """One short word."""

    section: str
    summary: str
    facts: Facts
    positional: tuple[str, ...] = ()
    choose: str = ""
    """What the action is called in the help, where a word needs one."""
    several: bool = False
    """Whether one act, such as a session's review, may be recorded on several streams at once."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return the kinds of stream the word is for."""
        return tuple(self.facts)

    @property
    def actions(self) -> tuple[str, ...]:
        """Return the actions to choose from, empty where there is none."""
        return tuple(dict.fromkeys(action for by_action in self.facts.values() for action in by_action if action))


def _one(kind: str, fact: str) -> Facts:
    return {kind: {"": fact}}


WORDS: dict[str, Word] = {
    "party": Word("Agreement", "A party belongs to the agreement.", _one("agreement", "PartyAdded"), ("party",)),
    "signature": Word("Agreement", "One party signed.", _one("agreement", "SignatureAffixed"), ("party",)),
    "signed": Word("Agreement", "The agreement is signed by all.", _one("agreement", "AgreementSigned")),
    "consent": Word(
        "Agreement",
        "A party expressed its consent to be bound.",
        _one("agreement", "ConsentExpressed"),
        ("party", "form"),
    ),
    "procedure": Word(
        "Agreement",
        "A party finished what its own law asks.",
        _one("agreement", "InternalProcedureCompleted"),
        ("party",),
    ),
    "entry-rule": Word(
        "Agreement", "When its text says it enters into force.", _one("agreement", "EntryIntoForceRuleSet"), ("rule",)
    ),
    "in-force": Word("Agreement", "It entered into force.", _one("agreement", "EnteredIntoForce")),
    "term": Word("Agreement", "How long it runs, and how it renews.", _one("agreement", "TermSet")),
    "renewed": Word("Agreement", "Its term was renewed.", _one("agreement", "AgreementRenewed")),
    "notice": Word("Agreement", "A party gave notice.", _one("agreement", "NoticeGiven"), ("party", "kind")),
    "amended": Word("Agreement", "It was amended.", _one("agreement", "AgreementAmended")),
    "terminated": Word("Agreement", "It ended.", _one("agreement", "AgreementTerminated")),
    "lapsed": Word("Agreement", "It came to nothing.", _one("agreement", "AgreementLapsed")),
    "obligation": Word(
        "Agreement",
        "An obligation was recorded, reported on, moved, fulfilled, waived …",
        {
            "agreement": {
                "recorded": "ObligationRecorded",
                "progress": "ObligationProgressReported",
                "moved": "ObligationDeadlineMoved",
                "reported": "ObligationFulfilmentReported",
                "fulfilled": "ObligationFulfilled",
                "waived": "ObligationWaived",
                "breached": "ObligationBreached",
                "reopened": "ObligationReopened",
            }
        },
        ("item",),
        choose="step",
    ),
    "asserted": Word(
        "Agreement",
        "Somebody says where it stands, in their own words.",
        _one("agreement", "StatusAsserted"),
        ("facet", "value"),
    ),
    "value": Word(
        "Agreement",
        "What it is worth; of an occasion, what all signed there is.",
        {"agreement": {"": "ValueStated"}, "occasion": {"": "CombinedValueStated"}},
        ("amount", "currency"),
    ),
    "financing": Word(
        "Agreement",
        "Who pays, and how firmly: mentioned, pledged, committed, closed …",
        {
            "agreement": dict.fromkeys(
                ("mentioned", "pledged", "committed", "closed", "disbursing", "completed", "withdrawn"),
                "FinancingStated",
            ),
            "project": {
                "pledged": "FinancingPledged",
                "committed": "FinancingCommitted",
                "closed": "FinancingClosed",
                "disbursing": "FinancingDisbursed",
                "withdrawn": "FinancingWithdrawn",
            },
        },
        choose="standing",
    ),
    "suspended": Word(
        "Both",
        "The agreement or project stands still.",
        {"agreement": {"": "AgreementSuspended"}, "project": {"": "ProjectSuspended"}},
    ),
    "resumed": Word(
        "Both",
        "It goes on.",
        {"agreement": {"": "SuspensionLifted"}, "project": {"": "ProjectResumed"}},
    ),
    "review": Word(
        "Both",
        "A commission reviewed it.",
        {"agreement": {"": "AgreementReviewed"}, "project": {"": "ProjectReviewed"}},
        ("commission",),
        several=True,
    ),
    "link": Word(
        "Both",
        "A project comes under an agreement; an agreement stands in a relation to another.",
        {"project": {"": "ProjectLinked"}, "agreement": {"": "AgreementLinked"}, "occasion": {"": "AgreementAttached"}},
        ("agreement",),
    ),
    "phase": Word("Project", "A source says in which phase it is.", _one("project", "PhaseObserved"), ("phase",)),
    "study": Word(
        "Project",
        "A study was commissioned, started, submitted, returned, accepted.",
        {
            "project": {
                "commissioned": "StudyCommissioned",
                "started": "StudyStarted",
                "submitted": "StudySubmitted",
                "returned": "StudyReturned",
                "accepted": "StudyAccepted",
            }
        },
        ("study",),
        choose="step",
    ),
    "milestone": Word(
        "Project",
        "A milestone was planned, rescheduled, met, missed.",
        {
            "project": {
                "planned": "MilestonePlanned",
                "rescheduled": "MilestoneRescheduled",
                "met": "MilestoneMet",
                "missed": "MilestoneMissed",
            }
        },
        ("milestone",),
        choose="step",
    ),
    "decision": Word(
        "Project", "The sponsors decided whether to invest.", _one("project", "InvestmentDecided"), ("decision",)
    ),
    "construction": Word("Project", "Works began.", _one("project", "ConstructionStarted")),
    "operation": Word("Project", "It began to run.", _one("project", "OperationStarted")),
    "completed": Word("Project", "It was completed as planned.", _one("project", "ProjectCompleted")),
    "dropped": Word("Project", "It was given up before money was committed.", _one("project", "ProjectDropped")),
    "cancelled": Word("Project", "It was given up after.", _one("project", "ProjectCancelled")),
    "session": Word(
        "Commission",
        "A session was scheduled, postponed, held.",
        {"commission": {"scheduled": "SessionScheduled", "postponed": "SessionPostponed", "held": "SessionHeld"}},
        choose="step",
    ),
    "instruction": Word(
        "Commission",
        "An instruction was issued, reported on, moved, closed …",
        {
            "commission": {
                "issued": "InstructionIssued",
                "progress": "InstructionProgressReported",
                "moved": "InstructionDeadlineMoved",
                "reported": "InstructionFulfilmentReported",
                "closed": "InstructionClosed",
                "reopened": "InstructionReopened",
                "cancelled": "InstructionCancelled",
            }
        },
        ("item",),
        choose="step",
    ),
    "name": Word("Party", "The party is also called otherwise.", _one("party", "NameVariantRecorded"), ("text",)),
    "renamed": Word("Party", "The party took another name.", _one("party", "PartyRenamed"), ("name",)),
    "merged": Word(
        "Party", "Another file turned out to be the same party.", _one("party", "PartiesMerged"), ("absorbed",)
    ),
    "unmerged": Word(
        "Party", "Two merged files are two parties after all.", _one("party", "MergeUndone"), ("absorbed",)
    ),
    "succeeded": Word("Party", "Another party took its place in law.", _one("party", "PartySucceeded"), ("successor",)),
}

NAMED_BY_ACTION = {"FinancingStated": "standing"}
"""Facts in which the action itself is a field."""
