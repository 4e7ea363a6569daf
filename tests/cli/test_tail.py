"""`tail`: every event once and in order, as it is recorded."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import STARTED, Program, environment, started

WRITERS, EACH = 3, 5
SOON = ("--every", "0.05")


@contextmanager
def following(*arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """Run `tail` in a process of its own, in the current folder; ended at the latest with the test."""
    process = subprocess.Popen(
        [*STARTED, "tail", *SOON, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(Path.cwd(), PYTHONUNBUFFERED="1"),
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def positions(lines: list[str]) -> list[int]:
    """Return the positions of events printed as JSON lines."""
    return [json.loads(line)["position"] for line in lines]


def test_each_event_comes_once_and_in_order_while_others_write(told: Program) -> None:
    """Three processes record at once; what is followed is 1, 2, 3 … without a gap or a repetition."""
    loop = f'for n in $(seq {EACH}); do "$@" note fund "remark $0 $n" --by "w$0"; done'
    with following("--from", "0", "--count", str(19 + WRITERS * EACH), "--json") as tail:
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        shells = (["sh", "-c", loop, str(n), *STARTED] for n in range(WRITERS))
        writers = [subprocess.Popen(shell, env=environment(Path.cwd()), **quiet) for shell in shells]
        out, err = tail.communicate(timeout=120)
        assert [writer.wait() for writer in writers] == [0] * WRITERS
    assert (tail.returncode, err) == (0, "")
    assert positions(out.splitlines()) == list(range(1, 20 + WRITERS * EACH))
    assert told.json("verify")["ok"]


def test_from_says_after_which_position_to_begin(told: Program) -> None:
    """`--from 17` begins with the eighteenth event, as the log shows it."""
    shown = told.ok("tail", "--from", "17", "--count", "2", "--json").facts
    assert shown == told.json("log")["events"][-2:]


def test_count_ends_it(told: Program) -> None:
    """After so many events it ends by itself, be there more or not."""
    assert [event["position"] for event in told.ok("tail", "--from", "0", "--count", "3", "--json").facts] == [1, 2, 3]


def test_without_a_beginning_only_what_comes_is_shown(told: Program) -> None:
    """It begins at the present end: the next event recorded is the first shown, at once and whole."""
    assert told.head() is not None
    with following("--count", "1", "--json") as tail:
        wrote = 0
        while tail.poll() is None:  # it may look for the end only after the first of these
            told.ok("note", "fund", f"remark {wrote}")
            wrote += 1
        assert tail.stdout is not None
        [event] = [json.loads(line) for line in tail.stdout.read().splitlines()]
    assert event["position"] > 19
    assert event["type"] == "NoteRecorded"


def test_in_a_pipe_it_is_columns_with_a_heading(told: Program) -> None:
    """Tab-separated like every answer: what happened when, by whom, on which stream."""
    rows = told.ok("tail", "--from", "0", "--count", "2").rows
    assert [(row["position"], row["type"], row["stream"]) for row in rows] == [
        ("1", "PartyRegistered", "party/fund"),
        ("2", "PartyRegistered", "party/zjgc"),
    ]


def test_a_person_gets_lines_without_a_heading(told: Program) -> None:
    """On a terminal nothing but events is printed."""
    assert len(told.ok("tail", "--from", "0", "--count", "2", width=100).out.splitlines()) == 2


@pytest.mark.parametrize("shape", ["csv", "md"])
def test_a_format_that_does_not_flow_is_refused(told: Program, shape: str) -> None:
    """What is followed has no end, so it comes as lines: tsv or jsonl."""
    answer = told("tail", "--format", shape, "--count", "1", "--from", "0")
    assert (answer.code, answer.out, "jsonl" in answer.err) == (2, "", True)


def test_a_struck_event_is_shown_with_what_became_of_it(told: Program) -> None:
    """An event struck before it was looked at is shown as struck, and in its place."""
    told.ok("retract", "khizi-wind@3", "--reason", "misread")
    shown = told.ok("tail", "--from", "0", "--count", "20", "--format", "jsonl").facts
    assert [event["standing"] for event in shown if event["stream"] == "project/khizi-wind"][2] == "retracted"


@pytest.mark.usefixtures("told")
def test_ctrl_c_ends_it_with_130_and_not_a_word() -> None:
    """An interrupt is how one ends it: what was shown stays shown, and nothing is said."""
    with following("--from", "18", "--json") as tail:
        assert tail.stdout is not None
        first = tail.stdout.readline()
        os.kill(tail.pid, signal.SIGINT)
        out, err = tail.communicate(timeout=60)
    assert positions([first]) == [19]
    assert (tail.returncode, out, err) == (130, "", "")


@pytest.mark.usefixtures("told")
def test_a_closed_pipe_ends_it_silently() -> None:
    """`tail | head -1` ends with 0 and says nothing."""
    call = '"$@" tail --from 0 --every 0.05 --count 15 --json | head -n 1; exit "${PIPESTATUS[0]}"'
    done = subprocess.run(
        ["bash", "-c", call, "sh", *STARTED], env=environment(Path.cwd()), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr, positions(done.stdout.splitlines())) == (0, "", [1])


@pytest.mark.usefixtures("told")
def test_a_closed_pipe_ends_it_though_nothing_is_recorded() -> None:
    """Whoever reads the heading and leaves is noticed while nothing new comes: `tail | head -1` ends with 0."""
    call = '"$@" tail --every 0.05 | head -n 1; exit "${PIPESTATUS[0]}"'
    done = subprocess.run(
        ["bash", "-c", call, "sh", *STARTED],
        env=environment(Path.cwd(), PYTHONUNBUFFERED="1"),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr, len(done.stdout.splitlines())) == (0, "", 1)


def test_following_records_nothing(told: Program) -> None:
    """The head after it is the head before it."""
    before = told.head()
    assert started("tail", "--from", "0", "--count", "1").code == 0
    assert told.head() == before


@pytest.mark.parametrize("arguments", [["--from", "-1"], ["--count", "0"], ["--every", "0"], ["--every", "nan"]])
def test_numbers_out_of_range_are_errors_of_usage(told: Program, arguments: list[str]) -> None:
    """A position below 0, no events, and no pause are refused with exit 2."""
    told.refused(2, "tail", *arguments)


def test_a_position_the_log_has_not_reached_is_not_found(told: Program) -> None:
    """Who asks to begin after an event that is not there is told where the log ends."""
    assert "ends at 19" in told.refused(3, "tail", "--from", "999", "--count", "1")["message"]
