"""Who is who, and what is a party in? Merged files read as one party; nothing of them is rewritten."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from domain.streams import kind_of, slug_of, stream_name
from projections.answers.streams import Standing, agreement_line, standings
from projections.views import links, merges, names
from projections.world import World


def merged(world: World, parties: Iterable[str] | None = None) -> dict[str, str]:
    """Return for each party that is one with others, and not itself the one that goes on, which one does.

    However merges run, in chains, forks or circles, all they touch are one party. Whom nobody took in goes
    on; where that is none or several, the first by name. Of all parties, or of those named and whom they are
    one with: of what does not hold for the question then only the streams that speak of them are looked at.
    """
    took_in = _merges(world, None) if parties is None else _merges_near(world, set(parties))
    absorbed = {other for _, other in took_in}
    wholes: dict[str, set[str]] = {}
    for party, other in sorted(took_in):
        whole = wholes.get(party, {party}) | wholes.get(other, {other})
        wholes |= dict.fromkeys(whole, whole)
    into = {party: min(whole - absorbed or whole) for party, whole in wholes.items()}
    return {party: goes_on for party, goes_on in into.items() if party != goes_on}


def _merges(world: World, streams: Iterable[str] | None) -> set[tuple[str, str]]:
    return {(row["stream"], row["other"]) for row in world.rows(merges.projection, streams)}


def _merges_near(world: World, parties: set[str]) -> set[tuple[str, str]]:
    """Return the merges that touch some parties, and those that touch whom they touch."""
    found: set[tuple[str, str]] = set()
    seen: set[str] = set()
    while parties:
        found |= {merge for merge in _merges(world, parties | _speaking(world, parties)) if parties & {*merge}}
        seen |= parties
        parties = {party for merge in found for party in merge} - seen
    return found


def _speaking(world: World, parties: set[str]) -> set[str]:
    """Return the parties that may have taken in one of these.

    What mentions a ministry are thousands of events: they are looked through only where rows of some party do not
    hold for the question.
    """
    stored = world.stored(merges.projection)
    if stored is not None and not any(kind_of(stream) == "party" for stream in world.unsettled):
        return {row["stream"] for row in stored if row["other"] in parties}
    return {name for party in parties for name in world.reader.mentioning(party) if kind_of(name) == "party"}


def one_party(world: World, stream: str) -> set[str]:
    """Return all files that are one party with the given one, itself among them."""
    into = merged(world, [stream])
    goes_on = into.get(stream, stream)
    return {goes_on, stream, *(party for party, other in into.items() if other == goes_on)}


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
        if row["other"] == party
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


def told_apart(facets: dict[str, Any]) -> set[str]:
    """Return the streams that a party is said not to be the same as, by its facets; a bare slug is a party's."""
    rejected = (row["match"] for row in facets["matches"] if row["verdict"] == "rejected")
    return {stream_name("party", match) for match in rejected}


def _lookalikes(world: World, same: set[str]) -> list[str]:
    """Return other parties with a name that cannot be told from one of these on paper, unless said to be others."""
    ours = {row["skeleton"] for row in world.rows(names.projection, same)} - {""}
    on_record = names.looking_like(world.reader.connection, ours) if ours else []
    rows = world.rows(names.projection, {stream for stream, _ in on_record} - same)
    alike = {row["stream"] for row in rows if row["skeleton"] in ours}
    apart = {stream: told_apart(known.facets) for stream, known in standings(world, alike | same).items()}
    others = set().union(*(apart.get(stream, set()) for stream in same))
    return sorted(slug_of(stream) for stream in alike - others if not apart.get(stream, set()) & same)


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


def known_parties(world: World, agreements: Iterable[Standing], into: dict[str, str] | None = None) -> Known:
    """Return the parties that agreements name; `into` is what `merged` says of all, where that is known already."""
    named = {stream_name("party", line["slug"]) for standing in agreements for line in standing.facets["parties"]}
    if into is None:
        into = merged(world, named if len(named) < _FEW else None)
    return Known(standings(world, {into.get(stream, stream) for stream in named}), into)
