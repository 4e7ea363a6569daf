"""What is known of a party after its facts: its names, identifiers and ties (DOMAIN.md section 3)."""

from dataclasses import dataclass
from typing import Any, TypeAlias, assert_never, cast

from domain.entries import Entry
from domain.party import facts as f
from domain.states import updated
from domain.streams import slug_of

Row: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Party:
    """The facets of one party. Dates are EDTF text; names keep the order in which they took effect."""

    name: str = ""
    abbreviation: str | None = None
    kind: str = "unknown"
    country: str | None = None
    variants: tuple[Row, ...] = ()
    former: tuple[Row, ...] = ()
    identifiers: tuple[Row, ...] = ()
    parent: str | None = None
    matches: tuple[Row, ...] = ()
    absorbed: tuple[str, ...] = ()
    merges: tuple[Row, ...] = ()
    successor: str | None = None
    stage: str = "existing"


def evolve(state: Party, entry: Entry) -> Party:
    """Return the state after a fact; accepts any fact in any order and never judges it."""
    fact, on = cast("f.PartyFact", entry.fact), entry.on.text
    match fact:
        case f.PartyRegistered():
            return updated(state, name=fact.name, kind=fact.kind, country=fact.country, abbreviation=fact.abbreviation)
        case f.NameVariantRecorded():
            sources = [source.source for source in entry.sources]
            variant = {
                "text": fact.text,
                "language": fact.language,
                "since": on,
                "until": fact.until,
                "sources": sources,
            }
            return updated(state, variants=(*state.variants, variant))
        case f.PartyRenamed():
            former = {"text": state.name, "until": on}
            short = fact.abbreviation or state.abbreviation
            return updated(state, name=fact.name, abbreviation=short, former=(*state.former, former))
        case f.IdentifierRecorded():
            found = {"scheme": fact.scheme, "value": fact.value}
            return updated(state, identifiers=(*state.identifiers, found))
        case f.ParentRecorded():
            return updated(state, parent=slug_of(fact.parent))
        case f.PartiesMerged():
            kept = tuple(known for known in state.absorbed if known != slug_of(fact.absorbed))
            return updated(_merged(state, fact, on), absorbed=(*kept, slug_of(fact.absorbed)))
        case f.MergeUndone():
            gone = slug_of(fact.absorbed)
            state = _merged(state, fact, on)
            return updated(state, absorbed=tuple(known for known in state.absorbed if known != gone))
        case f.PossibleMatchNoted():
            return _matched(state, fact.match, "possible", fact.reason)
        case f.MatchRejected():
            return _matched(state, fact.match, "rejected", fact.reason)
        case f.PartySucceeded():
            return updated(state, successor=slug_of(fact.successor))
        case f.PartyDissolved():
            return state
        case _:
            assert_never(fact)


def _merged(state: Party, fact: f.PartiesMerged | f.MergeUndone, on: str) -> Party:
    what = "merged" if isinstance(fact, f.PartiesMerged) else "undone"
    row = {"on": on, "what": what, "party": slug_of(fact.absorbed), "reason": fact.reason}
    return updated(state, merges=(*state.merges, row))


def _matched(state: Party, match: str, verdict: str, reason: str | None) -> Party:
    others = tuple(row for row in state.matches if row["match"] != match)
    return updated(state, matches=(*others, {"match": match, "verdict": verdict, "reason": reason}))


def facets(state: Party) -> Row:
    """Show the state as JSON values, independent of any clock."""
    return {
        "title": state.name,
        "name": state.name,
        "abbreviation": state.abbreviation,
        "kind": state.kind,
        "country": state.country,
        "variants": list(state.variants),
        "former_names": list(state.former),
        "identifiers": list(state.identifiers),
        "parent": state.parent,
        "matches": list(state.matches),
        "absorbed": list(state.absorbed),
        "merges": list(state.merges),
        "successor": state.successor,
        "stage": state.stage,
    }
