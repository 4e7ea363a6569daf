"""What is known of an occasion after its facts (DOMAIN.md section 3)."""

from dataclasses import dataclass
from typing import Any, TypeAlias, assert_never, cast

from domain.entries import Entry
from domain.occasion import facts as f
from domain.states import updated
from domain.streams import slug_of

Row: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Occasion:
    """The facets of one occasion. Dates are EDTF text."""

    title: str = ""
    kind: str | None = None
    place: str | None = None
    stage: str = "unknown"
    reason: str | None = None
    on: str | None = None
    organisers: tuple[str, ...] = ()
    supporters: tuple[str, ...] = ()
    combined_value: Row | None = None
    counts: tuple[Row, ...] = ()
    agreements: tuple[str, ...] = ()


def evolve(state: Occasion, entry: Entry) -> Occasion:
    """Return the state after a fact; accepts any fact in any order and never judges it."""
    fact, on = cast("f.OccasionFact", entry.fact), entry.on.text
    match fact:
        case f.OccasionAnnounced():
            state = updated(state, title=fact.title, kind=fact.kind or state.kind)
            return updated(state, place=fact.place or state.place, stage="announced")
        case f.OccasionHeld():
            state = updated(state, title=fact.title or state.title, kind=fact.kind or state.kind, on=on)
            state = updated(state, place=fact.place or state.place, stage="held")
            organisers = tuple(map(slug_of, fact.organisers)) or state.organisers
            supporters = tuple(map(slug_of, fact.supporters)) or state.supporters
            return updated(state, organisers=organisers, supporters=supporters)
        case f.CombinedValueStated():
            return updated(state, combined_value={"on": on, **fact.model_dump(mode="json", exclude_none=True)})
        case f.DocumentCountStated():
            return updated(state, counts=(*state.counts, {"on": on, "count": fact.count, "scope": fact.scope}))
        case f.AgreementAttached():
            kept = tuple(known for known in state.agreements if known != slug_of(fact.agreement))
            return updated(state, agreements=(*kept, slug_of(fact.agreement)))
        case f.AgreementDetached():
            gone = slug_of(fact.agreement)
            return updated(state, agreements=tuple(known for known in state.agreements if known != gone))
        case f.OccasionCancelled():
            return updated(state, stage="cancelled", reason=fact.reason)
        case _:
            assert_never(fact)


def facets(state: Occasion) -> Row:
    """Show the state as JSON values, independent of any clock."""
    return {
        "title": state.title,
        "kind": state.kind,
        "place": state.place,
        "stage": state.stage,
        "reason": state.reason,
        "on": state.on,
        "organisers": list(state.organisers),
        "supporters": list(state.supporters),
        "combined_value": state.combined_value,
        "document_counts": list(state.counts),
        "agreements": list(state.agreements),
    }
