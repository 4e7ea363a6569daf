"""One fact as a JSON line: what is refused, and how it is told."""

from typing import Any

import pytest

from domain.factline import BadFact, FactLine, draft_of, line_of
from tests.domain.samples import DATA, A, B
from tests.spec import event, fact


def problems(**line: Any) -> list[str]:
    """Return the fields a line is refused for."""
    whole = {
        "type": "AgreementOpened",
        "stream": "agreement/cardboard",
        "on": "2025",
        "data": DATA["AgreementOpened"],
    }
    with pytest.raises(BadFact) as bad:
        draft_of({**whole, **line}, new_id=event(1))
    return [field for field, _ in bad.value.problems]


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ({"type": "AgreementPainted"}, ["type"]),
        ({"stream": "treaty/x"}, ["stream"]),
        ({"on": "soon"}, ["on"]),
        ({"about": ["nobody"]}, ["about"]),
        (
            {"data": {"title": "a\x00", "kind": "pact", "colour": 1}},
            ["data.title", "data.kind", "data.colour"],
        ),
        ({"data": {}}, ["data.title", "data.kind"]),
        (
            {"sources": [{"source": "Trend"}, {"certainty": "sure"}]},
            ["sources.1.source", "sources.1.certainty"],
        ),
        ({"id": "1"}, ["id"]),
        ({"key": ""}, ["key"]),
        ({"position": 1}, ["position"]),
        ({"on": "soon", "about": ["x"], "data": {"kind": "mou"}}, ["data.title", "on", "about"]),
        ({"on": "soon", "type": "Nothing"}, ["type", "on"]),
        ({"data": {}, "note": "", "colour": 1}, ["note", "colour", "data.title", "data.kind"]),
    ],
)
def test_a_bad_line_lists_every_problem_with_its_field(line: dict[str, Any], fields: list[str]) -> None:
    """Everything wrong with a line is told at once, each with the field it is in."""
    assert problems(**line) == fields


@pytest.mark.parametrize("value", [None, 7, "text", [], True])
def test_what_is_no_object_is_no_line(value: Any) -> None:
    """A JSON value that is no object is refused as a whole."""
    with pytest.raises(BadFact) as bad:
        draft_of(value, new_id=event(1))
    assert [field for field, _ in bad.value.problems] == ["line"]


def test_a_line_describes_its_fields() -> None:
    """Every field of the envelope is described."""
    assert all(info.description for info in FactLine.model_fields.values())


def test_a_line_leaves_out_what_is_absent() -> None:
    """The line of a draft holds what was said, the streams it mentions, and nothing empty."""
    draft = fact("SignatureAffixed", "2025-04", party=A, place="Beijing").draft("agreement/cardboard", event(1))
    assert line_of(draft) == {
        "type": "SignatureAffixed",
        "stream": "agreement/cardboard",
        "on": "2025-04",
        "data": {"party": A, "place": "Beijing"},
        "about": [A],
        "id": event(1),
        "by": "desk",
    }


def test_a_line_speaks_for_itself_before_the_caller_does() -> None:
    """The id and the name a line brings win over those the caller offers."""
    line = {"type": "PartyDissolved", "stream": B, "on": "2025", "id": event(7), "by": "archive"}
    draft = draft_of(line, new_id=event(1), by="desk", batch="b1")
    assert (draft.id, draft.by, draft.batch) == (event(7), "archive", "b1")
    del line["id"], line["by"]
    draft = draft_of(line, new_id=event(1), by="desk")
    assert (draft.id, draft.by, draft.batch) == (event(1), "desk", None)


def test_a_draft_mentions_others_once_and_never_itself() -> None:
    """What is said to be concerned and what fields name make one list without repeats or the own stream."""
    about = {"about": ["occasion/beijing-2025", A, "agreement/cardboard"]}
    draft = fact("PartyAdded", "2025", about, party=A).draft("agreement/cardboard", event(1))
    assert draft.mentions() == ("occasion/beijing-2025", A)


@pytest.mark.parametrize("by", ["\x1b[31mred", "two\nlines", " ", "x" * 501])
def test_who_records_is_checked_wherever_the_name_comes_from(by: str) -> None:
    """A name from a flag or the environment is held to what a line may say."""
    line = {"type": "AgreementOpened", "stream": "agreement/cardboard", "on": "2025", "data": DATA["AgreementOpened"]}
    for given, default in ((line, by), ({**line, "by": None}, by), ({**line, "by": by}, "")):
        with pytest.raises(BadFact) as bad:
            draft_of(given, new_id=event(1), by=default)
        assert [field for field, _ in bad.value.problems] == ["by"]
    assert draft_of({**line, "by": "desk"}, new_id=event(1), by=by).by == "desk"
