"""What starting costs: help and completion load no database, no models, no clock library."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.program import ROOT, Program, environment

_PROBE = """
import sys, json, os
import paraph
code = 0
try:
    paraph.main()
except SystemExit as ended:
    code = ended.code
sys.stderr.write("\\n" + json.dumps({"code": code, "modules": sorted(sys.modules)}))
"""


def loaded(*arguments: str, **more: str) -> set[str]:
    """Run a command in a fresh interpreter and return the modules it loaded."""
    done = subprocess.run(
        [sys.executable, "-c", _PROBE, *arguments],
        cwd=Path.cwd(),
        env=environment(Path.cwd(), **more) | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(done.stderr.rpartition("\n")[2])
    assert told["code"] in {0, None}, done.stderr
    return set(told["modules"])


HEAVY = {"sqlalchemy", "apscheduler", "rich", "domain.catalogue", "domain.facts", "eventstore.log"}
"""Pydantic is not among them: Typer itself loads it to read the arguments of a group; our models are what costs."""


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["new", "--help"],
        ["projections", "--help"],
        ["facts", "--help"],
        ["schedule", "--help"],
    ],
    ids=" ".join,
)
@pytest.mark.usefixtures("paraph")
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    """Help of the program and of its groups loads neither SQLAlchemy nor APScheduler nor any model."""
    assert loaded(*arguments) & HEAVY == set()


@pytest.mark.parametrize("typed", ["paraph st", "paraph new a", "paraph projections "])
@pytest.mark.usefixtures("paraph")
def test_completion_of_commands_loads_nothing_heavy(typed: str) -> None:
    """Completing the name of a command loads neither SQLAlchemy nor APScheduler nor any model."""
    shell = {"_PARAPH_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(typed.count(" "))}
    assert loaded(**shell) & HEAVY == set()


@pytest.mark.usefixtures("paraph")
def test_completion_offers_the_commands_that_begin_so() -> None:
    """The shell is offered the commands that begin as typed."""
    shell = {"_PARAPH_COMPLETE": "complete_bash", "COMP_WORDS": "paraph re", "COMP_CWORD": "1"}
    command = [sys.executable, "-P", "-m", "paraph"]
    done = subprocess.run(command, env=environment(Path.cwd(), **shell), capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["record", "retract", "replay", "restore"]


@pytest.mark.parametrize("arguments", [["status", "sumgayit-cardboard"], ["list"], ["board"], ["status"]], ids=" ".join)
@pytest.mark.usefixtures("seeded")
def test_questions_answered_from_a_view_build_no_fact_model(arguments: list[str]) -> None:
    """A question about the present of settled facts loads no model of a fact and no rule."""
    ours = {name for name in loaded(*arguments) if name.startswith(("domain.", "apscheduler"))}
    assert "projections.views.register" in loaded(*arguments)
    assert ours & {"domain.catalogue", "domain.facts", "domain.deciders", "domain.replay", "apscheduler"} == set()


@pytest.mark.parametrize("arguments", [["list"], ["preview"], ["once", "--quiet"]], ids=" ".join)
@pytest.mark.usefixtures("empty")
def test_only_a_clock_that_runs_loads_the_scheduler(arguments: list[str]) -> None:
    """A look at the clock and a round for cron do without APScheduler."""
    assert not any(name.startswith("apscheduler") for name in loaded("schedule", *arguments))


def test_importing_any_module_does_nothing(paraph: Program) -> None:
    """Importing every module of the program opens, writes and prints nothing."""
    assert paraph.head() is None
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for package in ("domain", "eventstore", "projections", "cli")
        for path in (ROOT / package).rglob("*.py")
        if path.name != "__init__.py"
    ]
    assert len(names) > 80
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(f"import {name}" for name in names)],
        env=environment(Path.cwd()),
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("", "")
    assert list(Path().iterdir()) == []
