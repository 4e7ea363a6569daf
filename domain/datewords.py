"""Effective dates in words, for people: what is known first, then what is doubted or missing.

Guards the reader against false precision: no unknown digit is filled in and no doubt is left out.
Month names are English whatever the locale, so that a screen reads the same on every machine.
"""

from domain.dateforms import MONTHS, SEASONS, form_of, interval_ends, set_members

_NAMES = ("year", "month", "day")


def words(text: str) -> str:
    """Put a readable EDTF text (levels 0 to 2) into words."""
    if "/" in text:
        return _interval(text)
    if text[0] in "[{":
        return _set(text)
    return _date(text)


def _interval(text: str) -> str:
    """Say an interval (level 0); an open end is left unsaid, an unknown one is named (level 1)."""
    left, right = interval_ends(text)
    if left in ("", ".."):
        return f"until {_date(right)}" + ("" if left else ", start unknown")
    if right in ("", ".."):
        return f"from {_date(left)}" + ("" if right else ", end unknown")
    return f"{_date(left)} to {_date(right)}"


def _set(text: str) -> str:
    """Say whether one of a set is meant or all of it (level 2)."""
    members = [_member(member) for member in set_members(text)]
    between = "; " if any("," in member for member in members) else ", "
    return ("one of: " if text[0] == "[" else "all of: ") + between.join(members)


def _member(text: str) -> str:
    left, dots, right = text.partition("..")
    if not dots:
        return _date(text)
    if not left:
        return f"{_date(right)} or earlier"
    return f"{_date(left)} to {_date(right)}" if right else f"{_date(left)} or later"


def _date(text: str) -> str:
    """Say one date with its doubts: of the whole (level 1), or of some parts (level 2)."""
    form = form_of(text)
    whole = len(form.parts)
    about = "about " if len(form.approximate) == whole else ""
    doubted = {"uncertain": form.uncertain, "approximate": frozenset() if about else form.approximate}
    if doubted["uncertain"] == doubted["approximate"]:
        doubted = {"uncertain and approximate": form.uncertain}
    doubts = [_which(parts, whole) + doubt for doubt, parts in doubted.items() if parts]
    return about + _parts(form.parts) + (f" ({', '.join(doubts)})" if doubts else "")


def _which(doubted: frozenset[int], whole: int) -> str:
    if len(doubted) == whole:
        return ""
    return " and ".join(_NAMES[index] for index in sorted(doubted)) + " "


def _parts(parts: tuple[str, ...]) -> str:
    """Join the known parts, then the unknown ones, then the half-known ones."""
    unknown = [name for name, part in zip(_NAMES, parts, strict=False) if set(part) == {"X"}]
    if len(unknown) == len(_NAMES):
        return "date unknown"
    said = [_known(parts), " and ".join(unknown) + " unknown" if unknown else "", *_half_known(parts)]
    return ", ".join(filter(None, said))


def _known(parts: tuple[str, ...]) -> str:
    """Say day, month and year so far as they are certain, a day only beside its month."""
    year, month, day = (*parts, "X", "X")[:3]
    named = "X" not in month
    said = [str(int(day))] if named and "X" not in day else []
    if named:
        said.append(SEASONS.get(month) or MONTHS[int(month) - 1][:3])
    if "X" not in year:
        said.append(year)
    return " ".join(said)


def _half_known(parts: tuple[str, ...]) -> list[str]:
    """Say the digits of parts with some `X` (level 2), and a day whose month is unknown."""
    year, month, day = (*parts, "", "")[:3]
    said = [_years(year)] if _some_unknown(year) else []
    if _some_unknown(month):
        said.append(f"month {month}")
    if _some_unknown(day):
        said.append(f"day {day}")
    elif day.isdigit() and "X" in month:
        said.append(f"day {int(day)}")
    return said


def _some_unknown(part: str) -> bool:
    return "X" in part and set(part) != {"X"}


def _years(year: str) -> str:
    """Name a decade, a century or a millennium (level 1); other gaps (level 2) as they are written."""
    digits = year.rstrip("X")
    if "X" in digits:
        return f"year {year}"
    if len(digits) == 3 and int(digits):
        return f"{digits}0s"
    first = max(1, int(year.replace("X", "0")))
    return f"{first:04}-{year.replace('X', '9')}"
