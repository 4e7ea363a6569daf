"""What may happen to an occasion, as data, with its guards."""

from domain.decider import Decider
from domain.entries import Entry
from domain.facts import said
from domain.lifecycle import Guard, Lifecycle, Move
from domain.occasion import facts as f
from domain.occasion.state import Occasion, evolve, facets
from domain.states import updated
from domain.streams import slug_of


def _not_attached(state: Occasion, entry: Entry) -> str | None:
    fact = entry.fact
    unknown = isinstance(fact, f.AgreementDetached) and slug_of(fact.agreement) not in state.agreements
    return "that agreement is not attached to this occasion" if unknown else None


def _untitled(state: Occasion, entry: Entry) -> str | None:
    fact = entry.fact
    return None if state.title or said(fact, "title") else "an occasion not announced needs its title"


STAGES = ("unknown", "announced", "held", "cancelled")

STAGE: Lifecycle[Occasion] = Lifecycle(
    kind="occasion",
    facet="occasion",
    values=STAGES,
    ended=frozenset({"cancelled"}),
    current=lambda state, _day: state.stage,
    moves=(
        Move("OccasionAnnounced", ("unknown",), "announced"),
        Move(
            "OccasionHeld",
            ("unknown", "announced"),
            "held",
            (Guard("untitled", "refuse", "it has a title", _untitled),),
        ),
        Move("CombinedValueStated", ("announced", "held")),
        Move("DocumentCountStated", ("announced", "held")),
        Move("AgreementAttached", ("announced", "held")),
        Move(
            "AgreementDetached",
            ("announced", "held"),
            None,
            (Guard("not-attached", "refuse", "the agreement is attached", _not_attached),),
        ),
        Move("OccasionCancelled", ("announced",), "cancelled"),
    ),
)


def _evolve(state: Occasion, entry: Entry) -> Occasion:
    return updated(evolve(state, entry), stage=STAGE.after(state.stage, entry.fact))


OCCASION: Decider[Occasion] = Decider(
    kind="occasion",
    opens=("OccasionAnnounced", "OccasionHeld"),
    initial=Occasion(),
    evolve=_evolve,
    judge=STAGE.judge,
    facets=facets,
    lifecycles=(STAGE,),
)
