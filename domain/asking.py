"""What the facets of a stream become when asked on a day: an expired term, a notice that took effect.

Needs no fact model, so that reads answered from a view stay quick to start.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from domain.agreement.term import asked as agreement_asked
from domain.dates import parse

_NOT_YET = {"opened", "negotiating", "initialled", "adopted", "signed"}


def asked(kind: str, facets: dict[str, Any], day: date) -> dict[str, Any]:
    """Return a stream's facets with what depends on the day of asking; most kinds have nothing that does."""
    return agreement_asked(facets, day) if kind == "agreement" else facets


def flags_asked(kind: str, facets: dict[str, Any], day: date) -> Iterator[dict[str, Any]]:
    """Yield the contradictions that only the day of asking brings, as flags without an event."""
    if kind == "agreement":
        rule = facets["entry_into_force"]
        if rule and rule["on"] and facets["legal_status"] in _NOT_YET and date.fromisoformat(rule["on"]) <= day:
            message = f"by the rule of its text it entered into force on {rule['on']}; no source says so"
            yield _flag("entry-into-force-due", message)
    if kind == "project" and facets["run_state"] == "active" and facets["phase"] != "completed":
        planned = facets["planned_end"]
        if planned and parse(planned).latest < day:
            yield _flag("past-planned-end", f"it was to be completed by {planned} and is active")


def _flag(code: str, message: str) -> dict[str, Any]:
    return {"code": code, "weight": "warn", "message": message, "event": None, "fact": None}
