"""How long an agreement runs, as asked on a day: its end, its next notice date, its tacit renewals.

Nothing here is stored: the same facts give another answer tomorrow. The end is the last day in force:
a term of P5Y from 2020-01-01 ends on 2024-12-31. Doubt delays it: from some day in 2020 it may run to
2025-12-30, and only then is it over for sure. An end at the close of the calendar is no end.
"""

from bisect import bisect_left
from datetime import date, timedelta
from typing import Any, TypeAlias

from domain.agreement.entry import entry_by_rule
from domain.dates import When, before, by, parse
from domain.durations import shifted
from domain.reckoned import Reckoned

Row: TypeAlias = dict[str, Any]


def legal_on(shown: Row, day: date) -> str:
    """Return the legal status on a day: what the facts say, or expired or terminated by the calendar."""
    status = str(shown["legal_status"])
    return next((row.to for row in LEGAL_RECKONED if status in row.froms and row.holds(shown, day)), status)


def asked(shown: Row, day: date) -> Row:
    """Add to an agreement's facets what depends on the day of asking."""
    left = withdrawn(shown, day) - {row["party"] for row in shown["left"] if row["party"] not in shown["consent"]}
    consent = {**shown["consent"], **dict.fromkeys(sorted(left), "withdrawn")}
    reckoned = {"legal_status": legal_on(shown, day), "term": term_asked(shown, day)}
    end = ended_on(shown, reckoned, day)
    return {
        **shown,
        **reckoned,
        "consent": consent,
        "entry_into_force": entry_by_rule(shown),
        "ended_on": _text(end),
        "survives_until": _text(_survives_until(shown, end)),
    }


def ended_on(shown: Row, reckoned: Row, day: date) -> date | None:
    """Return the last day an agreement may have ended on, by a fact, a notice or the calendar; None: it goes on."""
    match reckoned["legal_status"]:
        case "terminated" | "lapsed" if shown["ended"]:
            return parse(shown["ended"]["on"]).latest
        case "terminated":
            ends = [given for given in shown["notices"] if _ends(given) and _effective(given, day)]
            return max((parse(given["takes_effect"]).latest for given in ends), default=None)
        case "expired":
            return date.fromisoformat(reckoned["term"]["end"])
    return None


def _survives_until(shown: Row, end: date | None) -> date | None:
    """Return until when obligations survive the end: as the ending act says, else as the term does."""
    if end is None:
        return None
    said = (shown["ended"] or {}).get("sunset_until")
    sunset = (shown["term"] or {}).get("sunset")
    return _closing(said) if said else shifted(end, sunset) if sunset else None


def term_asked(facets: Row, day: date) -> Row | None:
    """Return the term as it stands on a day; None where none is set.

    `facets` are those of `domain.agreement.state.calendar`. Returned are the kind (fixed, tacit,
    indefinite), the current `end`, the last day of notice for that end (`notice_by`), the first day of
    notice that is not past (`next_notice`), and `sunset_until`; days are ISO text, or None where the facts
    do not fix them.
    """
    term = facets["term"]
    if term is None:
        return None
    first = _agreed_end(facets, term)
    end = _current_end(facets, term, first, day) if first else None
    notice = _notice_by(end, term) if end and "notice" in term else None
    following = _following_notice(facets, term, first, end, day) if first and end else None
    sunset = shifted(end, term["sunset"]) if end and "sunset" in term else None
    kind = "indefinite" if first is None and not _awaits_start(term) else _kind(term)
    return {
        "kind": kind,
        "end": _text(end),
        "notice_by": _text(notice),
        "next_notice": _text(notice if notice and notice >= day else following),
        "sunset_until": _text(sunset),
        "set": term,
    }


def expired(facets: Row, day: date) -> bool:
    """Say whether the term is over on a day, tacit renewals counted."""
    asked = term_asked(facets, day)
    return asked is not None and asked["end"] is not None and date.fromisoformat(asked["end"]) < day


def withdrew(facets: Row, day: date) -> bool:
    """Say whether a notice of any party took effect by that day."""
    return bool(withdrawn(facets, day))


def withdrawn(facets: Row, day: date) -> set[str]:
    """Return the parties whose notice took effect by that day."""
    return {given["party"] for given in facets["notices"] if _ends(given) and _effective(given, day)}


def notice_took_effect(facets: Row, day: date) -> bool:
    """Say whether a notice ended the agreement by that day, leaving fewer than two parties."""
    left = withdrawn(facets, day)
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
    return "length" in term or ("end" in term and _closing(term["end"]) is not None)


def _closing(text: str) -> date | None:
    """Return the last day a date may mean, or None for an open end (9999-12-31 in imports)."""
    latest = parse(text).latest
    return None if latest == date.max else latest


def _last_day(first: date, length: str, times: int = 1) -> date | None:
    following = shifted(first, length, times)
    return None if following in {date.min, date.max} else following - timedelta(days=1)


def _agreed_end(facets: Row, term: Row) -> date | None:
    """Return the last day of the latest term the parties set or renewed by act; None where it is open."""
    end = _set_end(facets, term)
    for renewal in facets["renewals"]:
        period = _period(term)
        if renewal["until"]:
            end = _closing(renewal["until"])
        else:
            end = _last_day(end + timedelta(days=1), period) if end and period else None
    return end


def _set_end(facets: Row, term: Row) -> date | None:
    if "end" in term:
        return _closing(term["end"])
    start = _start(facets, term)
    return _last_day(start.start_latest, term["length"]) if start and "length" in term else None


def _period(term: Row) -> str | None:
    return term.get("period", term.get("length"))


def _start(facets: Row, term: Row) -> When | None:
    signed = facets["signed"]["on"] if facets["signed"] else None
    texts = {"signature": signed, "entry into force": facets["in_force_on"], "date": term.get("start_date")}
    text = texts[term.get("start", "entry into force")]
    return parse(text) if text else None


def _current_end(facets: Row, term: Row, end: date, day: date) -> date | None:
    """Roll a tacitly renewed end on until it is not past, or a timely notice of non-renewal stops it.

    A notice that comes too late for one end stops the next. None where the period is not known.
    """
    if end >= day or term.get("renewal") != "tacit":
        return end
    notices, period = _non_renewals(facets), _period(term)
    if period is None:
        return end if any(notice <= _notice_by(end, term) for notice in notices) else None

    def rolled(times: int) -> date:
        # Counted from the agreed end, not from the last one, so that month ends do not wear off.
        return _last_day(end + timedelta(days=1), period, times) or date.max

    # Ends only grow, so the first that will do is found by halving: a daily term may roll a million times.
    many = range((date.max - date.min).days)
    reached = bisect_left(many, day, key=rolled)
    stopped = (bisect_left(many, notice, key=lambda n: _notice_by(rolled(n), term)) for notice in notices)
    return rolled(min([reached, *stopped]))


def _following_notice(facets: Row, term: Row, first: date, end: date, day: date) -> date | None:
    """Return the last day of notice for the end after the current one, where the term rolls on past that."""
    if end == date.max or "notice" not in term or term.get("renewal") != "tacit":
        return None
    following = _current_end(facets, term, first, end + timedelta(days=1))
    notice = _notice_by(following, term) if following and following > end else None
    return notice if notice and notice >= day else None


def _non_renewals(facets: Row) -> list[date]:
    """Return the days of the notices of non-renewal that no later act of renewal has overtaken."""
    told = (row for row in facets["notices"] if row["kind"] == "non-renewal")
    given = [parse(row.get("received", row["given_on"])) for row in told]
    acts = [parse(row["on"]) for row in facets["renewals"]]
    return [notice.latest for notice in given if not any(before(notice, act) == "yes" for act in acts)]


def _notice_by(end: date, term: Row) -> date:
    return shifted(end, term["notice"], -1) if "notice" in term else end


LEGAL_RECKONED = (
    Reckoned(
        ("in force", "provisionally applied"),
        "terminated",
        "notices took effect, and fewer than two signatories stay",
        notice_took_effect,
    ),
    Reckoned(("in force",), "expired", "its term is over, tacit renewals counted", expired),
)
"""What the legal status becomes by the calendar: the first row that holds."""

CONSENT_RECKONED = (
    Reckoned(
        ("none", "signed", "procedures complete", "consented", "bound"), "withdrawn", "its notice took effect", withdrew
    ),
)
"""What a party's consent becomes by the calendar."""
