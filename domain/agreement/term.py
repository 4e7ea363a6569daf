"""How long an agreement runs, as asked on a day: its end, its next notice date, its tacit renewals.

Nothing here is stored: the same facts give another answer tomorrow. The end is the last day in force:
a term of P5Y from 2020-01-01 ends on 2024-12-31.
"""

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Any, TypeAlias

from domain.dates import When, by, parse

Row: TypeAlias = dict[str, Any]

_PARTS = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")


def shifted(day: date, duration: str, sign: int = 1) -> date:
    """Move a day by an ISO 8601 duration; the 31st becomes a shorter month's last day.

    Ends at the calendar's last or first day where the result would lie beyond it.
    """
    years, months, weeks, days = (int(part or 0) for part in _parts(duration))
    count = day.year * 12 + day.month - 1 + sign * (years * 12 + months)
    year, month = divmod(count, 12)
    if not 1 <= year <= 9999:
        return date.max if sign > 0 else date.min
    moved = date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    try:
        return moved + sign * timedelta(weeks=weeks, days=days)
    except OverflowError:
        return date.max if sign > 0 else date.min


def _parts(duration: str) -> tuple[str | None, ...]:
    match = _PARTS.fullmatch(duration)
    return match.groups() if match else (None,) * 4


def legal_on(shown: Row, day: date) -> str:
    """Return the legal status on a day: what the facts say, or expired or terminated by the calendar."""
    status = str(shown["legal_status"])
    if status in {"in force", "provisionally applied"} and notice_took_effect(shown, day):
        return "terminated"
    return "expired" if status == "in force" and expired(shown, day) else status


def asked(shown: Row, day: date) -> Row:
    """Add to an agreement's facets what depends on the day of asking."""
    return {**shown, "legal_status": legal_on(shown, day), "term": term_asked(shown, day)}


def term_asked(facets: Row, day: date) -> Row | None:
    """Return the term as it stands on a day: kind, end, next_notice, sunset_until; None where none is set.

    `facets` are those of `domain.agreement.state.facets`. Days are ISO text or None where the facts
    do not fix them.
    """
    term = facets["term"]
    if term is None:
        return None
    first = _first_end(facets, term)
    end = _current_end(facets, term, first, day) if first else None
    notice = shifted(end, term["notice"], -1) if end and "notice" in term else None
    sunset = shifted(end, term["sunset"]) if end and "sunset" in term else None
    kind = "indefinite" if first is None and not _awaits_start(term) else _kind(term)
    return {
        "kind": kind,
        "end": _text(end),
        "next_notice": _text(notice),
        "sunset_until": _text(sunset),
        "set": term,
    }


def expired(facets: Row, day: date) -> bool:
    """Say whether the term is over on a day, tacit renewals counted."""
    asked = term_asked(facets, day)
    return asked is not None and asked["end"] is not None and date.fromisoformat(asked["end"]) < day


def notice_took_effect(facets: Row, day: date) -> bool:
    """Say whether a notice ended the agreement by that day, leaving fewer than two parties."""
    left = {given["party"] for given in facets["notices"] if _ends(given) and _effective(given, day)}
    staying = {row["slug"] for row in facets["parties"] if row["role"] == "signatory"} - left
    return bool(left) and len(staying) < 2


def _ends(given: Row) -> bool:
    return given["kind"] != "non-renewal" and "takes_effect" in given


def _effective(given: Row, day: date) -> bool:
    return by(parse(given["takes_effect"]), day) == "yes"


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _kind(term: Row) -> str:
    return "tacit" if term.get("renewal") == "tacit" else "fixed"


def _awaits_start(term: Row) -> bool:
    return "length" in term or "end" in term


def _first_end(facets: Row, term: Row) -> date | None:
    """Return the last day of the latest term the parties set or renewed by act; None where it is open."""
    renewed = [row["until"] for row in facets["renewals"] if row["until"]]
    if renewed:
        return parse(renewed[-1]).latest
    if "end" in term:
        return parse(term["end"]).latest
    start = _start(facets, term)
    if start is None or "length" not in term:
        return None
    return shifted(start.earliest, term["length"]) - timedelta(days=1)


def _start(facets: Row, term: Row) -> When | None:
    signed = facets["signed"]["on"] if facets["signed"] else None
    texts = {"signature": signed, "entry into force": facets["in_force_on"], "date": term.get("start_date")}
    text = texts[term.get("start", "entry into force")]
    return parse(text) if text else None


def _current_end(facets: Row, term: Row, end: date, day: date) -> date:
    """Roll a tacitly renewed end on until it is not past, or a timely notice of non-renewal stops it."""
    period = term.get("period", term.get("length"))
    if term.get("renewal") != "tacit" or period is None:
        return end
    notices = [parse(given["given_on"]).latest for given in facets["notices"] if given["kind"] == "non-renewal"]
    while end < day and not any(_timely(notice, end, term) for notice in notices):
        following = shifted(end + timedelta(days=1), period) - timedelta(days=1)
        if following <= end or following == date.max:
            return end
        end = following
    return end


def _timely(notice: date, end: date, term: Row) -> bool:
    latest = shifted(end, term["notice"], -1) if "notice" in term else end
    return notice <= latest
