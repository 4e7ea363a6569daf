"""Which JSON values a fact may hold, and their one canonical form (RFC 8785 for the values allowed).

Guards against values that two engines or two parsers would read differently: floats, integers past
2^53-1 (RFC 8785 section 3.2.2.3, I-JSON), NUL, lone surrogates, duplicate keys, bottomless nesting.
"""

import json
import re
from typing import Any, Never

import orjson

from eventstore.errors import Unstorable

DEPTH_LIMIT = 32
SIZE_LIMIT = 1024 * 1024
INTEGER_LIMIT = 2**53 - 1

_INTEGER_DIGITS = 17  # more than INTEGER_LIMIT has; int() on a long text costs quadratic time
_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_BRACKET = re.compile(r"[\[\]{}]")
_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER

_TOO_DEEP = f"nested deeper than {DEPTH_LIMIT}"
_TOO_LARGE = f"larger than {SIZE_LIMIT} bytes"
_NO_FLOAT = 'not a whole number; write decimals as strings, "0.50"'
_NO_INTEGER = "an integer beyond 2^53-1; write it as a string"


def canonical(value: object) -> bytes:
    """Return the canonical bytes of a value; Unstorable when the log cannot hold it.

    For these values sorted ASCII keys and orjson's escapes are RFC 8785 to the byte.
    """
    check(value)
    body = write(value)
    if len(body) > SIZE_LIMIT:
        raise Unstorable(path="", problem=_TOO_LARGE)
    return body


def write(value: object) -> bytes:
    """Return the canonical bytes of a value known to be storable."""
    return orjson.dumps(value, option=_OPTIONS)


def check(value: object, depth: int = 1) -> None:
    """Walk a value; Unstorable with the path to the first part the log cannot hold.

    Exact types only: orjson would quietly write an enum, a UUID or a date in a form of its own.
    """
    kind = type(value)
    if kind is str:
        _check_text(value)  # type: ignore[arg-type]  # `kind is` does not narrow for mypy
    elif kind is int:
        if not -INTEGER_LIMIT <= value <= INTEGER_LIMIT:  # type: ignore[operator]
            raise Unstorable(path="", problem=_NO_INTEGER)
    elif kind is dict or kind is list or kind is tuple:
        _check_parts(value, depth)
    elif kind is float:
        raise Unstorable(path="", problem=_NO_FLOAT)
    elif kind is not bool and value is not None:
        raise Unstorable(path="", problem=f"{kind.__name__} is no JSON value")


def parse(body: bytes) -> Any:
    """Return the value of bytes `canonical` wrote; ValueError when they are no JSON."""
    return orjson.loads(body)


def parse_untrusted(text: bytes | str, *, longest: int = SIZE_LIMIT) -> Any:
    """Return the value of JSON from outside; Unstorable when it is no JSON, ambiguous or not to be held."""
    if (plain := _written_plainly(text, longest)) is not None:
        return plain
    told = _as_text(text, longest)
    _check_depth(told)
    try:
        value = _STRICT.decode(told)
    except json.JSONDecodeError as fault:
        raise Unstorable(path="", problem=f"not JSON: {fault.msg} at character {fault.pos + 1}") from None
    check(value)
    return value


def _written_plainly(text: bytes | str, longest: int) -> Any:
    """Return the value of JSON that a fast parser writes as it stands, None for any other.

    What is written again to the byte lost no key and no digit: only then may that parser be believed.
    """
    if not isinstance(text, bytes) or len(text) > longest:
        return None
    try:
        value = orjson.loads(text)
        if orjson.dumps(value) != text:
            return None
        check(value)
    except (ValueError, TypeError, Unstorable):
        return None  # the slow way says what is wrong, and where
    return value


def _check_parts(value: Any, depth: int) -> None:
    if depth > DEPTH_LIMIT:
        raise Unstorable(path="", problem=_TOO_DEEP)
    keyed = type(value) is dict
    if keyed:
        _check_keys(value)
    for step, part in value.items() if keyed else enumerate(value):
        if type(part) is str and part.isascii() and "\0" not in part:
            continue  # by far the most frequent part; the walk is the dearest step of an append
        try:
            check(part, depth + 1)
        except Unstorable as fault:
            fault.path = f"{step}.{fault.path}" if fault.path else f"{step}"
            raise


def _check_keys(value: dict[Any, Any]) -> None:
    """Refuse keys beyond ASCII: RFC 8785 sorts by UTF-16 and orjson by UTF-8; over ASCII the two agree."""
    for key in value:
        if type(key) is not str or not key.isascii() or "\0" in key:
            raise Unstorable(path=str(key), problem="a key that is not ASCII text")


def _check_text(text: str) -> None:
    if "\0" in text:  # PostgreSQL cannot hold it
        raise Unstorable(path="", problem="a NUL character")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise Unstorable(path="", problem="a lone surrogate") from None


def _as_text(text: bytes | str, longest: int) -> str:
    if len(text) > longest:
        raise Unstorable(path="", problem=f"larger than {longest} bytes")
    try:
        return text if isinstance(text, str) else text.decode()
    except UnicodeDecodeError as fault:
        raise Unstorable(path="", problem=f"not UTF-8 at byte {fault.start + 1}") from None


def _check_depth(text: str) -> None:
    """Refuse deep nesting before the parser recurses into it."""
    if text.count("[") + text.count("{") <= DEPTH_LIMIT:
        return
    depth = 0
    for bracket in _BRACKET.findall(_STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        if depth > DEPTH_LIMIT:
            raise Unstorable(path="", problem=_TOO_DEEP)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Unstorable(path=twice, problem="the same key twice")
    return found


def _integer(digits: str) -> int:
    if len(digits) > _INTEGER_DIGITS:
        raise Unstorable(path="", problem=_NO_INTEGER)
    return int(digits)


def _refuse_number(text: str) -> Never:
    raise Unstorable(path="", problem=f"{text[:40]} is {_NO_FLOAT}")


_STRICT = json.JSONDecoder(
    object_pairs_hook=_unique, parse_float=_refuse_number, parse_int=_integer, parse_constant=_refuse_number
)
