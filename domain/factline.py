"""One fact as a JSON line: what `import` reads, what `record --dry-run --json` prints (CLI.md section 5)."""

from typing import Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain import dates
from domain.catalogue import UnknownFact, model_named
from domain.entries import Draft
from domain.facts import EventId, Line, Prose, Source, name_of, stored, worded
from domain.streams import KINDS, STREAM_PATTERN, is_stream


class FactLine(BaseModel):
    """The envelope of a fact as people and programs write it."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True, hide_input_in_errors=True)

    type: str = Field(description="the fact's type, as `paraph facts list` names it")
    stream: str = Field(pattern=rf"^{STREAM_PATTERN}$", description="kind/slug")
    on: str = Field(description="when it took effect, EDTF")
    data: dict[str, Any] = Field(default_factory=dict, description="the fact's own fields")
    about: tuple[str, ...] = Field(default=(), max_length=200, description="other streams it concerns")
    sources: tuple[Source, ...] = Field(default=(), max_length=200, description="where it comes from")
    id: EventId | None = Field(default=None, description="UUID of the event, so that a retry is safe")
    key: Line | None = Field(default=None, description="idempotency key")
    by: Line | None = Field(default=None, description="who recorded it")
    note: Prose | None = Field(default=None, description="a remark")
    irregular: dict[str, Prose] = Field(
        default_factory=dict, description="rules that may be waived for it, by their codes, each with the reason"
    )


Problem: TypeAlias = tuple[str, str]
"""A dotted field name, and a sentence that says what is wrong there."""


class BadFact(ValueError):
    """A fact that cannot be read: one or more problems, each with the place of the field.

    Field: `problems`, pairs of a dotted field name and a sentence; `suggestion`s ride in the sentence.
    """

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{field}: {problem}" for field, problem in problems))


def draft_of(value: Any, *, new_id: str, by: str = "", batch: str | None = None) -> Draft:
    """Turn a parsed JSON value into a draft; raises `BadFact` naming every problem found.

    `new_id` serves where the line brings no id of its own, `by` where it names nobody.
    """
    problems: list[Problem] = []
    said = value if isinstance(value, dict) else {}
    named = {**said, "by": by} if by and said.get("by") is None else value
    line = _validated(FactLine, named, "", problems)
    fact = _fact(said.get("type"), said.get("data", {}), problems)
    when = _when(said.get("on"), problems)
    _streams(said.get("about", ()), problems)
    if problems:
        raise BadFact(*problems)
    return Draft(
        id=line.id or new_id,
        stream=line.stream,
        on=when,
        fact=fact,
        about=line.about,
        sources=line.sources,
        by=line.by or by,
        key=line.key,
        batch=batch,
        note=line.note,
    )


def line_of(draft: Draft) -> dict[str, Any]:
    """Show a draft as the JSON line that would record it; absent fields are left out."""
    shown: dict[str, Any] = {
        "type": name_of(draft.fact),
        "stream": draft.stream,
        "on": draft.on.text,
        "data": stored(draft.fact),
        "about": list(draft.mentions()),
        "sources": [source.model_dump(exclude_none=True) for source in draft.sources],
        "id": draft.id,
        "key": draft.key,
        "by": draft.by or None,
        "note": draft.note,
    }
    return {name: value for name, value in shown.items() if value not in (None, [])}


def _validated(model: type[BaseModel], value: Any, prefix: str, problems: list[Problem]) -> Any:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        problems += ((_place(found["loc"], prefix), worded(found)) for found in error.errors())
        return None


def _place(location: tuple[int | str, ...], prefix: str) -> str:
    return (prefix + ".".join(map(str, location))).removesuffix(".") or "line"


# Each part of a line is read even where another is wrong, so that every problem is told at once; what is
# not even of the right JSON type is the envelope's to tell.


def _fact(name: Any, data: Any, problems: list[Problem]) -> Any:
    if not (isinstance(name, str) and isinstance(data, dict)):
        return None
    try:
        model = model_named(name)
    except UnknownFact:
        problems.append(("type", f"{name!r} is no fact type; paraph facts list names them"))
        return None
    return _validated(model, data, "data.", problems)


def _when(text: Any, problems: list[Problem]) -> Any:
    try:
        return dates.parse(text) if isinstance(text, str) else None
    except dates.BadDate as error:
        problems.append(("on", str(error)))
        return None


def _streams(names: Any, problems: list[Problem]) -> None:
    listed = names if isinstance(names, list | tuple) else ()
    unknown = [name for name in listed if isinstance(name, str) and not is_stream(name)]
    kinds = ", ".join(KINDS)
    problems += (("about", f"{name!r} is no stream: kind/slug, kind one of {kinds}") for name in unknown)
