"""The second process: it does what it is given, tells what went wrong, and never outlives the first."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cli.helper import Gone, helped
from tests.cli.program import ROOT

OUTLIVED = """
import os, time
from cli.helper import helped

def told(_given):
    return os.getpid()

if __name__ == "__main__":
    with helped() as helper:
        helper.begin(told, None)
        print(helper.answer(), flush=True)
        helper.begin(time.sleep, 60)
        time.sleep(60)
"""


def is_running(process: int) -> bool:
    """Say whether a process of this number is still at work."""
    try:
        return "Z" not in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False


@pytest.fixture(autouse=True)
def two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have at least two processors, whatever the machine has."""
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


def test_it_does_what_it_is_given() -> None:
    """A function of a module is called there with what is given, and its answer comes back."""
    with helped() as helper:
        assert helper
        helper.begin(sum, [1, 2, 3])
        assert helper.answer() == 6
        helper.begin(sorted, "ba")
        assert helper.answer() == ["a", "b"]


def test_what_goes_wrong_there_is_told_here() -> None:
    """An exception of the work is an exception here, with what was raised there; the helper goes on."""
    with helped() as helper:
        assert helper
        helper.begin(int, "none")
        with pytest.raises(RuntimeError, match="ValueError: invalid literal"):
            helper.answer()
        helper.begin(int, "7")
        assert helper.answer() == 7


def test_a_helper_that_was_ended_is_gone() -> None:
    """Work and answers of a helper that somebody killed raise Gone, not whatever a pipe raises."""
    with helped() as helper:
        assert helper
        helper.begin(os._exit, 9)
        with pytest.raises(Gone):
            helper.answer()
        with pytest.raises(Gone):
            helper.begin(sum, [0] * 1_000_000)


def test_the_block_ends_it_amid_its_work() -> None:
    """Who leaves the block does not wait for work that nobody asks the answer of."""
    with helped() as helper:
        assert helper
        helper.begin(time.sleep, 3600)


def test_one_processor_has_no_helper(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine with one processor there is none."""
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    with helped() as helper:
        assert helper is None


def test_it_does_not_outlive_a_first_process_that_is_killed(tmp_path: Path) -> None:
    """After kill -9 of the first process the second ends by itself, amid its work."""
    script = tmp_path / "first.py"
    script.write_text(OUTLIVED, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, env=environment, text=True) as first:
        assert first.stdout
        helper = int(first.stdout.readline())
        assert is_running(helper)
        first.kill()
    until = time.monotonic() + 20
    while is_running(helper) and time.monotonic() < until:
        time.sleep(0.02)
    assert not is_running(helper)
