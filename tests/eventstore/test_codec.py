"""The stored bytes are RFC 8785 for every value allowed, and every other value is refused whole."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from eventstore import codec
from eventstore.envelope import Proposed
from eventstore.errors import Damaged, Unstorable
from tests.eventstore.givens import Propose
from tests.eventstore.hostile import NO_JSON, STORABLE, UNSTORABLE

LIMIT = 2**53 - 1
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
KEYS = st.text(st.characters(max_codepoint=127, exclude_characters="\0"))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-LIMIT, LIMIT) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_canonical_bytes_are_rfc_8785(value: Any) -> None:
    """For every storable value the bytes equal another RFC 8785 encoder's, and read back the same."""
    body = codec.canonical(value)
    assert body == rfc8785.dumps(value)
    assert codec.parse(body) == value == codec.parse_untrusted(body)


@pytest.mark.parametrize("value", STORABLE.values(), ids=STORABLE)
def test_a_hostile_but_storable_value_comes_back_identical(value: Any) -> None:
    """A strange value that every engine can hold is neither refused nor changed."""
    body = codec.canonical(value)
    assert codec.canonical(codec.parse(body)) == body == rfc8785.dumps(value)
    assert codec.canonical(codec.parse_untrusted(body)) == body


@pytest.mark.parametrize("value", UNSTORABLE.values(), ids=UNSTORABLE)
def test_an_unstorable_value_is_refused_wherever_it_stands(value: Any) -> None:
    """A value the log cannot hold is refused alone, in a list and in an object."""
    for holder in (value, [value], {"a": [value]}):
        with pytest.raises(Unstorable):
            codec.canonical(holder)


@pytest.mark.parametrize("text", NO_JSON.values(), ids=NO_JSON)
def test_ambiguous_json_from_outside_is_refused(text: str | bytes) -> None:
    """Text that two parsers might read differently, or that would exhaust one, is refused with a name."""
    with pytest.raises(Unstorable):
        codec.parse_untrusted(text)


JSON_TEXT = st.recursive(
    st.sampled_from(
        ["1", "-0", "1.5", "1e3", "9007199254740993", "NaN", "null", "true", '"a"', '"\\u0041"', '"\\ud800"']
    ),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda parts: f"[{','.join(parts)}]")
        | st.lists(st.tuples(st.sampled_from("ab"), inner), max_size=3).map(
            lambda pairs: "{" + ",".join(f'"{name}":{value}' for name, value in pairs) + "}"
        )
    ),
    max_leaves=8,
)


@given(JSON_TEXT)
def test_bytes_and_text_are_read_alike(text: str) -> None:
    """What is written plainly is read fast where it comes as bytes, and read or refused as the careful way does."""
    answers = []
    for given_as in (text, text.encode()):
        try:
            answers.append(repr(codec.parse_untrusted(given_as)))
        except Unstorable as refused:
            answers.append(f"{refused.path}: {refused.problem}")
    assert answers[0] == answers[1]


@given(st.text() | st.binary())
def test_any_text_is_read_or_refused(text: str | bytes) -> None:
    """No input makes the reader of outside JSON fail in any other way."""
    try:
        value = codec.parse_untrusted(text)
    except Unstorable:
        return
    assert value == json.loads(text)


def test_brackets_within_a_text_are_no_nesting() -> None:
    """A title full of brackets is not taken for deep nesting."""
    title = '[{"\\' * 1000
    assert codec.parse_untrusted(json.dumps([title])) == [title]


def test_a_refusal_leads_to_the_place() -> None:
    """The path of a refusal leads through keys and list places to the value."""
    with pytest.raises(Unstorable) as refusal:
        codec.canonical({"data": {"parties": ["a", {"share": 0.5}]}})
    assert refusal.value.path == "data.parties.1.share"
    assert "strings" in refusal.value.problem


def test_a_float_from_outside_is_met_with_advice() -> None:
    """Whoever sends a decimal number is told to write it as a string."""
    with pytest.raises(Unstorable, match="write decimals as strings"):
        codec.parse_untrusted('{"amount": 12.50}')


def test_an_event_comes_back_from_its_bytes(propose: Propose) -> None:
    """Decoding the bytes of an event gives the event again, with the same leaf hash."""
    proposal = propose(about=("party/izia",), sources=({"source": "trend"},), key="k", batch="b", note="n")
    event = codec.encode(proposal, position=7, version=2, recorded="2026-11-23T12:00:00.000000Z", asserted=True)
    assert codec.decode(event.body) == event
    assert event.body == rfc8785.dumps(json.loads(event.body))
    assert codec.fields_of(event.body)["key"] == "k"
    assert event.asserted


def test_empty_fields_are_left_out_of_the_bytes(propose: Propose) -> None:
    """What is empty leaves no trace in the bytes, however its emptiness is written."""
    placed: dict[str, Any] = {"position": 1, "version": 1, "recorded": "", "asserted": False}
    bare = codec.encode(propose(id="0" * 8), **placed)
    empty = codec.encode(propose(id="0" * 8, data=dict(bare.data), note="", key="", batch="", sources=()), **placed)
    assert bare.body == empty.body
    assert not {"about", "sources", "key", "batch", "note", "asserted"} & set(codec.parse(bare.body))


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"1", b'{"id": 1}', b"\xff", b"null", b"[" * 5000])
def test_bytes_that_are_no_event_are_damage(body: bytes) -> None:
    """Bytes that are not an event's give Damaged with the position, whatever they are."""
    with pytest.raises(Damaged) as damage:
        codec.decode(body, position=3)
    assert damage.value.position == 3


def test_the_bytes_of_another_position_are_damage(propose: Propose) -> None:
    """An event found at a position that is not its own is not served."""
    event = codec.encode(propose(), position=7, version=1, recorded="", asserted=False)
    with pytest.raises(Damaged):
        codec.decode(event.body, position=8)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "1"),
        ("id", "AAAAAAAA-0000-0000-0000-000000000000"),
        ("id", None),
        ("stream", "agreement"),
        ("stream", "agreement/"),
        ("stream", "Agreement/x"),
        ("stream", "agreement/x/y"),
        ("stream", "agreement/ə"),
        ("stream", "agreement/x\n"),
        ("about", ("party/x", "party")),
        ("earliest", "2025-4-1"),
        ("latest", "2025-04"),
        ("latest", "2025-03-31"),
        ("type", ""),
        ("by", ""),
        ("on", ""),
        ("key", "a\0"),
        ("key", 5),
        ("batch", b"sheet"),
        ("note", ["n"]),
    ],
)
def test_a_malformed_envelope_is_refused_by_field(propose: Propose, field: str, value: Any) -> None:
    """An envelope field of the wrong shape is refused, naming the field."""
    with pytest.raises(Unstorable) as refusal:
        codec.admit(propose(**{field: value}))
    assert refusal.value.path.split(".")[0] in {field, "earliest"}


def test_the_same_content_has_the_same_bytes(propose: Propose) -> None:
    """Id, key, batch and recorder do not make two facts different; anything else does."""
    one = propose(data={"a": 1, "b": (1, 2)})
    same = propose(data={"b": [1, 2], "a": 1}, key="k", batch="b", by="other")
    assert codec.content(one) == codec.content(same)
    changes: list[dict[str, Any]] = [
        {"data": {"a": 2}},
        {"on": "2025"},
        {"type": "T"},
        {"schema": 2},
        {"note": "n"},
        {"about": ("party/x",)},
        {"sources": ({"source": "s"},)},
        {"stream": "party/x"},
    ]
    others = [codec.content(propose(**({"data": {"a": 1, "b": [1, 2]}} | change))) for change in changes]
    assert codec.content(one) not in others


def test_an_event_as_proposed_and_as_recorded_has_the_same_content(propose: Propose) -> None:
    """What comes back from the log is recognised as what was proposed."""
    proposal: Proposed = propose(data={"b": (1, 2)}, about=("party/x",), sources=({"source": "s"},), note="n")
    event = codec.encode(proposal, position=1, version=1, recorded="", asserted=False)
    assert codec.content(codec.decode(event.body)) == codec.content(proposal)


def test_recorded_times_are_text_that_sorts() -> None:
    """A moment of any zone becomes UTC text of one width and comes back the same."""
    baku = datetime(2025, 4, 17, 3, 0, tzinfo=timezone(timedelta(hours=4)))
    assert codec.instant(baku) == "2025-04-16T23:00:00.000000Z"
    assert codec.moment(codec.instant(baku)) == baku
    assert codec.instant(datetime(33, 1, 1, tzinfo=UTC)) == "0033-01-01T00:00:00.000000Z"


def test_a_moment_without_a_zone_is_refused() -> None:
    """A naive time is a programming error, never guessed at."""
    with pytest.raises(ValueError, match="2025"):
        codec.instant(datetime(2025, 4, 17))  # noqa: DTZ001 - the very thing refused
