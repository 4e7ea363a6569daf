"""What may be wrong with a fact about an agreement, as it finds it: the guards of its legal moves."""

from datetime import date

from domain.agreement import conclusion, substance
from domain.agreement.entry import entry_by_rule
from domain.agreement.state import Agreement, calendar
from domain.agreement.term import legal_on, term_asked, withdrawn
from domain.dates import before, parse
from domain.entries import Entry
from domain.facts import said
from domain.financing import unpledged
from domain.streams import slug_of


def current(state: Agreement, day: date) -> str:
    """Return the legal status as it is on a day."""
    # Without a term or a notice nothing ends by the calendar; most are spared the arithmetic.
    dated = state.term is not None or state.notices
    return legal_on(calendar(state), day) if dated else state.legal


def _party(entry: Entry) -> str:
    return str(said(entry.fact, "party") or "")


def _parties(state: Agreement) -> int:
    # One party may stand on record in two parts, as signatory and as implementer.
    return len({line.slug for line in state.parties})


def few_initialled(state: Agreement, _entry: Entry) -> str | None:
    """Say that too few parties are on record to initial."""
    return None if _parties(state) > 1 else "fewer than two parties are on record"


def few_signed(state: Agreement, _entry: Entry) -> str | None:
    """Say that too few parties are on record to sign."""
    if (count := _parties(state)) > 1:
        return None
    return f"an agreement is signed by at least two parties; on record: {count}"


def unknown_party(state: Agreement, entry: Entry) -> str | None:
    """Say that a party does not belong to the agreement."""
    party = _party(entry)
    return f"{slug_of(party)} is no party of this agreement" if party and not state.has_party(party) else None


def signed_twice(state: Agreement, entry: Entry) -> str | None:
    """Say that a party has signed before."""
    party = slug_of(_party(entry))
    return f"{party} has signed already" if state.signed_by(party) else None


def unsigned(state: Agreement, _entry: Entry) -> str | None:
    """Say whose signature is missing, where signatures are told one by one."""
    if not state.signatures:
        return None
    missing = [party for party in state.signatories() if not state.signed_by(party)]
    return f"no signature on record of {', '.join(missing)}" if missing else None


def before_signature(state: Agreement, entry: Entry) -> str | None:
    """Say that consent or entry precedes the signature; accession and succession need none."""
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


def in_force_already(state: Agreement, entry: Entry) -> str | None:
    """Say that entry into force for all is on record."""
    if _party(entry) or state.in_force_on is None:
        return None
    return f"entry into force is on record already, {state.in_force_on}"


def rule_unmet(state: Agreement, entry: Entry) -> str | None:
    """Say what the rule of the text still wants, or that its day is yet to come."""
    rule = entry_by_rule(calendar(state))
    if rule is None:
        return None
    if rule["wanting"]:
        return f"by the rule of its text {rule['wanting']} more must express consent"
    early = rule["on"] and before(entry.on, parse(rule["on"])) == "yes"
    return f"by the rule of its text it enters into force on {rule['on']}" if early else None


def no_term(state: Agreement, _entry: Entry) -> str | None:
    """Say that there is no term to renew."""
    return None if state.term else "no term is on record that could be renewed"


def effect_before_notice(_state: Agreement, entry: Entry) -> str | None:
    """Say that a notice would take effect before it was given."""
    takes_effect = said(entry.fact, "takes_effect")
    early = takes_effect and before(parse(takes_effect), entry.on) == "yes"
    return f"it would take effect on {takes_effect}, before it was given" if early else None


def late_notice(state: Agreement, entry: Entry) -> str | None:
    """Say that a notice comes after the last day for it."""
    received = said(entry.fact, "received")
    given = parse(received).earliest if received else entry.on.earliest
    term = term_asked(calendar(state), given)
    latest = term["notice_by"] if term else None
    if latest is None or given <= date.fromisoformat(latest):
        return None
    return f"notice for the term ending {term['end']} was due by {latest}" if term else None


def never_in_force(state: Agreement, _entry: Entry) -> str | None:
    """Say that what ends was never in force."""
    return None if state.in_force_on else "it was never in force"


def was_in_force(state: Agreement, _entry: Entry) -> str | None:
    """Say that what is said to lapse has been in force."""
    return "it has been in force: it can end, not lapse" if state.in_force_on else None


def not_in_force(state: Agreement, entry: Entry) -> str | None:
    """Say that what is amended is not applied."""
    status = current(state, entry.on.earliest)
    return None if status in {"in force", "provisionally applied"} else f"the agreement is {status}"


def amends_itself(_state: Agreement, entry: Entry) -> str | None:
    """Say that an agreement is named as its own amendment."""
    instrument = said(entry.fact, "instrument")
    return "an agreement does not amend itself" if instrument == entry.stream else None


def unbinding(state: Agreement, entry: Entry) -> str | None:
    """Say that money is called committed in an instrument that does not bind."""
    fact = entry.fact
    firm = isinstance(fact, substance.FinancingStated) and fact.standing in {"committed", "closed"}
    soft = state.bindingness == "non-binding" or (state.bindingness is None and state.kind in {"mou", "intent"})
    return "money in a non-binding instrument is pledged, not committed" if firm and soft else None


def not_pledged(state: Agreement, entry: Entry) -> str | None:
    """Say that money is withdrawn of which none is on record."""
    return unpledged(state.financing, entry.fact)


def no_notice(state: Agreement, entry: Entry) -> str | None:
    """Say that no notice is left to take back."""
    party = slug_of(_party(entry))
    if not state.has_party(_party(entry)):
        return None
    if all(given["party"] != party for given in state.notices):
        return f"no notice of {party} is on record that could be taken back"
    # VCLT article 68: a notice may be revoked before it takes effect.
    late = party in withdrawn(calendar(state), entry.on.earliest)
    return f"the notice of {party} has taken effect" if late else None
