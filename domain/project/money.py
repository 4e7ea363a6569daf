"""How firm the money of a project is, as data: pledged, committed, closed, disbursed, or withdrawn."""

from typing import Any

from domain.financing import STANDINGS, below
from domain.lifecycle import Lifecycle, Move

PROJECT_MONEY: Lifecycle[Any] = Lifecycle(
    kind="project",
    facet="project financing",
    values=STANDINGS,
    ended=frozenset(),
    # The standing is that of each financier by itself: see domain.financing.
    current=lambda _state, _day: "none",
    moves=(
        Move("FinancingPledged", below("pledged"), "pledged"),
        Move("FinancingCommitted", below("committed"), "committed"),
        Move("FinancingClosed", below("closed"), "closed"),
        Move("FinancingDisbursed", below("disbursing"), "disbursing"),
        Move("FinancingWithdrawn", below("withdrawn"), "withdrawn"),
    ),
)
