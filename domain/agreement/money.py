"""How firm money under an agreement is, as data: from merely mentioned to disbursed, or withdrawn."""

from typing import Any

from domain.financing import STANDINGS, below
from domain.lifecycle import Case, Lifecycle, Move

AGREEMENT_MONEY: Lifecycle[Any] = Lifecycle(
    kind="agreement",
    facet="agreement financing",
    values=STANDINGS,
    ended=frozenset(),
    # The standing is that of each financier by itself: see domain.financing.
    current=lambda _state, _day: "none",
    moves=tuple(
        Move("FinancingStated", below(standing), standing, case=Case("standing", (standing,)))
        for standing in STANDINGS
        if standing != "none"
    ),
)
