"""Generators of EDTF texts, for every test that wants valid or damaged ones."""

from hypothesis import strategies as st

MARKS = st.sampled_from(["", "", "?", "~", "%"])


def years() -> st.SearchStrategy[str]:
    """Any year from 1 to 9999, four digits."""
    return st.integers(1, 9999).map("{:04}".format)


def plain() -> st.SearchStrategy[str]:
    """Day, month and year (level 0)."""
    days = st.dates().map(str)
    return st.one_of(days, days.map(lambda day: day[:7]), days.map(lambda day: day[:4]))


def gaps() -> st.SearchStrategy[str]:
    """Unspecified digits from the right (level 1), from years that keep their first digit."""
    coarse = st.sampled_from(["{0:.3}X", "{0:.2}XX", "{0:.4}-XX", "{0:.4}-XX-XX", "{0:.7}-XX"])
    days = st.dates().filter(lambda day: day.year >= 1000).map(str)
    return st.builds(str.format, coarse, days)


def seasons() -> st.SearchStrategy[str]:
    """Spring to winter (level 1)."""
    return st.builds("{}-{}".format, years(), st.integers(21, 24))


def patterns() -> st.SearchStrategy[str]:
    """Unspecified digits anywhere in a day that exists (level 2)."""
    holes = st.lists(st.booleans(), min_size=10, max_size=10)
    return st.builds(_pierced, st.dates().map(str), holes)


def left_qualified() -> st.SearchStrategy[str]:
    """Days with a mark left of some parts, for those alone (level 2)."""
    return st.builds(_marked_left, st.dates().map(str), st.lists(MARKS, min_size=3, max_size=3))


def right_qualified() -> st.SearchStrategy[str]:
    """Days with a mark right of one part, for it and all before it (levels 1 and 2)."""
    return st.builds(_marked_right, st.dates().map(str), st.sampled_from([4, 7, 10]), MARKS)


def dates() -> st.SearchStrategy[str]:
    """One date of any form."""
    marked = st.builds(str.__add__, st.one_of(plain(), gaps(), seasons(), patterns()), MARKS)
    return st.one_of(marked, left_qualified(), right_qualified())


def intervals() -> st.SearchStrategy[str]:
    """Intervals of plain dates in order (level 0), open and unknown ends (level 1)."""
    closed = st.tuples(plain(), plain()).map(sorted).map(lambda ends: f"{ends[0][:4]}/{ends[1]}")
    half = st.sampled_from(["{}/..", "{}/", "../{}", "/{}"])
    return st.one_of(closed, st.builds(str.format, half, dates()))


def sets() -> st.SearchStrategy[str]:
    """One-of and all-of sets, with ranges and open ends (level 2)."""
    runs = st.tuples(st.dates(), st.dates()).map(sorted).map(lambda ends: f"{ends[0]}..{ends[1]}")
    inner = st.lists(st.one_of(dates(), runs), min_size=1, max_size=2)
    members = st.tuples(_maybe("..1984"), inner, _maybe("1999.."))
    joined = members.map(lambda drawn: ",".join([*drawn[0], *drawn[1], *drawn[2]]))
    return st.one_of(joined.map("[{}]".format), joined.map("{{{}}}".format))


def valid() -> st.SearchStrategy[str]:
    """Every form that must be read."""
    return st.one_of(dates(), intervals(), sets())


def mutated() -> st.SearchStrategy[str]:
    """Give valid texts with one stretch replaced by something else."""
    stray = st.text("0123456789X-/.,[]{}?~% TYxu\n\0٣–", max_size=3)
    return st.builds(_damaged, valid(), st.integers(0, 40), st.integers(0, 4), stray)


def _maybe(text: str) -> st.SearchStrategy[list[str]]:
    return st.sampled_from([[], [text]])


def _pierced(day: str, holes: list[bool]) -> str:
    return "".join("X" if hole and char != "-" else char for char, hole in zip(day, holes, strict=True))


def _marked_left(day: str, marks: list[str]) -> str:
    return "-".join(mark + part for mark, part in zip(marks, day.split("-"), strict=True))


def _marked_right(day: str, end: int, mark: str) -> str:
    return day[:end] + mark + day[end:]


def _damaged(text: str, start: int, length: int, stray: str) -> str:
    return text[:start] + stray + text[start + length :]
