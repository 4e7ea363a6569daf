"""The maps of examples/maps on the registers they are for, which are not part of paraph: see where they are told of.

Run where PARAPH_REALDATA names their folder, or ../shared/realdata lies beside the checkout.
"""

import csv
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import ROOT, Program, inside

FOLDER = Path(os.environ.get("PARAPH_REALDATA") or ROOT.parent / "shared" / "realdata")
MAPS = ROOT / "examples" / "maps"

pytestmark = pytest.mark.skipif(
    not (FOLDER / "ibrd-loans").is_dir(), reason="PARAPH_REALDATA names no folder of the public registers"
)


@lru_cache
def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a file of the folder, read by plain csv."""
    with (FOLDER / name).open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def imported(program: Program, name: str, map_: str, day: str) -> dict[str, Any]:
    """Import a copy of a file of the folder; return the answer."""
    target = Path(Path(name).name)
    shutil.copyfile(FOLDER / name, target)
    flags = ("--map", str(MAPS / map_), "--recorded-at", f"{day}T00:00:00Z", "--partial")
    answer: dict[str, Any] = program.json("import", str(target), *flags)
    return answer


def changed(answer: dict[str, Any]) -> Counter[tuple[str, str]]:
    """Count the changes of an answer by their column and what was done."""
    return Counter((change["field"], change["how"].partition(";")[0]) for change in answer["changes"])


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    """Return the program beside an empty register, late enough for every recording."""
    with inside(tmp_path):
        program = Program()
        program.clock.move(days=400)
        program.ok("init")
        yield program


LOANS = ("ibrd-loans/ibrd-loans-2023-05-31.csv", "ibrd-loans/ibrd-loans-2025-09-30-partial.csv")
MOVED = {
    ("Loan Status", "new"): 85,
    ("Agreement Signing Date", "new"): 8,
    ("Effective Date (Most Recent)", "new"): 8,
    ("Effective Date (Most Recent)", "corrected"): 7,
    ("Effective Date (Most Recent)", "blanked"): 1,
    ("Closed Date (Most Recent)", "corrected"): 38,
    ("borrower", "new"): 129,
}


def test_loans_that_moved_between_two_recordings(program: Program) -> None:
    """85 statuses, 8 signings known, 7 effective dates revised and 1 blanked, 38 closings: 105 loans; none deleted.

    Of the first recording only the loans that the second has too, and a hundred others.
    """
    later = {row["Loan_Number"] for row in rows(LOANS[1])}
    both = [row for row in rows(LOANS[0]) if row["Loan Number"] in later]
    absent = [row for row in rows(LOANS[0]) if row["Loan Number"] not in later]
    assert (len(both), len(absent), len(later) - len(both)) == (1224, 7788, 40)
    with Path("first.csv").open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(both[0]))
        writer.writeheader()
        writer.writerows([*both, *absent[:100]])
    flags = ("--map", str(MAPS / "ibrd-loans.toml"), "--recorded-at", "2023-05-31T00:00:00Z")
    assert program.json("import", "first.csv", *flags)["rejected"] == 0
    answer = imported(program, LOANS[1], "ibrd-loans.toml", "2025-09-30")
    assert changed(answer) == MOVED
    assert (answer["rejected"], answer["corrected"]) == (0, 45)
    moved = {change["stream"] for change in answer["changes"] if change["field"] != "borrower"}
    assert len(moved) == 105
    assert len(program.json("list")["agreements"]) == 1224 + 100 + 40
    assert sum(event["type"] == "AgreementOpened" for event in answer["events"]) == 40
    assert imported(program, LOANS[1], "ibrd-loans.toml", "2025-09-30")["new"] == 0


@pytest.mark.soak
def test_all_loans(program: Program) -> None:
    """All 9,012 loans go in with nothing rejected, and the second recording moves the same."""
    first = imported(program, LOANS[0], "ibrd-loans.toml", "2023-05-31")
    assert (first["rows"], first["rejected"]) == (9012, 0)
    assert changed(imported(program, LOANS[1], "ibrd-loans.toml", "2025-09-30")) == MOVED
    assert len(program.json("list")["agreements"]) == 9052


def test_projects_that_moved_between_two_recordings(program: Program) -> None:
    """32 became active, 31 closed, 15 were dropped; spelling is no move, and a planned end is no end."""
    first = imported(program, "wb-projects/wb-projects-eca-china-2024-08-29.csv", "wb-projects.toml", "2024-08-29")
    assert (first["rows"], first["rejected"]) == (3340, 0)
    answer = imported(program, "wb-projects/wb-projects-eca-china-2025-03-31.csv", "wb-projects.toml", "2025-03-31")
    assert (answer["rows"], answer["rejected"]) == (4396, 0)
    moves = Counter(
        (change["before"], change["after"])
        for change in answer["changes"]
        if (change["fact"], change["how"]) == ("PhaseObserved", "new")
    )
    assert {move: count for move, count in moves.items() if move[0] in {"Pipeline", "Active", "Closed"}} == {
        ("Pipeline", "Active"): 32,
        ("Active", "Closed"): 31,
    }
    seen = changed(answer)
    given_up = [change for change in answer["changes"] if change["fact"] == "ProjectDropped" and change["how"] == "new"]
    assert len(given_up) == 15
    assert seen["status", "no longer said"] == 15
    assert not any(field in {"country", "project_name"} for field, _ in seen)
    told = {row["id"]: row for row in rows("wb-projects/wb-projects-eca-china-2025-03-31.csv")}
    before = {row["id"] for row in rows("wb-projects/wb-projects-eca-china-2024-08-29.csv")}
    states = {row["slug"]: row for row in program.json("list", "projects", "--as-of", "2025-03-31")["projects"]}
    assert len(before & told.keys()) == 3310
    assert len(states) == len(before | told.keys())
    dropped = {slug for slug, row in states.items() if row["run_state"] == "dropped"}
    assert {id_.lower() for id_, row in told.items() if row["status"] == "Dropped"} <= dropped
    late = [
        states[id_.lower()]
        for id_, row in told.items()
        if row["status"] == "Active" and row["closingdate"] and row["closingdate"] < "2025-03-31"
    ]
    assert len(late) == 13
    approved = {
        id_.lower()
        for id_, row in told.items()
        if (row["status"], row["last_stage_reached_name"]) == ("Dropped", "BANK APPROVED")
    }
    assert len(approved) == 669
    assert approved <= dropped
    assert {(row["phase"], row["run_state"]) for row in late} == {("financed", "active")}


def test_agreements_with_imprecise_and_damaged_dates(program: Program) -> None:
    """4,532 agreements: 872 go on, damaged dates are told by row and kept as notes, imprecise ones within bounds."""
    answer = imported(program, "ggo-agreements/HUGGO_clean.csv", "ggo-agreements.toml", "2023-12-31")
    said = rows("ggo-agreements/HUGGO_clean.csv")
    assert answer["rows"] == len(said) == 4532
    damaged = Counter(problem["value"] for problem in answer["noted"])
    assert damaged == {
        "1953-05-5": 1, "0014-022005": 1, "2010-XX-XX-": 1, "1976-06-31": 5, "1972-06-31?": 1,
    }  # fmt: skip
    for problem in answer["noted"]:
        assert said[problem["row"] - 2][problem["column"]] == problem["value"]
    types = Counter(event["type"] for event in answer["events"])
    assert (types["AgreementOpened"], types["NoteRecorded"]) == (4532, 9)
    open_ended = sum(row["End"].startswith("9999") for row in said)
    ends = (
        sum(row["End"] not in {"NA", ""} for row in said)
        - open_ended
        - sum(problem["column"] == "End" for problem in answer["noted"])
    )
    assert open_ended == 872
    assert types["TermSet"] == open_ended + ends
    # Two are signed after their end: the rules refuse that signature, and the row says so.
    assert {problem["column"] for problem in answer["problems"]} == {"AgreementSigned"}
    assert types["RuleWaived"] == types["AgreementSigned"] > 3000
    assert answer["rejected"] == 2
    log = program.json("log")["events"]
    in_force = [event for event in log if event["type"] == "EnteredIntoForce"]
    raw = Counter(event["sources"][0].get("quote", event["on"]) for event in in_force)
    usual = Counter(row["Force"] for row in said if row["Force"] not in {"NA", ""} and row["Force"][:4] != "9999")
    assert raw == usual - Counter({"1953-05-5": 1, "0014-022005": 1})
    bounds = {event["on"]: (event["earliest"], event["latest"]) for event in log}
    assert bounds["1964-XX-16"] == ("1964-01-16", "1964-12-16")
    assert bounds["[1981-09..1981-10]"] == ("1981-09-01", "1981-10-31")
    months = {on: days for on, days in bounds.items() if len(on) == len("1997-10")}
    assert months
    assert all(first == f"{on}-01" and last > f"{on}-27" for on, (first, last) in months.items())
    notes = [event for event in log if event["type"] == "NoteRecorded"]
    assert Counter(event["sources"][0]["quote"] for event in notes) == damaged
