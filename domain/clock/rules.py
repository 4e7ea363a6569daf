"""A clock's facts follow no order that could be broken: what was fired was fired."""

from collections.abc import Iterator

from domain.clock.state import Clock, evolve, facets
from domain.decider import Decider
from domain.entries import Entry
from domain.findings import Finding


def _judge(_state: Clock, _entry: Entry) -> Iterator[Finding]:
    return iter(())


CLOCK: Decider[Clock] = Decider(
    kind="clock",
    opens=("ClockStarted",),
    initial=Clock(),
    evolve=evolve,
    judge=_judge,
    facets=facets,
    lifecycles=(),
)
