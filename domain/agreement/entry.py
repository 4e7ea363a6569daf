"""When an agreement enters into force by the rule of its own text, as far as the facts tell (VCLT article 24).

Reckoned, never stored, and never taken for the fact itself: that it did enter into force must be said
by a source. A doubtful date counts from its last day, so that the rule is met for sure.
"""

from datetime import date, timedelta
from typing import Any, TypeAlias

from domain.dates import parse

Row: TypeAlias = dict[str, Any]


def entry_by_rule(facets: Row) -> Row | None:
    """Return what the rule of the text comes to; None where no rule is on record.

    `facets` are those of `domain.agreement.state.calendar`. Returned are `rule`, the day it is met `on`
    (ISO, None while something is wanting), how many instruments are `wanting`, and the signatories
    `missing` that have given none.
    """
    rule = facets["entry_into_force_rule"]
    if rule is None:
        return None
    given = _consent_days(facets)
    missing = [party for party in _signatories(facets) if party not in given]
    wanting = 0
    days = rule.get("days", 0)
    on: date | None = None
    match rule["rule"]:
        case "signature":
            on = _later(parse(facets["signed"]["on"]).latest, days) if facets["signed"] else None
            missing = []
        case "date":
            on = parse(rule["date"]).latest if "date" in rule else None
            missing = []
        case kind:
            # All signatories must notify; an instrument may come from anybody, such as who acceded.
            counted = _signatories(facets) if kind == "last notification" else list(given)
            needed = rule.get("count") if kind == "instruments" else None
            needed = needed or max(len(_signatories(facets)), 1)
            in_order = sorted(given[party] for party in counted if party in given)
            wanting = max(needed - len(in_order), 0)
            on = None if wanting else _later(in_order[needed - 1], days)
    return {
        "rule": rule["rule"],
        "on": on.isoformat() if on and on != date.max else None,
        "wanting": wanting,
        "missing": missing if wanting else [],
    }


def _signatories(facets: Row) -> list[str]:
    return list(dict.fromkeys(line["slug"] for line in facets["parties"] if line["role"] == "signatory"))


def _consent_days(facets: Row) -> dict[str, date]:
    """Return the day on which each party expressed its consent to be bound; who is bound has, by then."""
    found = {row["party"]: row["days"].get("consented", row["days"].get("bound")) for row in facets["consents"]}
    return {party: parse(text).latest for party, text in found.items() if text}


def _later(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max
