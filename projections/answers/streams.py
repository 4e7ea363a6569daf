"""Streams as the answers need them: facets by kind, and who points at whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from domain.asking import asked, flags_asked
from domain.streams import stream_name
from projections.jsontext import read
from projections.projection import Row
from projections.views import links, register
from projections.world import World


@dataclass(frozen=True, slots=True)
class Standing:
    """One stream as it stands for the question."""

    stream: str
    kind: str
    slug: str
    title: str
    facets: dict[str, Any]
    flags: list[dict[str, Any]]
    quality: dict[str, Any]
    events: int


def standings(world: World, streams: Iterable[str] | None = None) -> dict[str, Standing]:
    """Return the streams in effect, all or those named, by stream name."""
    return {row["stream"]: _standing(world, row) for row in world.rows(register.projection, streams)}


def _standing(world: World, row: Row) -> Standing:
    facets = asked(row["kind"], read(row["facets"]), world.as_of)
    return Standing(
        stream=row["stream"],
        kind=row["kind"],
        slug=row["slug"],
        title=row["title"],
        facets=facets,
        flags=[*read(row["flags"]), *flags_asked(row["kind"], facets, world.as_of)],
        quality=read(row["quality"]),
        events=row["events"],
    )


def warnings(flags: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the flags that warn, without those that only remark."""
    return [flag for flag in flags if flag["weight"] != "note"]


def pointing_at(world: World, stream: str, relation: str) -> list[str]:
    """Return the streams that stand in a relation to this one, such as the projects under an agreement."""
    candidates = {event.stream for event in world.reader.about(stream)}
    rows = world.rows(links.projection, candidates)
    return [row["stream"] for row in rows if row["other"] == stream and row["relation"] == relation]


def pointers(world: World, relation: str) -> dict[str, list[str]]:
    """Return, for every stream pointed at in a relation, the streams that point at it."""
    found: dict[str, list[str]] = {}
    for row in world.rows(links.projection):
        if row["relation"] == relation:
            found.setdefault(row["other"], []).append(row["stream"])
    return found


def party_lines(facets: dict[str, Any], parties: dict[str, Standing]) -> list[dict[str, Any]]:
    """Return an agreement's parties with their registered names and countries."""
    return [_party_line(line, parties.get(stream_name("party", line["slug"]))) for line in facets["parties"]]


def _party_line(line: dict[str, Any], party: Standing | None) -> dict[str, Any]:
    known = party.facets if party else {}
    return {
        "slug": line["slug"],
        "name": known.get("name") or line["name_as_printed"] or line["slug"],
        "abbreviation": known.get("abbreviation"),
        "role": line["role"],
        "side": line["side"],
        "country": known.get("country"),
        "name_as_printed": line["name_as_printed"],
    }


def asked_of(world: World) -> dict[str, Any]:
    """Return what every answer begins with: the day and the point of knowledge asked, and the head."""
    return {
        "as_of": world.as_of.isoformat(),
        "known_at": world.known_at,
        "head": {"position": world.head.size, "root": world.head.root.hex()},
    }
