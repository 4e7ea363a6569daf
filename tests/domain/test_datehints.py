"""Refusals of dates: why, and what to write instead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.dates import BadDate, parse
from tests.domain.edtf_texts import mutated


def refused(text: str) -> tuple[str, str | None]:
    """Problem and suggestion of a text that must not be read."""
    with pytest.raises(BadDate) as caught:
        parse(text)
    return caught.value.problem, caught.value.suggestion


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("23.04.2025", "2025-04-23"),
        ("2025-4-7", "2025-04-07"),
        ("2025/04/23", "2025-04-23"),
        ("2025/4", "2025-04"),
        ("20250423", "2025-04-23"),
        ("04/23/2025", "2025-04-23"),
        ("23/04/2025?", "2025-04-23?"),
        ("04/05/2025", "2025-05-04 or 2025-04-05"),
        ("04.2025", "2025-04"),
        ("17 April 2025", "2025-04-17"),
        ("Apr. 17, 2025", "2025-04-17"),
        ("Sept 2025", "2025-09"),
        ("2025-04-23T10:00:00Z", "2025-04-23"),
        ("2025-04-23 00:00:00", "2025-04-23"),
        ("c. 1970", "1970~"),
        ("1970s", "197X"),
        ("1970?~", "1970%"),
        ("2004-xx-xx", "2004-XX-XX"),
        ("20uu", "20XX"),
        ("2004/open", "2004/.."),
        ("unknown/2006", "/2006"),
        ("1981-1985", "1981/1985"),
        ("17.04.2025 - 03.05.2025", "2025-04-17/2025-05-03"),
        ("[23.04.2025,2026]", "[2025-04-23,2026]"),
        ("[1667, 1668]", "[1667,1668]"),
        (" 2025-04-17\n", "2025-04-17"),
        ("２０２５-04-23", "2025-04-23"),
        ("2025–04–23", "2025-04-23"),
    ],
)
def test_another_spelling_is_refused_with_its_edtf_twin(text: str, suggestion: str) -> None:
    """A date written another way is refused, and the same date in EDTF is offered."""
    assert refused(text)[1] == suggestion


@pytest.mark.parametrize(
    ("text", "problem", "suggestion"),
    [
        ("1976-06-31", "June has 30 days", "1976-06-30 or 1976-06"),
        ("2023-02-29", "February 2023 has 28 days", "2023-02-28 or 2023-02"),
        ("31.06.1976", "June has 30 days", "1976-06-30 or 1976-06"),
        ("2025-23-04", "there is no month 23", "2025-04-23"),
        ("2025-04-00", "there is no day 00", "2025-04"),
        ("0000-01-01", "there is no year 0", None),
        ("2023-02-3X", "February 2023 has 28 days", None),
        ("XXX1-02-29", "February has 28 days, or 29 in leap years", None),
        ("XXXX-13-01", "there is no month 13", None),
        ("2025-33", "of the parts of a year only the seasons 21 to 24 are read", None),
        ("2025-XX-4X", "there is no day 4X", None),
    ],
)
def test_a_day_that_never_was_is_named_as_such(text: str, problem: str, suggestion: str | None) -> None:
    """An impossible date is refused for its impossible part, with the nearest days that were."""
    assert refused(text) == (problem, suggestion)


@pytest.mark.parametrize(
    ("text", "problem", "suggestion"),
    [
        ("23.04.25", "two-digit year", "2025-04-23"),
        ("23.04.85", "two-digit year", "1985-04-23"),
        ("25-04-23", "two-digit year", None),
        ("today", "a word is no date; write the day itself", None),
        ("", "no date is given", None),
        ("-0044-03-15", "agreements start at year 1", None),
        ("Y17000", "a year has four digits, 0001 to 9999", None),
        ("1950S2", "significant digits are not read; write X for each unknown digit", None),
        ("2025-04-17/2025-04-16", "the interval ends before it starts", None),
        ("a/b/c1", "an interval has two ends", None),
        ("2025\x00", "a character no date has: '\\x00'", None),
        ("٢٠٢٥", "a digit of another script: '\\u0662'", "2025"),
        ("04/05/2025", "day and month may be either way round", "2025-05-04 or 2025-04-05"),
    ],
)
def test_a_refusal_says_why_in_a_sentence(text: str, problem: str, suggestion: str | None) -> None:
    """A refusal names its reason; nothing is offered where nobody can know."""
    assert refused(text) == (problem, suggestion)


SPELT = st.from_regex(r"\A[0-9]{1,4}[-./ ][0-9]{1,2}[-./ ][0-9]{1,4}[?~ ]?\Z")


@given(st.one_of(mutated(), SPELT, st.text("0123456789X-/. ]['", max_size=70)))
def test_every_suggestion_reads(text: str) -> None:
    """What is offered instead is always a date, in plain ASCII."""
    try:
        parse(text)
    except BadDate as bad:
        for offered in (bad.suggestion or "2025").split(" or "):
            assert parse(offered).text.isascii()
