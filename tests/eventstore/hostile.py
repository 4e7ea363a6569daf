"""Values and texts that a register may meet: storable all the same, not storable, and no proper JSON."""

import enum
import math
import uuid
from datetime import UTC, date, datetime
from typing import Any

LIMIT = 2**53 - 1


class Colour(enum.StrEnum):
    """An enum that is a string, and that orjson would write as one."""

    RED = "red"


def nested(depth: int) -> Any:
    """Return lists within lists."""
    value: Any = []
    for _ in range(depth - 1):
        value = [value]
    return value


STORABLE = {
    "bidi overrides": "\u202eƏliyev\u2066\u200f",
    "a title of a million letters": "Ə" * 500_000,
    "a composed letter": "é",
    "its decomposed twin": "e\u0301",
    "the largest integer": LIMIT,
    "the smallest integer": -LIMIT,
    "an emoji past the first plane": "🤝",
    "line separators": "\u2028\u2029\x85",
    "control characters": "\x01\x1b[31m\x7f\t\r\n\b\f",
    "a byte order mark": "\ufeff",
    "noncharacters": "\ufffe\uffff",
    "quotes and backslashes": '\\"\\u0000',
    "markup": "[bold]<script>&amp;</script>",
    "a formula": "=1+1",
    "an empty key": {"": ""},
    "a key of control characters": {"\x01\n": 1},
    "keys that differ in case": {"a": 1, "A": 2},
    "an empty list": [],
    "32 lists deep": nested(32),
    "a tuple": (1, 2),
    "booleans beside integers": [True, 1, False, 0],
    "the text of a float": "0.1",
    "a zero-width joiner": "a\u200db",
}

UNSTORABLE = {
    "a NUL": "a\0b",
    "a NUL in a key": {"a\0": 1},
    "a lone high surrogate": "\ud800",
    "a lone low surrogate": "\udfff",
    "surrogates the wrong way round": "\udc00\ud800",
    "a surrogate in a key": {"\ud800": 1},
    "a float": 0.1,
    "a whole float": 1.0,
    "not a number": math.nan,
    "infinity": math.inf,
    "minus infinity": -math.inf,
    "minus zero": -0.0,
    "an integer past 2^53-1": LIMIT + 1,
    "an integer below -(2^53-1)": -LIMIT - 1,
    "an integer of 64 bits": 2**64,
    "an integer of a thousand digits": 10**1000,
    "a key beyond ASCII": {"ə": 1},
    "a key that is a number": {1: 1},
    "a key that is nothing": {None: 1},
    "33 lists deep": nested(33),
    "100,000 lists deep": nested(100_000),
    "more than a mebibyte": "a" * 1024 * 1024,
    "bytes": b"a",
    "a set": {1},
    "a date": date(2025, 4, 17),
    "a moment": datetime(2025, 4, 17, tzinfo=UTC),
    "a UUID": uuid.UUID(int=1),
    "an enum": Colour.RED,
    "an object": object(),
}

NO_JSON = {
    "the same key twice": '{"a": 1, "a": 1}',
    "the same key twice, escaped once": '{"a": 1, "\\u0061": 2}',
    "the same key twice, deep": '[{"a": {"b": 1, "b": 2}}]',
    "NaN": "[NaN]",
    "Infinity": "[Infinity]",
    "minus Infinity": "[-Infinity]",
    "a float": "[0.1]",
    "a whole float": "[1.0]",
    "an exponent": "[1e3]",
    "an exponent past every float": "[1e999]",
    "an integer past 2^53-1": "[9007199254740992]",
    "an integer of 100,000 digits": "9" * 100_000,
    "100,000 lists deep": "[" * 100_000 + "]" * 100_000,
    "100,000 objects deep": '{"a":' * 100_000 + "1" + "}" * 100_000,
    "100,000 lists begun": "[" * 100_000,
    "33 lists deep": "[" * 33 + "]" * 33,
    "a lone surrogate, escaped": '"\\ud800"',
    "a NUL, escaped": '"\\u0000"',
    "a NUL, raw": '"\0"',
    "a raw line end in a text": '"a\nb"',
    "a trailing comma": "[1,]",
    "a comment": "[1] // one",
    "two values": "1 2",
    "nothing": "",
    "single quotes": "{'a': 1}",
    "a byte order mark": "\ufeff{}",
    "a number with a leading zero": "[01]",
    "a number with a plus": "[+1]",
    "a key beyond ASCII": '{"ə": 1}',
    "an unknown escape": '"\\x41"',
    "bytes that are no UTF-8": b'"\xff"',
    "bytes of an overlong NUL": b'"\xc0\x80"',
    "bytes of a surrogate": b'"\xed\xa0\x80"',
    "UTF-16": '"a"'.encode("utf-16"),
    "more than a mebibyte": '"' + "a" * 1024 * 1024 + '"',
}
