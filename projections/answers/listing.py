"""Which agreements, projects and others are there, and which stand so and so?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from domain.folding import words
from domain.streams import slug_of, stream_name
from projections.answers.parties import Known, known_parties, one_party
from projections.answers.status import next_date, occasions_of, project_line
from projections.answers.streams import Standing, asked_of, pointers, standings
from projections.world import World

PLURALS = {
    "agreements": "agreement",
    "projects": "project",
    "commissions": "commission",
    "occasions": "occasion",
    "parties": "party",
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What a listed agreement must be like; None lets everything pass."""

    kind: str | None = None
    legal: str | None = None
    phase: str | None = None
    party: str | None = None
    sector: str | None = None
    occasion: str | None = None
    flagged: bool = False
    flag: str | None = None


def agreements(world: World, filters: Filters) -> dict[str, Any]:
    """Return the agreements in effect that pass the filters, by slug."""
    found = standings(world)
    under = pointers(world, "under")
    signed_there = pointers(world, "signed there")
    parties = known_parties(world, (standing for standing in found.values() if standing.kind == "agreement"))
    rows = [
        _row(world, standing, parties, _known(found, under.get(stream, ())), signed_there.get(stream, ()))
        for stream, standing in sorted(found.items())
        if standing.kind == "agreement"
    ]
    party = filters.party and {slug_of(name) for name in one_party(world, stream_name("party", filters.party))}
    return {**asked_of(world), "agreements": [row for row in rows if _passes(row, filters, party or set())]}


def some_agreements(world: World, streams: Sequence[str], into: dict[str, str]) -> list[dict[str, Any]]:
    """Return the rows of those agreements named that are in effect, by slug; `into` are the merged parties."""
    found = standings(world, streams)
    speaking = world.reader.mentioning_any(streams)
    under, signed_there = (pointers(world, relation, speaking) for relation in ("under", "signed there"))
    projects = standings(world, {project for stream in found for project in under.get(stream, ())})
    parties = known_parties(world, found.values(), into)
    return [
        _row(world, standing, parties, _known(projects, under.get(stream, ())), signed_there.get(stream, ()))
        for stream, standing in sorted(found.items())
    ]


def _known(found: dict[str, Standing], streams: Iterable[str]) -> list[Standing]:
    return [found[stream] for stream in streams if stream in found]


def _row(
    world: World,
    standing: Standing,
    parties: Known,
    projects: list[Standing],
    occasions: Iterable[str],
) -> dict[str, Any]:
    facets = standing.facets
    lines = [project_line(project) for project in projects]
    first = lines[0] if lines else {"slug": None, "phase": None, "run_state": None}
    return {
        "slug": standing.slug,
        "title": standing.title,
        "kind": facets["kind"],
        "legal_status": facets["legal_status"],
        "project": first["slug"],
        "phase": first["phase"],
        "run_state": first["run_state"],
        "projects": lines,
        "parties": parties.lines(facets),
        "sectors": facets["sectors"],
        "signed_on": facets["signed"]["on"] if facets["signed"] else None,
        "occasions": occasions_of(facets, occasions),
        "financing": facets["financing"],
        "value": facets["value"],
        "review": facets["review"],
        "next": next_date(facets, world),
        "flags": standing.flags,
    }


def _passes(row: dict[str, Any], filters: Filters, party: set[str]) -> bool:
    return (
        _flagged(row, filters)
        and filters.kind in {None, row["kind"]}
        and filters.legal in {None, row["legal_status"]}
        and (filters.phase is None or any(line["phase"] == filters.phase for line in row["projects"]))
        and (filters.party is None or any(line["slug"] in party for line in row["parties"]))
        and (filters.occasion is None or filters.occasion in row["occasions"])
        and (filters.sector is None or any(_alike(filters.sector, sector) for sector in row["sectors"]))
    )


def _flagged(row: dict[str, Any], filters: Filters) -> bool:
    codes = {flag["code"] for flag in row["flags"]}
    return (not filters.flagged or bool(codes)) and filters.flag in {None, *codes}


def _alike(asked: str, found: str) -> bool:
    return set(words(asked)) <= set(words(found))


def others(world: World, plural: str, filters: Filters) -> dict[str, Any]:
    """Return the projects, commissions, occasions or parties in effect, by slug, flagged as the filters say."""
    found = [s for _, s in sorted(standings(world).items()) if s.kind == PLURALS[plural]]
    rows = (_brief(standing) for standing in found)
    return {**asked_of(world), plural: [row for row in rows if _flagged(row, filters)]}


def some_others(world: World, streams: Sequence[str]) -> list[dict[str, Any]]:
    """Return the rows of those streams named that are in effect, by slug."""
    return [_brief(standing) for _, standing in sorted(standings(world, streams).items())]


_BRIEF = {
    "project": ("phase", "run_state", "since", "wording", "agreements", "financing", "review"),
    "commission": ("sides", "sessions", "open_instructions"),
    "occasion": ("kind", "on", "place", "stage", "combined_value", "agreements"),
    "party": ("name", "abbreviation", "kind", "country", "stage"),
}


def _brief(standing: Standing) -> dict[str, Any]:
    fields = {name: standing.facets[name] for name in _BRIEF[standing.kind]}
    return {"slug": standing.slug, "title": standing.title, **fields, "flags": standing.flags}
