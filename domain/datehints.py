"""What is wrong with a text that is no date, and what was probably meant.

Guards the person who has to mend row 14: a refusal says why in one sentence and, where a guess is fair,
offers a text that does read. Nothing here changes what is accepted.
"""

import re
import unicodedata
from typing import NamedTuple

from domain.dateforms import LONGEST, MONTHS, Unreadable, is_leap, month_length, read

_UNKNOWN = "not a date in EDTF, such as 2025-04-23, 2025-04 or 2025"

# How often one guess may build on another: " 23.04.25" loses its space, then finds its order.
_DEPTH = 4


class Spelling(NamedTuple):
    """A way people write dates, why it is refused, and what to write instead (none when nobody can know)."""

    pattern: str
    problem: str
    meant: tuple[str, ...] = ()


_Y, _M, _D, _N = "(?P<y>[0-9]{4})", "(?P<m>[0-9]{1,2})", "(?P<d>[0-9]{1,2})", "(?P<n>[A-Za-z]{3,9})"
_PAST_12, _Q = "(?P<d>1[3-9]|2[0-9]|3[01])", "(?P<q>[?~%]?)"
_YMD, _MDY = r"\g<y>-\g<m>-\g<d>\g<q>", r"\g<y>-\g<d>-\g<m>\g<q>"
_YEAR_FIRST, _HYPHENS = "the year is written first", "a date is written YYYY-MM-DD, YYYY-MM or YYYY"
_BY_NUMBER, _OPEN = (
    "a month is written as a number",
    "an open end is written .. and an unknown one not at all",
)
_SLASH, _TWO_DIGITS = "a period is written with a slash between its ends", "two-digit year"

_SPELLINGS = (
    Spelling(r"(.*[0-9])[T ][0-9]{1,2}:[0-9]{2}.*", "a time of day is no part of an effective date", (r"\1",)),
    Spelling(rf"{_Y}[-./ ]{_M}[-./ ]{_D}{_Q}", _HYPHENS, (_YMD,)),
    Spelling(rf"{_Y}[-./ ]{_M}{_Q}", _HYPHENS, (r"\g<y>-\g<m>\g<q>",)),
    Spelling(rf"{_Y}(?P<m>[0-9][0-9])(?P<d>[0-9][0-9]){_Q}", _HYPHENS, (_YMD,)),
    Spelling(rf"{_D}[-. ]{_M}[-. ]{_Y}{_Q}", _YEAR_FIRST, (_YMD,)),
    Spelling(rf"{_PAST_12}/{_M}/{_Y}{_Q}", _YEAR_FIRST, (_YMD,)),
    Spelling(rf"{_M}/{_PAST_12}/{_Y}{_Q}", _YEAR_FIRST, (_YMD,)),
    Spelling(rf"{_D}/{_M}/{_Y}{_Q}", "day and month may be either way round", (_YMD, _MDY)),
    Spelling(rf"{_D}\.{_M}\.(?P<y>[0-6][0-9]){_Q}", _TWO_DIGITS, ("20" + _YMD,)),
    Spelling(rf"{_D}\.{_M}\.(?P<y>[0-9]{{2}}){_Q}", _TWO_DIGITS, ("19" + _YMD,)),
    Spelling(r"[0-9]{1,2}([-/])[0-9]{1,2}\1[0-9]{1,2}[?~%]?", _TWO_DIGITS),
    Spelling(rf"{_M}[-./ ]{_Y}{_Q}", _YEAR_FIRST, (r"\g<y>-\g<m>\g<q>",)),
    Spelling(rf"{_D}(?:st|nd|rd|th)?[- ]{_N}\.?,?[- ]{_Y}{_Q}", _BY_NUMBER, (r"\g<y>-\g<n>-\g<d>\g<q>",)),
    Spelling(rf"{_N}\.? {_D}(?:st|nd|rd|th)?,? {_Y}{_Q}", _BY_NUMBER, (r"\g<y>-\g<n>-\g<d>\g<q>",)),
    Spelling(rf"{_N}[-., ]+{_Y}{_Q}", _BY_NUMBER, (r"\g<y>-\g<n>\g<q>",)),
    Spelling(r"(?i:ca?\.|ca|circa|about|approx\.?) *(.+)", "about is written ~ after the date", (r"\1~",)),
    Spelling(r"([0-9]{3})0s", "a decade is written with X for its last digit", (r"\1X",)),
    Spelling(r"(.+)(?:\?~|~\?)(.*)", "uncertain and approximate together are written %", (r"\1%\2",)),
    Spelling(r"([0-9X-]{4,10})\.\.([0-9X-]{4,10})", "a range needs the brackets of a set", (r"[\1..\2]",)),
    Spelling(r"(.+?) +(?:-|to|until) +(.+)", _SLASH, (r"\1/\2",)),
    Spelling(r"([0-9]{4})-([0-9]{4})", _SLASH, (r"\1/\2",)),
    Spelling(r"(.+)/open", _OPEN, (r"\1/..",)),
    Spelling(r"open/(.+)", _OPEN, (r"../\1",)),
    Spelling(r"(.+)/unknown", _OPEN, (r"\1/",)),
    Spelling(r"unknown/(.+)", _OPEN, (r"/\1",)),
    Spelling(r"(.+)-", "a hyphen is left over at the end", (r"\1",)),
    Spelling(r"-[0-9].*", "agreements start at year 1"),
    Spelling(r"Y-?[0-9].*|[0-9]{5,6}(-.*)?", "a year has four digits, 0001 to 9999"),
    Spelling(r"[0-9]{4}S[0-9]+", "significant digits are not read; write X for each unknown digit"),
    Spelling(r"[A-Za-z][A-Za-z/ ]*", "a word is no date; write the day itself"),
    Spelling(r".*/.*/.*", "an interval has two ends"),
)


def advice(text: str, problem: str, depth: int = _DEPTH) -> tuple[str, str | None]:
    """Give the problem, and a text or two ("this or that") to try instead, each of which does read."""
    if not text:
        return "no date is given", None
    if not (text.isascii() and text.isprintable()):
        return _foreign(text, depth)
    if problem:
        return problem, _nearest(text)
    if depth == 0:
        return _UNKNOWN, None
    return _respelt(text, depth) or _piecewise(text, depth)


def _problem(text: str) -> str | None:
    """Why a text does not read; None when it does, nothing when its shape is unknown."""
    if len(text) > LONGEST:
        return f"longer than {LONGEST} characters"
    try:
        read(text)
    except Unreadable as unreadable:
        return unreadable.problem
    return None


def _settled(reason: str, candidates: list[str], depth: int) -> tuple[str, str | None]:
    """Offer what reads among the candidates, else whatever advice the first of them earns."""
    good = [candidate for candidate in candidates if _problem(candidate) is None]
    if good or not candidates:
        return reason, " or ".join(dict.fromkeys(good)) or None
    return advice(candidates[0], _problem(candidates[0]) or "", depth - 1)


def _foreign(text: str, depth: int) -> tuple[str, str | None]:
    """Spaces, digits and dashes of every script have a plain twin; the rest is not guessed at."""
    plain = "".join(map(_plain, text.strip()))
    odd = next((char for char in text if not (char.isascii() and char.isprintable())), "")
    kind = "a digit of another script" if odd.isdecimal() else "a character no date has"
    reason = f"{kind}: {odd!a}"
    if not (plain.isascii() and plain.isprintable()):
        return reason, None
    return reason, _settled(reason, [plain], depth)[1] if depth else None


def _plain(char: str) -> str:
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    return "-" if unicodedata.category(char) == "Pd" or char == "\N{MINUS SIGN}" else char


def _nearest(text: str) -> str | None:
    """Mend a day that never was: the month's last day, the month alone, or day and month swapped."""
    if not (found := re.fullmatch("([0-9]{4})-([0-9]{2})-([0-9]{2})([?~%]?)", text)):
        return None
    year, month, day, mark = found.groups()
    options = [f"{year}-{month}{mark}"]
    if 1 <= int(month) <= 12 and day != "00":
        options.insert(0, f"{year}-{month}-{month_length(int(month), leap=is_leap(int(year)))}{mark}")
    elif int(month) > 12:
        options = [f"{year}-{day}-{month}{mark}"]
    return " or ".join(option for option in options if _problem(option) is None) or None


def _respelt(text: str, depth: int) -> tuple[str, str | None] | None:
    """Recognise another way of writing dates, from the surest sign to the vaguest."""
    if re.fullmatch(r"[0-9XUxu?~%/.,{}\[\]-]*[xuU][0-9XUxu?~%/.,{}\[\]-]*", text):
        return _settled("unknown digits are written X", [re.sub("[xuU]", "X", text)], depth)
    for spelling in _SPELLINGS:
        if found := re.fullmatch(spelling.pattern, text):
            meant = [_tidy(found.expand(template)) for template in spelling.meant]
            return _settled(spelling.problem, meant, depth)
    if " " in text:
        return _settled("spaces are no part of a date", [text.replace(" ", "")], depth)
    return None


def _tidy(text: str) -> str:
    """Write months as numbers and give lone digits their zero."""
    numbered = re.sub("[A-Za-z]{3,9}", lambda found: _month_number(found[0]), text)
    return re.sub(r"(?<=-)([0-9])(?![0-9X])", r"0\1", numbered)


def _month_number(name: str) -> str:
    for number, month in enumerate(MONTHS, 1):
        if month.lower().startswith(name.lower()[:4].replace("sept", "sep")):
            return f"{number:02}"
    return name


def _piecewise(text: str, depth: int) -> tuple[str, str | None]:
    """Mend the bad pieces of an interval or a set, and put them back together."""
    pieces = re.split(r"([/,\[\]{}]|\.\.)", text)
    if len(pieces) == 1:
        return _UNKNOWN, None
    reasons = []
    for place, piece in enumerate(pieces):
        if place % 2 == 0 and piece and (problem := _problem(piece)) is not None:
            reason, meant = advice(piece, problem, depth - 1)
            reasons.append(reason)
            pieces[place] = meant or piece
    mended = "".join(pieces)
    suggestion = mended if _problem(mended) is None else None
    return (reasons or [_UNKNOWN])[0], suggestion
