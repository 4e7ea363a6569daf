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
    rows = world.rows(links.projection, world.reader.mentioning(stream))
    return [row["stream"] for row in rows if row["other"] == stream and row["relation"] == relation]


def pointing(world: World, stream: str) -> dict[str, list[str]]:
    """Return the streams that point at this one, by the relation they stand in."""
    found: dict[str, list[str]] = {}
    for row in world.rows(links.projection, world.reader.mentioning(stream)):
        if row["other"] == stream:
            found.setdefault(row["relation"], []).append(row["stream"])
    return found


def pointers(world: World, relation: str, streams: Iterable[str] | None = None) -> dict[str, list[str]]:
    """Return, for every stream pointed at in a relation, the streams that point at it: of all, or of those named."""
    found: dict[str, list[str]] = {}
    for row in world.rows(links.projection, streams):
        if row["relation"] == relation:
            found.setdefault(row["other"], []).append(row["stream"])
    return found


def agreement_line(slug: str, agreements: dict[str, Standing]) -> dict[str, Any]:
    """Return what other answers say of an agreement, by its slug; empty where nothing of it is in effect."""
    known = agreements.get(stream_name("agreement", slug))
    facets = known.facets if known else {}
    signed = facets.get("signed") or {}
    return {
        "slug": slug,
        "title": facets.get("title"),
        "kind": facets.get("kind"),
        "legal_status": facets.get("legal_status"),
        "signed_on": signed.get("on"),
    }


def asked_of(world: World) -> dict[str, Any]:
    """Return what every answer begins with: the day and the point of knowledge asked, and the head."""
    return {
        "as_of": world.as_of.isoformat(),
        "known_at": world.known_at,
        "head": {"position": world.head.size, "root": world.head.root.hex()},
    }
