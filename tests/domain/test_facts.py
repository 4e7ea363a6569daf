"""The fact models: what they take, what they refuse, and what comes back from storage."""

from typing import Any, get_args

import pytest
from pydantic import ValidationError

from domain.catalogue import BY_KIND, MODELS, UnknownFact, kind_of_fact, model_named
from domain.deciders import DECIDERS, LIFECYCLES
from domain.facts import Fact, Source, name_of, references, said, stored
from tests.domain.samples import DATA, OPENING, A, B
from tests.spec import event

NAMES = sorted(MODELS)


def made(name: str, **data: Any) -> Fact:
    """Build a fact from its least data and what is given."""
    return MODELS[name].model_validate({**DATA.get(name, {}), **data})


@pytest.mark.parametrize("name", NAMES)
def test_every_fact_can_be_said_in_the_least_words(name: str) -> None:
    """Every fact of the catalogue can be built from its required fields alone."""
    fact = made(name)
    required = {field for field, info in MODELS[name].model_fields.items() if info.is_required()}
    assert required <= set(DATA.get(name, {}))
    assert name_of(fact) == name


@pytest.mark.parametrize("name", NAMES)
def test_every_fact_refuses_a_field_it_does_not_know(name: str) -> None:
    """A field that is not of the fact is refused, not ignored."""
    with pytest.raises(ValidationError, match="extra_forbidden"):
        made(name, colour="red")


@pytest.mark.parametrize("name", NAMES)
def test_every_fact_is_frozen(name: str) -> None:
    """No field of a fact can be set after it was made."""
    field = next(iter(MODELS[name].model_fields), "anything")
    with pytest.raises(ValidationError, match="frozen"):
        setattr(made(name), field, "other")


@pytest.mark.parametrize("name", NAMES)
def test_what_is_stored_reads_back_the_same(name: str) -> None:
    """A fact read back from its stored data, or from its JSON, is the fact itself."""
    fact = made(name)
    assert MODELS[name].model_validate(stored(fact)) == fact
    assert MODELS[name].model_validate_json(fact.model_dump_json()) == fact


@pytest.mark.parametrize("name", NAMES)
def test_every_fact_and_field_explains_itself(name: str) -> None:
    """Every model is named as it is stored, says what happened, and describes each field."""
    model = MODELS[name]
    assert model.__name__ == name
    assert model.__doc__
    assert model.__doc__ != Fact.__doc__
    assert [field for field, info in model.model_fields.items() if not info.description] == []


@pytest.mark.parametrize("name", NAMES)
def test_absence_is_the_only_default_that_hides_nothing(name: str) -> None:
    """What storage leaves out is exactly what the model gives back."""
    fact = made(name)
    hidden = set(MODELS[name].model_fields) - set(stored(fact))
    fields = MODELS[name].model_fields
    assert all(getattr(fact, field) == fields[field].get_default(call_default_factory=True) for field in hidden)


def test_a_correction_to_null_survives_storage() -> None:
    """A correction that takes a field away is stored with its null."""
    fact = made("EventCorrected", changes={"subject": None})
    assert stored(fact)["changes"] == {"subject": None}


BAD_LINES = ["", "   ", "a\nb", "a\x00b", "a\x1b[31mb", "a\x7fb", "a\x85b", "a\u2028b", "a\rb", "x" * 501]
BAD_PROSE = ["", " \n ", "a\x00b", "a\x1bb", "a\rb", "a\u2029b", "x" * 20_001]


@pytest.mark.parametrize("text", BAD_LINES)
def test_a_line_is_one_inert_line(text: str) -> None:
    """A title is not blank, not over 500 characters, and holds no control character or line break."""
    with pytest.raises(ValidationError):
        made("AgreementOpened", title=text)


@pytest.mark.parametrize("text", ["İZİA – картон", "紙板", "x" * 500])
def test_a_line_keeps_any_script(text: str) -> None:
    """A title in any script, up to 500 characters, is kept as it is."""
    assert made("AgreementOpened", title=text).title == text  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", BAD_PROSE)
def test_prose_is_inert_but_for_line_breaks(text: str) -> None:
    """A remark is not blank, not over 20,000 characters, and holds no control character."""
    with pytest.raises(ValidationError):
        made("NoteRecorded", text=text)


def test_prose_keeps_its_line_breaks() -> None:
    """A remark may run over several lines."""
    assert made("NoteRecorded", text="one\n\ntwo").text == "one\n\ntwo"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "amount",
    [1.5, 1.0, True, -1, "-1", "1e3", "1,5", "1.", ".5", "", " 1", "1\n", "١", "0.1234567", "1" * 25],
)
def test_an_amount_that_could_lose_a_digit_is_refused(amount: Any) -> None:
    """Floats, signs, exponents, separators and foreign digits are no amounts."""
    with pytest.raises(ValidationError):
        made("ValueStated", amount=amount)


@pytest.mark.parametrize(("amount", "kept"), [("1250000.50", "1250000.50"), (7, "7"), ("0.123456", "0.123456")])
def test_an_amount_is_kept_digit_by_digit(amount: Any, kept: str) -> None:
    """A plain decimal text or a whole number is kept as text."""
    assert made("ValueStated", amount=amount).amount == kept  # type: ignore[attr-defined]


@pytest.mark.parametrize("money", [{"amount": "1"}, {"currency": "USD"}])
def test_an_amount_and_its_currency_go_together(money: dict[str, str]) -> None:
    """Neither an amount without a currency nor a currency without an amount is taken."""
    with pytest.raises(ValidationError, match="go together"):
        made("FinancingStated", **money)


@pytest.mark.parametrize("currency", ["usd", "US", "USDT", "USD\n", "$"])
def test_a_currency_is_three_capitals(currency: str) -> None:
    """Only an ISO 4217 code passes for a currency."""
    with pytest.raises(ValidationError):
        made("ValueStated", currency=currency)


@pytest.mark.parametrize(
    "slug", ["", "ab", "-abc", "abc-", "Abc", "a_b_c", "əzda", "a" * 41, "a/b/c", "abc\n", "agreement/abc", 7]
)
def test_a_reference_is_a_slug_of_its_kind(slug: Any) -> None:
    """What is no slug, or names a stream of another kind, is no party."""
    with pytest.raises(ValidationError):
        made("PartyAdded", party=slug)


@pytest.mark.parametrize("slug", ["abc", "a" * 40, "a-1", "party/abc"])
def test_a_reference_is_completed_to_a_stream(slug: str) -> None:
    """A bare slug and a full name both become the name of the stream."""
    assert made("PartyAdded", party=slug).party == f"party/{slug.removeprefix('party/')}"  # type: ignore[attr-defined]


@pytest.mark.parametrize("length", ["P5Y", "P6M", "P2W", "P30D", "P1Y6M", "P1Y2M3W4D", "P99999D"])
def test_a_duration_is_whole_calendar_units(length: str) -> None:
    """Years, months, weeks and days make a term."""
    assert made("TermSet", length=length).length == length  # type: ignore[attr-defined]


@pytest.mark.parametrize("length", ["", "P", "5Y", "P5", "PT5H", "P1.5Y", "P-1Y", "P5Y\n", "P٥Y", "P100000Y", "P1D1Y"])
def test_what_is_no_duration_is_refused(length: str) -> None:
    """Hours, fractions, signs, foreign digits and endless numbers make no term."""
    with pytest.raises(ValidationError):
        made("TermSet", length=length)


@pytest.mark.parametrize("text", ["2025-13", "23.04.2025", "soon", "", "2025-04-17T10:00"])
def test_a_date_field_takes_only_edtf(text: str) -> None:
    """A date inside a fact is EDTF as the envelope's is."""
    with pytest.raises(ValidationError):
        made("TermSet", end=text)


@pytest.mark.parametrize("digest", ["0" * 63, "0" * 65, "G" * 64, "A" * 64])
def test_a_fingerprint_is_64_lower_hexadecimals(digest: str) -> None:
    """Nothing else passes for a SHA-256."""
    with pytest.raises(ValidationError):
        made("DocumentAttached", sha256=digest)


@pytest.mark.parametrize("target", ["1", "", event(1).upper().replace("0", "A"), event(1) + "\n", f"{{{event(1)}}}"])
def test_a_target_is_a_lower_case_uuid(target: str) -> None:
    """Nothing else passes for the id of an event."""
    with pytest.raises(ValidationError):
        made("EventRetracted", target=target)


def test_a_correction_must_correct_something() -> None:
    """A correction that names neither a field nor a date is refused."""
    with pytest.raises(ValidationError, match="corrects nothing"):
        MODELS["EventCorrected"].model_validate({"target": event(1), "reason": "why"})


@pytest.mark.parametrize(
    ("name", "data", "named"),
    [
        ("PartyAdded", {"party": A}, [A]),
        ("TextInitialled", {"by": [A, B]}, [A, B]),
        ("SignatureAffixed", {"party": A, "occasion": "beijing-2025"}, [A, "occasion/beijing-2025"]),
        ("AgreementSigned", {}, []),
        ("AgreementAmended", {"instrument": "protocol-one"}, ["agreement/protocol-one"]),
        ("AgreementTerminated", {"replaced_by": "successor"}, ["agreement/successor"]),
        ("FinancingStated", {"financier": B}, [B]),
        ("AgreementReviewed", {}, ["commission/az-cn-trade"]),
        ("ProjectIdentified", {"sponsors": [B, A]}, [B, A]),
        ("ResidencyGranted", {"company": B}, [B]),
        ("InstructionIssued", {"responsible": A, "co_executors": [B]}, [A, B]),
        ("OccasionHeld", {"organisers": [A], "supporters": [B]}, [A, B]),
        ("AgreementAttached", {}, ["agreement/cardboard"]),
        ("ParentRecorded", {"parent": B}, [B]),
        ("EventRetracted", {}, []),
    ],
)
def test_a_fact_names_the_streams_in_its_fields(name: str, data: dict[str, Any], named: list[str]) -> None:
    """Every stream a field names is found, in the order of the fields, and nothing else."""
    assert list(references(made(name, **data))) == named


@pytest.mark.parametrize("name", NAMES)
def test_what_a_fact_says_in_a_field_can_be_asked_of_any(name: str) -> None:
    """A field gives what it holds, absence or default too; one that the fact does not have gives nothing."""
    fact = made(name)
    assert {field: said(fact, field) for field in MODELS[name].model_fields} == dict(fact)
    assert said(fact, "no_such_field") is None


def test_the_catalogue_is_the_one_of_each_kind() -> None:
    """Every fact type belongs to exactly one kind, or to facts about the record."""
    names = [name for facts in BY_KIND.values() for name in facts]
    assert sorted(names) == NAMES
    assert {name: kind for kind, facts in BY_KIND.items() for name in facts} == {n: kind_of_fact(n) for n in names}
    assert set(BY_KIND) == {*DECIDERS, "any"}


def test_lifecycles_speak_of_facts_that_exist() -> None:
    """Every row and every opening names a fact of its own kind and values of its own facet."""
    for lifecycle in LIFECYCLES.values():
        for move in lifecycle.moves:
            assert kind_of_fact(move.fact) == lifecycle.kind
            assert {*move.froms, *([move.to] if move.to else [])} <= set(lifecycle.values)
        assert lifecycle.ended <= set(lifecycle.values)
    for kind, decider in DECIDERS.items():
        assert all(kind_of_fact(name) == kind for name in decider.opens)
        assert OPENING[kind] == decider.opens[0]


def test_an_unknown_type_or_schema_is_named() -> None:
    """A type nobody knows, and a schema of a known type nobody knows, are told apart."""
    with pytest.raises(UnknownFact) as unknown:
        model_named("AgreementPainted")
    assert (unknown.value.name, unknown.value.schema) == ("AgreementPainted", None)
    with pytest.raises(UnknownFact) as newer:
        model_named("AgreementOpened", 2)
    assert (newer.value.name, newer.value.schema) == ("AgreementOpened", 2)
    assert model_named("AgreementOpened", 1) is MODELS["AgreementOpened"]


def test_the_certainties_are_three() -> None:
    """A source states, or a reader infers or assumes; nothing else, and stated where nothing is said."""
    assert get_args(Source.model_fields["certainty"].annotation) == ("stated", "inferred", "assumed")
    assert Source.model_validate({"source": "Trend"}).certainty == "stated"
