"""Where one stream stands, or the register, as a person reads it."""

from collections.abc import Callable, Iterator
from typing import Any

from cli.inert import inert
from cli.output import Screen
from cli.screens import words
from cli.screens.words import counted, day, money
from cli.table import Column
from domain.duties import CLOSED
from domain.vocabulary import AGREEMENT_KIND_WORDS
from projections.answers.listing import PLURALS

SINGULARS = {**PLURALS, "events": "event", "streams": "stream"}

COLUMNS = (Column("facet", "FACET"), Column("value", "VALUE"))


def rows(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a status as facet and value, for formats that are columns."""
    return [{"facet": facet, "value": value} for facet, value in answer.items() if facet not in {"head", "quality"}]


def lines(answer: dict[str, Any], screen: Screen) -> Iterator[str]:
    """Yield the status of one stream for people."""
    if not answer["in_effect"]:
        known = counted(answer["events"], "event")
        nothing = f"nothing in effect on {answer['as_of']} ({known} known)"
        yield f"{screen.bold(answer['slug'])}   {answer['kind']}   {nothing}"
        return
    refined = words.refined_years(answer["quality"])
    state = answer.get("run_state") or answer.get("legal_status") or answer.get("stage") or ""
    yield f"{screen.bold(answer['slug'])}   {answer['kind']}   {state}".rstrip()
    yield inert(answer["title"])
    for label, text in (*_SHAPES[answer["kind"]](answer, refined), *_tail(answer)):
        if text:
            yield f"{label:>10}  {inert(text)}"


def _agreement(answer: dict[str, Any], refined: words.Refined) -> Iterator[tuple[str, str]]:
    kind = answer["agreement_kind"]
    yield "Kind", AGREEMENT_KIND_WORDS.get(kind, kind)
    yield "Parties", words.parties(answer["parties"])
    if signed := answer["signed"]:
        place = f", {signed['place']}" if signed["place"] else ""
        occasion = f", at {signed['occasion']}" if signed["occasion"] else ""
        yield "Signed", day(signed["on"], refined) + place + occasion
    yield "In force", day(answer["in_force_on"], refined)
    yield "Entry", _entry(answer)
    yield "Consent", _consent(answer)
    yield "Term", _term(answer["term"], answer["as_of"])
    yield "Subject", answer["subject"] or ""
    yield "Sectors", ", ".join(answer["sectors"])
    yield "Value", money(answer["value"])
    yield "Financing", _financing(answer)
    for project in answer["projects"]:
        yield "Project", f"{project['slug']}   {project['phase']}, {project['run_state']}"
    for told in _duties(answer["obligations"]):
        yield "Obliged", told
    for link in answer["links"]:
        yield "Linked", f"{link['relation']} {link['agreement']}"
    if ended := answer["ended"]:
        yield "Ended", f"{day(ended['on'], refined)} {ended.get('ground') or ended.get('reason') or ''}"
    yield "Review", _review(answer)
    if coming := answer["next"]:
        yield "Next", f"{coming['what']} {day(coming['on'])}"


def _entry(answer: dict[str, Any]) -> str:
    """Say what the rule of the text comes to, as long as entry into force is not on record."""
    rule = answer["entry_into_force"]
    if rule is None or answer["in_force_on"]:
        return ""
    if rule["on"]:
        return f"by its rule on {day(rule['on'])} ({rule['rule']})"
    missing = f", missing {', '.join(rule['missing'])}" if rule["missing"] else ""
    return f"by its rule ({rule['rule']}): {counted(rule['wanting'], 'instrument')} wanting{missing}"


def _consent(answer: dict[str, Any]) -> str:
    """Say how far each party came, where that is more than signature by all."""
    steps = answer["consent"]
    if set(steps.values()) in ({"none"}, {"signed"} if answer["signed"] else {"none"}):
        return ""
    return ", ".join(f"{party} {step}" for party, step in steps.items())


def _duties(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Yield what somebody is to do, by when, and how far it is."""
    for row in rows:
        due = f", due {day(row['deadline'])}" if row["deadline"] and row["state"] not in CLOSED else ""
        moved = f", moved {counted(len(row['moved']), 'time')}" if row.get("moved") else ""
        again = f", every {row['recurrence']}" if row.get("recurrence") else ""
        yield f"{row['item']}   {row['state']}{due}{moved}{again}"


def _term(term: dict[str, Any] | None, as_of: str) -> str:
    if not term:
        return ""
    end = f", to {day(term['end'])}" if term["end"] else ""
    notice = ""
    if by := term["next_notice"]:
        notice = f", notice by {day(by)}"
    elif (by := term["notice_by"]) and by < as_of:
        notice = f", notice was due by {day(by)}"
    return f"{term['kind']}{end}{notice}"


def _financing(answer: dict[str, Any]) -> str:
    if answer["financing"] == "none":
        return ""
    who = [row.get("financier") or row.get("financier_class") or "" for row in answer["financings"]]
    named = ", ".join(filter(None, who))
    return f"{answer['financing']} ({named})" if named else str(answer["financing"])


def _review(answer: dict[str, Any]) -> str:
    if not answer["reviews"]:
        return "never"
    last = answer["reviews"][-1]
    found = ", ".join(filter(None, (last.get("finding"), last.get("outcome"))))
    where = f"{day(last['on'])}, {last['commission']}"
    return f"{where}: {found}" if found else f"{where}"


def _project(answer: dict[str, Any], refined: words.Refined) -> Iterator[tuple[str, str]]:
    how = "reported" if answer["observed"] else "since"
    wording = f" ({answer['wording']})" if answer["wording"] else ""
    yield "Phase", f"{answer['phase']}{wording}, {how} {day(answer['since'], refined)}"
    for agreement in answer["agreements"]:
        kind = AGREEMENT_KIND_WORDS.get(agreement["kind"], agreement["kind"] or "")
        signed = f", signed {day(agreement['signed_on'], refined)}" if agreement["signed_on"] else ""
        yield "Under", f"{agreement['slug']}   {kind}{signed}"
    yield "Parties", words.parties(answer["parties"])
    yield "Product", answer["product"] or ""
    yield "Place", answer["location"] or ""
    yield "Planned", f"to be completed by {day(answer['planned_end'])}" if answer["planned_end"] else ""
    for told in _duties(answer["milestones"]):
        yield "Milestone", told
    yield "Financing", _financing(answer)
    yield "Review", _review(answer)


def _occasion(answer: dict[str, Any], refined: words.Refined) -> Iterator[tuple[str, str]]:
    place = f", {answer['place']}" if answer["place"] else ""
    yield "Held", day(answer["on"], refined) + place
    yield "By", ", ".join(answer["organisers"])
    yield "With", ", ".join(answer["supporters"])
    yield "Value", money(answer["combined_value"])
    yield "Signed", ", ".join(answer["agreements"])


def _party(answer: dict[str, Any], _refined: words.Refined) -> Iterator[tuple[str, str]]:
    yield "Short", answer["abbreviation"] or ""
    yield "Country", answer["country"] or ""
    for variant in answer["variants"]:
        language = f" ({variant['language']})" if variant["language"] else ""
        until = f", until {day(variant['until'])}" if variant["until"] else ""
        yield "Also", f"{variant['text']}{language}{until}"
    for former in answer["former_names"]:
        yield "Formerly", f"{former['text']}, until {day(former['until'])}"
    yield "One with", ", ".join(answer["one_with"])
    yield "Goes on as", answer["merged_into"] or answer["successor"] or ""
    yield "Successor", f"of {', '.join(answer['predecessors'])}" if answer["predecessors"] else ""
    for match in answer["matches"]:
        yield "Match", f"{match['match']}   {match['verdict']}"
    yield "Looks like", ", ".join(answer["looks_like"])
    for role in answer["roles"]:
        under = f", as {role['as']}" if role["as"] != answer["slug"] else ""
        yield "In", f"{role['slug']}   {role['role']}{under}   {role['stands'] or ''}".rstrip()


def _commission(answer: dict[str, Any], refined: words.Refined) -> Iterator[tuple[str, str]]:
    yield "Sides", ", ".join(answer["sides"])
    for chair in answer["co_chairs"]:
        yield "Co-chair", f"{chair['side']}: {chair['name']}" + (f", {chair['office']}" if chair["office"] else "")
    for session in answer["sessions"]:
        held = f"{session['state']} {day(session['on'], refined)}, {session['place'] or 'place not stated'}"
        yield "Session", f"{session['session'] or 'number not stated'}   {held}"
    for told in _duties(answer["instructions"]):
        yield "Instructed", told


def _clock(answer: dict[str, Any], _refined: words.Refined) -> Iterator[tuple[str, str]]:
    yield "Zone", answer["timezone"]
    yield "Since", day(answer["started_on"])
    yield "Last round", day(answer["round_on"])
    yield "Fired", str(answer["fired"])
    for row in answer["undelivered"]:
        yield "Waiting", f"{row['text']}" + (f": {row['problem']}" if row["problem"] else "")


_SHAPES: dict[str, Callable[[dict[str, Any], words.Refined], Iterator[tuple[str, str]]]] = {
    "agreement": _agreement,
    "project": _project,
    "commission": _commission,
    "occasion": _occasion,
    "party": _party,
    "clock": _clock,
}


def _tail(answer: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for flag in answer["flags"]:
        if flag["weight"] == "note":
            continue  # that dates were inferred is said beside them
        yield "Flag", f"{flag['code']}: {flag['message']}"
    sources = answer["sources"]
    refined = counted(len(answer["quality"]["refined"]), "date refined", "dates refined")
    history = f"{counted(answer['events'], 'event')}, {refined}" if answer["quality"]["refined"] else None
    yield "Sources", f"{len(sources)} ({answer['quality']['rating']})" if sources else "none"
    yield "History", history or counted(answer["events"], "event")


def overview_lines(answer: dict[str, Any], screen: Screen) -> Iterator[str]:
    """Yield the register as a whole for people."""
    counts = {name: count for name, count in answer["counts"].items() if count}
    told = (f"{count} {name if count != 1 else SINGULARS[name]}" for name, count in counts.items())
    yield screen.bold(", ".join(told) or "an empty register")
    for title, field in (("Agreements", "by_legal_status"), ("Projects", "by_phase")):
        if answer[field]:
            yield f"{title:>10}  " + ", ".join(f"{count} {value}" for value, count in answer[field].items())
    if answer["flagged"]:
        yield f"{'Flagged':>10}  {answer['flagged']}"
    yield f"{'Log':>10}  position {answer['head']['position']}, root {answer['head']['root'][:16]}…"
