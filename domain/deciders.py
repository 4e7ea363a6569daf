"""The decider of each kind of stream."""

from typing import Any

from domain.agreement.rules import AGREEMENT
from domain.clock.rules import CLOCK
from domain.commission.rules import COMMISSION
from domain.decider import Decider
from domain.lifecycle import Lifecycle
from domain.occasion.rules import OCCASION
from domain.party.rules import PARTY
from domain.project.rules import PROJECT

DECIDERS: dict[str, Decider[Any]] = {
    decider.kind: decider for decider in (AGREEMENT, PROJECT, COMMISSION, OCCASION, PARTY, CLOCK)
}

LIFECYCLES: dict[str, Lifecycle[Any]] = {
    lifecycle.facet: lifecycle for decider in DECIDERS.values() for lifecycle in decider.lifecycles
}
