"""`paraph record`: a short word for every everyday fact, and `fact` for all of the catalogue."""

import inspect
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from cli.drafting import draft, is_many, model_of, parse_settings, shaped
from cli.exits import REFUSED, USAGE, Failure
from cli.guard import guarded_command
from cli.lazy import Entry, LazyGroup
from cli.options import Writing
from cli.receipts import carry_out
from cli.wiring import register_of
from cli.words import NAMED_BY_ACTION, WORDS, Word
from domain.streams import KINDS, kind_of
from eventstore.log import Reader
from projections.answers.resolve import stream_exactly

_FACT = Entry("Any", "cli.commands.record:fact", "Any fact type of the catalogue, field by field.")


class Words(LazyGroup):
    """The group of short words; each word's command is made from the fields of its facts when called."""

    def get_command(self, ctx: typer.Context, cmd_name: str) -> Any:  # type: ignore[override]  # Typer's own context
        """Make the command of one word."""
        if cmd_name in WORDS:
            return guarded_command(cmd_name, _function(WORDS[cmd_name]), WORDS[cmd_name].summary)
        return super().get_command(ctx, cmd_name)


_TABLE = {name: Entry(word.section, "", word.summary) for name, word in WORDS.items()} | {"fact": _FACT}

record = Words("record", _TABLE, help="Record a fact on an agreement, project, commission, occasion or party.")


def fact(
    type_: Annotated[str, typer.Argument(metavar="TYPE", help="The fact type; paraph facts list names them.")],
    stream: Annotated[str, typer.Argument(metavar="STREAM", help="The slug, or kind/slug, it is about.")],
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="A field of the fact; may be repeated.")
    ] = None,
    about: Annotated[
        list[str] | None, typer.Option("--about", metavar="STREAM", help="Another stream it concerns; may be repeated.")
    ] = None,
    *,
    writing: Writing,
) -> None:
    """Record a fact of any type of the catalogue. paraph facts show TYPE lists its fields."""
    from domain.catalogue import kind_of_fact

    model_of(type_)
    with register_of(writing) as register:
        with register.store.reading() as reader:
            home = kind_of_fact(type_)
            name = _stream(reader, stream, KINDS if home == "any" else (home,), opening=_opens(type_))
            data = shaped(reader, type_, parse_settings(set_ or []))
            others = [stream_exactly(reader, other) for other in about or []]
        carry_out(register, [draft(register, writing, type_, name, data, about=others)], writing)


def _opens(fact_type: str) -> bool:
    from domain.deciders import DECIDERS

    return any(fact_type in decider.opens for decider in DECIDERS.values())


def _stream(reader: Reader, text: str, kinds: tuple[str, ...], *, opening: bool) -> str:
    """Return the stream meant; a fact that opens a file may name one that is not there yet."""
    from domain.streams import is_stream, stream_name

    name = stream_name(kinds[0], text) if len(kinds) == 1 and "/" not in text else text
    if opening and is_stream(name):
        return name
    return stream_exactly(reader, text, kinds)


def _function(word: Word) -> Any:
    """Return a function that records the word's fact, with the fact's fields as its parameters."""

    def recorded(
        stream: str,
        writing: Writing,
        action: str = "",
        also: list[str] | None = None,
        about: list[str] | None = None,
        **given: Any,
    ) -> None:
        values = {field: value for field, value in given.items() if value not in (None, [])}
        with register_of(writing) as register:
            with register.store.reading() as reader:
                names = dict.fromkeys(stream_exactly(reader, slug, word.kinds) for slug in (stream, *(also or ())))
                said = [(name, *_said(reader, word, name, action, values)) for name in names]
                others = [stream_exactly(reader, other) for other in about or ()]
            drafts = [
                draft(register, writing.follower(number), chosen, name, data, about=others)
                for number, (name, chosen, data) in enumerate(said)
            ]
            carry_out(register, drafts, writing)

    parameters = list(_parameters(word))
    recorded.__doc__ = word.summary
    recorded.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # what with_options reads
    recorded.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return recorded


def _said(reader: Reader, word: Word, stream: str, action: str, values: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the fact a word stands for on a stream, and what it says."""
    chosen = _chosen(word, kind_of(stream), action)
    named = {NAMED_BY_ACTION[chosen]: action} if chosen in NAMED_BY_ACTION else {}
    return chosen, shaped(reader, chosen, {**values, **named})


def _chosen(word: Word, kind: str, action: str) -> str:
    by_action = word.facts[kind]
    if action not in by_action:
        message = f"{action!r} is none of {', '.join(by_action)} for a {kind}"
        raise Failure("usage", message, USAGE if action not in word.actions else REFUSED, "paraph record --help")
    return by_action[action]


def _parameters(word: Word) -> Iterator[inspect.Parameter]:
    yield _parameter("stream", str, typer.Argument(metavar="STREAM", help=f"A slug: {' or '.join(word.kinds)}."))
    if word.actions:
        shown = typer.Argument(metavar=word.choose.upper(), help=f"One of {', '.join(word.actions)}.")
        yield _parameter("action", str, shown)
    fields = _fields(word)
    for name in word.positional:
        info, required = fields.pop(name)
        argument = typer.Argument(metavar=name.upper(), help=_described(info))
        yield _parameter(name, str if required else str | None, argument, required=required)
    for name, (info, _) in fields.items():
        flag = typer.Option(f"--{name.replace('_', '-')}", metavar=name.upper(), help=_described(info))
        yield _parameter(name, list[str] | None if is_many(info) else str | None, flag, required=False)
    help_ = "Another stream it concerns; may be repeated."
    yield _parameter("about", list[str] | None, typer.Option("--about", metavar="STREAM", help=help_), required=False)
    if word.several:
        help_ = "Another stream it is recorded on too, in one go; may be repeated."
        yield _parameter("also", list[str] | None, typer.Option("--also", metavar="STREAM", help=help_), required=False)
    yield inspect.Parameter("writing", inspect.Parameter.KEYWORD_ONLY, annotation=Writing)


def _parameter(name: str, kind: Any, shown: Any, *, required: bool = True) -> inspect.Parameter:
    default = inspect.Parameter.empty if required else None
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind, shown])


def _fields(word: Word) -> dict[str, tuple[Any, bool]]:
    """Return the fields of the word's facts, each with whether every one of the facts requires it."""
    facts = dict.fromkeys(fact for by_action in word.facts.values() for fact in by_action.values())
    models = [model_of(fact).model_fields for fact in facts]
    names = dict.fromkeys(name for fields in models for name in fields)
    hidden = set(NAMED_BY_ACTION.values()) if facts.keys() & NAMED_BY_ACTION.keys() else set()
    return {
        name: (
            next(fields[name] for fields in models if name in fields),
            all(name in fields and fields[name].is_required() for fields in models),
        )
        for name in names
        if name not in hidden
    }


def _described(info: Any) -> str:
    from typing import Literal, get_args, get_origin

    choices = [part for part in (info.annotation, *get_args(info.annotation)) if get_origin(part) is Literal]
    listed = f" One of {', '.join(get_args(choices[0]))}." if choices else ""
    text = str(info.description or "")
    return f"{text[:1].upper()}{text[1:]}.{listed}"
