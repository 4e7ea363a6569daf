"""How long an agreement runs: its end, its tacit renewals, its notices, as asked on a day."""

from typing import Any

import pytest

from domain.durations import shifted
from tests.domain.samples import A, B, C, sample
from tests.spec import AGREEMENT, Story, day, fact, given


def in_force(*more: Any, on: str = "2020-01-01", parties: tuple[str, ...] = (A, B)) -> Story:
    """Tell of an agreement signed the year before and in force from a day."""
    return given(
        AGREEMENT,
        sample("AgreementOpened", "2019-01-01"),
        *(sample("PartyAdded", "2019-01-01", party=party) for party in parties),
        fact("AgreementSigned", "2019-06-01"),
        fact("EnteredIntoForce", on),
        *more,
    )


def term(**fields: Any) -> Any:
    """Word a term set by the text."""
    return fact("TermSet", "2019-06-01", **fields)


def notice(on: str, kind: str, party: str = A, **fields: Any) -> Any:
    """Word a notice given by a party."""
    return fact("NoticeGiven", on, party=party, kind=kind, **fields)


TACIT = {"length": "P5Y", "renewal": "tacit", "notice": "P6M"}


@pytest.mark.parametrize(
    ("start", "duration", "times", "result"),
    [
        ("2020-01-31", "P1M", 1, "2020-02-29"),
        ("2021-01-31", "P1M", 1, "2021-02-28"),
        ("2020-02-29", "P1Y", 1, "2021-02-28"),
        ("2020-02-29", "P4Y", 1, "2024-02-29"),
        ("2020-08-31", "P6M", -1, "2020-02-29"),
        ("2020-12-15", "P1M", 1, "2021-01-15"),
        ("2021-01-15", "P1M", -1, "2020-12-15"),
        ("2020-01-01", "P1Y2M3W4D", 1, "2021-03-26"),
        ("2020-01-31", "P1M", 3, "2020-04-30"),
        ("2020-03-01", "P1D", -1, "2020-02-29"),
        ("9999-01-01", "P1Y", 1, "9999-12-31"),
        ("9999-12-31", "P1D", 1, "9999-12-31"),
        ("2020-01-01", "P99999Y", 1, "9999-12-31"),
        ("2020-01-01", "P99999W", 99999, "9999-12-31"),
        ("0001-01-01", "P1D", -1, "0001-01-01"),
        ("2020-01-01", "P99999Y", -1, "0001-01-01"),
    ],
)
def test_a_day_moves_by_calendar_units(start: str, duration: str, times: int, result: str) -> None:
    """A month's last day stays within a shorter month, and the calendar's bounds hold."""
    assert shifted(day(start), duration, times) == day(result)


def test_no_term_is_no_term() -> None:
    """Where no term is on record none is shown, and nothing expires."""
    asked = in_force().asked("2090-01-01")
    assert (asked["term"], asked["legal_status"]) == (None, "in force")


@pytest.mark.parametrize(
    ("fields", "kind", "end"),
    [
        ({"length": "P5Y"}, "fixed", "2024-12-31"),
        ({"length": "P5Y", "renewal": "none"}, "fixed", "2024-12-31"),
        ({"length": "P5Y", "renewal": "express"}, "fixed", "2024-12-31"),
        ({"end": "2023-06-30"}, "fixed", "2023-06-30"),
        ({"end": "2023"}, "fixed", "2023-12-31"),
        ({"length": "P5Y", "renewal": "tacit"}, "tacit", "2024-12-31"),
        ({"start": "signature", "length": "P5Y"}, "fixed", "2024-05-31"),
        ({"start": "date", "start_date": "2021-03-01", "length": "P1Y"}, "fixed", "2022-02-28"),
        ({"start": "date", "length": "P1Y"}, "fixed", None),
        ({}, "indefinite", None),
        ({"notice": "P6M"}, "indefinite", None),
        ({"end": "9999-12-31"}, "indefinite", None),
        ({"end": "2025-01-01/.."}, "indefinite", None),
    ],
)
def test_the_term_counts_from_where_the_text_says(fields: dict[str, str], kind: str, end: str | None) -> None:
    """A term runs from signature, entry into force or a date, to the day before as many years later."""
    asked = in_force(term(**fields)).asked("2020-06-01")["term"]
    assert (asked["kind"], asked["end"]) == (kind, end)


def test_a_term_that_counts_from_entry_into_force_awaits_it() -> None:
    """Before entry into force a five-year term has no end yet, and is not called indefinite."""
    signed = given(AGREEMENT, sample("AgreementOpened"), fact("AgreementSigned"), term(length="P5Y"))
    asked = signed.asked("2090-01-01")
    assert (asked["term"]["kind"], asked["term"]["end"], asked["legal_status"]) == ("fixed", None, "signed")


@pytest.mark.parametrize(
    ("on", "status"), [("2024-12-31", "in force"), ("2025-01-01", "expired"), ("2090-01-01", "expired")]
)
def test_a_fixed_term_expires_the_day_after_its_end(on: str, status: str) -> None:
    """The end is the last day in force; the calendar alone makes it expired after."""
    story = in_force(term(length="P5Y"))
    assert story.asked(on)["legal_status"] == status
    assert story.shown(on)["legal_status"] == "in force"


@pytest.mark.parametrize(("begin", "end"), [("2020", "2025-12-30"), ("2020-01", "2025-01-30"), ("XXXX-01-01", None)])
def test_a_doubtful_start_delays_the_end(begin: str, end: str | None) -> None:
    """A term is over only when it is over for sure."""
    assert in_force(term(length="P5Y"), on=begin).asked("2100-01-01")["term"]["end"] == end


@pytest.mark.parametrize(
    ("on", "end", "due", "coming"),
    [
        ("2024-06-30", "2024-12-31", "2024-06-30", "2024-06-30"),
        ("2024-12-31", "2024-12-31", "2024-06-30", "2029-06-30"),
        ("2025-01-01", "2029-12-31", "2029-06-30", "2029-06-30"),
        ("2029-12-31", "2029-12-31", "2029-06-30", "2034-06-30"),
        ("2033-05-05", "2034-12-31", "2034-06-30", "2034-06-30"),
    ],
)
def test_a_tacit_term_rolls_on_without_notice(on: str, end: str, due: str, coming: str) -> None:
    """Past its end a tacit term runs on, period by period; notice is due for each end, and the next is never past."""
    asked = in_force(term(**TACIT)).asked(on)
    assert (asked["legal_status"], asked["term"]["end"]) == ("in force", end)
    assert (asked["term"]["notice_by"], asked["term"]["next_notice"]) == (due, coming)


def test_the_period_of_renewal_may_differ_from_the_first_length() -> None:
    """After five years a term may roll on year by year."""
    story = in_force(term(**TACIT, period="P1Y"))
    assert story.asked("2026-03-01")["term"]["end"] == "2026-12-31"


@pytest.mark.parametrize(
    ("given_on", "end"),
    [
        ("2020-02-01", "2024-12-31"),
        ("2024-06-30", "2024-12-31"),
        ("2024-07-01", "2029-12-31"),
        ("2024-12-31", "2029-12-31"),
        ("2029-06-30", "2029-12-31"),
        ("2029-07-01", "2034-12-31"),
        ("2024-06", "2024-12-31"),
        ("2024", "2029-12-31"),
    ],
)
def test_notice_of_non_renewal_stops_the_end_it_is_in_time_for(given_on: str, end: str) -> None:
    """A timely notice stops the current end, a late one the next; in doubt it counts as the later day."""
    story = in_force(term(**TACIT), notice(given_on, "non-renewal"))
    asked = story.asked("2099-01-01")
    assert (asked["term"]["end"], asked["legal_status"]) == (end, "expired")


def test_the_earlier_of_two_notices_stops_the_term() -> None:
    """Another notice of non-renewal, later, lets nothing run on."""
    story = in_force(term(**TACIT), notice("2024-01-01", "non-renewal"), notice("2026-01-01", "non-renewal", B))
    assert story.asked("2099-01-01")["term"]["end"] == "2024-12-31"


def test_a_notice_withdrawn_lets_the_term_roll_on() -> None:
    """A notice of non-renewal that was taken back stops nothing."""
    story = in_force(term(**TACIT), notice("2024-01-01", "non-renewal"), fact("NoticeWithdrawn", "2024-02-01", party=A))
    assert story.asked("2026-01-01")["legal_status"] == "in force"


def test_without_a_notice_period_notice_may_come_until_the_end() -> None:
    """Where the text sets no notice period, notice on the last day is in time."""
    story = in_force(term(length="P5Y", renewal="tacit"), notice("2024-12-31", "non-renewal"))
    assert story.asked("2025-01-01")["legal_status"] == "expired"


def test_a_tacit_term_of_unknown_period_does_not_expire() -> None:
    """Where the text renews tacitly but for how long is not known, the end is open once it is past."""
    story = in_force(term(end="2024-12-31", renewal="tacit"))
    assert story.asked("2024-12-31")["term"]["end"] == "2024-12-31"
    after = story.asked("2025-01-01")
    assert (after["term"]["end"], after["legal_status"]) == (None, "in force")
    stopped = story.also(notice("2024-05-05", "non-renewal")).asked("2025-01-01")
    assert (stopped["term"]["end"], stopped["legal_status"]) == ("2024-12-31", "expired")


def test_renewed_ends_keep_to_the_end_of_the_month() -> None:
    """Monthly renewals from the 31st end where the calendar puts them, without wearing off."""
    monthly = in_force(term(length="P1M", renewal="tacit"), on="2020-01-31")
    ends = [monthly.asked(on)["term"]["end"] for on in ("2020-02-01", "2020-03-15", "2020-05-30")]
    assert ends == ["2020-02-28", "2020-03-28", "2020-06-28"]
    from_the_first = in_force(term(end="2020-01-30", length="P1M", renewal="tacit"))
    ends = [from_the_first.asked(on)["term"]["end"] for on in ("2020-02-01", "2020-03-15", "2020-04-15")]
    assert ends == ["2020-02-28", "2020-03-30", "2020-04-29"]


def test_a_daily_term_rolls_to_the_end_of_time() -> None:
    """A term renewed day by day is found its end on any day, however far."""
    story = in_force(term(length="P1D", renewal="tacit"))
    assert story.asked("9998-06-01")["term"]["end"] == "9998-06-01"
    assert in_force(term(length="P0D", renewal="tacit")).asked("2030-01-01")["legal_status"] == "expired"


@pytest.mark.parametrize(
    ("fields", "until", "end"),
    [
        ({"length": "P5Y"}, "2027-06-30", "2027-06-30"),
        ({"length": "P5Y"}, None, "2029-12-31"),
        ({"length": "P5Y", "period": "P2Y"}, None, "2026-12-31"),
        ({"end": "2024-12-31", "period": "P1Y"}, None, "2025-12-31"),
        ({"end": "2024-12-31"}, None, None),
        ({"end": "2024-12-31"}, "9999-12-31", None),
        (TACIT, None, "2029-12-31"),
    ],
)
def test_renewal_by_act_sets_a_new_end(fields: dict[str, str], until: str | None, end: str | None) -> None:
    """A renewal runs until the day it names, else for the term's period; else the end is open."""
    fields_of_act: dict[str, Any] = {"until": until} if until else {}
    renewed = fact("AgreementRenewed", "2024-11-01", **fields_of_act)
    assert in_force(term(**fields), renewed).asked("2025-06-01")["term"]["end"] == end


def test_each_renewal_extends_the_one_before() -> None:
    """Two renewals without an end extend the term twice; a term set anew forgets them."""
    twice = in_force(term(length="P5Y"), fact("AgreementRenewed", "2024-11-01"), fact("AgreementRenewed", "2029-11-01"))
    assert twice.asked("2030-01-01")["term"]["end"] == "2034-12-31"
    anew = twice.also(fact("TermSet", "2030-02-01", end="2030-12-31"))
    assert anew.asked("2030-03-01")["term"]["end"] == "2030-12-31"


def test_a_renewal_overtakes_an_earlier_notice_of_non_renewal() -> None:
    """Once the parties renewed by act, the tacit renewal after it is free of the old notice."""
    story = in_force(term(**TACIT), notice("2024-01-01", "non-renewal"), fact("AgreementRenewed", "2024-11-01"))
    assert story.asked("2030-01-01")["term"]["end"] == "2034-12-31"


def test_obligations_survive_by_the_sunset() -> None:
    """The sunset counts from the end, and follows it."""
    story = in_force(term(**TACIT, sunset="P10Y"))
    assert story.asked("2024-01-01")["term"]["sunset_until"] == "2034-12-31"
    assert story.asked("2025-01-01")["term"]["sunset_until"] == "2039-12-31"


@pytest.mark.parametrize(
    ("takes_effect", "on", "status"),
    [
        ("2022-01-01", "2021-12-31", "in force"),
        ("2022-01-01", "2022-01-01", "terminated"),
        ("2022", "2022-06-01", "in force"),
        ("2022", "2022-12-31", "terminated"),
        (None, "2090-01-01", "in force"),
    ],
)
def test_notice_ends_a_bilateral_agreement_on_its_effect_date(takes_effect: str | None, on: str, status: str) -> None:
    """Of two parties one leaves: the agreement is terminated once the notice took effect for sure."""
    fields = {"takes_effect": takes_effect} if takes_effect else {}
    story = in_force(notice("2021-06-01", "denunciation", **fields))
    assert story.asked(on)["legal_status"] == status


def test_of_three_parties_one_may_leave() -> None:
    """With three signatories the agreement stands until a second notice took effect."""
    one = in_force(notice("2021-01-01", "withdrawal", takes_effect="2022-01-01"), parties=(A, B, C))
    assert one.asked("2022-06-01")["legal_status"] == "in force"
    assert one.asked("2022-06-01")["consent"] == {
        "azpromo": "withdrawn",
        "vencou": "bound",
        "third-side": "bound",
    }
    assert one.asked("2021-12-31")["consent"]["azpromo"] == "bound"
    two = one.also(notice("2022-01-01", "withdrawal", B, takes_effect="2023-01-01"))
    assert two.asked("2022-12-31")["legal_status"] == "in force"
    assert two.asked("2023-01-01")["legal_status"] == "terminated"


def test_a_notice_counts_from_the_day_it_was_received() -> None:
    """Sent in time and received too late, a notice of non-renewal stops the next term, not this one."""
    sent = "2024-06-30"
    in_time = in_force(term(**TACIT), notice(sent, "non-renewal"))
    late = in_force(term(**TACIT), notice(sent, "non-renewal", received="2024-07-15"))
    assert in_time.asked("2025-01-01")["term"]["end"] == "2024-12-31"
    assert late.asked("2025-01-01")["term"]["end"] == "2029-12-31"
    assert (in_time.asked("2025-01-01")["legal_status"], late.asked("2025-01-01")["legal_status"]) == (
        "expired",
        "in force",
    )


def test_notice_of_non_renewal_ends_nothing_by_its_effect_date() -> None:
    """Non-renewal works through the term, not as a denunciation."""
    story = in_force(notice("2021-01-01", "non-renewal", takes_effect="2022-01-01"))
    assert story.asked("2023-01-01")["legal_status"] == "in force"


def test_only_what_is_in_force_expires() -> None:
    """A term that ran out does not turn a terminated or never effective agreement into an expired one."""
    ended = in_force(term(length="P5Y"), fact("AgreementTerminated", "2022-01-01"))
    assert ended.asked("2030-01-01")["legal_status"] == "terminated"
