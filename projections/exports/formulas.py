"""Cells that a spreadsheet would run: made text by an apostrophe in front, and read back without it.

A text that begins with an apostrophe itself gets one more, so that what is written can always be told apart.
"""

_RUN = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_MARKED = tuple(f"'{sign}" for sign in (*_RUN, "'"))


def neutralised(text: str) -> str:
    """Return a text as a CSV cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith((*_RUN, "'")) else text


def restored(cell: str) -> str:
    """Return the text of a cell that `neutralised` wrote; any other cell as it is."""
    return cell[1:] if cell.startswith(_MARKED) else cell
