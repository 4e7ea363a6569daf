"""The flags every command shares, said once: a command asks for `Common`, `Reading` or `Writing` and gets them all."""

import functools
import inspect
import uuid
from collections.abc import Callable
from dataclasses import MISSING, Field, dataclass, fields, replace
from datetime import date
from typing import Annotated, Any, get_type_hints

import typer

from cli.exits import USAGE, Failure
from cli.output import FORMATS, Screen, screen_for
from cli.settings import Setting, settle

Option = typer.Option


def _one_of(*values: str) -> Callable[[str | None], str | None]:
    def check(value: str | None) -> str | None:
        if value is not None and value not in values:
            raise typer.BadParameter(f"{value!r} is none of {', '.join(values)}")
        return value

    return check


@dataclass(frozen=True, kw_only=True)
class Common:
    """What every command takes."""

    db: Annotated[str | None, Option("--db", metavar="PATH", help="The register: a file or an SQLAlchemy URL.")] = None
    read_db: Annotated[
        str | None,
        Option("--read-db", metavar="URL", help="A streaming replica for questions; primary: ask the register itself."),
    ] = None
    color: Annotated[
        str | None,
        Option(
            "--color",
            metavar="WHEN",
            callback=_one_of("auto", "always", "never"),
            help="auto, always or never.",
        ),
    ] = None
    quiet: Annotated[bool, Option("--quiet", help="No warnings, no hints, no progress.")] = False
    debug: Annotated[bool, Option("--debug", help="Show where an unexpected error arose.")] = False
    json: Annotated[bool, Option("--json", help="JSON on stdout and nothing else; errors as JSON on stderr.")] = False

    @property
    def format(self) -> str | None:
        """Return the output format asked for, where the command offers a choice."""
        return None

    @functools.cached_property
    def settings(self) -> dict[str, Setting]:
        """Return every setting with its origin."""
        by = getattr(self, "by", None)
        return settle({"db": self.db, "read_db": self.read_db, "color": self.color, "by": by})

    @functools.cached_property
    def remarks(self) -> dict[str, Any]:
        """Return what a JSON answer, or a JSON error, says of itself besides; whoever finds out adds it."""
        return {}

    @functools.cached_property
    def screen(self) -> Screen:
        """Return where answers go."""
        made = screen_for(format=self.format, json=self.json, quiet=self.quiet, color=self.settings["color"].value)
        return replace(made, remarks=self.remarks)


@dataclass(frozen=True, kw_only=True)
class Shown(Common):
    """What every command takes that shows something."""

    shape: Annotated[
        str | None,
        Option("--format", metavar="FORMAT", callback=_one_of(*FORMATS), help=f"One of {', '.join(FORMATS)}."),
    ] = None

    @property
    def format(self) -> str | None:
        """Return the output format asked for."""
        return self.shape


@dataclass(frozen=True, kw_only=True)
class Asked(Common):
    """What every command takes that asks: as of which day, and as known when."""

    as_of: Annotated[str | None, Option("--as-of", metavar="DATE", help="The world on that day (default: today).")] = (
        None
    )
    known_at: Annotated[
        str | None,
        Option("--known-at", metavar="TIME|POSITION", help="What the register said then (default: now)."),
    ] = None

    wait: Annotated[
        int | None,
        Option("--wait", metavar="POSITION", min=0, help="Answer once the register has come so far; 0: as it is."),
    ] = None
    patience: Annotated[
        int, Option("--patience", metavar="SECONDS", min=0, max=3600, help="Wait no longer than this.")
    ] = 10

    @property
    def day(self) -> date | None:
        """Return the day asked for; its last, where a month or a year is given."""
        if self.as_of is None:
            return None
        from domain.dates import parse

        return parse(self.as_of).latest


@dataclass(frozen=True, kw_only=True)
class Reading(Asked, Shown):
    """What every question takes."""


@dataclass(frozen=True, kw_only=True)
class Writing(Common):
    """What every record takes."""

    on: Annotated[str | None, Option("--on", metavar="DATE", help="When it took effect, EDTF (default: today).")] = None
    source: Annotated[
        list[str] | None, Option("--source", metavar="REF", help="Where it comes from; may be repeated.")
    ] = None
    quote: Annotated[str | None, Option("--quote", metavar="TEXT", help="The source's own words.")] = None
    lang: Annotated[str | None, Option("--lang", metavar="TAG", help="Language of the quote, BCP 47.")] = None
    certainty: Annotated[
        str,
        Option(
            "--certainty",
            metavar="HOW",
            callback=_one_of("stated", "inferred", "assumed"),
            help="stated, inferred or assumed.",
        ),
    ] = "stated"
    by: Annotated[str | None, Option("--by", metavar="NAME", help="Who records (default: you).")] = None
    note: Annotated[str | None, Option("--note", metavar="TEXT", help="A remark on this record.")] = None
    id: Annotated[str | None, Option("--id", metavar="UUID", help="The event's id; the same id is recorded once.")] = (
        None
    )
    key: Annotated[str | None, Option("--key", metavar="TEXT", help="A key that is recorded once.")] = None
    expect: Annotated[
        int | None,
        Option("--expect", metavar="VERSION", min=0, max=2**53 - 1, help="Record only if the stream stands at it."),
    ] = None
    irregular: Annotated[
        str | None, Option("--irregular", metavar="REASON", help="Record what a rule refuses, and say why.")
    ] = None
    dry_run: Annotated[bool, Option("--dry-run", help="Say what would be recorded; record nothing.")] = False

    def follower(self, number: int) -> "Writing":
        """Return the flags for a fact recorded along with the first: its id follows from the first one's."""
        if number == 0:
            return self
        own = str(uuid.uuid5(uuid.UUID(self.id), str(number))) if self.id else None
        key = f"{self.key}/{number}" if self.key else None
        return replace(self, id=own, key=key)

    def sources(self) -> list[dict[str, Any]]:
        """Return the sources given; words of a quote belong to one source only."""
        given = self.source or []
        if self.quote and len(given) != 1:
            raise Failure("usage", "--quote needs exactly one --source", USAGE, "name the source the words are from")
        words = {"quote": self.quote, "lang": self.lang} if self.quote else {}
        present = {name: value for name, value in words.items() if value}
        return [{"source": source, "certainty": self.certainty, **present} for source in given]


def with_options(function: Callable[..., Any], *, errors: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function with the flags of its option parameters spread out in its signature.

    `errors(common, call)` runs the call and turns errors into exit codes.
    """
    own, grouped = _parameters(function)
    flags = {name: _flags(cls) for name, cls in grouped.items()}

    @functools.wraps(function)
    def call(**given: Any) -> None:
        made = {name: cls(**{field: given.pop(field) for field in flags[name]}) for name, cls in grouped.items()}
        common = next(iter(made.values()))
        errors(common, lambda: function(**given, **made))

    spread = [parameter for parameters in flags.values() for parameter in parameters.values()]
    call.__signature__ = inspect.Signature([*own, *spread])  # type: ignore[attr-defined]  # what Typer reads
    call.__annotations__ = {parameter.name: parameter.annotation for parameter in (*own, *spread)}
    del call.__wrapped__  # or inspect would look through to the original signature
    return call


def _parameters(function: Callable[..., Any]) -> tuple[list[inspect.Parameter], dict[str, type[Common]]]:
    hints = get_type_hints(function, include_extras=True)
    own: list[inspect.Parameter] = []
    grouped: dict[str, type[Common]] = {}
    for name, parameter in inspect.signature(function).parameters.items():
        hint = hints.get(name, parameter.annotation)
        if isinstance(hint, type) and issubclass(hint, Common):
            grouped[name] = hint
        else:
            own.append(parameter.replace(annotation=hint, kind=inspect.Parameter.KEYWORD_ONLY))
    return own, grouped


def _flags(cls: type[Common]) -> dict[str, inspect.Parameter]:
    hints = get_type_hints(cls, include_extras=True)
    return {
        field.name: inspect.Parameter(
            field.name, inspect.Parameter.KEYWORD_ONLY, default=_default(field), annotation=hints[field.name]
        )
        for field in sorted(fields(cls), key=_own_first(cls))
    }


def _own_first(cls: type[Common]) -> Callable[[Field[Any]], bool]:
    """Put the flags of the command's sort before those of every command."""
    common = {field.name for field in fields(Common)}
    return lambda field: field.name in common and cls is not Common


def _default(field: Field[Any]) -> Any:
    return inspect.Parameter.empty if field.default is MISSING else field.default
