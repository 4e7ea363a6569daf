"""What a status shows of each kind of stream: every facet that says something, as label and text."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

from cli.screens import words
from cli.screens.duties import commissioned, duties
from cli.screens.words import counted, day, money
from domain.vocabulary import AGREEMENT_KIND_WORDS

Row: TypeAlias = dict[str, Any]
Told: TypeAlias = Iterator[tuple[str, str]]


def joined(*parts: str | None) -> str:
    """Return the parts that say something, with commas."""
    return ", ".join(part for part in parts if part)


def _agreement(answer: Row, refined: words.Refined) -> Told:
    kind = AGREEMENT_KIND_WORDS.get(answer["agreement_kind"], answer["agreement_kind"])
    yield "Kind", joined(kind, answer["bindingness"] if answer["bindingness"] != "unknown" else None)
    yield "Parties", words.parties(answer["parties"])
    for gone in answer["left"]:
        yield "Left", joined(gone["party"], day(gone["on"], refined), gone.get("reason"))
    yield from _making(answer, refined)
    yield "In force", day(answer["in_force_on"], refined)
    yield "Entry", _entry(answer)
    yield "Consent", _consent(answer)
    yield from _course(answer, refined)
    yield "Subject", answer["subject"] or ""
    yield "Sectors", ", ".join(answer["sectors"])
    yield "Languages", ", ".join(answer["languages"])
    yield "Value", money(answer["value"])
    yield "Financing", _financing(answer)
    for project in answer["projects"]:
        yield "Project", f"{project['slug']}   {project['phase']}, {project['run_state']}"
    for told in duties(answer["obligations"], answer["as_of"]):
        yield "Obliged", told
    for link in answer["links"]:
        yield "Linked", f"{link['relation']} {link['agreement']}"
    yield from _papers(answer, refined)
    yield from commissioned(answer)
    if coming := answer["next"]:
        yield "Next", f"{coming['what']} {day(coming['on'])}"


def _making(answer: Row, refined: words.Refined) -> Told:
    """Say how the text was made and signed."""
    for step in answer["course"]:
        told = (", ".join(step.get("by", ())), step.get("place"), step.get("provisions"), step.get("reason"))
        yield "Course", joined(f"{step['what']} {day(step['on'], refined)}", *told)
    for row in answer["signatures"]:
        occasion = f"at {row['occasion']}" if "occasion" in row else None
        who = joined(row.get("signatory"), row.get("office"))
        yield "Signature", joined(f"{row['party']} {day(row['on'], refined)}", who, row.get("place"), occasion)
    if signed := answer["signed"]:
        occasion = f"at {signed['occasion']}" if signed["occasion"] else None
        yield "Signed", joined(day(signed["on"], refined), signed["place"], occasion)


def _course(answer: Row, refined: words.Refined) -> Told:
    """Say how it goes on once made: its term, notices, amendments, its end."""
    yield "Term", _term(answer["term"], answer["as_of"])
    for renewal in answer["renewals"]:
        until = f"until {day(renewal['until'])}" if renewal["until"] else None
        yield "Renewed", joined(day(renewal["on"], refined), until)
    for given in answer["notices"]:
        effect = f"takes effect {day(given['takes_effect'])}" if "takes_effect" in given else None
        received = f"received {day(given['received'])}" if "received" in given else None
        yield (
            "Notice",
            joined(f"{given['kind']} by {given['party']} {day(given['given_on'], refined)}", received, effect),
        )
    for amended in answer["amendments"]:
        by = f"by {amended['instrument']}" if "instrument" in amended else None
        told = (by, amended.get("provisions"), amended.get("summary"), ", ".join(amended.get("obligations", ())))
        yield "Amended", joined(day(amended["on"], refined), *told)
    if ended := answer["ended"]:
        by = f"replaced by {ended['replaced_by']}" if "replaced_by" in ended else None
        yield "Ended", joined(f"{day(ended['on'], refined)} {ended.get('ground') or ended.get('reason') or ''}", by)
    yield "Survives", f"obligations until {day(answer['survives_until'])}" if answer["survives_until"] else ""


def _papers(answer: Row, refined: words.Refined) -> Told:
    """Say where it is registered, what is attached, and what others say of it."""
    for row in answer["registrations"]:
        yield "Registered", joined(f"{row['register_name']} {row['number']}", day(row["on"], refined))
    for row in answer["documents"]:
        yield "Document", joined(row["locator"], row.get("kind"), row.get("language"))
    for row in answer["asserted"]:
        by = f"by {row['asserted_by']}" if "asserted_by" in row else None
        yield "Asserted", joined(f"{row['facet']}: {row['value']}", by, day(row["on"], refined))


def _entry(answer: Row) -> str:
    """Say what the rule of the text comes to, as long as entry into force is not on record."""
    rule = answer["entry_into_force"]
    if rule is None or answer["in_force_on"]:
        return ""
    if rule["on"]:
        return f"by its rule on {day(rule['on'])} ({rule['rule']})"
    if not rule["wanting"]:
        return f"by its rule ({rule['rule']}), day not known"
    missing = f", missing {', '.join(rule['missing'])}" if rule["missing"] else ""
    return f"by its rule ({rule['rule']}): {counted(rule['wanting'], 'instrument')} wanting{missing}"


def _consent(answer: Row) -> str:
    """Say how far each party came, where that is more than signature by all."""
    steps = answer["consent"]
    if set(steps.values()) in ({"none"}, {"signed"} if answer["signed"] else {"none"}):
        return ""
    rows = {row["party"]: row for row in answer["consents"]}
    return ", ".join(f"{party} {step}{_how(rows.get(party, {}))}" for party, step in steps.items())


def _how(row: Row) -> str:
    said = joined(row.get("procedure"), row.get("act_number"), row.get("form"), row.get("depositary"))
    return f" ({said})" if said else ""


def _term(term: Row | None, as_of: str) -> str:
    if not term:
        return ""
    end = f", to {day(term['end'])}" if term["end"] else ""
    notice = ""
    if by := term["next_notice"]:
        notice = f", notice by {day(by)}"
    elif (by := term["notice_by"]) and by < as_of:
        notice = f", notice was due by {day(by)}"
    return f"{term['kind']}{end}{notice}"


def _financing(answer: Row) -> str:
    if answer["financing"] == "none":
        return ""
    who = [row.get("financier") or row.get("financier_class") or "" for row in answer["financings"]]
    named = ", ".join(dict.fromkeys(filter(None, who)))
    return f"{answer['financing']} ({named})" if named else str(answer["financing"])


def _project(answer: Row, refined: words.Refined) -> Told:
    how = "reported" if answer["observed"] else "since"
    wording = f" ({answer['wording']})" if answer["wording"] else ""
    yield "Phase", f"{answer['phase']}{wording}, {how} {day(answer['since'], refined)}"
    if answer["run_state"] != "active":
        yield "Run", joined(f"{answer['run_state']} since {day(answer['run_since'], refined)}", answer["run_reason"])
    for agreement in answer["agreements"]:
        kind = AGREEMENT_KIND_WORDS.get(agreement["kind"], agreement["kind"] or "")
        signed = f", signed {day(agreement['signed_on'], refined)}" if agreement["signed_on"] else ""
        yield "Under", f"{agreement['slug']}   {kind}{signed}"
    yield "Parties", words.parties(answer["parties"])
    yield "Sponsors", ", ".join(answer["sponsors"])
    yield "Product", answer["product"] or ""
    yield "Place", answer["location"] or ""
    yield "Planned", f"to be completed by {day(answer['planned_end'])}" if answer["planned_end"] else ""
    for study in answer["studies"]:
        due = f"due {day(study['due'])}" if study["due"] and study["step"] not in {"submitted", "accepted"} else None
        on = day(study[study["step"]], refined)
        yield "Study", joined(f"{study['study']}   {study['step']} {on}", study["author"], due, study["verdict"])
    for decision in answer["decisions"]:
        yield "Decided", f"{decision['decision']}, {day(decision['on'], refined)}"
    for grant in answer["grants"]:
        yield "Granted", _grant(grant, refined)
    for told in duties(answer["milestones"], answer["as_of"]):
        yield "Milestone", told
    yield "Financing", _financing(answer)
    yield from commissioned(answer)


_GRANTS = {"site": "site", "zone": "residency", "name": "company", "permit": "permit"}


def _grant(grant: Row, refined: words.Refined) -> str:
    what = next(f"{label} {grant[field]}" for field, label in _GRANTS.items() if field in grant)
    return joined(what, grant.get("company"), grant.get("authority"), day(grant["on"], refined))


def _occasion(answer: Row, refined: words.Refined) -> Told:
    yield "Held", joined(day(answer["on"], refined), answer["place"])
    yield "Kind", answer["occasion_kind"] or ""
    yield "Cancelled", answer["reason"] or ""
    yield "By", ", ".join(answer["organisers"])
    yield "With", ", ".join(answer["supporters"])
    yield "Value", joined(money(answer["combined_value"]), (answer["combined_value"] or {}).get("scope"))
    for count in answer["document_counts"]:
        yield "Documents", joined(str(count["count"]), count["scope"])
    yield "Signed", ", ".join(answer["agreements"])


def _party(answer: Row, refined: words.Refined) -> Told:
    yield "Kind", answer["party_kind"] if answer["party_kind"] != "unknown" else ""
    yield "Short", answer["abbreviation"] or ""
    yield "Country", answer["country"] or ""
    for variant in answer["variants"]:
        language = f" ({variant['language']})" if variant["language"] else ""
        until = f"until {day(variant['until'])}" if variant["until"] else None
        yield "Also", joined(f"{variant['text']}{language}", until)
    for former in answer["former_names"]:
        yield "Formerly", f"{former['text']}, until {day(former['until'])}"
    for found in answer["identifiers"]:
        yield "Identifier", f"{found['scheme']} {found['value']}"
    yield "Part of", answer["parent"] or ""
    yield from _ties(answer, refined)
    for role in answer["roles"]:
        under = f", as {role['as']}" if role["as"] != answer["slug"] else ""
        yield "In", f"{role['slug']}   {role['role']}{under}   {role['stands'] or ''}".rstrip()


def _ties(answer: Row, refined: words.Refined) -> Told:
    """Say with whom a party is one, whom it follows or looks like."""
    for merge in answer["merges"]:
        what = "took in" if merge["what"] == "merged" else "apart again from"
        yield "Merged", joined(f"{what} {merge['party']} {day(merge['on'], refined)}", merge["reason"])
    yield "One with", ", ".join(answer["one_with"])
    yield "Goes on as", answer["merged_into"] or answer["successor"] or ""
    yield "Successor", f"of {', '.join(answer['predecessors'])}" if answer["predecessors"] else ""
    for match in answer["matches"]:
        yield "Match", joined(f"{match['match']}   {match['verdict']}", match["reason"])
    yield "Looks like", ", ".join(answer["looks_like"])


def _commission(answer: Row, refined: words.Refined) -> Told:
    yield "Sides", ", ".join(answer["sides"])
    yield "Mandate", answer["mandate"] or ""
    for chair in answer["co_chairs"]:
        yield "Co-chair", joined(f"{chair['side']}: {chair['name']}", chair["office"])
    yield "Groups", ", ".join(answer["working_groups"])
    for session in answer["sessions"]:
        yield "Session", f"{session['session'] or 'number not stated'}   {_session(session, refined)}"
    for told in duties(answer["instructions"], answer["as_of"]):
        yield "Instructed", told


def _session(session: Row, refined: words.Refined) -> str:
    held = f"{session['state'] or ''} {day(session['on'], refined)}".strip()
    signed = session.get("protocol_signed_on")
    protocol = f"protocol signed {day(signed, refined)}" if signed else None
    where = session.get("protocol_place")
    chairs, agenda = _listed("chaired by", session.get("co_chairs")), _listed("agenda:", session.get("agenda"))
    return joined(held, session["place"] or "place not stated", chairs, agenda, protocol, where)


def _listed(label: str, texts: Iterable[str] | None) -> str | None:
    return f"{label} {'; '.join(texts)}" if texts else None


def _clock(answer: Row, _refined: words.Refined) -> Told:
    yield "Zone", answer["timezone"]
    yield "Since", day(answer["started_on"])
    yield "Last round", day(answer["round_on"])
    yield "Fired", str(answer["fired"])
    for row in answer["undelivered"]:
        yield "Waiting", f"{row['text']}" + (f": {row['problem']}" if row["problem"] else "")


SHAPES: dict[str, Callable[[Row, words.Refined], Told]] = {
    "agreement": _agreement,
    "project": _project,
    "commission": _commission,
    "occasion": _occasion,
    "party": _party,
    "clock": _clock,
}
