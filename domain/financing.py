"""How firm the money is: each financier by itself, and all together as firm as the firmest (ADR 17)."""

from dataclasses import dataclass
from typing import Any

from domain.facts import Fact, Money, name_of, said
from domain.folding import folded
from domain.lifecycle import Lifecycle
from domain.streams import slug_of
from domain.vocabulary import FINANCING_STANDINGS

STANDINGS = ("none", *FINANCING_STANDINGS)
"""From none to firmest; `withdrawn` takes back what was there."""

FIRM = frozenset({"committed", "closed", "disbursing", "completed"})
"""Standings from which on money is bound."""


def below(standing: str) -> tuple[str, ...]:
    """Return the standings a statement moves on from: all less firm, and what was withdrawn; a withdrawal from all."""
    if standing == "withdrawn":
        return STANDINGS[:-1]
    return (*STANDINGS[: STANDINGS.index(standing)], "withdrawn")


@dataclass(frozen=True, slots=True)
class Financing:
    """How firm each financier's money is; the name is empty where none was told."""

    by: tuple[tuple[str, str], ...] = ()

    @property
    def standing(self) -> str:
        """Return the firmest standing of all; withdrawn once every financier has withdrawn."""
        if not self.by:
            return "none"
        found = [standing for _, standing in self.by]
        going = [standing for standing in found if standing != "withdrawn"]
        return max(going or found, key=STANDINGS.index)

    def names(self, who: str) -> bool:
        """Say whether money of that financier is on record and not withdrawn; of any, where nobody is named."""
        return any(standing != "withdrawn" for name, standing in self.by if who in {name, ""})


NO_MONEY = Financing()


def financier_of(fact: Money) -> str:
    """Return who the money is from: a party, a sort of financier, or nobody named."""
    return fact.financier or folded(fact.financier_class or "")


def unpledged(before: Financing, fact: Fact) -> str | None:
    """Say that money is withdrawn of which none is on record; None where some is, or none is withdrawn."""
    taken_back = (said(fact, "standing") or name_of(fact)) in _WITHDRAWING
    if not isinstance(fact, Money) or not taken_back or before.names(who := financier_of(fact)):
        return None
    return f"no financing by {slug_of(who)} is on record" if who else "no financing is on record"


_WITHDRAWING = {"withdrawn", "FinancingWithdrawn"}


def financed(lifecycle: Lifecycle[Any], before: Financing, fact: Money) -> Financing:
    """Return the financing after a statement; a withdrawal takes back its own financier's, unnamed that of all."""
    who, known = financier_of(fact), dict(before.by)
    after = lifecycle.after(known.get(who, "none"), fact)
    if after == "withdrawn" and not who:
        return Financing((*((name, "withdrawn") for name in known if name), ("", after)))
    return Financing(tuple({**known, who: after}.items()))
