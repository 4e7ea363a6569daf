"""Effective dates: what is read, what it may mean, and how it compares."""

import contextlib
import pickle
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.dates import BadDate, When, before, by, of_day, order_key, parse
from tests.domain.edtf_texts import mutated, valid


def bounds(text: str) -> tuple[str, str]:
    """Earliest and latest day of a text, as ISO dates."""
    when = parse(text)
    return when.earliest.isoformat(), when.latest.isoformat()


def day(text: str) -> date:
    """Shorten a day for the tables below."""
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2025-04-17", "2025-04-17", "2025-04-17"),
        ("9999-12-31", "9999-12-31", "9999-12-31"),
        ("0001-01-01", "0001-01-01", "0001-01-01"),
        ("2025-04", "2025-04-01", "2025-04-30"),
        ("2025", "2025-01-01", "2025-12-31"),
        ("2025-04-17/2025-05-03", "2025-04-17", "2025-05-03"),
        ("2004-12/2004", "2004-12-01", "2004-12-31"),
    ],
)
def test_level_0_spans_the_days_it_names(text: str, earliest: str, latest: str) -> None:
    """A plain date spans exactly the days it names."""
    assert bounds(text) == (earliest, latest)


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("201X", "2010-01-01", "2019-12-31"),
        ("20XX", "2000-01-01", "2099-12-31"),
        ("2004-XX", "2004-01-01", "2004-12-31"),
        ("2004-04-XX", "2004-04-01", "2004-04-30"),
        ("2004-02-XX", "2004-02-01", "2004-02-29"),
        ("2004-XX-XX", "2004-01-01", "2004-12-31"),
        ("2025-04-17/..", "2025-04-17", "9999-12-31"),
        ("2025-04-17/", "2025-04-17", "9999-12-31"),
        ("../2025-04-17", "0001-01-01", "2025-04-17"),
        ("/2025-04-17", "0001-01-01", "2025-04-17"),
        ("2001-21", "2001-03-01", "2001-05-31"),
        ("2001-22", "2001-06-01", "2001-08-31"),
        ("2001-23~", "2001-09-01", "2001-11-30"),
        ("2001-24", "2001-12-01", "2002-02-28"),
        ("2003-24", "2003-12-01", "2004-02-29"),
        ("9999-24", "9999-12-01", "9999-12-31"),
        ("1984?/2004~", "1984-01-01", "2004-12-31"),
    ],
)
def test_level_1_spans_gaps_open_ends_and_seasons(text: str, earliest: str, latest: str) -> None:
    """An unknown digit, end or season spans every day it may stand for."""
    assert bounds(text) == (earliest, latest)


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("XXXX-04-23", "0001-04-23", "9999-04-23"),
        ("XXXX-02-29", "0004-02-29", "9996-02-29"),
        ("1964-XX-16", "1964-01-16", "1964-12-16"),
        ("1964-XX-31", "1964-01-31", "1964-12-31"),
        ("156X-12-25", "1560-12-25", "1569-12-25"),
        ("1XX9-02-XX", "1009-02-01", "1999-02-28"),
        ("1984-1X", "1984-10-01", "1984-12-31"),
        ("2004-02-2X", "2004-02-20", "2004-02-29"),
        ("XXXX-XX-XX", "0001-01-01", "9999-12-31"),
        ("[1667,1668,1670..1672]", "1667-01-01", "1672-12-31"),
        ("{1960,1961-12}", "1960-01-01", "1961-12-31"),
        ("[..1984]", "0001-01-01", "1984-12-31"),
        ("[1667,1760-12..]", "1667-01-01", "9999-12-31"),
        ("[1981-09..1981-10]", "1981-09-01", "1981-10-31"),
        ("2004-06-~01/2004-06-~20", "2004-06-01", "2004-06-20"),
    ],
)
def test_level_2_spans_patterns_and_sets(text: str, earliest: str, latest: str) -> None:
    """A pattern spans its first and last real day, a set its members."""
    assert bounds(text) == (earliest, latest)


@pytest.mark.parametrize(
    ("text", "uncertain", "approximate"),
    [
        ("2025-04-17", False, False),
        ("2025-04-17?", True, False),
        ("2025-04-17~", False, True),
        ("2025-04-17%", True, True),
        ("201X?", True, False),
        ("2025?-04-17", True, False),
        ("?2025-04-17", True, False),
        ("2004-06~-11", False, True),
        ("2004?-~06-11", True, True),
        ("1984?/2004~", True, True),
        ("[2024,2025?]", True, False),
    ],
)
def test_qualifiers_raise_flags_and_widen_nothing(text: str, uncertain: bool, approximate: bool) -> None:  # noqa: FBT001 (a table)
    """A qualifier of the whole (level 1) or of a part (level 2) raises its flags; the bounds stay."""
    when, plain = parse(text), parse(text.translate(str.maketrans("", "", "?~%")))
    assert (when.uncertain, when.approximate) == (uncertain, approximate)
    assert (when.earliest, when.latest) == (plain.earliest, plain.latest)


def test_only_one_undoubted_day_is_exact() -> None:
    """A day is exact; a doubted day, a month and a day of an unknown year are not."""
    texts = ["2025-04-17", "2025-04-17?", "2025-04-17~", "2025-04", "XXXX-04-17", "2025-04-17/2025-04-18"]
    assert [parse(text).exact for text in texts] == [True, False, False, False, False, False]


def test_finer_dates_rank_before_coarser_ones() -> None:
    """Precision rises from day to no knowledge, whatever the form."""
    texts = ["2025-04-17", "2025-04", "2025-21", "2025", "202X", "20XX", "XXXX"]
    assert [parse(text).precision for text in texts] == list(range(7))


def test_replay_puts_the_finer_of_two_dates_first() -> None:
    """Facts sort by earliest day, then by precision, so a known 1 January comes before its year."""
    texts = ["2025", "2025-01-01", "2024-12", "2025-01", "2025-01-01/2026"]
    order = ["2024-12", "2025-01-01", "2025-01-01/2026", "2025-01", "2025"]
    assert sorted(texts, key=lambda text: order_key(parse(text))) == order


def test_an_interval_takes_effect_at_its_start() -> None:
    """An interval has taken effect once it started, though it has not ended."""
    when = parse("2025-04/2025-12")
    answers = [by(when, day(text)) for text in ("2025-03-31", "2025-04-01", "2025-04-30", "2026-01-01")]
    assert answers == ["no", "possibly", "yes", "yes"]


@pytest.mark.parametrize(
    ("text", "start_latest"),
    [
        ("2025", "2025-12-31"),
        ("2025/2026", "2025-12-31"),
        ("2025/2025-03", "2025-03-31"),
        ("../2025-04-17", "2025-04-17"),
        ("/2025-04-17", "2025-04-17"),
        ("2025-04-17/..", "2025-04-17"),
        ("[1667,1670..1672]", "1672-12-31"),
        ("{1667,1670..1672}", "1667-12-31"),
        ("{1670..1672}", "1670-12-31"),
        ("[1760-12..]", "9999-12-31"),
    ],
)
def test_the_start_has_a_last_day_of_its_own(text: str, start_latest: str) -> None:
    """An interval began by the end of its first end, one of a set by its last, all of a set by its first."""
    assert parse(text).start_latest == day(start_latest)


@pytest.mark.parametrize(
    ("first", "second", "answer"),
    [
        ("2025-04-17", "2025-04-18", "yes"),
        ("2025-04-17", "2025-04-17", "no"),
        ("2025-04", "2025-04-17", "possibly"),
        ("2025-04", "2025-04-01", "no"),
        ("2025", "2024", "no"),
        ("2024-12/2026", "2025", "yes"),
        ("XXXX-04-16", "XXXX-04-17", "possibly"),
    ],
)
def test_before_answers_yes_no_or_possibly(first: str, second: str, answer: str) -> None:
    """Two dates compare by the days on which they may have taken effect."""
    assert before(parse(first), parse(second)) == answer


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0000",
        "0000-XX",
        "2023-02-29",
        "2023-02-3X",
        "XXXX-13-01",
        "XXXX-02-30",
        "XXX1-02-29",
        "2025-33",
        "2001-21-05",
        "-0044-03-15",
        "Y17000",
        "Y17E8",
        "1950S2",
        "?2025?",
        "2025??",
        "2025-04-17/2025-04-16",
        "../..",
        "/",
        "2025/2026/2027",
        "2025/[2026,2027]",
        "[]",
        "[..]",
        "[2025",
        "[2025}",
        "[1667, 1668]",
        "{2025,..2026}",
        "[2026..2025]",
        "[2025..2026-01]",
        "[2025?..2026]",
        "today",
        "2025-04-17T10:00:00",
        "2025-04-17\n",
        "2025-04\x00-17",
        "٢٠٢٥-٠٤-٢٣",
        "２０２５",
        "2025-W16-4",
        "20250417",
        "0000-24",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    """Impossible days, other notations, other scripts, control characters and far years are refused."""
    with pytest.raises(BadDate) as caught:
        parse(text)
    assert caught.value.text == text
    assert caught.value.problem


def test_a_long_text_is_refused_at_once() -> None:
    """A text too long for a date is refused unread and not repeated in full."""
    with pytest.raises(BadDate) as caught:
        parse("[" + "2025," * 1_000_000)
    assert caught.value.problem == "longer than 64 characters"
    assert len(str(caught.value)) < 120


def test_a_refusal_prints_inert_text_and_survives_pickling() -> None:
    """A refusal shows a hostile text as a literal and crosses a process boundary whole."""
    with pytest.raises(BadDate) as caught:
        parse("2025\x1b[2J")
    copy = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 (our own bytes)
    assert "\x1b" not in str(copy)
    assert (copy.text, copy.problem, copy.suggestion) == (caught.value.text, caught.value.problem, None)


@given(valid())
@example("9999-24")
@example("2025/2025-03")
def test_every_valid_text_is_kept_and_bounded(text: str) -> None:
    """The text comes back as given, and the bounds are in order."""
    when = parse(text)
    assert when.text == text
    assert when.earliest <= when.start_latest <= when.latest


@given(st.dates())
def test_a_known_day_reads_back_as_itself(known: date) -> None:
    """A day written by of_day is exact, is that day, and equals what its text reads as."""
    when = of_day(known)
    assert when == When(known.isoformat(), known, known, known)
    assert when.exact


@given(valid(), st.dates(), st.integers(0, 400_000))
def test_taking_effect_never_goes_back(text: str, first: date, later: int) -> None:
    """As days pass, "had it taken effect" only moves from no over possibly to yes."""
    rising = ["no", "possibly", "yes"]
    second = first + timedelta(days=min(later, (date.max - first).days))
    assert rising.index(by(parse(text), first)) <= rising.index(by(parse(text), second))


@given(valid(), st.dates(min_value=date(1, 1, 2)))
def test_before_a_day_means_by_the_day_before(text: str, known: date) -> None:
    """Being before a known day and having taken effect by its eve are one question."""
    assert before(parse(text), of_day(known)) == by(parse(text), known - timedelta(days=1))


@given(valid(), valid())
def test_before_is_never_so_both_ways(first: str, second: str) -> None:
    """Where one date is surely before another, the other is surely not before it."""
    if before(parse(first), parse(second)) == "yes":
        assert before(parse(second), parse(first)) == "no"


@given(st.one_of(st.text(), st.text("0123456789X-/.,[]{}?~% TY", max_size=30), mutated()))
def test_refusing_raises_nothing_but_bad_date(text: str) -> None:
    """Any text at all is either read or refused with BadDate."""
    with contextlib.suppress(BadDate):
        assert parse(text).text == text
