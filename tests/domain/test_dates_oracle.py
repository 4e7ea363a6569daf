"""Effective dates against a second reader: the `edtf` package, and the spellings of a real register."""

import re
from datetime import date
from time import struct_time

import pytest
from edtf import parse_edtf
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.dateforms import Unreadable, read
from domain.dates import BadDate, When, parse
from tests.domain.edtf_texts import MARKS, gaps, left_qualified, plain, right_qualified, seasons, years

# Where the oracle legitimately differs, the generators below keep away:
# - winter: it ends on 31 December there, so that it never leaves its year; here in February;
# - open ends are infinities there, unknown ends ten years off; here both are the first or last day of all;
# - a year such as 0XXX or XXXX begins at year 0 there, which no agreement does;
# - half-known months and days (1X, 2X) and 29 February of an unknown year raise or give no real day there;
# - a set of one date is no set there, and two marks right of parts of one date are refused there.
COMMON = ["1964-XX-16", "156X-12-16", "156X-XX-XX", "19XX-02-16", "19XX-02-XX", "19XX-XX-16", "2004-06~-11"]


def as_date(moment: struct_time) -> date:
    """Take the day out of the clock time the oracle answers in."""
    return date(moment.tm_year, moment.tm_mon, moment.tm_mday)


def oracle(text: str) -> tuple[date, date]:
    """Strict bounds by the other reader."""
    read = parse_edtf(text)
    return as_date(read.lower_strict()), as_date(read.upper_strict())


def ours(text: str) -> tuple[date, date]:
    """Strict bounds by paraph."""
    when = parse(text)
    return when.earliest, when.latest


# The oracle parses some hundred times slower than paraph; a busy machine must not fail these tests.
patiently = settings(deadline=None)

whole = st.builds(str.__add__, st.one_of(plain(), gaps()), MARKS)
unwintry = seasons().filter(lambda text: not text.endswith("24"))
qualified = st.one_of(left_qualified(), right_qualified())


@patiently
@given(st.one_of(whole, unwintry, qualified, st.sampled_from(COMMON)))
def test_bounds_of_dates_agree_with_the_edtf_package(text: str) -> None:
    """Two independent readers give one date the same first and last day."""
    assert ours(text) == oracle(text)


@patiently
@given(st.tuples(st.dates(), st.dates()).map(sorted), MARKS, MARKS)
def test_bounds_of_intervals_agree_with_the_edtf_package(ends: list[date], first: str, second: str) -> None:
    """Two independent readers give one interval the same first and last day."""
    text = f"{ends[0]}{first}/{ends[1]}{second}"
    assert ours(text) == oracle(text)


@patiently
@given(st.lists(plain(), min_size=2, max_size=4), st.sampled_from(["[]", "{}"]))
def test_bounds_of_sets_agree_with_the_edtf_package(members: list[str], brackets: str) -> None:
    """Two independent readers give one set the same first and last day."""
    text = brackets[0] + ",".join(members) + brackets[1]
    assert ours(text) == oracle(text)


@patiently
@given(st.tuples(years(), years()).map(sorted))
def test_bounds_of_ranges_agree_with_the_edtf_package(ends: list[str]) -> None:
    """Two independent readers give a range of years the same first and last day."""
    text = f"[{ends[0]}..{ends[1]}]"
    assert ours(text) == oracle(text)


@given(st.dates(), st.sets(st.sampled_from([0, 1, 2, 3, 5, 6, 8, 9])))
def test_bounds_of_a_pattern_are_days_that_fit_it(day: date, holes: set[int]) -> None:
    """A day with digits struck out gives bounds that fit the rest and hold the day itself (level 2)."""
    text = "".join("X" if place in holes else char for place, char in enumerate(str(day)))
    when = parse(text)
    assert when.earliest <= day <= when.latest
    assert all(re.fullmatch(text.replace("X", "[0-9]"), str(end)) for end in (when.earliest, when.latest))


@given(st.from_regex(r"[0-9]{4}-[01][0-9]-[0-3][0-9]", fullmatch=True, alphabet="0123456789-"))
def test_the_short_way_for_plain_days_reads_like_the_grammar(text: str) -> None:
    """A plain day takes a short way past the grammar and comes out the same, read or refused."""
    try:
        span = read(text)
    except Unreadable:
        with pytest.raises(BadDate):
            parse(text)
    else:
        assert parse(text) == When(text, span.earliest, span.latest, span.start_latest)


@pytest.mark.parametrize(
    "text", ["1351-08-01", "1997-10", "1997", "1970-01-01?", "2011-01-01~", "1964-XX-16", "9999-12-31"]
)
def test_the_forms_of_a_real_register_are_read(text: str) -> None:
    """The date forms of the GGO register that are EDTF are read and kept."""
    assert parse(text).text == text


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("1981-09..1981-10", "[1981-09..1981-10]"),
        ("1953-05-5", "1953-05-05"),
        ("0014-022005", None),
        ("2010-XX-XX-", "2010-XX-XX"),
        ("1976-06-31", "1976-06-30 or 1976-06"),
        ("1972-06-31?", "1972-06-30? or 1972-06?"),
        ("NA", None),
    ],
)
def test_the_damaged_dates_of_a_real_register_are_refused(text: str, suggestion: str | None) -> None:
    """The damaged dates of the GGO register are refused, with a remedy where one can be guessed."""
    with pytest.raises(BadDate) as caught:
        parse(text)
    assert caught.value.suggestion == suggestion
