"""Where settings come from: flag, environment, paraph.toml upwards, the user's own file, default."""

import os
from pathlib import Path

import pytest

from tests.cli.program import Program


def origins(program: Program, *flags: str) -> dict[str, tuple[str, str]]:
    """Return each setting's value and origin."""
    return {row["name"]: (row["value"], row["origin"]) for row in program.json("config", "show", *flags)["settings"]}


def test_nearer_words_beat_farther_ones(paraph: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """A flag beats the environment, that the project's file, that the user's file, that the default."""
    assert origins(paraph)["db"] == ("paraph.db", "default")
    own = Path(os.environ["XDG_CONFIG_HOME"]) / "paraph" / "paraph.toml"
    own.parent.mkdir(parents=True)
    own.write_text('db = "own.db"', encoding="utf-8")
    assert origins(paraph)["db"] == (str(own.parent / "own.db"), str(own))
    project = Path.cwd() / "paraph.toml"
    project.write_text('db = "project.db"', encoding="utf-8")
    assert origins(paraph)["db"] == (str(project.parent / "project.db"), str(project))
    monkeypatch.setenv("PARAPH_DB", "environment.db")
    assert origins(paraph)["db"] == ("environment.db", "environment")
    assert origins(paraph, "--db", "flag.db")["db"] == ("flag.db", "flag")


def test_the_project_file_is_found_upwards(paraph: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """paraph.toml in a folder above counts, and its path is meant from where it lies."""
    Path("paraph.toml").write_text('db = "here.db"', encoding="utf-8")
    root = Path.cwd()
    Path("a/b").mkdir(parents=True)
    monkeypatch.chdir("a/b")
    assert origins(paraph)["db"][0] == str(root / "here.db")


def test_a_url_in_a_file_stays_as_it_is(paraph: Program) -> None:
    """A database URL is no path and is not completed."""
    Path("paraph.toml").write_text('db = "sqlite:////srv/register.db"', encoding="utf-8")
    assert origins(paraph)["db"][0] == "sqlite:////srv/register.db"


@pytest.mark.parametrize("text", ["db = ", "db = 5", 'data = "x"', "\xff"])
def test_a_settings_file_that_cannot_be_read_is_named(paraph: Program, text: str) -> None:
    """A broken or unknown setting is a usage error that names the file."""
    Path("paraph.toml").write_bytes(text.encode("latin-1"))
    answer = paraph("status")
    assert answer.code == 2
    assert "paraph.toml" in answer.err


def test_who_records_is_asked_in_the_same_order(paraph: Program) -> None:
    """--by beats PARAPH_BY, and the log keeps who it was."""
    paraph.ok("init")
    paraph.ok("new", "party", "One")
    paraph.ok("new", "party", "Two", "--by", "A. Aliyeva")
    assert [event["by"] for event in paraph.json("log")["events"]] == ["desk", "A. Aliyeva"]
