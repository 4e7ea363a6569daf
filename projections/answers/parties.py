"""Who is who, and what is a party in? Merged files read as one party; nothing of them is rewritten."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from domain.streams import kind_of, slug_of, stream_name
from projections.answers.streams import Standing, agreement_line, standings
from projections.views import links, names
from projections.world import World


def merged(world: World, parties: Iterable[str] | None = None) -> dict[str, str]:
    """Return for each party merged into another the one that goes on in the end, by stream name.

    Of all parties, or of those named: then only the streams that speak of them are looked at.
    """
    into = _all_merges(world) if parties is None else _merges_of(world, set(parties))
    return {party: _last(party, into) for party in into}


def _all_merges(world: World) -> dict[str, str]:
    return {row["other"]: row["stream"] for row in world.rows(links.projection) if row["relation"] == links.MERGED}


def _merges_of(world: World, parties: set[str]) -> dict[str, str]:
    into: dict[str, str] = {}
    while parties:
        speaking = {name for party in parties for name in world.reader.mentioning(party) if kind_of(name) == "party"}
        rows = [row for row in world.rows(links.projection, speaking) if row["relation"] == links.MERGED]
        found = {row["other"]: row["stream"] for row in rows if row["other"] in parties - into.keys()}
        into |= found
        parties = set(found.values()) - into.keys()
    return into


def _last(party: str, into: dict[str, str]) -> str:
    seen = {party}
    while (following := into.get(party)) is not None and following not in seen:
        seen.add(following)
        party = following
    return party


def one_party(world: World, stream: str) -> set[str]:
    """Return all files that are one party with the given one, itself among them."""
    goes_on = merged(world, [stream]).get(stream, stream)
    found, fresh = {goes_on, stream}, {goes_on, stream}
    while fresh:
        rows = [row for row in world.rows(links.projection, fresh) if row["relation"] == links.MERGED]
        fresh = {row["other"] for row in rows} - found
        found |= fresh
    return found


def party_answer(world: World, standing: Standing) -> dict[str, Any]:
    """Return what a party's status adds to its facets: what it is in and as what, and who else it is or may be."""
    same = one_party(world, standing.stream)
    goes_on = merged(world, [standing.stream]).get(standing.stream)
    roles = _roles(world, same)
    return {
        "merged_into": slug_of(goes_on) if goes_on else None,
        "one_with": sorted(slug_of(party) for party in same - {standing.stream}),
        "predecessors": [row["slug"] for row in roles if row["role"] == "succeeded by"],
        "looks_like": _lookalikes(world, same),
        "roles": [row for row in roles if row["kind"] != "party"],
        "agreements": _agreements(world, roles),
    }


def _agreements(world: World, roles: list[dict[str, Any]]) -> list[dict[str, Any]]:
    own = [row for row in roles if row["kind"] == "agreement" and row["role"] != "debtor"]
    known = standings(world, {row["stream"] for row in own})
    return [{**agreement_line(row["slug"], known), "role": row["role"], "as": row["as"]} for row in own]


def _roles(world: World, parties: Iterable[str]) -> list[dict[str, Any]]:
    """Return each stream the parties take part in, with the role, under the name of the file that says so."""
    found = [
        (row["stream"], row["relation"], party)
        for party in sorted(parties)
        for row in world.rows(links.projection, world.reader.mentioning(party))
        if row["other"] == party and row["relation"] != links.MERGED
    ]
    known = standings(world, {stream for stream, _, _ in found})
    return [
        {
            "stream": stream,
            "kind": kind_of(stream),
            "slug": slug_of(stream),
            "title": known[stream].title,
            "role": role,
            "as": slug_of(party),
            "stands": _stands(known[stream]),
        }
        for stream, role, party in sorted(set(found))
        if stream in known
    ]


def _stands(standing: Standing) -> str | None:
    facets = standing.facets
    return facets.get("legal_status") or facets.get("phase") or facets.get("stage")


def _lookalikes(world: World, same: set[str]) -> list[str]:
    """Return other parties with a name that cannot be told from one of these on paper."""
    ours = {row["skeleton"] for row in world.rows(names.projection, same)} - {""}
    on_record = names.looking_like(world.reader.connection, ours) if ours else []
    others = world.rows(names.projection, {stream for stream, _ in on_record} - same)
    return sorted({slug_of(row["stream"]) for row in others if row["skeleton"] in ours})


_FEW = 20
"""So few parties are looked up one by one; for more, all merges are read at once."""


@dataclass(frozen=True, slots=True)
class Known:
    """The parties an answer names: those registered, by stream, and which merged file goes on as which."""

    parties: dict[str, Standing]
    into: dict[str, str]

    def lines(self, facets: dict[str, Any]) -> list[dict[str, Any]]:
        """Return an agreement's parties with registered names and countries; merged ones by the name that goes on."""
        return [self._line(line) for line in facets["parties"]]

    def _line(self, line: dict[str, Any]) -> dict[str, Any]:
        stream = stream_name("party", line["slug"])
        goes_on = self.into.get(stream)
        party = self.parties.get(goes_on or stream)
        known = party.facets if party else {}
        return {
            "slug": line["slug"],
            "name": known.get("name") or line["name_as_printed"] or line["slug"],
            "abbreviation": known.get("abbreviation"),
            "role": line["role"],
            "side": line["side"],
            "country": known.get("country"),
            "name_as_printed": line["name_as_printed"],
            "merged_into": slug_of(goes_on) if goes_on else None,
        }


def known_parties(world: World, agreements: Iterable[Standing]) -> Known:
    """Return the parties that agreements name."""
    named = {stream_name("party", line["slug"]) for standing in agreements for line in standing.facets["parties"]}
    into = merged(world, named if len(named) < _FEW else None)
    return Known(standings(world, {into.get(stream, stream) for stream in named}), into)
