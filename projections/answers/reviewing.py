"""What do commissions have to do with a matter: the sessions it is to come before, and what they instructed on it?"""

from typing import Any, TypeAlias

from domain.duties import overdue
from projections.answers.streams import Standing, standings
from projections.views import links
from projections.world import World

Row: TypeAlias = dict[str, Any]


def reviewing(world: World, standing: Standing, pointing: dict[str, list[str]]) -> Row:
    """Return what commissions add to the status of an agreement or a project.

    `pointing` are the streams that point at it, by relation.
    """
    about = standing.stream
    commissions = standings(world, [*pointing.get(links.ON_AGENDA, ()), *pointing.get(links.INSTRUCTED_ON, ())])
    coming = [row for commission in commissions.values() for row in _sessions(commission, about)]
    never = "scheduled" if coming else "never"
    return {
        "review": "reviewed" if standing.facets["reviews"] else never,
        "review_scheduled": sorted(coming, key=lambda row: row["on"] or "9999"),
        "instructions": [row for commission in commissions.values() for row in _instructions(world, commission, about)],
    }


def _sessions(commission: Standing, about: str) -> list[Row]:
    return [
        {"commission": commission.slug, "session": row["session"], "on": row["on"]}
        for row in commission.facets["sessions"]
        if row["state"] != "held" and about in row.get("about", ())
    ]


def _instructions(world: World, commission: Standing, about: str) -> list[Row]:
    names = ("item", "text", "state", "deadline", "responsible", "recurrence", "moved")
    return [
        {"commission": commission.slug, **{name: row.get(name) for name in names}, "overdue": overdue(row, world.as_of)}
        for row in commission.facets["instructions"]
        if about in row.get("about", ())
    ]
