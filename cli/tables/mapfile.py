"""The map: a TOML file that says how a row becomes facts (docs/import.md).

A map is read whole before the first row: what is wrong with it is told at once, with its place.
"""

import tomllib
from pathlib import Path
from typing import Any, Literal, Self, TypeVar, get_args, get_origin

from pydantic import BaseModel, Field, ValidationError, model_validator

from cli.exits import REFUSED, USAGE, Failure
from cli.tables.dating import months_of
from cli.tables.mapparts import MONTHS, Conditions, Defaults, Layout, Part, Said, Separators, Texts, Value, columns_in
from domain.catalogue import MODELS, kind_of_fact
from domain.facts import Fact, worded
from domain.streams import Kind

_LARGEST = 1 << 20
"""Bytes of a map at most."""


class Stream(Part):
    """A stream a row speaks of: which kind, by which columns it is known again, and how its slug is made."""

    kind: Kind
    key: Texts = ()
    """Columns, or templates of columns."""
    fixed: str | None = None
    """The one stream that every row speaks of, by its name."""
    each: Texts = ()
    """Columns, or patterns of their names, of which each that is filled names one; together they are the key."""
    same: str | None = None
    """Another stream of the map by whose key this one is known too."""
    slug: str | None = None
    split: Separators = ()
    words: str | None = None
    """A word map of other spellings: what is not in it stays as it is."""
    existing: bool = False
    """Its slug is that of a stream on record already."""
    when: Conditions = ()

    @model_validator(mode="after")
    def _known_somehow(self) -> Self:
        if bool(self.key) == (self.fixed is not None):
            raise ValueError("needs a key, or a fixed name, and not both")
        if self.split and self.key and "{" in self.key[0]:
            raise ValueError("splits its first key, which must be a column")
        if self.each and (len(self.key) != 1 or "{" in self.key[0]):
            raise ValueError("has each, and needs one key, a name for those columns together")
        return self

    def names(self) -> set[str]:
        """Return the columns the stream comes from."""
        named = {name for key in self.key for name in (columns_in(key) if "{" in key else (key,))}
        return named | set(columns_in(self.slug or "")) | {condition.column for condition in self.when}


class FactRule(Part):
    """One fact a row may give: on which stream, of which type, on which day, saying what."""

    id: str | None = None
    stream: str
    type: str
    on: Said
    data: dict[str, Said] = Field(default_factory=dict)
    when: Conditions = ()
    key: Texts = ()
    """Columns that tell apart several facts of this rule on one stream."""
    changed: Literal["correct", "record"] = "correct"
    """What a later file that says otherwise means: the old fact was wrong, or something new happened."""
    keep: Texts = ()
    """Fields that are not compared with a later file, such as names that are spelt anew each time."""
    quote: str | None = None
    irregular: dict[str, str] = Field(default_factory=dict)
    """Rules that may be waived for the fact, by their codes, each with the reason, which is recorded with it."""

    @property
    def name(self) -> str:
        """Return what the rule is called in keys and messages."""
        return self.id or self.type


class Map(Part):
    """A whole map."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$")
    table: Layout = Layout()
    defaults: Defaults = Defaults()
    words: dict[str, dict[str, str]] = Field(default_factory=dict)
    streams: dict[str, Stream]
    facts: tuple[FactRule, ...]

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if not self.facts:
            raise ValueError("gives no facts: [[facts]]")
        names = [(rule.stream, rule.name) for rule in self.facts]
        twice = sorted({f"{stream}: {name}" for stream, name in names if names.count((stream, name)) > 1})
        if twice:
            raise ValueError(f"two rules bear one name, {', '.join(twice)}: give each an id")
        for rule in self.facts:
            self._check(rule)
        for name, stream in self.streams.items():
            self._check_stream(name, stream)
        try:
            months_of(self.words.get(MONTHS, {}))
        except ValueError:
            raise ValueError('words.months gives months numbers: "марта" = "3"') from None
        return self

    def _check_stream(self, name: str, stream: Stream) -> None:
        if stream.words is not None and stream.words not in self.words:
            raise ValueError(f"{name} wants words.{stream.words}, which is not in the map")
        if stream.same is not None:
            other = self.streams.get(stream.same)
            if other is None or other.kind != stream.kind or other.same is not None:
                raise ValueError(f"{name} is the same as {stream.same!r}, which is no other {stream.kind} of the map")
        for column in self.together().keys() & self._asked():
            raise ValueError(f"{column!r} stands for several columns: a condition asks about one of them by its name")

    def together(self) -> dict[str, Texts]:
        """Return the names that stand for several columns, with these."""
        return {stream.key[0]: stream.each for stream in self.streams.values() if stream.each}

    def _asked(self) -> set[str]:
        asked = [*self.table.when]
        asked += [condition for stream in self.streams.values() for condition in stream.when]
        asked += [condition for rule in self.facts for condition in rule.when]
        return {condition.column for condition in asked} | set(self.table.fill)

    def _check(self, rule: FactRule) -> None:
        if rule.type not in MODELS:
            raise ValueError(f"{rule.type!r} is no fact type; paraph facts list names them")
        if rule.stream not in self.streams:
            raise ValueError(f"{rule.name} is on {rule.stream!r}, which is none of {', '.join(self.streams)}")
        kind, home = self.streams[rule.stream].kind, kind_of_fact(rule.type)
        if home not in {kind, "any"}:
            raise ValueError(f"{rule.type} is a fact of a {home}, and {rule.stream!r} is a {kind}")
        model: type[Fact] = MODELS[rule.type]
        if unknown := rule.data.keys() - model.model_fields.keys():
            raise ValueError(f"{rule.type} has no field {', '.join(sorted(unknown))}: {', '.join(model.model_fields)}")
        if wanted := [
            name for name, info in model.model_fields.items() if info.is_required() and name not in rule.data
        ]:
            raise ValueError(f"{rule.type} must say {', '.join(wanted)}; paraph facts show {rule.type}")
        for said in (*rule.data.values(), rule.on):
            self._check_value(rule, said)
        for name, said in rule.data.items():
            self._check_words(rule, name, said, _choices(model.model_fields[name].annotation))

    def _check_value(self, rule: FactRule, said: Value) -> None:
        named = said.stream or said.all
        if named is not None and named not in self.streams:
            raise ValueError(f"{rule.name} names {named!r}, which is none of {', '.join(self.streams)}")
        if said.words is not None and said.words not in self.words:
            raise ValueError(f"{rule.name} wants words.{said.words}, which is not in the map")

    def _check_words(self, rule: FactRule, name: str, said: Value, choices: tuple[str, ...]) -> None:
        """Raise ValueError where the map itself says a word that the field does not know."""
        given = [said.value, said.default]
        given += [said.text] if said.text and "{" not in said.text else []
        given += self.words[said.words].values() if said.words else []
        if choices and (wrong := sorted({str(word) for word in given if word and word not in choices})):
            where = f", from words.{said.words}," if said.words else ""
            raise ValueError(f"{rule.name}: {name}{where} is {' or '.join(choices)}, not {', '.join(wrong)}")

    def columns(self) -> set[str]:
        """Return every column the map asks for."""
        found = {name for stream in self.streams.values() for name in stream.names()}
        for rule in self.facts:
            found |= {name for said in (*rule.data.values(), rule.on) for name in said.names()}
            found |= {*rule.key, *columns_in(rule.quote or ""), *(condition.column for condition in rule.when)}
        found |= {condition.column for condition in self.table.when} | set(self.table.fill)
        return (found | set(columns_in(self.defaults.source)) - {"file"}) - self.together().keys()


def _choices(annotation: Any) -> tuple[str, ...]:
    """Return the words a field of a fact may have; none where it takes any."""
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    return next((found for part in get_args(annotation) if (found := _choices(part))), ())


def _worded(found: Any) -> str:
    match found["type"]:
        case "extra_forbidden":
            return "is no part of a map"
        case "string_pattern_mismatch":
            return f"is 3 to 40 of a-z, 0-9 and -, not {found['input']!r}"
        case _:
            return worded(found)


def read_map(path: Path) -> Map:
    """Return the map of a file; raises `Failure` naming the place of what is wrong."""
    return _checked(Map, path, _values(path))


def read_layout(path: Path) -> Layout:
    """Return how a map says that its table lies in the file, of a map that may have no more than that."""
    return _checked(_Begun, path, _values(path)).table


class _Begun(BaseModel):
    """A map that is not written yet, but for how the table lies."""

    table: Layout = Layout()


_Checked = TypeVar("_Checked", bound=BaseModel)


def _values(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as opened:
            written = opened.read(_LARGEST + 1)
        if len(written) > _LARGEST:
            message = f"{path} has more than {_LARGEST:,} bytes, and is no map"
            raise Failure("bad-map", message, REFUSED, "docs/import.md shows a map")
        return tomllib.loads(written.decode("utf-8-sig").replace("\r\n", "\n"))
    except OSError as error:
        raise Failure("unreadable", f"{path} cannot be read: {error.strerror}", USAGE, "--map MAP.toml") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Failure("bad-map", f"{path}: {error}", REFUSED, "docs/import.md shows a map") from None
    except RecursionError:
        raise Failure("bad-map", f"{path} is too deep to be a map", REFUSED, "docs/import.md shows a map") from None


def _checked(model: type[_Checked], path: Path, values: dict[str, Any]) -> _Checked:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        problems = (f"{'.'.join(map(str, found['loc'])) or 'map'} {_worded(found)}" for found in error.errors())
        raise Failure("bad-map", f"{path}: {'; '.join(problems)}", REFUSED, "docs/import.md shows a map") from None
