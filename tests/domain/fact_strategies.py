"""Generators of valid facts of every type, read off their models, and of whole logs."""

import typing
from datetime import date
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from domain import facts
from domain.catalogue import BY_KIND
from domain.corrections import FACTS as RECORD
from domain.facts import Fact, Source, stored
from domain.record import corrected, resolve
from tests.domain.edtf_texts import valid
from tests.domain.samples import OPENING, sample
from tests.spec import STREAMS, Said, Story, event, given

DAYS = st.dates(date(2020, 1, 1), date(2027, 12, 31))
WHEN = st.one_of(
    DAYS.map(str), DAYS.map(lambda day: f"{day:%Y-%m}"), DAYS.map(lambda day: f"{day:%Y}"), valid(),
    st.sampled_from(["XXXX-04-23", "2025-04-17?", "2025-04~", "9999-12-31", "0001-01-01", "2025-04-17/.."]),
)  # fmt: skip
TEXTS = st.one_of(st.sampled_from(["İZİA", "TEO", "x", "紙"]), st.from_regex(r"[a-zA-Z0-9 ,.–]*[a-z]", fullmatch=True))
SLUGS = st.sampled_from(["azpromo", "vencou", "third-side"])
UNITS = st.tuples(st.integers(0, 99), st.sampled_from("YMWD")).map(lambda part: f"P{part[0]}{part[1]}")

BY_ALIAS: dict[int, st.SearchStrategy[Any]] = {
    id(facts.Line): TEXTS,
    id(facts.Prose): st.one_of(TEXTS, st.just("two\nlines")),
    id(facts.Amount): st.decimals(0, 10**12, places=2).map(str),
    id(facts.Currency): st.sampled_from(["USD", "AZN", "CNY"]),
    id(facts.Country): st.sampled_from(["AZ", "CN"]),
    id(facts.Language): st.sampled_from(["az", "ru", "zh-Hans"]),
    id(facts.EdtfText): WHEN,
    id(facts.Duration): st.one_of(UNITS, st.sampled_from(["P1Y6M", "P99999Y", "P0D"])),
    id(facts.EventId): st.integers(1, 12).map(event),
}


def of_type(annotation: Any) -> st.SearchStrategy[Any]:
    """Return JSON values for an annotation of a fact's field."""
    if id(annotation) in BY_ALIAS:
        return BY_ALIAS[id(annotation)]
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        kinds = [mark.kind for mark in parts[1:] if isinstance(mark, facts.Refers)]
        return SLUGS.map(lambda slug: f"{kinds[0]}/{slug}") if kinds else of_type(parts[0])
    if origin in {Union, UnionType}:
        return st.one_of(*(of_type(part) for part in parts if part is not NoneType))
    if origin is Literal:
        return st.sampled_from(parts)
    if origin is tuple:
        return st.lists(of_type(parts[0]), max_size=3)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return data_of(annotation)
    raise NotImplementedError(annotation)


def field_of(model: type[BaseModel], name: str) -> st.SearchStrategy[Any]:
    """Return JSON values for one field of a model."""
    info = model.model_fields[name]
    if name == "sha256":
        return st.just("0" * 64)
    if info.annotation is int or int in get_args(info.annotation):
        bounds = {type(mark): mark for part in (info, *(_extras(info.annotation))) for mark in _marks(part)}
        return st.integers(getattr(bounds.get(Ge), "ge", 0), min(getattr(bounds.get(Le), "le", 999), 999))
    if name == "changes":
        return st.just({"note": "x"})
    if name in {"item", "milestone"}:  # few, so that facts about one duty meet
        return st.sampled_from(["3.1", "art. 5", "İZİA"])
    declared = typing.get_type_hints(model, include_extras=True)[name]
    return of_type(declared)


def _extras(annotation: Any) -> tuple[Any, ...]:
    return tuple(part for part in get_args(annotation) if get_origin(part) is Annotated)


def _marks(part: Any) -> list[Ge | Le]:
    found: tuple[Any, ...] = getattr(part, "metadata", ()) or getattr(part, "__metadata__", ())
    return [mark for mark in found if isinstance(mark, Ge | Le)]


@st.composite
def data_of(draw: st.DrawFn, model: type[BaseModel]) -> dict[str, Any]:
    """Return data a model takes: what it requires, and some of the rest."""
    required = [name for name, info in model.model_fields.items() if info.is_required()]
    others = sorted(set(model.model_fields) - set(required))
    chosen = draw(st.lists(st.sampled_from(others), unique=True)) if others else []
    if issubclass(model, facts.Money) and ("amount" in chosen) != ("currency" in chosen):
        chosen = [*({*chosen} - {"amount", "currency"})]
    if "changes" in others:  # a correction names a field or a date
        chosen = sorted({*chosen, "changes"})
    return {name: draw(field_of(model, name)) for name in (*required, *chosen)}


KINDS = st.sampled_from(sorted(OPENING))


@st.composite
def world_facts(draw: st.DrawFn, kind: str) -> Said:
    """Return a fact about the world of a kind of stream, the opening one included."""
    name = draw(st.sampled_from(sorted(BY_KIND[kind])))
    return Said(name, draw(WHEN), draw(data_of(BY_KIND[kind][name])), draw(envelopes()))


@st.composite
def envelopes(draw: st.DrawFn) -> dict[str, Any]:
    """Return what a line holds besides the fact."""
    about = st.lists(st.sampled_from(sorted(STREAMS.values())), max_size=2, unique=True)
    whole = {"about": about, "sources": st.lists(data_of(Source), max_size=2), "note": TEXTS}
    return draw(st.fixed_dictionaries({}, optional=whole))


@st.composite
def record_facts(draw: st.DrawFn, story: Story) -> Said:
    """Return a fact about the record that aims at an entry of the story, judged or not."""
    name = draw(st.sampled_from(sorted(set(RECORD) - {"ImportFinished"})))
    target = draw(st.sampled_from(story.entries))
    data = draw(data_of(RECORD[name])) | {"target": target.id}
    if name == "EventCorrected":
        data = {**data, "changes": draw(corrections_of(target.fact)), "on": draw(WHEN)}
    return Said(name, draw(WHEN), data)


@st.composite
def corrections_of(draw: st.DrawFn, target: Fact) -> dict[str, Any]:
    """Return changes that leave the target, as first recorded, a valid fact."""
    changes: dict[str, Any] = {}
    for name, info in type(target).model_fields.items():
        if name != "changes" and draw(st.booleans()):
            gone = not info.is_required() and draw(st.booleans())
            changes[name] = None if gone else draw(field_of(type(target), name))
    try:
        corrected(target, changes)
    except ValidationError:
        return {}
    return changes


@st.composite
def stories(draw: st.DrawFn, *, judged: bool = False, size: int = 10, of: str | None = None) -> Story:
    """Return the log of a stream, of any kind or one: an opening, then facts about the world and about the record.

    What is not judged may hold anything in any order; what is judged holds what was decided.
    """
    kind = of or draw(KINDS)
    story = given(STREAMS[kind], sample(OPENING[kind], draw(DAYS.map(str))))
    for _ in range(draw(st.integers(0, size))):
        said = draw(st.one_of(world_facts(kind), world_facts(kind), record_facts(story)))
        story = story.when(said).after if judged else story.also(said)
    return story


def standing(story: Story) -> list[dict[str, Any] | None]:
    """Return what every entry of a story stands as."""
    return [stored(line.stands.fact) if line.stands else None for line in resolve(story.entries)]
