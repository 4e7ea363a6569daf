"""How many were signed, are in force, are in each phase, run, or were dropped, and how long does a phase take?

Reckoned for any day asked, of the facts in effect by then.
"""

from collections import Counter
from statistics import median
from typing import Any

from domain.dates import parse
from domain.vocabulary import ABANDONED, ENDED, PHASES
from projections.answers.streams import Standing, asked_of, standings
from projections.world import World


def funnel(world: World) -> dict[str, Any]:
    """Return agreements and projects counted as far as they came, with the median days of each phase."""
    found = standings(world).values()
    agreements = [standing.facets for standing in found if standing.kind == "agreement"]
    projects = [standing.facets for standing in found if standing.kind == "project"]
    runs = Counter(project["run_state"] for project in projects)
    going = [project for project in projects if project["run_state"] not in ABANDONED]
    return {
        **asked_of(world),
        "agreements": {
            "total": len(agreements),
            "signed": sum(agreement["signed"] is not None for agreement in agreements),
            "in_force": sum(agreement["legal_status"] == "in force" for agreement in agreements),
            "ended": sum(agreement["legal_status"] in ENDED for agreement in agreements),
        },
        "projects": {
            "total": len(projects),
            "operating": sum(p["phase"] == "operation" and p["run_state"] == "active" for p in projects),
            "completed": sum(project["phase"] == "completed" for project in going),
            **{state: runs[state] for state in ("suspended", "dropped", "cancelled")},
        },
        "phases": [_phase(phase, projects, going, world) for phase in PHASES],
    }


def _phase(phase: str, projects: list[dict[str, Any]], going: list[dict[str, Any]], world: World) -> dict[str, Any]:
    """Return how many projects are in a phase, ever were, and the median days of the stays that are over."""
    stays = [stay for project in projects for stay in project["stays"] if stay["phase"] == phase]
    over = [_days(stay["since"], stay["until"]) for stay in stays if stay["until"]]
    present = [project for project in going if project["phase"] == phase]
    so_far = [(world.as_of - parse(project["stays"][-1]["since"]).earliest).days for project in present]
    return {
        "phase": phase,
        "now": len(present),
        "reached": sum(any(stay["phase"] == phase for stay in project["stays"]) for project in projects),
        "stays": len(over),
        "median_days": _median(over),
        "median_days_so_far": _median(so_far),
    }


def _days(since: str, until: str) -> int:
    return (parse(until).earliest - parse(since).earliest).days


def days_in_phase(standing: Standing, world: World) -> int | None:
    """Return for how many days a project has been in its phase; None where it is in none."""
    stays = standing.facets["stays"]
    return (world.as_of - parse(stays[-1]["since"]).earliest).days if stays and not stays[-1]["until"] else None


def _median(days: list[int]) -> int | float | None:
    """Return the day in the middle, half days told only where there are such."""
    found = median(days) if days else None
    return int(found) if found is not None and found == int(found) else found
