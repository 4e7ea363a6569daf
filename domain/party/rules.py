"""What may happen to a party, as data, with its guards."""

from domain.decider import Decider
from domain.entries import Entry
from domain.facts import said
from domain.lifecycle import Guard, Lifecycle, Move
from domain.lookalikes import strangeness
from domain.party.state import Party, evolve, facets
from domain.states import updated
from domain.streams import slug_of


def _itself(_state: Party, entry: Entry) -> str | None:
    named = {said(entry.fact, name) for name in ("parent", "successor", "match", "absorbed")}
    return "a party stands in no such relation to itself" if entry.stream in named else None


def _absorbed(state: Party, entry: Entry) -> str | None:
    slug = slug_of(said(entry.fact, "absorbed") or "")
    return f"{slug} was merged into it already" if slug in state.absorbed else None


def _not_absorbed(state: Party, entry: Entry) -> str | None:
    slug = slug_of(said(entry.fact, "absorbed") or "")
    merged = ", ".join(state.absorbed) or "none"
    return None if slug in state.absorbed else f"{slug} is not merged into it; merged: {merged}"


def _strange_name(_state: Party, entry: Entry) -> str | None:
    names = (said(entry.fact, field) for field in ("name", "text", "abbreviation"))
    return next((problem for name in names if name and (problem := strangeness(name))), None)


ITSELF = Guard("itself", "refuse", "the other party is another", _itself)

STRANGE = Guard("strange-letters", "warn", "its letters are of one script and can be seen", _strange_name)

_EXISTING = ("existing",)
_ALL = ("existing", "succeeded", "dissolved")

EXISTENCE: Lifecycle[Party] = Lifecycle(
    kind="party",
    facet="existence",
    values=_ALL,
    ended=frozenset(),
    current=lambda state, _day: state.stage,
    moves=(
        Move("PartyRegistered", _ALL, None, (STRANGE,)),
        Move("NameVariantRecorded", _ALL, None, (STRANGE,)),
        Move("PartyRenamed", _EXISTING, None, (STRANGE,)),
        Move("ParentRecorded", _EXISTING, None, (ITSELF,)),
        Move("PossibleMatchNoted", _ALL, None, (ITSELF,)),
        Move(
            "PartiesMerged",
            _ALL,
            None,
            (ITSELF, Guard("merged-already", "warn", "it was not merged before", _absorbed)),
        ),
        Move(
            "MergeUndone",
            _ALL,
            None,
            (Guard("not-merged", "refuse", "the two are merged", _not_absorbed),),
        ),
        Move("PartySucceeded", ("existing", "dissolved"), "succeeded", (ITSELF,)),
        Move("PartyDissolved", ("existing", "succeeded"), "dissolved"),
    ),
)


def _evolve(state: Party, entry: Entry) -> Party:
    stage = EXISTENCE.after(state.stage, entry.fact)
    after = evolve(state, entry)
    return after if stage == state.stage else updated(after, stage=stage)


PARTY: Decider[Party] = Decider(
    kind="party",
    opens=("PartyRegistered",),
    initial=Party(),
    evolve=_evolve,
    judge=EXISTENCE.judge,
    facets=facets,
    lifecycles=(EXISTENCE,),
)
