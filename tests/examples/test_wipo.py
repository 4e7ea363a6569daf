"""Six recordings of WIPO's table of parties to copyright treaties: what each adds, and what was known when."""

import shutil
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.cli.program import ROOT, Program, inside

WIPO = ROOT / "examples" / "wipo-membership"
RECORDINGS = sorted(WIPO.glob("as-recorded-*.csv"))
ADDED = [1487, 1, 4, 2, 6, 1]
"""Rows that each recording has and the one before had not."""
ON_TWO_AXES = [
    ("2025-04-01", "2025-04-01", {"bound": 1200, "consented": 9, "signed": 278}),
    ("2025-04-01", "2025-10-01", {"bound": 1200, "consented": 9, "signed": 278, "none": 14}),
    ("2025-10-01", "2025-04-01", {"bound": 1203, "consented": 6, "signed": 278}),
    ("2025-10-01", "2025-10-01", {"bound": 1207, "consented": 8, "signed": 286}),
]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Program, list[dict[str, object]]]]:
    """Return the program beside a register of all six recordings, and what each import answered."""
    folder = tmp_path_factory.mktemp("wipo")
    answers = []
    with inside(folder):
        program = Program()
        program.clock.move(days=400)
        program.ok("init")
        for recording in RECORDINGS:
            shutil.copyfile(recording, recording.name)
            day = recording.stem.removeprefix("as-recorded-")
            flags = ("--map", str(WIPO / "map.toml"), "--recorded-at", f"{day}T00:00:00Z")
            answers.append(program.json("import", recording.name, *flags))
        yield program, answers


def _changes(answer: dict[str, object], fact: str) -> list[dict[str, object]]:
    changes = answer["changes"]
    assert isinstance(changes, list)
    return [change for change in changes if change["fact"] == fact]


def test_each_recording_adds_what_is_new_and_removes_nothing(
    recorded: tuple[Program, list[dict[str, object]]],
) -> None:
    """1,487 rows, then 1, 4, 2, 6 and 1; one deposit later than its row, nothing corrected, nothing gone."""
    _, answers = recorded
    events = [answer["events"] for answer in answers]
    added = [sum(event["type"] == "PartyAdded" for event in each) for each in events if isinstance(each, list)]
    assert added == ADDED
    assert [answer["corrected"] for answer in answers] == [0] * 6
    assert [answer["rejected"] for answer in answers] == [0] * 6
    deposits = _changes(answers[4], "ConsentExpressed")
    assert [(change["stream"], change["after"]) for change in deposits] == [
        ("agreement/wipo-gratk-treaty-treaty", "2025-07-09")
    ]


@pytest.mark.parametrize(("as_of", "known_at", "counts"), ON_TWO_AXES)
def test_what_held_and_what_was_known(
    recorded: tuple[Program, list[dict[str, object]]], as_of: str, known_at: str, counts: dict[str, int]
) -> None:
    """As of a day, known at another: so many in force, deposited, signed, and with nothing yet."""
    program, _ = recorded
    axes = ("--as-of", as_of, "--known-at", known_at)
    found: Counter[str] = Counter()
    for agreement in program.json("list", *axes)["agreements"]:
        status = program.json("status", f"agreement/{agreement['slug']}", *axes)
        steps = dict(status["consent"])
        found.update(steps.get(slug, "none") for slug in {party["slug"] for party in status["parties"]})
    assert found == Counter(counts)


def test_an_import_again_adds_nothing(recorded: tuple[Program, list[dict[str, object]]]) -> None:
    """The last recording once more, read only: all of it is on record."""
    program, _ = recorded
    answer = program.json("import", RECORDINGS[-1].name, "--map", str(WIPO / "map.toml"), "--dry-run")
    assert (answer["new"], answer["changes"]) == (0, [])
