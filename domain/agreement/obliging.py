"""The life of an obligation under an agreement, as data, with its guards."""

from domain.agreement.obligations import AboutObligation
from domain.agreement.state import Agreement
from domain.duties import value_of
from domain.entries import Entry
from domain.facts import said
from domain.lifecycle import Guard, Lifecycle, Move
from domain.streams import slug_of


def obligation_of(entry: Entry) -> str:
    """Return the obligation a fact is about; empty where it is about none."""
    fact = entry.fact
    return fact.item if isinstance(fact, AboutObligation) else ""


def _not_recorded(state: Agreement, entry: Entry) -> str | None:
    if value_of(OBLIGATION, state.obligations, obligation_of(entry)) != "not recorded":
        return None
    items = ", ".join(row["item"] for row in state.obligations if row["state"] != "not recorded") or "none"
    return f"no obligation {obligation_of(entry)} is on record; on record: {items}"


def _no_party_debtor(state: Agreement, entry: Entry) -> str | None:
    debtor = said(entry.fact, "debtor")
    if debtor is None or not state.parties or state.has_party(debtor):
        return None
    return f"{slug_of(debtor)} is no party of this agreement"


RECORDED = Guard("unknown-obligation", "warn", "the obligation is on record", _not_recorded)
_OUTSTANDING = ("open", "fulfilment reported", "breached")

OBLIGATION: Lifecycle[Agreement] = Lifecycle(
    kind="agreement",
    facet="obligation",
    values=("not recorded", "open", "fulfilment reported", "breached", "waived", "fulfilled"),
    ended=frozenset(),
    # An obligation's state is that of the one a fact names: see _judge.
    current=lambda _state, _day: "not recorded",
    moves=(
        Move(
            "ObligationRecorded",
            ("not recorded",),
            "open",
            (Guard("unknown-debtor", "warn", "its debtor is a party", _no_party_debtor),),
            otherwise="refuse",
        ),
        Move("ObligationProgressReported", _OUTSTANDING, None, (RECORDED,)),
        Move("ObligationDeadlineMoved", _OUTSTANDING, None, (RECORDED,), otherwise="refuse"),
        Move("ObligationFulfilmentReported", ("open", "breached"), "fulfilment reported", (RECORDED,)),
        Move("ObligationFulfilled", _OUTSTANDING, "fulfilled", (RECORDED,)),
        Move("ObligationWaived", _OUTSTANDING, "waived", (RECORDED,)),
        Move("ObligationBreached", ("open", "fulfilment reported"), "breached", (RECORDED,)),
        Move("ObligationReopened", ("fulfilled", "waived"), "open", (RECORDED,), otherwise="refuse"),
    ),
)
