"""How far each party has come in binding itself: the ladder of consent, as data (VCLT articles 11 to 18).

A lifecycle of each party by itself; nothing is refused here, who may climb is guarded by the legal status.
"""

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from domain.agreement.term import CONSENT_RECKONED
from domain.entries import Entry
from domain.facts import name_of, said
from domain.lifecycle import Lifecycle, Move

Row: TypeAlias = dict[str, Any]

STEPS = ("none", "signed", "procedures complete", "consented", "bound", "withdrawn")

CONSENT: Lifecycle[Any] = Lifecycle(
    kind="agreement",
    facet="consent",
    values=STEPS,
    ended=frozenset({"withdrawn"}),
    # A party's step is that of the party a fact names: see consented.
    current=lambda _state, _day: "none",
    reckoned=CONSENT_RECKONED,
    moves=(
        Move("SignatureAffixed", STEPS[:1], "signed"),
        Move("AgreementSigned", STEPS[:1], "signed"),
        Move("InternalProcedureCompleted", STEPS[:2], "procedures complete"),
        Move("ConsentExpressed", STEPS[:3], "consented"),
        Move("EnteredIntoForce", STEPS[:4], "bound"),
    ),
)

_STEP_OF = {move.fact: str(move.to) for move in CONSENT.moves}
_TOLD = ("procedure", "act_number", "form", "depositary")
"""What is kept of how a party consents."""


def consented(rows: Sequence[Row], parties: Iterable[str], entry: Entry) -> tuple[Row, ...]:
    """Advance parties by a fact; a later step is never undone by an earlier one."""
    known = {row["party"]: row for row in rows}
    step = _STEP_OF[name_of(entry.fact)]
    told = {name: value for name in _TOLD if (value := said(entry.fact, name))}
    for party in parties:
        row = known.get(party) or {"party": party, "step": "none", "days": {}, **dict.fromkeys(_TOLD)}
        known[party] = {
            **row,
            "step": CONSENT.after(row["step"], entry.fact),
            # The first day a step was taken counts: what is said again later adds nothing.
            "days": {step: entry.on.text, **row["days"]},
            **told,
        }
    return tuple(known.values())


def bound_by_entry(rows: Iterable[Row], parties: list[str], rule: str | None) -> list[str]:
    """Return whom an entry into force for all binds: all, or of many only those who gave their instrument.

    For a state that consents later a treaty of n instruments enters into force later (VCLT article 24, 3).
    """
    given = [row["party"] for row in rows if "consented" in row["days"]]
    return given if rule == "instruments" and given else parties
