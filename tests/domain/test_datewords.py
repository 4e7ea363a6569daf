"""Effective dates in words."""

import pytest
from hypothesis import given

from domain.dates import parse, shown
from tests.domain.edtf_texts import valid


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2025-04-17", "17 Apr 2025"),
        ("2025-04-07", "7 Apr 2025"),
        ("2025-04", "Apr 2025"),
        ("2025", "2025"),
        ("0014", "0014"),
        ("2001-21", "spring 2001"),
        ("2025-04-17/2025-05-03", "17 Apr 2025 to 3 May 2025"),
        ("2025-04-17/..", "from 17 Apr 2025"),
        ("2025-04-17/", "from 17 Apr 2025, end unknown"),
        ("../2025-04", "until Apr 2025"),
        ("/2025-04", "until Apr 2025, start unknown"),
    ],
)
def test_plain_dates_and_intervals_read_as_people_write_them(text: str, words: str) -> None:
    """Days, months, years, seasons and intervals are said plainly, an unknown end by name."""
    assert shown(parse(text)) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1970~", "about 1970"),
        ("1970-01-01?", "1 Jan 1970 (uncertain)"),
        ("1970%", "about 1970 (uncertain)"),
        ("2025?-04-17", "17 Apr 2025 (year uncertain)"),
        ("?2025-04-17", "17 Apr 2025 (year uncertain)"),
        ("2004-06~-11", "11 Jun 2004 (year and month approximate)"),
        ("2004?-~06-11", "11 Jun 2004 (year uncertain, month approximate)"),
        ("2004-%06-11", "11 Jun 2004 (month uncertain and approximate)"),
        ("1984?/2004~", "1984 (uncertain) to about 2004"),
    ],
)
def test_a_doubt_is_said_of_the_parts_it_reaches(text: str, words: str) -> None:
    """A qualifier of the whole date or of some parts is never left out."""
    assert shown(parse(text)) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("201X", "2010s"),
        ("20XX", "2000-2099"),
        ("000X", "0001-0009"),
        ("1X5X", "year 1X5X"),
        ("XXXX", "year unknown"),
        ("XXXX-04-23", "23 Apr, year unknown"),
        ("2004-XX", "2004, month unknown"),
        ("2004-04-XX", "Apr 2004, day unknown"),
        ("2004-XX-XX", "2004, month and day unknown"),
        ("1964-XX-16", "1964, month unknown, day 16"),
        ("156X-12-25", "25 Dec, 1560s"),
        ("1984-1X", "1984, month 1X"),
        ("2004-02-2X", "Feb 2004, day 2X"),
        ("XXXX-XX-XX", "date unknown"),
    ],
)
def test_what_is_unknown_is_named_and_never_filled_in(text: str, words: str) -> None:
    """Known parts come first, then what is unknown, then digits known in part."""
    assert shown(parse(text)) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[1667,1668,1670..1672]", "one of: 1667, 1668, 1670 to 1672"),
        ("{1960,1961-12}", "all of: 1960, Dec 1961"),
        ("[..1984,1990-12..]", "one of: 1984 or earlier, Dec 1990 or later"),
        ("[XXXX-04-23,2025]", "one of: 23 Apr, year unknown; 2025"),
    ],
)
def test_a_set_says_whether_one_or_all_are_meant(text: str, words: str) -> None:
    """One-of and all-of sets list their members, ranges included."""
    assert shown(parse(text)) == words


@given(valid())
def test_every_date_has_words(text: str) -> None:
    """Whatever is read can be said, on one line."""
    assert shown(parse(text)).isprintable()
