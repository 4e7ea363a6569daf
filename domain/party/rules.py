"""What may happen to a party, as data, with its guards."""

from dataclasses import replace

from domain.decider import Decider
from domain.entries import Entry
from domain.facts import name_of
from domain.lifecycle import Guard, Lifecycle, Move
from domain.party.state import Party, evolve, facets


def _itself(_state: Party, entry: Entry) -> str | None:
    named = {getattr(entry.fact, name, None) for name in ("parent", "successor", "match")}
    return "a party stands in no such relation to itself" if entry.stream in named else None


ITSELF = Guard("itself", "refuse", "the other party is another", _itself)

_EXISTING = ("existing",)

EXISTENCE: Lifecycle[Party] = Lifecycle(
    kind="party",
    facet="existence",
    values=("existing", "succeeded", "dissolved"),
    ended=frozenset(),
    current=lambda state, _day: state.stage,
    moves=(
        Move("PartyRenamed", _EXISTING),
        Move("ParentRecorded", _EXISTING, None, (ITSELF,)),
        Move("PossibleMatchNoted", ("existing", "succeeded", "dissolved"), None, (ITSELF,)),
        Move("PartySucceeded", ("existing", "dissolved"), "succeeded", (ITSELF,)),
        Move("PartyDissolved", ("existing", "succeeded"), "dissolved"),
    ),
)


def _evolve(state: Party, entry: Entry) -> Party:
    return replace(evolve(state, entry), stage=EXISTENCE.after(state.stage, name_of(entry.fact)))


PARTY: Decider[Party] = Decider(
    kind="party",
    opens=("PartyRegistered",),
    initial=Party(),
    evolve=_evolve,
    judge=EXISTENCE.judge,
    facets=facets,
    lifecycles=(EXISTENCE,),
)
