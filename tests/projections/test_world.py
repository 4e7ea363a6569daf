"""The world as asked: any day, any point of the log, and the laws both axes keep."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cli.register import Register
from projections.answers.status import overview, status
from projections.catalog import projections
from projections.rebuild import check, rebuild
from projections.world import World
from tests.projections.registers import CARDBOARD, Places, event_id, fact, put, register_at

PLANT = "project/plant"


def phase(register: Register, day: date | None = None, known_at: int | None = None) -> Any:
    """Return the plant's phase as asked."""
    told = None if known_at is None else str(known_at)
    with register.world(as_of=day, known_at=told) as world:
        return status(world, PLANT)["phase"]


def test_before_anything_took_effect_there_is_no_phase(register: Register) -> None:
    """As of a day before the first fact the project has no phase, and is not counted."""
    assert phase(register, date(2025, 4, 16)) is None
    with register.world(as_of=date(2025, 4, 16)) as world:
        assert overview(world)["counts"]["projects"] == 0


def test_a_late_fact_takes_its_effective_place(register: Register) -> None:
    """A fact recorded last but effective earlier shows on its days and not on later ones."""
    put(register, fact("PhaseObserved", PLANT, "2025-04-20", phase="pre-feasibility"))
    assert phase(register, date(2025, 4, 21)) == "pre-feasibility"
    assert phase(register) == "justification"


def test_a_fact_ahead_counts_from_its_day(register: Register) -> None:
    """A fact effective in the future changes nothing until its day comes."""
    put(register, fact("ConstructionStarted", PLANT, "2027-01-01"))
    assert phase(register, date(2026, 12, 31)) == "justification"
    assert phase(register, date(2027, 1, 1)) == "construction"


def test_a_month_that_has_begun_possibly_counts(register: Register) -> None:
    """Within an imprecise date the fact counts and is flagged; after it the flag is gone."""
    put(register, fact("ConstructionStarted", PLANT, "2026-02"))
    with register.world(as_of=date(2026, 2, 10)) as world:
        during = status(world, PLANT)
    with register.world(as_of=date(2026, 3, 1)) as world:
        after = status(world, PLANT)
    assert during["phase"] == after["phase"] == "construction"
    assert [flag["code"] for flag in during["flags"]] == ["possibly"]
    assert after["flags"] == []


def test_corrections_and_their_withdrawal_show_at_their_point_of_the_log(register: Register) -> None:
    """Each position of the log has its own answer, whatever was learnt later."""
    with register.store.reading() as reader:
        start = reader.head().size
        target = reader.stream(PLANT)[-1].id
    fixed = put(
        register,
        fact("EventCorrected", PLANT, "2026-03-01", target=target, changes={"phase": "appraised"}, reason="misread"),
    )
    put(register, fact("CorrectionWithdrawn", PLANT, "2026-03-01", target=event_id(fixed), reason="was right"))
    put(register, fact("EventRetracted", PLANT, "2026-03-01", target=target, reason="another plant"))
    told = [phase(register, known_at=start + n) for n in range(4)]
    assert told == ["justification", "appraised", "justification", "identified"]


def test_the_project_is_found_from_its_agreement_at_every_point(register: Register) -> None:
    """An agreement names its project only where the link was known and in effect."""
    with register.store.reading() as reader:
        linked = next(e.position for e in reader.stream(PLANT) if e.type == "ProjectLinked")
    for known_at, slug in ((linked - 1, None), (linked, "plant")):
        with register.world(known_at=str(known_at)) as world:
            project = status(world, "agreement/cardboard")["project"]
            assert (project or {}).get("slug") == slug


DAYS = st.dates(date(2025, 1, 1), date(2026, 12, 31))
PHASES = st.sampled_from(["pre-feasibility", "justification", "appraised", "decided", "construction"])


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Draw facts about the plant; a number as target stands for an earlier fact."""
    found: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 8))):
        kind = draw(st.sampled_from(["phase", "phase", "correct", "retract", "refine", "withdraw"]))
        on, back = draw(DAYS).isoformat(), draw(st.integers(0, max(number - 1, 0)))
        said = {
            "phase": fact("PhaseObserved", PLANT, on, phase=draw(PHASES), wording=str(number)),
            "correct": fact("EventCorrected", PLANT, on, target=back, changes={"phase": draw(PHASES)}, reason="r"),
            "retract": fact("EventRetracted", PLANT, on, target=back, reason="r"),
            "refine": {**fact("DateRefined", PLANT, on, target=back, basis="b")},
            "withdraw": fact("CorrectionWithdrawn", PLANT, on, target=back, reason="r"),
        }[kind]
        if kind == "refine":
            said["data"]["on"] = draw(DAYS).isoformat()
        found.append(said)
    return found


def play(register: Register, history: list[dict[str, Any]]) -> list[str]:
    """Record a drawn history, leaving out what the rules refuse; returns the ids recorded, by number."""
    from cli.planning import record
    from domain.factline import draft_of

    ids: list[str] = []
    for said in history:
        data = dict(said["data"])
        if isinstance(data.get("target"), int):
            if not ids:
                continue
            data["target"] = ids[data["target"] % len(ids)]
        outcome = record(register, [draft_of({**said, "data": data}, new_id=register.new_id(), by="t")])
        ids.extend(event.id for event in outcome.events[:1])
    return ids


def asked(world: World) -> list[list[str]]:
    """Return every row of every view as the question has them."""
    return [sorted(repr(dict(row)) for row in world.rows(view)) for view in projections()]


EXAMPLES = {"sqlite": 25, "postgres": 5}
"""How many random logs: making a register takes longer on a server, and what is folded is the same."""


def test_stored_folded_and_rebuilt_rows_agree(engine: str, places: Places) -> None:
    """For random logs with corrections, views kept by appending, folded anew and rebuilt are the same."""

    @settings(max_examples=EXAMPLES[engine])
    @given(history=histories(), day=DAYS)
    def agree(history: list[dict[str, Any]], day: date) -> None:
        with places() as place, register_at(place) as register:
            put(register, *CARDBOARD)
            play(register, history)
            assert all(compared.matches for compared in check(register.store))
            with register.world(as_of=day) as world:
                stored = asked(world)
            _, after = rebuild(register.store)
            assert all(compared.matches for compared in after)
            with register.world(as_of=day) as world:
                assert asked(world) == stored

    agree()


def test_known_at_answers_never_change(engine: str, places: Places) -> None:
    """What the register said at a point of the log it still says of that point after more was recorded."""

    @settings(max_examples=EXAMPLES[engine])
    @given(history=histories(), day=DAYS, later=histories())
    def stay(history: list[dict[str, Any]], day: date, later: list[dict[str, Any]]) -> None:
        with places() as place, register_at(place) as register:
            put(register, *CARDBOARD)
            play(register, history)
            with register.store.reading() as reader:
                point = reader.head().size
            with register.world(as_of=day, known_at=str(point)) as world:
                before = asked(world)
            play(register, later)
            with register.world(as_of=day, known_at=str(point)) as world:
                assert asked(world) == before

    stay()


def test_a_day_is_the_registers_own(place: str) -> None:
    """Today begins at midnight in the register's time zone."""
    from dataclasses import replace
    from datetime import UTC, datetime

    from cli.wiring import create_register

    with create_register(place, timezone="Asia/Baku") as store:
        late = datetime(2026, 3, 1, 20, 30, tzinfo=UTC)
        register = Register(store, lambda: late, lambda: "", "t")
        assert register.today() == date(2026, 3, 2)
        earlier = replace(register, now=lambda: late - timedelta(hours=1))
        assert earlier.today() == date(2026, 3, 1)
