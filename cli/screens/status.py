"""Where one stream stands, or the register, as a person reads it."""

from collections.abc import Iterator
from typing import Any

from cli.inert import inert
from cli.output import Screen
from cli.screens import words
from cli.screens.words import counted, day, money
from cli.table import Column
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
    shape = {"agreement": _agreement, "project": _project, "occasion": _occasion}.get(answer["kind"], _other)
    for label, text in (*shape(answer, refined), *_tail(answer)):
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
    yield "Term", _term(answer["term"], answer["as_of"])
    yield "Subject", answer["subject"] or ""
    yield "Sectors", ", ".join(answer["sectors"])
    yield "Value", money(answer["value"])
    yield "Financing", _financing(answer)
    for project in answer["projects"]:
        yield "Project", f"{project['slug']}   {project['phase']}, {project['run_state']}"
    for link in answer["links"]:
        yield "Linked", f"{link['relation']} {link['agreement']}"
    if ended := answer["ended"]:
        yield "Ended", f"{day(ended['on'], refined)} {ended.get('ground') or ended.get('reason') or ''}"
    yield "Review", _review(answer)
    if coming := answer["next"]:
        yield "Next", f"{coming['what']} {day(coming['on'])}"


def _term(term: dict[str, Any] | None, as_of: str) -> str:
    if not term:
        return ""
    end = f", to {day(term['end'])}" if term["end"] else ""
    notice = ""
    if by := term["next_notice"]:
        notice = f", notice {'by' if by >= as_of else 'was due by'} {day(by)}"
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
    yield "Financing", _financing(answer)
    yield "Review", _review(answer)


def _occasion(answer: dict[str, Any], refined: words.Refined) -> Iterator[tuple[str, str]]:
    place = f", {answer['place']}" if answer["place"] else ""
    yield "Held", day(answer["on"], refined) + place
    yield "By", ", ".join(answer["organisers"])
    yield "With", ", ".join(answer["supporters"])
    yield "Value", money(answer["combined_value"])
    yield "Signed", ", ".join(answer["agreements"])


def _other(answer: dict[str, Any], refined: words.Refined) -> Iterator[tuple[str, str]]:
    if answer["kind"] == "party":
        yield "Short", answer["abbreviation"] or ""
        yield "Country", answer["country"] or ""
        yield "Also", "; ".join(variant["text"] for variant in answer["variants"])
        for agreement in answer["agreements"]:
            yield "In", f"{agreement['slug']}   {agreement['role']}"
        return
    yield "Sides", ", ".join(answer["sides"])
    for session in answer["sessions"]:
        held = f"{session['state']} {day(session['on'], refined)}, {session['place'] or 'place not stated'}"
        yield "Session", f"{session['session'] or 'number not stated'}   {held}"
    for item in answer["instructions"]:
        due = f", due {day(item['deadline'])}" if item["deadline"] else ""
        yield "Instructed", f"{item['item']}   {item['state']}{due}"


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
