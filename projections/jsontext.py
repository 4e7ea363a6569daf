"""JSON as views keep it in a text column: sorted keys, so that equal values are equal text."""

from typing import Any

import orjson


def written(value: Any) -> str:
    """Return a JSON value as text."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def read(text: str) -> Any:
    """Return the JSON value of a text."""
    return orjson.loads(text)
