"""What is known of an agreement after its facts: facets side by side (DOMAIN.md section 4)."""

from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias, assert_never, cast

from domain.agreement import conclusion, course, obligations, substance
from domain.agreement.consent import bound_by_entry, consented
from domain.agreement.facts import AgreementFact
from domain.agreement.money import AGREEMENT_MONEY
from domain.agreement.owing import obliged
from domain.entries import Entry
from domain.financing import NO_MONEY, Financing, financed
from domain.states import updated
from domain.streams import slug_of

Row: TypeAlias = dict[str, Any]


class PartyLine(NamedTuple):
    """A party of the agreement."""

    slug: str
    role: str
    side: str | None
    name_as_printed: str | None


@dataclass(frozen=True)
class Agreement:
    """The facets of one agreement. Dates are EDTF text; lists keep the order in which facts took effect."""

    title: str = ""
    kind: str = "unknown"
    bindingness: str | None = None
    subject: str | None = None
    sectors: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    opened_on: str | None = None
    legal: str = "opened"
    suspended_in: str | None = None
    parties: tuple[PartyLine, ...] = ()
    left: tuple[Row, ...] = ()
    course: tuple[Row, ...] = ()
    signatures: tuple[Row, ...] = ()
    signed: tuple[str, str | None, str | None] | None = None
    consents: tuple[Row, ...] = ()
    rule: Row | None = None
    in_force_on: str | None = None
    term: Row | None = None
    renewals: tuple[tuple[str, str | None], ...] = ()
    notices: tuple[Row, ...] = ()
    ended: Row | None = None
    amendments: tuple[Row, ...] = ()
    registrations: tuple[Row, ...] = ()
    values: tuple[Row, ...] = ()
    financing: Financing = NO_MONEY
    financings: tuple[Row, ...] = ()
    obligations: tuple[Row, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    asserted: tuple[Row, ...] = ()
    documents: tuple[Row, ...] = ()
    reviews: tuple[Row, ...] = ()

    def has_party(self, party: str) -> bool:
        """Say whether the party (a stream name) belongs to the agreement."""
        return any(line.slug == slug_of(party) for line in self.parties)

    def signed_by(self, party: str) -> str | None:
        """Return the day a party (a slug) last signed, or None."""
        return next((row["on"] for row in reversed(self.signatures) if row["party"] == party), None)

    def signatories(self) -> tuple[str, ...]:
        """Return the slugs of the parties that are to sign."""
        return tuple(line.slug for line in self.parties if line.role == "signatory")


def evolve(state: Agreement, entry: Entry) -> Agreement:
    """Return the state after a fact; accepts any fact in any order and never judges it.

    The legal status is moved by the table in `domain.agreement.rules`.
    """
    fact, on = cast("AgreementFact", entry.fact), entry.on.text
    match fact:
        case conclusion.AgreementOpened():
            return _opened(state, fact, on)
        case conclusion.PartyAdded():
            line = PartyLine(slug_of(fact.party), fact.role, fact.side, fact.name_as_printed)
            others = tuple(known for known in state.parties if known[:2] != line[:2])
            return updated(state, parties=(*others, line))
        case conclusion.PartyRemoved():
            return _removed(state, fact, on)
        case conclusion.SignatureAffixed():
            steps = consented(state.consents, [slug_of(fact.party)], entry)
            return updated(state, signatures=(*state.signatures, {"on": on, **_row(fact)}), consents=steps)
        case conclusion.AgreementSigned():
            occasion = slug_of(fact.occasion) if fact.occasion else None
            steps = consented(state.consents, state.signatories(), entry)
            return updated(state, signed=(on, fact.place, occasion), consents=steps)
        case conclusion.InternalProcedureCompleted() | conclusion.ConsentExpressed():
            return updated(state, consents=consented(state.consents, [slug_of(fact.party)], entry))
        case conclusion.EntryIntoForceRuleSet():
            return updated(state, rule=_row(fact))
        case conclusion.EnteredIntoForce():
            rule = (state.rule or {}).get("rule")
            everybody = bound_by_entry(state.consents, [line.slug for line in state.parties], rule)
            steps = consented(state.consents, [slug_of(fact.party)] if fact.party else everybody, entry)
            return updated(state, in_force_on=state.in_force_on or on, consents=steps)
        case course.TermSet():
            return updated(state, term=_row(fact), renewals=())
        case course.NoticeGiven():
            return updated(state, notices=(*state.notices, {"given_on": on, **_row(fact)}))
        case course.NoticeWithdrawn():
            kept = tuple(given for given in state.notices if given["party"] != slug_of(fact.party))
            return updated(state, notices=kept)
        case course.AgreementRenewed():
            return updated(state, renewals=(*state.renewals, (on, fact.until)))
        case course.AgreementAmended():
            return updated(state, amendments=(*state.amendments, {"on": on, **_row(fact)}))
        case course.AgreementTerminated():
            return updated(state, ended={"on": on, **_row(fact)})
        case course.AgreementLapsed():
            return updated(state, ended={"on": on, **_row(fact)})
        case course.AgreementRegistered():
            return updated(state, registrations=(*state.registrations, {"on": on, **_row(fact)}))
        case substance.ValueStated():
            return updated(state, values=(*state.values, {"on": on, **_row(fact)}))
        case substance.FinancingStated():
            rows = (*state.financings, {"on": on, **_row(fact)})
            return updated(state, financings=rows, financing=financed(AGREEMENT_MONEY, state.financing, fact))
        case (
            obligations.ObligationRecorded()
            | obligations.ObligationProgressReported()
            | obligations.ObligationDeadlineMoved()
            | obligations.ObligationFulfilmentReported()
            | obligations.ObligationFulfilled()
            | obligations.ObligationWaived()
            | obligations.ObligationBreached()
            | obligations.ObligationReopened()
        ):
            return updated(state, obligations=obliged(state.obligations, fact, on))
        case substance.AgreementLinked():
            link = (slug_of(fact.agreement), fact.relation)
            return updated(state, links=(*(known for known in state.links if known != link), link))
        case substance.AgreementUnlinked():
            gone_link = (slug_of(fact.agreement), fact.relation)
            return updated(state, links=tuple(known for known in state.links if known != gone_link))
        case substance.StatusAsserted():
            return updated(state, asserted=(*state.asserted, {"on": on, **_row(fact)}))
        case substance.DocumentAttached():
            return updated(state, documents=(*state.documents, {"on": on, **_row(fact)}))
        case substance.AgreementReviewed():
            return updated(state, reviews=(*state.reviews, {"on": on, **_row(fact)}))
        case (
            conclusion.NegotiationStarted()
            | conclusion.TextInitialled()
            | conclusion.TextAdopted()
            | conclusion.ProvisionalApplicationStarted()
            | conclusion.ProvisionalApplicationEnded()
            | course.TextRectified()
            | course.AgreementSuspended()
            | course.SuspensionLifted()
        ):
            return updated(state, course=(*state.course, {"on": on, "what": _COURSE[type(fact)], **_row(fact)}))
        case _:
            assert_never(fact)


_COURSE: dict[type[AgreementFact], str] = {
    conclusion.NegotiationStarted: "negotiation started",
    conclusion.TextInitialled: "initialled",
    conclusion.TextAdopted: "adopted",
    conclusion.ProvisionalApplicationStarted: "provisional application started",
    conclusion.ProvisionalApplicationEnded: "provisional application ended",
    course.TextRectified: "text rectified",
    course.AgreementSuspended: "suspended",
    course.SuspensionLifted: "suspension lifted",
}
"""What is kept with its day, place and reason in one list, since the legal status tells no more than where it led."""


def _opened(state: Agreement, fact: conclusion.AgreementOpened, on: str) -> Agreement:
    return updated(
        state,
        title=fact.title,
        kind=fact.kind,
        bindingness=fact.bindingness,
        subject=fact.subject,
        sectors=fact.sectors,
        languages=fact.languages,
        opened_on=on,
    )


def _removed(state: Agreement, fact: conclusion.PartyRemoved, on: str) -> Agreement:
    """Take a party out, and what it did towards consent: it counts no more for who is bound, or is to be."""
    gone = slug_of(fact.party)
    return updated(
        state,
        parties=tuple(line for line in state.parties if line.slug != gone),
        consents=tuple(row for row in state.consents if row["party"] != gone),
        left=(*state.left, {"on": on, **_row(fact)}),
    )


def _row(fact: AgreementFact) -> Row:
    """Return a fact's present fields as plain values, streams by their slugs."""
    fields = fact.model_dump(mode="json", exclude_none=True, exclude_defaults=False)
    for name in ("party", "financier", "agreement", "instrument", "commission", "occasion", "replaced_by"):
        if name in fields:
            fields[name] = slug_of(fields[name])
    if "by" in fields:
        fields["by"] = [slug_of(party) for party in fields["by"]]
    return fields


def calendar(state: Agreement) -> Row:
    """Show the facets that the calendar works on: all that an end or an expiry is reckoned from."""
    on, place, occasion = state.signed or (None, None, None)
    return {
        "legal_status": state.legal,
        "parties": [line._asdict() for line in state.parties],
        "signed": {"on": on, "place": place, "occasion": occasion} if state.signed else None,
        "in_force_on": state.in_force_on,
        "term": state.term,
        "renewals": [{"on": day, "until": until} for day, until in state.renewals],
        "notices": list(state.notices),
        "consents": list(state.consents),
        "entry_into_force_rule": state.rule,
    }


def _consent(state: Agreement) -> dict[str, str]:
    """Return how far each came that is to consent, or did: a signatory that has done nothing yet is at none."""
    return dict.fromkeys(state.signatories(), "none") | {row["party"]: row["step"] for row in state.consents}


def facets(state: Agreement) -> Row:
    """Show the state as JSON values, independent of any clock."""
    reckoned = calendar(state)
    return {
        "title": state.title,
        "kind": state.kind,
        "bindingness": state.bindingness,
        "subject": state.subject,
        "sectors": list(state.sectors),
        "languages": list(state.languages),
        "opened_on": state.opened_on,
        "legal_status": reckoned["legal_status"],
        "parties": reckoned["parties"],
        "left": list(state.left),
        "course": list(state.course),
        "signatures": list(state.signatures),
        "signed": reckoned["signed"],
        "consent": _consent(state),
        "consents": reckoned["consents"],
        "entry_into_force_rule": state.rule,
        "in_force_on": reckoned["in_force_on"],
        "term": reckoned["term"],
        "renewals": reckoned["renewals"],
        "notices": reckoned["notices"],
        "ended": state.ended,
        "amendments": list(state.amendments),
        "registrations": list(state.registrations),
        "value": state.values[-1] if state.values else None,
        "values": list(state.values),
        "financing": state.financing.standing,
        "financings": list(state.financings),
        "obligations": list(state.obligations),
        "links": [{"agreement": other, "relation": relation} for other, relation in state.links],
        "asserted": list(state.asserted),
        "documents": list(state.documents),
        "review": "reviewed" if state.reviews else "never",
        "reviews": list(state.reviews),
    }
