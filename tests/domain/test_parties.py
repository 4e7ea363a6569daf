"""A party's names through time, and files of one party merged and parted again."""

from typing import Any

import pytest

from tests.domain.samples import A, sample
from tests.spec import PARTY, Said, Story, fact, given

ON = "2026-01-01"
EZDA = "party/ezda"
MERGED = sample("PartiesMerged", "2025-03")
UNDONE = sample("MergeUndone", "2025-04")


def party(*facts: Said, **data: Any) -> Story:
    """Tell of the party IZIA, registered at New Year 2025."""
    return given(PARTY, sample("PartyRegistered", "2025-01-01", **data), *facts)


def test_a_merged_file_is_absorbed() -> None:
    """The file that goes on lists those it took in, and keeps its own name."""
    after = party().when(MERGED).then(recorded="PartiesMerged")
    assert (after.shown()["absorbed"], after.shown()["name"]) == (["ezda"], "IZIA")
    assert after.entries[-1].about == (EZDA,)


def test_a_merger_holds_from_its_day() -> None:
    """Asked before the day of the merger, the two were apart; between merger and undoing they were one."""
    story = party(MERGED, UNDONE)
    days = {"2025-02-28": [], "2025-03-31": ["ezda"], "2025-04-30": []}
    assert {on: story.shown(on)["absorbed"] for on in days} == days


def test_several_files_may_be_absorbed() -> None:
    """Each is listed once, in the order of the merging, and each is undone by itself."""
    story = party(MERGED, sample("PartiesMerged", "2025-04", absorbed=A), sample("PartiesMerged", "2025-05"))
    assert story.shown()["absorbed"] == ["azpromo", "ezda"]
    assert story.also(sample("MergeUndone", "2025-06")).shown()["absorbed"] == ["azpromo"]


@pytest.mark.parametrize(
    ("story", "said", "refused", "warns"),
    [
        (party(), MERGED, (), ()),
        (party(MERGED), sample("PartiesMerged", ON), (), "merged-already"),
        (party(MERGED), sample("PartiesMerged", ON, absorbed=A), (), ()),
        (party(MERGED, UNDONE), sample("PartiesMerged", ON), (), ()),
        (party(), sample("PartiesMerged", ON, absorbed=PARTY), "itself", ()),
        (party(), sample("MergeUndone", ON), "not-merged", ()),
        (party(MERGED), sample("MergeUndone", ON), (), ()),
        (party(MERGED), sample("MergeUndone", ON, absorbed=A), "not-merged", ()),
        (party(MERGED), sample("MergeUndone", ON, absorbed=PARTY), "not-merged", ()),
        (party(MERGED, UNDONE), sample("MergeUndone", ON), "not-merged", ()),
        (party(MERGED), sample("MergeUndone", "2025-02"), "not-merged", ()),
    ],
)
def test_what_is_merged_was_apart_and_what_is_parted_was_merged(
    story: Story, said: Said, refused: str, warns: str
) -> None:
    """Merging twice warns; merging a party with itself, and parting what is not merged, is refused."""
    story.when(said).then(recorded=() if refused else said.type, refused=refused, warns=warns)


def test_a_refused_parting_tells_what_is_merged() -> None:
    """Whoever parts the wrong file is told which were merged."""
    for story, merged in ((party(), "none"), (party(MERGED), "ezda")):
        [found] = story.when(sample("MergeUndone", ON, absorbed=A)).decision.findings
        assert found.message == f"azpromo is not merged into it; merged: {merged}"


@pytest.mark.parametrize("end", [sample("PartySucceeded", "2025-02", successor=A), fact("PartyDissolved", "2025-02")])
def test_files_are_merged_whatever_became_of_the_party(end: Said) -> None:
    """Two files can turn out to be one, and two after all, though the party is no more."""
    story = party(end).when(MERGED).then(recorded="PartiesMerged")
    assert story.when(UNDONE).then(recorded="MergeUndone").shown()["stage"] == party(end).shown()["stage"]


def test_a_merger_retracted_leaves_no_trace() -> None:
    """What should never have been recorded absorbed nothing, and the file can be merged without a warning."""
    story = party(MERGED, fact("EventRetracted", "2025-06", target="00000000-0000-4000-8000-000000000002", reason="no"))
    assert story.shown()["absorbed"] == []
    story.when(sample("PartiesMerged", ON)).then(recorded="PartiesMerged")


def test_a_variant_keeps_when_and_where_it_was_found() -> None:
    """Each other name has its language, since when, until when, and the sources that use it."""
    sources = {"sources": [{"source": "Trend"}, {"source": "decree 7"}]}
    variant = fact("NameVariantRecorded", "2025-02", sources, text="EZDA", language="en", until="2025-12-31")
    story = party(variant, fact("NameVariantRecorded", "2025-03", text="İZİA"))
    assert story.shown()["variants"] == [
        {"text": "EZDA", "language": "en", "since": "2025-02", "until": "2025-12-31", "sources": ["Trend", "decree 7"]},
        {"text": "İZİA", "language": None, "since": "2025-03", "until": None, "sources": []},
    ]


def test_a_source_added_later_stands_with_its_variant() -> None:
    """Another source that uses the name is listed with the first."""
    variant = fact("NameVariantRecorded", "2025-02", {"sources": [{"source": "Trend"}]}, text="EZDA")
    added = sample("SourceAdded", "2025-06", target="00000000-0000-4000-8000-000000000002", source={"source": "BMU"})
    assert [row["sources"] for row in party(variant, added).shown()["variants"]] == [["Trend", "BMU"]]


def test_one_name_found_in_two_languages_is_two_variants() -> None:
    """A variant is not overwritten by the same letters found elsewhere."""
    story = party(*(fact("NameVariantRecorded", "2025-02", text="EZDA", language=lang) for lang in ("en", "az")))
    assert [row["language"] for row in story.shown()["variants"]] == ["en", "az"]


def test_names_follow_each_other() -> None:
    """Every former name is kept with the day it ended, in order; a short form stays unless a new one is named."""
    story = party(
        fact("PartyRenamed", "2025-03", name="EZDA", abbreviation="EZ"),
        fact("PartyRenamed", "2025-06", name="Zones Agency"),
        abbreviation="IZ",
    )
    shown = story.shown()
    assert (shown["title"], shown["name"], shown["abbreviation"]) == ("Zones Agency", "Zones Agency", "EZ")
    assert shown["former_names"] == [{"text": "IZIA", "until": "2025-03"}, {"text": "EZDA", "until": "2025-06"}]
    assert story.shown("2025-02-28")["abbreviation"] == "IZ"


def test_a_late_renaming_takes_its_place() -> None:
    """An earlier renaming recorded afterwards does not become the present name."""
    story = party(fact("PartyRenamed", "2025-06", name="Zones Agency"), fact("PartyRenamed", "2025-03", name="EZDA"))
    assert story.shown()["name"] == "Zones Agency"
    assert [row["text"] for row in story.shown()["former_names"]] == ["IZIA", "EZDA"]


def test_a_party_shows_what_it_was_registered_with() -> None:
    """Its name, kind, country and short form; nothing is merged, renamed or identified yet."""
    shown = party(kind="agency", country="AZ", abbreviation="IZ").shown()
    assert (shown["name"], shown["kind"], shown["country"], shown["abbreviation"]) == ("IZIA", "agency", "AZ", "IZ")
    empty = ("variants", "former_names", "identifiers", "matches", "absorbed")
    assert {name: shown[name] for name in empty} == {name: [] for name in empty}
    assert (shown["parent"], shown["successor"], shown["stage"]) == (None, None, "existing")


def test_identifiers_and_ties_are_listed() -> None:
    """Identifiers add up; the latest parent holds; a successor is named."""
    story = party(
        sample("IdentifierRecorded"),
        fact("IdentifierRecorded", "2025-02", scheme="VÖEN", value="2"),
        sample("ParentRecorded", "2025-02"),
        sample("ParentRecorded", "2025-03", parent=A),
        sample("PartySucceeded", "2025-04"),
    )
    shown = story.shown()
    assert [row["scheme"] for row in shown["identifiers"]] == ["LEI", "VÖEN"]
    assert (shown["parent"], shown["successor"], shown["stage"]) == ("azpromo", "ezda", "succeeded")
