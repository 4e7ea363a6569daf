"""Where does one agreement or project stand, or the register as a whole?"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from domain.streams import kind_of, slug_of, stream_name
from domain.vocabulary import LEGAL_STATUSES, PHASES
from projections.answers.parties import known_parties, party_answer
from projections.answers.reviewing import reviewing
from projections.answers.streams import Standing, agreement_line, asked_of, pointing, standings, warnings
from projections.world import World


def status(world: World, stream: str) -> dict[str, Any]:
    """Return where a stream stands; where nothing of it was known or in effect, every facet is empty."""
    standing = standings(world, [stream]).get(stream)
    if standing is None:
        return _nothing(world, stream)
    shape = {"agreement": _agreement, "project": _project}.get(standing.kind, _other)
    head = {**asked_of(world), "kind": standing.kind, "slug": standing.slug, "in_effect": True}
    return {**head, **shape(world, standing), **_tail(standing)}


def _nothing(world: World, stream: str) -> dict[str, Any]:
    from domain.deciders import DECIDERS
    from domain.replay import facets_of

    known = [e for e in world.reader.stream(stream) if world.known_at is None or e.position <= world.known_at]
    kind = kind_of(stream)
    blank: dict[str, Any] = {
        name: [] if isinstance(value, list) else None
        for name, value in facets_of(stream, DECIDERS[kind].initial).items()
    }
    own: dict[str, Any] = {"parties": [], "project": None, "projects": [], "next": None, "flags": [], "sources": []}
    if kind in {"agreement", "project"}:
        own |= {"review_scheduled": [], "instructions": []}
    told = {**asked_of(world), "kind": kind, "slug": slug_of(stream), "in_effect": False}
    return {**blank, **own, **told, "quality": None, "events": len(known)}


def _tail(standing: Standing) -> dict[str, Any]:
    return {
        "flags": standing.flags,
        "sources": standing.quality["sources"],
        "quality": standing.quality,
        "events": standing.events,
    }


def _agreement(world: World, standing: Standing) -> dict[str, Any]:
    facets = standing.facets
    parties = known_parties(world, [standing])
    pointed = pointing(world, standing.stream)
    projects = standings(world, pointed.get("under", ()))
    occasions = occasions_of(facets, pointed.get("signed there", ()))
    shown = [project_line(project) for project in projects.values()]
    return {
        **facets,
        "agreement_kind": facets["kind"],
        "kind": standing.kind,
        "parties": parties.lines(facets),
        "occasions": occasions,
        "project": shown[0] if shown else None,
        "projects": shown,
        "next": next_date(facets, world),
        **reviewing(world, standing, pointed),
    }


def occasions_of(facets: dict[str, Any], pointing: Iterable[str]) -> list[str]:
    """Return the occasions an agreement was signed at: those its own signing names, and those that name it."""
    named = {facets["signed"]["occasion"]} - {None} if facets["signed"] else set()
    return sorted({slug_of(stream) for stream in pointing} | named)


def project_line(project: Standing) -> dict[str, Any]:
    """Return what an agreement's answer says of a project under it."""
    names = ("phase", "wording", "run_state", "since")
    return {"slug": project.slug, "title": project.title, **{name: project.facets[name] for name in names}}


def next_date(facets: dict[str, Any], world: World) -> dict[str, str] | None:
    """Return the next date the term brings: a notice day, an end, or the end of surviving obligations."""
    term = facets["term"] or {}
    words = {"next_notice": "notice due", "end": "end of term", "sunset_until": "obligations end"}
    days = [(term[name], what) for name, what in words.items() if term.get(name)]
    coming = sorted(day for day in days if day[0] >= world.as_of.isoformat())
    return {"what": coming[0][1], "on": coming[0][0]} if coming else None


def _project(world: World, standing: Standing) -> dict[str, Any]:
    facets = standing.facets
    agreements = standings(world, [stream_name("agreement", slug) for slug in facets["agreements"]])
    parties = known_parties(world, agreements.values())
    return {
        **facets,
        "agreements": [agreement_line(slug, agreements) for slug in facets["agreements"]],
        "parties": _distinct(line for a in agreements.values() for line in parties.lines(a.facets)),
        "next": None,
        **reviewing(world, standing, pointing(world, standing.stream)),
    }


def _distinct(lines: Any) -> list[dict[str, Any]]:
    return list({line["slug"]: line for line in lines}.values())


def _other(world: World, standing: Standing) -> dict[str, Any]:
    facets = dict(standing.facets)
    own_kind = facets.pop("kind", None)
    shown: dict[str, Any] = {**facets, f"{standing.kind}_kind": own_kind}
    if standing.kind == "occasion":
        shown["value"] = facets["combined_value"]
        shown["agreements"] = _agreements_of_occasion(world, standing)
    if standing.kind == "party":
        shown |= party_answer(world, standing)
    return shown


def _agreements_of_occasion(world: World, standing: Standing) -> list[str]:
    """Return the agreements attached to the occasion, then those whose own signing names it."""
    attached: list[str] = standing.facets["agreements"]
    signed = (s for s in _agreements_about(world, standing).values() if s.facets["signed"])
    named = sorted(s.slug for s in signed if s.facets["signed"]["occasion"] == standing.slug)
    return list(dict.fromkeys([*attached, *named]))


def _agreements_about(world: World, standing: Standing) -> dict[str, Standing]:
    about = world.reader.mentioning(standing.stream)
    return standings(world, {stream for stream in about if kind_of(stream) == "agreement"})


def overview(world: World) -> dict[str, Any]:
    """Return the register as a whole: how many of each kind, status and phase."""
    found = standings(world)
    kinds = Counter(standing.kind for standing in found.values())
    legal = Counter(s.facets["legal_status"] for s in found.values() if s.kind == "agreement")
    phases = Counter(s.facets["phase"] for s in found.values() if s.kind == "project")
    events = world.head.size if world.known_at is None else world.known_at
    plural = {"agreement": "agreements", "project": "projects", "commission": "commissions"}
    plural |= {"occasion": "occasions", "party": "parties"}
    counts = {"events": events, "streams": len(found)} | {name: kinds[kind] for kind, name in plural.items()}
    return {
        **asked_of(world),
        "counts": counts,
        "by_legal_status": {value: legal[value] for value in LEGAL_STATUSES if legal[value]},
        "by_phase": {value: phases[value] for value in PHASES if phases[value]},
        "flagged": sum(any(warnings(standing.flags)) for standing in found.values()),
    }
