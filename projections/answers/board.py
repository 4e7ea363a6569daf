"""One page for the head of department: projects by phase, agreements by legal status, what is flagged."""

from typing import Any

from domain.vocabulary import LEGAL_STATUSES, PHASES
from projections.answers.streams import Standing, asked_of, standings, warnings
from projections.world import World


def board(world: World) -> dict[str, Any]:
    """Return a column for each phase and legal status in use, in the order of the field."""
    found = [standing for _, standing in sorted(standings(world).items())]
    projects = [standing for standing in found if standing.kind == "project"]
    agreements = [standing for standing in found if standing.kind == "agreement"]
    return {
        **asked_of(world),
        "phases": [
            {"phase": phase, "projects": [_card(s) for s in projects if s.facets["phase"] == phase]} for phase in PHASES
        ],
        "legal": [
            {"legal_status": value, "agreements": _titles(agreements, value)}
            for value in LEGAL_STATUSES
            if _titles(agreements, value)
        ],
        "flagged": [{"slug": s.slug, "kind": s.kind, "flags": told} for s in found if (told := warnings(s.flags))],
    }


def _card(project: Standing) -> dict[str, Any]:
    names = ("phase", "since", "wording", "run_state", "agreements", "review")
    return {"slug": project.slug, "title": project.title, **{name: project.facets[name] for name in names}}


def _titles(agreements: list[Standing], value: str) -> list[dict[str, Any]]:
    return [{"slug": s.slug, "title": s.title} for s in agreements if s.facets["legal_status"] == value]
