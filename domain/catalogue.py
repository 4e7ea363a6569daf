"""Every fact type paraph knows, by its stored name (DOMAIN.md section 3)."""

from typing import cast

from domain.agreement.facts import FACTS as AGREEMENT
from domain.clock.facts import FACTS as CLOCK
from domain.commission.facts import FACTS as COMMISSION
from domain.corrections import FACTS as RECORD
from domain.facts import Fact
from domain.occasion.facts import FACTS as OCCASION
from domain.party.facts import FACTS as PARTY
from domain.project.facts import FACTS as PROJECT

ANY_STREAM = "any"
"""Stands for the kind of facts about the record, which may lie in every stream."""

BY_KIND: dict[str, dict[str, type[Fact]]] = {
    "agreement": cast("dict[str, type[Fact]]", AGREEMENT),
    "project": cast("dict[str, type[Fact]]", PROJECT),
    "commission": cast("dict[str, type[Fact]]", COMMISSION),
    "occasion": cast("dict[str, type[Fact]]", OCCASION),
    "party": cast("dict[str, type[Fact]]", PARTY),
    "clock": cast("dict[str, type[Fact]]", CLOCK),
    ANY_STREAM: cast("dict[str, type[Fact]]", RECORD),
}

MODELS: dict[str, type[Fact]] = {name: model for facts in BY_KIND.values() for name, model in facts.items()}

_kinds: dict[str, str] = {name: kind for kind, facts in BY_KIND.items() for name in facts}


class UnknownFact(ValueError):
    """A fact type, or a newer schema of one, that this program does not know.

    Fields: `name`, and `schema` where the type is known but not in that version.
    """

    def __init__(self, name: str, schema: int | None = None) -> None:
        self.name = name
        self.schema = schema
        super().__init__(name if schema is None else f"{name} in schema {schema}")


def model_named(name: str, schema: int | None = None) -> type[Fact]:
    """Return the model stored under a name; raise `UnknownFact` where there is none of that schema."""
    model = MODELS.get(name)
    if model is None:
        raise UnknownFact(name)
    if schema is not None and schema != model.schema_number:
        raise UnknownFact(name, schema)
    return model


def kind_of_fact(name: str) -> str:
    """Return the kind of stream a fact type belongs to, or `any` for facts about the record."""
    return _kinds[name]
