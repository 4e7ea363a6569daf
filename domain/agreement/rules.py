"""The legal moves of an agreement, as data, with their guards (DOMAIN.md section 5)."""

from collections.abc import Iterator

from domain.agreement import course, guards
from domain.agreement.consent import CONSENT
from domain.agreement.money import AGREEMENT_MONEY
from domain.agreement.obliging import OBLIGATION, obligation_of
from domain.agreement.state import Agreement, evolve, facets
from domain.agreement.term import LEGAL_RECKONED
from domain.decider import Decider
from domain.duties import placed, value_of
from domain.entries import Entry
from domain.facts import name_of
from domain.findings import Finding, warn
from domain.lifecycle import Guard, Lifecycle, Move
from domain.states import updated
from domain.vocabulary import ENDED, LEGAL_STATUSES

_DRAFTING = ("opened", "negotiating")
_BEFORE_SIGNATURE = (*_DRAFTING, "initialled", "adopted")
_RUNNING = ("signed", "provisionally applied", "in force", "suspended")


UNKNOWN_PARTY = Guard("unknown-party", "refuse", "its party belongs to the agreement", guards.unknown_party)
BEFORE_SIGNATURE = Guard("before-signature", "warn", "it follows the signature", guards.before_signature)

LEGAL: Lifecycle[Agreement] = Lifecycle(
    kind="agreement",
    facet="legal status",
    values=LEGAL_STATUSES,
    ended=ENDED,
    current=guards.current,
    reckoned=LEGAL_RECKONED,
    moves=(
        Move("NegotiationStarted", ("opened",), "negotiating"),
        Move(
            "TextInitialled",
            _DRAFTING,
            "initialled",
            (Guard("few-parties", "warn", "two parties are known", guards.few_initialled),),
        ),
        Move("TextAdopted", (*_DRAFTING, "initialled"), "adopted"),
        Move(
            "SignatureAffixed",
            _BEFORE_SIGNATURE,
            None,
            (UNKNOWN_PARTY, Guard("signed-twice", "warn", "it has not signed before", guards.signed_twice)),
        ),
        Move(
            "AgreementSigned",
            _BEFORE_SIGNATURE,
            "signed",
            (
                Guard("few-parties", "refuse", "two parties are known", guards.few_signed),
                Guard("unsigned", "warn", "every signatory has signed", guards.unsigned),
            ),
        ),
        Move("InternalProcedureCompleted", _RUNNING, None, (UNKNOWN_PARTY, BEFORE_SIGNATURE)),
        Move("ConsentExpressed", (*_BEFORE_SIGNATURE, *_RUNNING), None, (UNKNOWN_PARTY, BEFORE_SIGNATURE)),
        Move("ProvisionalApplicationStarted", ("adopted", "signed"), "provisionally applied"),
        Move("ProvisionalApplicationEnded", ("provisionally applied",), "signed"),
        Move(
            "EnteredIntoForce",
            ("adopted", "signed", "provisionally applied", "in force"),
            "in force",
            (
                UNKNOWN_PARTY,
                BEFORE_SIGNATURE,
                Guard("rule-unmet", "warn", "the rule of its text is met", guards.rule_unmet),
                Guard("already-set", "warn", "it was not in force before", guards.in_force_already),
            ),
        ),
        Move("PartyRemoved", LEGAL_STATUSES, None, (UNKNOWN_PARTY,)),
        Move(
            "FinancingStated",
            LEGAL_STATUSES,
            None,
            (
                Guard("not-binding", "warn", "a commitment needs a binding instrument", guards.unbinding),
                Guard("not-pledged", "warn", "what is withdrawn was pledged", guards.not_pledged),
            ),
        ),
        Move("TermSet", (*_BEFORE_SIGNATURE, *_RUNNING)),
        Move(
            "AgreementRenewed",
            ("in force",),
            None,
            (Guard("no-term", "warn", "a term is on record", guards.no_term),),
        ),
        Move(
            "NoticeGiven",
            ("in force", "provisionally applied"),
            None,
            (
                UNKNOWN_PARTY,
                Guard("effect-before-notice", "refuse", "its effect follows it", guards.effect_before_notice),
                Guard("late-notice", "warn", "the notice period is kept", guards.late_notice),
            ),
        ),
        Move(
            "NoticeWithdrawn",
            ("in force", "provisionally applied"),
            None,
            (UNKNOWN_PARTY, Guard("no-notice", "warn", "a notice was given and is not in effect", guards.no_notice)),
        ),
        Move("AgreementSuspended", ("in force", "provisionally applied"), "suspended"),
        Move("SuspensionLifted", ("suspended",), "in force", otherwise="refuse"),
        Move(
            "AgreementTerminated",
            _RUNNING,
            "terminated",
            (Guard("never-in-force", "warn", "it was in force", guards.never_in_force),),
        ),
        Move(
            "AgreementLapsed",
            (*_BEFORE_SIGNATURE, "signed"),
            "lapsed",
            (Guard("was-in-force", "refuse", "it was never in force", guards.was_in_force),),
        ),
        Move(
            "AgreementAmended",
            LEGAL_STATUSES,
            None,
            (
                Guard("amends-itself", "refuse", "it is not its own amendment", guards.amends_itself),
                Guard("not-in-force", "warn", "it is in force", guards.not_in_force),
            ),
        ),
    ),
)


def _unknown_touched(state: Agreement, fact: course.AgreementAmended) -> Iterator[Finding]:
    """Warn of obligations an amendment touches that are not on record."""
    for item in fact.obligations:
        if value_of(OBLIGATION, state.obligations, item) == "not recorded":
            yield warn("unknown-obligation", f"no obligation {item} is on record")


def _judge(state: Agreement, entry: Entry) -> Iterator[Finding]:
    yield from LEGAL.judge(state, entry)
    if isinstance(entry.fact, course.AgreementAmended):
        yield from _unknown_touched(state, entry.fact)
    if item := obligation_of(entry):
        yield from OBLIGATION.judge_at(value_of(OBLIGATION, state.obligations, item), state, entry)


def _evolve(state: Agreement, entry: Entry) -> Agreement:
    name = name_of(entry.fact)
    legal = LEGAL.after(state.legal, entry.fact)
    after = evolve(state, entry)
    if legal != state.legal:
        after = updated(after, legal=legal)
    if item := obligation_of(entry):
        return updated(after, obligations=placed(OBLIGATION, state.obligations, after.obligations, item, entry.fact))
    if legal == state.legal:
        return after
    if legal == "suspended":
        return updated(after, suspended_in=state.legal)
    if name == "SuspensionLifted":
        return updated(after, legal=_resumed(state))
    if name == "ProvisionalApplicationEnded":
        return updated(after, legal="signed" if state.signed else "adopted")
    return after


def _resumed(state: Agreement) -> str:
    """Return what an agreement is again once its suspension is lifted: no more than it was before."""
    return "in force" if state.in_force_on or state.suspended_in is None else state.suspended_in


AGREEMENT: Decider[Agreement] = Decider(
    kind="agreement",
    opens=("AgreementOpened",),
    initial=Agreement(),
    evolve=_evolve,
    judge=_judge,
    facets=facets,
    lifecycles=(LEGAL, CONSENT, AGREEMENT_MONEY, OBLIGATION),
)
