"""Every facet a status shows is traced to events: its own, those of the streams that add to it, or its opening."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cli.deciding import proposed
from cli.register import Register
from domain.entries import Draft
from domain.factline import draft_of, line_of
from projections.answers.reasons import NoSuchFacet, reasons
from projections.answers.status import status
from projections.runner import follow
from tests.domain.fact_strategies import DAYS, stories
from tests.projections.registers import event_id, fact, put, register_at
from tests.spec import Story

KINDS = ("agreement", "project", "commission", "occasion", "party")
SLUG = "azpromo"
"""Random facts name streams of this slug, so those of the five stories name each other."""

NO_SHRINK = (Phase.explicit, Phase.reuse, Phase.generate)
"""Each try makes a register on disk: making a failure smaller would take longer than reading it."""

QUESTION = {"as_of", "known_at", "head", "kind", "slug", "in_effect", "events"}
"""What a status says besides facets."""


@st.composite
def histories(draw: st.DrawFn) -> list[Story]:
    """Return a story of each kind, whose facts may name the others."""
    return [draw(stories(of=kind, size=7)) for kind in KINDS]


@contextmanager
def told(histories: list[Story]) -> Iterator[Register]:
    """Make a register whose log holds the stories, each under the one slug and with ids of its own."""
    with TemporaryDirectory() as folder, register_at(Path(folder) / "random.db") as register:
        proposals = [
            proposed(draft_of(json.loads(said), new_id="", by="desk"))
            for number in range(5)
            for said in _lines(histories, number)
        ]
        register.store.append(proposals, now=lambda: datetime(2026, 3, 1, tzinfo=UTC), project=follow)
        yield register


def _lines(histories: list[Story], number: int) -> Iterator[str]:
    story = histories[number]
    for entry in story.entries:
        draft = Draft(entry.id, entry.stream, entry.on, entry.fact, entry.about, entry.sources, note=entry.note)
        line = line_of(draft) | {"stream": f"{KINDS[number]}/{SLUG}", "id": entry.id}
        line["about"] = [name for name in line.get("about", ()) if name != line["stream"]]
        yield json.dumps(line).replace("00000000-0000-4000", f"0000000{number}-0000-4000")


@settings(deadline=None, phases=NO_SHRINK, max_examples=12, suppress_health_check=list(HealthCheck))
@given(histories=histories(), kind=st.sampled_from(KINDS), on=DAYS)
def test_every_facet_shown_is_traced_to_events(histories: list[Story], kind: str, on: date) -> None:
    """Whatever was told and whenever asked, a facet that says something names the events that set it."""
    stream = f"{kind}/{SLUG}"
    with told(histories) as register, register.world(as_of=on) as world:
        shown = status(world, stream)
        for facet in sorted(shown.keys() - QUESTION) if shown["in_effect"] else ():
            answer = reasons(world, stream, facet)
            assert answer is not None
            assert answer["value"] == shown[facet]
            if shown[facet] not in (None, "", [], {}):
                assert answer["events"], facet
            for row in answer["events"]:
                assert row["before"] != row["after"]
                assert row["event"]["earliest"] <= on.isoformat() or row["facet"] in {"flags", "sources"}
                assert row["event"]["standing"] != "retracted"


@settings(deadline=None, phases=NO_SHRINK, max_examples=12, suppress_health_check=list(HealthCheck))
@given(histories=histories(), kind=st.sampled_from(KINDS), on=DAYS)
def test_the_events_of_a_facet_lead_to_its_value(histories: list[Story], kind: str, on: date) -> None:
    """Of a facet of the stream's own, each event begins where the one before left off, and the last gave the value."""
    stream = f"{kind}/{SLUG}"
    with told(histories) as register, register.world(as_of=on) as world:
        found = world.replayed(stream)
        for facet, value in found.facets.items() if found else ():
            answer = reasons(world, stream, facet)
            assert answer is not None
            own = [row for row in answer["events"] if row["facet"] == facet and row["event"]["stream"] == stream]
            assert [row["before"] for row in own[1:]] == [row["after"] for row in own[:-1]]
            assert not own or own[-1]["after"] == value


BASE = (
    fact("PartyRegistered", "party/izia", "2025-01-01", name="IZIA", country="AZ"),
    fact("PartyRegistered", "party/vencou", "2025-01-01", name="Vencou"),
    fact("AgreementOpened", "agreement/pact", "2025-01-02", title="Pact", kind="treaty"),
    fact("PartyAdded", "agreement/pact", "2025-01-02", party="izia"),
    fact("PartyAdded", "agreement/pact", "2025-01-02", party="vencou"),
    fact("AgreementSigned", "agreement/pact", "2025-01-03"),
    fact("EnteredIntoForce", "agreement/pact", "2025-02-01"),
    fact("TermSet", "agreement/pact", "2025-02-01", length="P1Y", sunset="P2Y"),
    fact("CommissionEstablished", "commission/joint", "2025-01-01", name="Joint"),
    {**fact("SessionScheduled", "commission/joint", "2025-03-01", session="2", held_on="2026-09-01"),
     "about": ["agreement/pact"]},
    {**fact("InstructionIssued", "commission/joint", "2025-03-02", item="1", text="report"),
     "about": ["agreement/pact"]},
    fact("InstructionIssued", "commission/joint", "2025-03-02", item="2", text="something else"),
    fact("ProjectIdentified", "project/plant", "2025-01-05", name="Plant", planned_end="2025-12-31"),
    fact("ProjectLinked", "project/plant", "2025-01-05", agreement="pact"),
    fact("PhaseObserved", "project/plant", "2025-04-01", phase="construction"),
)  # fmt: skip

RESTS_ON: list[tuple[str, str, set[str]]] = [
    ("agreement/pact", "ended_on", {"AgreementSigned", "EnteredIntoForce", "TermSet", "PartyAdded"}),
    ("agreement/pact", "survives_until", {"AgreementSigned", "EnteredIntoForce", "TermSet", "PartyAdded"}),
    ("agreement/pact", "review", {"SessionScheduled"}),
    ("agreement/pact", "review_scheduled", {"SessionScheduled"}),
    ("agreement/pact", "instructions", {"InstructionIssued"}),
    ("agreement/pact", "projects", {"ProjectIdentified", "ProjectLinked", "PhaseObserved"}),
    ("agreement/pact", "parties", {"PartyAdded", "PartyRegistered"}),
    ("agreement/pact", "financing", {"AgreementOpened"}),
    ("agreement/pact", "kind", {"AgreementOpened"}),
    ("agreement/pact", "consent_per_party", {"PartyAdded", "AgreementSigned", "EnteredIntoForce"}),
    ("project/plant", "project_phase", {"PhaseObserved"}),
    ("project/plant", "run_state", {"ProjectIdentified"}),
    ("project/plant", "parties", {"ProjectLinked", "PartyAdded", "PartyRegistered"}),
    ("project/plant", "agreements", {"ProjectLinked", "AgreementOpened", "AgreementSigned", "EnteredIntoForce"}),
    ("project/plant", "flags", {"PhaseObserved", "ProjectIdentified"}),
    ("party/izia", "roles", {"PartyAdded"}),
    ("party/izia", "agreements", {"PartyAdded"}),
    ("party/izia", "stage", {"PartyRegistered"}),
]


@pytest.mark.parametrize(("stream", "facet", "types"), RESTS_ON, ids=[f"{s} {f}" for s, f, _ in RESTS_ON])
def test_what_each_facet_rests_on(tmp_path: Path, stream: str, facet: str, types: set[str]) -> None:
    """A facet names the events that set it, of whichever stream; one that nothing changed, the file's opening."""
    with register_at(tmp_path / "register.db") as register:
        put(register, *BASE)
        found = found_for(register, stream, facet, date(2026, 3, 1))
    assert {row["event"]["type"] for row in found} == types


def test_the_instructions_of_others_are_no_reason(tmp_path: Path) -> None:
    """Of a commission's instructions only those about the matter are named, also where they are closed later."""
    with register_at(tmp_path / "register.db") as register:
        put(register, *BASE, fact("InstructionClosed", "commission/joint", "2025-06-01", item="2"),
            fact("InstructionClosed", "commission/joint", "2025-06-01", item="1"))  # fmt: skip
        found = found_for(register, "agreement/pact", "instructions")
    assert [(row["event"]["type"], row["event"]["data"]["item"]) for row in found] == [
        ("InstructionIssued", "1"),
        ("InstructionClosed", "1"),
    ]


def test_the_quality_of_the_record_is_traced(tmp_path: Path) -> None:
    """Record quality rests on the facts that have a source, and on those that are flagged."""
    sourced = {**fact("PartyRenamed", "party/izia", "2025-05-01", name="EZDA"), "sources": [{"source": "decree-12"}]}
    with register_at(tmp_path / "register.db") as register:
        put(register, *BASE)
        renamed = event_id(put(register, sourced))
        put(register, fact("EventDisputed", "party/izia", "2025-06-01", target=renamed, reason="no such decree"))
        names = ("record_quality", "sources", "flags")
        answers = {name: found_for(register, "party/izia", name) for name in names}
    assert {name: [row["after"] for row in rows] for name, rows in answers.items()} == {
        "record_quality": [["disputed"], ["decree-12"]],
        "sources": [["decree-12"]],
        "flags": [["disputed"]],
    }
    assert {row["event"]["id"] for rows in answers.values() for row in rows} == {renamed}


def test_what_is_no_facet_is_told(tmp_path: Path) -> None:
    """The name of nothing, or of what only repeats the question, is refused with the facets there are."""
    with register_at(tmp_path / "register.db") as register:
        put(register, *BASE)
        with register.world() as world:
            for name in ("mood", "head", "as_of", "events"):
                with pytest.raises(NoSuchFacet) as missing:
                    reasons(world, "agreement/pact", name)
                assert missing.value.name == name
                assert {"legal_status", "consent", "flags"} <= set(missing.value.known)
                assert not QUESTION - {"kind"} & set(missing.value.known)


def found_for(register: Register, stream: str, facet: str, on: date | None = None) -> list[dict[str, Any]]:
    """Return the events a facet rests on, as rows; there must be an answer."""
    with register.world(as_of=on) as world:
        answer = reasons(world, stream, facet)
    assert answer is not None
    return list(answer["events"])


def facets_of_all(register: Register) -> dict[str, Any]:
    """Return the status of the streams of the base."""
    with register.world() as world:
        return {stream: status(world, stream) for stream in ("agreement/pact", "project/plant")}


def test_a_matter_on_the_agenda_is_scheduled_until_it_is_reviewed(tmp_path: Path) -> None:
    """Never reviewed, then on the agenda of a session to come, then reviewed: the review facet goes up by these."""
    with register_at(tmp_path / "register.db") as register:
        put(register, *BASE)
        found = facets_of_all(register)
        assert (found["agreement/pact"]["review"], found["project/plant"]["review"]) == ("scheduled", "never")
        coming = {"commission": "joint", "session": "2", "on": "2026-09-01"}
        assert found["agreement/pact"]["review_scheduled"] == [coming]
        put(register, fact("AgreementReviewed", "agreement/pact", "2025-07-01", commission="joint"))
        again = facets_of_all(register)["agreement/pact"]
        assert (again["review"], again["review_scheduled"]) == ("reviewed", [coming])
        put(register, fact("SessionHeld", "commission/joint", "2025-09-01", session="2"))
        assert facets_of_all(register)["agreement/pact"]["review_scheduled"] == []


def test_instructions_stand_with_what_they_are_about(tmp_path: Path) -> None:
    """An agreement shows what commissions instructed on it: open, overdue from the day after its deadline, closed."""
    with register_at(tmp_path / "register.db") as register:
        put(register, *BASE,
            {**fact("InstructionIssued", "commission/joint", "2025-03-02", item="3", text="x", deadline="2026-03-01"),
             "about": ["agreement/pact"]},
            fact("InstructionClosed", "commission/joint", "2025-06-01", item="1"))  # fmt: skip

        def shown(day: date) -> list[tuple[str, str, bool]]:
            with register.world(as_of=day) as world:
                rows = status(world, "agreement/pact")["instructions"]
            return [(row["item"], row["state"], row["overdue"]) for row in rows]

        assert shown(date(2026, 3, 1)) == [("1", "closed", False), ("3", "open", False)]
        assert shown(date(2026, 3, 2)) == [("1", "closed", False), ("3", "open", True)]
