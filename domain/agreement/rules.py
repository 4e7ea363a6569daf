"""The legal moves of an agreement, as data, with their guards (DOMAIN.md section 5)."""

from collections.abc import Iterator
from datetime import date

from domain.agreement import conclusion, course, substance
from domain.agreement.entry import entry_by_rule
from domain.agreement.obliging import OBLIGATION, obligation_of
from domain.agreement.state import Agreement, calendar, evolve, facets
from domain.agreement.term import legal_on, term_asked
from domain.dates import before, parse
from domain.decider import Decider
from domain.duties import placed, value_of
from domain.entries import Entry
from domain.facts import name_of
from domain.findings import Finding, warn
from domain.lifecycle import Guard, Lifecycle, Move
from domain.states import updated
from domain.streams import slug_of
from domain.vocabulary import ENDED, LEGAL_STATUSES

_DRAFTING = ("opened", "negotiating")
_BEFORE_SIGNATURE = (*_DRAFTING, "initialled", "adopted")
_RUNNING = ("signed", "provisionally applied", "in force", "suspended")


def _current(state: Agreement, day: date) -> str:
    # Without a term or a notice nothing ends by the calendar; most are spared the arithmetic.
    dated = state.term is not None or state.notices
    return legal_on(calendar(state), day) if dated else state.legal


def _party(entry: Entry) -> str:
    return str(getattr(entry.fact, "party", None) or "")


def _parties(state: Agreement) -> int:
    # One party may stand on record in two parts, as signatory and as implementer.
    return len({line.slug for line in state.parties})


def _few_initialled(state: Agreement, _entry: Entry) -> str | None:
    return None if _parties(state) > 1 else "fewer than two parties are on record"


def _few_signed(state: Agreement, _entry: Entry) -> str | None:
    if (count := _parties(state)) > 1:
        return None
    return f"an agreement is signed by at least two parties; on record: {count}"


def _unknown_party(state: Agreement, entry: Entry) -> str | None:
    party = _party(entry)
    return f"{slug_of(party)} is no party of this agreement" if party and not state.has_party(party) else None


def _signed_twice(state: Agreement, entry: Entry) -> str | None:
    party = slug_of(_party(entry))
    return f"{party} has signed already" if state.signed_by(party) else None


def _unsigned(state: Agreement, _entry: Entry) -> str | None:
    if not state.signatures:
        return None
    missing = [party for party in state.signatories() if not state.signed_by(party)]
    return f"no signature on record of {', '.join(missing)}" if missing else None


def _before_signature(state: Agreement, entry: Entry) -> str | None:
    if isinstance(entry.fact, conclusion.ConsentExpressed) and entry.fact.form in {"accession", "succession"}:
        return None
    signed = _signed_on(state, slug_of(_party(entry)))
    if signed is None:
        return "no signature is on record"
    return "it precedes the signature" if before(entry.on, parse(signed)) == "yes" else None


def _signed_on(state: Agreement, party: str) -> str | None:
    """Return when the party signed, else when the set was closed, else the last signature of all."""
    if own := state.signed_by(party):
        return own
    if state.signed is not None:
        return state.signed[0]
    return None if party or not state.signatures else str(state.signatures[-1]["on"])


def _in_force_already(state: Agreement, entry: Entry) -> str | None:
    if _party(entry) or state.in_force_on is None:
        return None
    return f"entry into force is on record already, {state.in_force_on}"


def _rule_unmet(state: Agreement, entry: Entry) -> str | None:
    rule = entry_by_rule(calendar(state))
    if rule is None:
        return None
    if rule["wanting"]:
        return f"by the rule of its text {rule['wanting']} more must express consent"
    early = rule["on"] and before(entry.on, parse(rule["on"])) == "yes"
    return f"by the rule of its text it enters into force on {rule['on']}" if early else None


def _no_term(state: Agreement, _entry: Entry) -> str | None:
    return None if state.term else "no term is on record that could be renewed"


def _effect_before_notice(_state: Agreement, entry: Entry) -> str | None:
    takes_effect = getattr(entry.fact, "takes_effect", None)
    early = takes_effect and before(parse(takes_effect), entry.on) == "yes"
    return f"it would take effect on {takes_effect}, before it was given" if early else None


def _late_notice(state: Agreement, entry: Entry) -> str | None:
    term = term_asked(calendar(state), entry.on.earliest)
    latest = term["notice_by"] if term else None
    if latest is None or entry.on.earliest <= date.fromisoformat(latest):
        return None
    return f"notice for the term ending {term['end']} was due by {latest}" if term else None


def _never_in_force(state: Agreement, _entry: Entry) -> str | None:
    return None if state.in_force_on else "it was never in force"


def _was_in_force(state: Agreement, _entry: Entry) -> str | None:
    return "it has been in force: it can end, not lapse" if state.in_force_on else None


def _not_in_force(state: Agreement, entry: Entry) -> str | None:
    status = _current(state, entry.on.earliest)
    return None if status in {"in force", "provisionally applied"} else f"the agreement is {status}"


def _amends_itself(_state: Agreement, entry: Entry) -> str | None:
    instrument = getattr(entry.fact, "instrument", None)
    return "an agreement does not amend itself" if instrument == entry.stream else None


def _unbinding(state: Agreement, entry: Entry) -> str | None:
    fact = entry.fact
    firm = isinstance(fact, substance.FinancingStated) and fact.standing in {"committed", "closed"}
    soft = state.bindingness == "non-binding" or (state.bindingness is None and state.kind in {"mou", "intent"})
    return "money in a non-binding instrument is pledged, not committed" if firm and soft else None


UNKNOWN_PARTY = Guard("unknown-party", "refuse", "its party belongs to the agreement", _unknown_party)
BEFORE_SIGNATURE = Guard("before-signature", "warn", "it follows the signature", _before_signature)

LEGAL: Lifecycle[Agreement] = Lifecycle(
    kind="agreement",
    facet="legal status",
    values=LEGAL_STATUSES,
    ended=ENDED,
    current=_current,
    moves=(
        Move("NegotiationStarted", ("opened",), "negotiating"),
        Move(
            "TextInitialled",
            _DRAFTING,
            "initialled",
            (Guard("few-parties", "warn", "two parties are known", _few_initialled),),
        ),
        Move("TextAdopted", (*_DRAFTING, "initialled"), "adopted"),
        Move(
            "SignatureAffixed",
            _BEFORE_SIGNATURE,
            None,
            (UNKNOWN_PARTY, Guard("signed-twice", "warn", "it has not signed before", _signed_twice)),
        ),
        Move(
            "AgreementSigned",
            _BEFORE_SIGNATURE,
            "signed",
            (
                Guard("few-parties", "refuse", "two parties are known", _few_signed),
                Guard("unsigned", "warn", "every signatory has signed", _unsigned),
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
                Guard("rule-unmet", "warn", "the rule of its text is met", _rule_unmet),
                Guard("already-set", "warn", "it was not in force before", _in_force_already),
            ),
        ),
        Move("PartyRemoved", LEGAL_STATUSES, None, (UNKNOWN_PARTY,)),
        Move(
            "FinancingStated",
            LEGAL_STATUSES,
            None,
            (Guard("not-binding", "warn", "a commitment needs a binding instrument", _unbinding),),
        ),
        Move("TermSet", (*_BEFORE_SIGNATURE, *_RUNNING)),
        Move(
            "AgreementRenewed",
            ("in force",),
            None,
            (Guard("no-term", "warn", "a term is on record", _no_term),),
        ),
        Move(
            "NoticeGiven",
            ("in force", "provisionally applied"),
            None,
            (
                UNKNOWN_PARTY,
                Guard("effect-before-notice", "refuse", "its effect follows it", _effect_before_notice),
                Guard("late-notice", "warn", "the notice period is kept", _late_notice),
            ),
        ),
        Move("NoticeWithdrawn", ("in force", "provisionally applied"), None, (UNKNOWN_PARTY,)),
        Move("AgreementSuspended", ("in force", "provisionally applied"), "suspended"),
        Move("SuspensionLifted", ("suspended",), "in force", otherwise="refuse"),
        Move(
            "AgreementTerminated",
            _RUNNING,
            "terminated",
            (Guard("never-in-force", "warn", "it was in force", _never_in_force),),
        ),
        Move(
            "AgreementLapsed",
            (*_BEFORE_SIGNATURE, "signed"),
            "lapsed",
            (Guard("was-in-force", "refuse", "it was never in force", _was_in_force),),
        ),
        Move(
            "AgreementAmended",
            LEGAL_STATUSES,
            None,
            (
                Guard("amends-itself", "refuse", "it is not its own amendment", _amends_itself),
                Guard("not-in-force", "warn", "it is in force", _not_in_force),
            ),
        ),
    ),
)


def _unknown_touched(state: Agreement, entry: Entry) -> Iterator[Finding]:
    """Warn of obligations an amendment touches that are not on record."""
    for item in entry.fact.obligations if isinstance(entry.fact, course.AgreementAmended) else ():
        if value_of(OBLIGATION, state.obligations, item) == "not recorded":
            yield warn("unknown-obligation", f"no obligation {item} is on record")


def _judge(state: Agreement, entry: Entry) -> Iterator[Finding]:
    yield from LEGAL.judge(state, entry)
    yield from _unknown_touched(state, entry)
    if item := obligation_of(entry):
        yield from OBLIGATION.judge_at(value_of(OBLIGATION, state.obligations, item), state, entry)


def _evolve(state: Agreement, entry: Entry) -> Agreement:
    name = name_of(entry.fact)
    legal = LEGAL.after(state.legal, name)
    after = updated(evolve(state, entry), legal=legal)
    if item := obligation_of(entry):
        return updated(after, obligations=placed(OBLIGATION, state.obligations, after.obligations, item, name))
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
    lifecycles=(LEGAL, OBLIGATION),
)
