"""An example of every fact: the least it must say, and all it can say, in words a desk would use."""

from typing import Any, Literal, get_args, get_origin

from domain.facts import Amount, Country, Currency, Duration, EdtfText, EventId, Fact, Language, referred_kind

SHAPES: tuple[tuple[Any, str], ...] = (
    (Amount, "335000000"),
    (Currency, "USD"),
    (Country, "AZ"),
    (Language, "az"),
    (Duration, "P5Y"),
    (EdtfText, "2025-04-17"),
    (EventId, "0201c331-35ba-50bc-8341-80793522dda2"),
)
"""The shared shapes of fields, each with an example."""

STREAMS = {
    "agreement": "agreement/izia-vencou-cardboard",
    "project": "project/sumgayit-cardboard",
    "commission": "commission/az-cn-trade",
    "occasion": "occasion/beijing-conference-2025",
    "party": "party/izia",
    "clock": "clock/register",
}

_WORDS: dict[str, Any] = {
    "title": "Agreement of intent on a cardboard plant", "subject": "a cardboard plant in Sumgayit",
    "sectors": "industry", "side": "Azerbaijan", "name_as_printed": "Economic Zones Development Agency (IZIA)",
    "reason": "the protocol of the ninth session says so", "place": "Beijing", "signatory": "E. Aliyev",
    "office": "chairman of the board", "procedure": "approval by the Milli Majlis", "act_number": "112-VIIQ",
    "depositary": "Secretary-General of the United Nations", "days": 30, "count": 2, "provisions": "article 5",
    "summary": "the plant moves to another park", "obligations": "art. 5", "ground": "article 9, by notice",
    "register_name": "United Nations Treaty Series", "number": "I-59123", "financier_class": "Chinese banks",
    "item": "3.1", "text": "submit the feasibility study", "report": "the site is surveyed, the study half written",
    "facet": "legal status", "value": "in force", "asserted_by": "Ministry of Economy",
    "locator": "protocols/2025-04-16.pdf", "sha256": "0" * 64, "length": 48213, "kind": "text", "session": "9",
    "remarks": "to be taken up again at the next session", "name": "Cardboard plant, Sumgayit", "product": "cardboard",
    "location": "Sumgayit Chemical Industrial Park", "author": "CMEC", "verdict": "costs to be reckoned anew",
    "wording": "financial and technical justification phase", "site": "plot 7", "zone": "Sumgayit Chemical Park",
    "permit": "building permit 14/25", "authority": "State Agency for Urban Planning", "milestone": "groundbreaking",
    "sides": "Azerbaijan", "mandate": "trade and economic cooperation", "co_chairs": "M. Jabbarov",
    "items": "industrial parks", "qualifier": "about", "scope": "investment projects signed that day",
    "abbreviation": "IZIA", "scheme": "LEI", "match": "party/ezda", "timezone": "Asia/Baku", "outlet": "smtp",
    "problem": "the mail server does not answer", "fired": 3, "changes": {"place": "Beijing"},
    "basis": "inferred: the April 2025 state visit", "source": {"source": "trend-2025-04-23"},
    "resolution": "the protocol was found", "rules": "few-parties", "file": "ministry.jsonl", "new": 120,
    "already_recorded": 4, "rejected": 0,
}  # fmt: skip
"""What a field that is told in free words may say, by its name."""


def data_examples(model: type[Fact]) -> list[dict[str, Any]]:
    """Return a fact's data twice: the least it must say, and all it can say."""
    every = {name: _example(name, info) for name, info in model.model_fields.items()}
    least = {name: every[name] for name, info in model.model_fields.items() if info.is_required()}
    if "changes" in every:
        least["changes"] = every["changes"]  # a correction says something
    return [least, every]


def _example(name: str, info: Any) -> Any:
    value = _one(name, info)
    return [value] if get_origin(info.annotation) is tuple else value


def _one(name: str, info: Any) -> Any:
    if kind := referred_kind(info):
        return STREAMS[kind]
    if choices := choices_of(info):
        return choices[0]
    return next((example for shape, example in SHAPES if is_shape(info, shape)), None) or _WORDS[name]


def choices_of(info: Any) -> tuple[str, ...]:
    """Return the words a field may choose from; empty where it is told freely."""
    parts = (info.annotation, *get_args(info.annotation))
    return next((get_args(part) for part in parts if get_origin(part) is Literal), ())


def is_shape(info: Any, shape: Any) -> bool:
    """Say whether a field has one of the shared shapes, alone or optional."""
    return shape in get_args(info.annotation) or _marks(shape) <= set(map(repr, info.metadata))


def _marks(shape: Any) -> set[str]:
    """Return what tells a shared shape apart: its constraints, which Pydantic copies to the field."""
    marks = (part for mark in get_args(shape)[1:] for part in getattr(mark, "metadata", None) or [mark])
    return set(map(repr, marks))
