"""The exit codes of CLI.md section 3, and that a refusal prints one error and records nothing."""

import subprocess
from pathlib import Path

import pytest

from tests.cli.program import STARTED, Program, environment, line, started, written

ID = "0201c331-35ba-50bc-8341-80793522dda2"
PHASE = ("record", "phase", "khizi-wind", "construction", "--on", "2025-05-01")


@pytest.mark.parametrize(
    "command",
    [
        ["status", "nowhere"],
        ["log", "nowhere"],
        ["replay", "nowhere"],
        ["show", "nowhere@1"],
        ["show", "khizi-wind@99"],
        ["show", ID],
        ["status", "--known-at", "999999"],
        ["status", "nowhere", "--known-at", "5"],
        ["list", "--party", "nowhere"],
        ["record", "phase", "nowhere", "construction"],
        ["record", "phase", "wind-memo", "construction"],
        ["record", "review", "khizi-wind", "nowhere"],
        ["record", "party", "wind-memo", "nowhere"],
        ["record", "fact", "PhaseObserved", "nowhere", "--set", "phase=construction"],
        ["new", "agreement", "A treaty", "--party", "nowhere"],
        ["correct", "nowhere@1", "--set", "name=x", "--reason", "y"],
        ["retract", "nowhere@1", "--reason", "y"],
        ["note", "nowhere", "y"],
        ["source", "nowhere@1", "--source", "y"],
        ["facts", "list", "--kind", "nowhere"],
        ["lifecycle", "show", "nowhere"],
    ],
)
def test_what_is_not_there_is_not_found(told: Program, command: list[str]) -> None:
    """A name that nothing bears ends with 3, whatever was asked of it."""
    assert told.refused(3, *command)["code"] == "not-found"


@pytest.mark.parametrize("command", [["show"], ["status"], ["note", "khizi-wind", "x", "--by", "desk", "--id"]])
def test_bytes_that_are_no_text_end_in_an_error_object(told: Program, command: list[str]) -> None:
    """What a shell hands on of bytes that are no Unicode is refused like any other odd word."""
    assert told.refused(4 if command[0] == "note" else 3, *command, "\udcff")["code"] in {"not-found", "bad-fact"}


@pytest.mark.parametrize(
    "command",
    [["note", "khizi-wind", "x", "--expect", "9" * 30], ["tail", "--count", "9" * 30]],
    ids=["expect", "count"],
)
def test_a_number_past_every_version_is_an_error_of_usage(told: Program, command: list[str]) -> None:
    """No stream ever stands there, and nobody waits for so many."""
    told.refused(2, *command)


def test_an_unknown_slug_names_the_nearest(told: Program) -> None:
    """A misspelt slug is answered with the slugs that look like it."""
    error = told.refused(3, "status", "khizi-windd")
    assert error["nearest"] == ["khizi-wind"]
    assert "khizi-wind" in error["message"]


@pytest.mark.parametrize("command", [["status", "memorandum"], ["record", "signed", "moe-mofcom"]])
def test_a_name_of_several_is_ambiguous(seeded: Program, command: list[str]) -> None:
    """A name that several bear ends with 3 and lists them; nothing is guessed."""
    error = seeded.refused(3, *command)
    assert error["code"] == "ambiguous"
    assert "agreement/moe-mofcom-trade" in error["candidates"]


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["record", "fact", "NoSuchFact", "khizi-wind"], "bad-fact"),
        (["record", "fact", "phaseobserved", "khizi-wind", "--set", "phase=construction"], "bad-fact"),
        (["record", "fact", "PhaseObserved", "khizi-wind", "--set", "phase=construction", "--set", "a=b"], "bad-fact"),
        (["record", "fact", "PhaseObserved", "khizi-wind"], "bad-fact"),
        (["record", "phase", "khizi-wind", "daydreaming"], "bad-fact"),
        (["record", "phase", "khizi-wind", "construction", "--on", "2025-02-30"], "bad-fact"),
        (["record", "phase", "khizi-wind", "construction", "--on", "23.04.25"], "bad-fact"),
        (["record", "phase", "khizi-wind", "construction", "--wording", "a\0b"], "bad-fact"),
        (["record", "phase", "khizi-wind", "construction", "--wording", "a\x1b[31mb"], "bad-fact"),
        (["record", "phase", "khizi-wind", "construction", "--wording", "a\nb"], "bad-fact"),
        (["record", "phase", "khizi-wind", "construction", "--wording", "a\u2028b"], "bad-fact"),
        (["record", "phase", "khizi-wind", "construction", "--wording", "a\ud800b"], "bad-fact"),
        (["record", "phase", "khizi-wind", "construction", "--note", "a\0b"], "bad-fact"),
        (["record", "phase", "khizi-wind", "construction", "--source", "a\0b"], "bad-fact"),
        (["record", "phase", "khizi-wind", "construction", "--wording", "x" * 501], "bad-fact"),
        (["record", "phase", "khizi-wind", "construction", "--wording", " "], "bad-fact"),
        (["record", "phase", "khizi-wind", "construction", "--id", "no-uuid"], "bad-fact"),
        (["record", "value", "wind-memo", "1e6", "USD"], "bad-fact"),
        (["record", "value", "wind-memo", "5", "dollars"], "bad-fact"),
        (["record", "fact", "SignatureAffixed", "khizi-wind", "--set", "party=fund"], "not-found"),
        (["new", "party", "A\0B"], "bad-fact"),
        (["new", "party", ""], "bad-fact"),
        (["new", "party", "A", "--slug", "Upper"], "bad-slug"),
        (["new", "party", "A", "--slug", "../x"], "bad-slug"),
        (["new", "party", "A", "--slug", "fund"], "slug-taken"),
        (["note", "khizi-wind", ""], "bad-fact"),
        (["note", "khizi-wind", "a\0b"], "bad-fact"),
        (["status", "--as-of", "2025-02-30"], "bad-date"),
        (["status", "--known-at", "yesterday"], "bad-date"),
        (["log", "--happened-since", "2025-13"], "bad-date"),
        (["correct", "khizi-wind@1", "--reason", "nothing"], "bad-fact"),
        (["correct", "khizi-wind@1", "--set", "colour=red", "--reason", "r"], "invalid-correction"),
        (["correct", "khizi-wind@1", "--unset", "name", "--reason", "r"], "invalid-correction"),
        (["facts", "show", "NoSuchFact"], "bad-fact"),
    ],
)
def test_bad_input_is_refused(told: Program, command: list[str], code: str) -> None:
    """What no rule and no field allows ends with 4 and one error that names the code."""
    error = told.refused(3 if code == "not-found" else 4, *command)
    assert error["code"] == code
    assert "\0" not in error["message"]


@pytest.mark.parametrize(
    "command",
    [
        ["record", "phase", "khizi-wind", "daydreaming"],
        ["record", "phase", "nowhere", "construction"],
        [*PHASE, "--expect", "99"],
        ["retract", "khizi-wind@99", "--reason", "r"],
        ["new", "party", "A", "--slug", "fund"],
        ["new", "party", "A", "--slug", "UPPER"],
    ],
)
def test_a_refused_record_says_that_nothing_was_recorded(told: Program, command: list[str]) -> None:
    """Whatever keeps a record out, a person is told that nothing was recorded, and once."""
    answer = told(*command)
    assert answer.code in {3, 4, 5}
    assert answer.err.count("nothing was recorded") == 1


def test_an_expected_version_that_is_wrong_is_a_conflict(told: Program) -> None:
    """`--expect` records at the version it names, and ends with 5 at any other."""
    error = told.refused(5, *PHASE, "--expect", "3")
    assert (error["code"], error["expected"], error["actual"]) == ("conflict", 3, 4)
    assert told.json(*PHASE, "--expect", "4")["events"][0]["version"] == 5


def test_a_retry_with_the_same_id_is_recorded_once(told: Program) -> None:
    """The same fact with the same id is answered with the first receipt, and says it was on record."""
    first = told.json(*PHASE, "--id", ID)
    told.clock.move(hours=3)
    again = told.json(*PHASE, "--id", ID.upper())
    assert again["events"] == first["events"]
    assert (first["already_recorded"], again["already_recorded"]) == (False, True)


@pytest.mark.parametrize("name", [["--id", ID], ["--key", "row-1"]])
def test_the_same_name_for_another_fact_is_a_conflict(told: Program, name: list[str]) -> None:
    """An id or a key that bears other content ends with 5, and the log stays as it was."""
    told.ok(*PHASE, *name)
    error = told.refused(5, "record", "phase", "khizi-wind", "operation", "--on", "2025-06-01", *name)
    assert (error["code"], error["position"]) == ("conflict", 20)


def test_a_retried_opening_is_recorded_once(told: Program) -> None:
    """`new` with an id finds its own slug and its parties again, although the slug is taken by itself."""
    command = ("new", "agreement", "Memorandum on pipes", "--party", "fund", "--on", "2025-05-01", "--id", ID)
    first, again = told.json(*command), told.json(*command)
    assert again["events"] == first["events"]
    assert len(first["events"]) == 2
    assert again["already_recorded"]


def test_a_fact_said_twice_is_recorded_once(told: Program) -> None:
    """The same fact of the same day without an id is found on record, with a note that says so."""
    first = told.json(*PHASE)
    again = told.json(*PHASE)
    assert (again["already_recorded"], again["events"]) == (True, first["events"])
    assert [finding["code"] for finding in again["findings"]] == ["already-recorded"]


@pytest.mark.parametrize(
    "command",
    [
        ["nosuchcommand"],
        ["record", "nosuchword"],
        ["status", "--nosuchflag"],
        ["record", "phase"],
        ["record", "phase", "khizi-wind"],
        ["record", "phase", "khizi-wind", "construction", "--certainty", "maybe"],
        ["record", "phase", "khizi-wind", "construction", "--expect", "-1"],
        ["record", "phase", "khizi-wind", "construction", "--quote", "without a source"],
        ["record", "study", "khizi-wind", "burnt", "bankable"],
        ["record", "fact", "PhaseObserved", "khizi-wind", "--set", "phase"],
        ["correct", "khizi-wind@1", "--set", "name=x"],
        ["correct", "khizi-wind@1", "--refine", "2025", "--set", "name=x", "--reason", "r"],
        ["source", "khizi-wind@1"],
        ["list", "everything"],
        ["list", "--legal", "wedded"],
        ["list", "projects", "--kind", "mou"],
        ["log", "--last", "0"],
        ["replay"],
        ["replay", "khizi-wind", "--all"],
        ["status", "--color", "mauve"],
        ["import", "nosuchfile.jsonl"],
        ["init", "--timezone", "Asia/Bacu"],
        ["status", "--db", ""],
    ],
)
def test_a_wrong_use_is_a_usage_error(told: Program, command: list[str]) -> None:
    """What the command line does not know ends with 2, with one error object."""
    told.refused(2, *command)


@pytest.mark.parametrize("command", [["status"], ["log"], ["log", "--format", "jsonl"], ["facts", "list", "--json"]])
@pytest.mark.usefixtures("seeded")
def test_a_reader_that_leaves_is_no_error(command: list[str]) -> None:
    """When whoever reads stdout has gone, the program ends with 0 and says nothing."""
    env = environment(Path.cwd())
    with subprocess.Popen([*STARTED, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (0, b"")


@pytest.mark.usefixtures("seeded")
def test_a_pipe_gets_the_first_lines() -> None:
    """`paraph log | head -1` gets the heading and no complaint."""
    command = f"'{STARTED[0]}' -P -m paraph log | head -1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, env=environment(Path.cwd()), check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"position\thash\ton\t")


def test_a_process_ends_with_the_codes_too(told: Program) -> None:
    """Started as a program, paraph prints, says and ends as it does in this process."""
    assert told.head() is not None
    assert started("status", "khizi-wind", "--json").json["phase"] == "justification"
    missing = started("status", "nowhere", "--json")
    assert (missing.code, missing.out, missing.error["exit"]) == (3, "", 3)
    assert started("status", "--db", "elsewhere.db").code == 6


def test_an_unforeseen_error_is_told_as_one(told: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error nobody expects is one error object with a code of its own, and no trace unless asked for."""

    def broken(_world: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("cli.commands.ask.overview", broken)
    answer = told("status", "--json")
    assert (answer.code, answer.error["code"], answer.out) == (70, "unexpected", "")
    with pytest.raises(ZeroDivisionError):
        told("status", "--debug")


def test_a_rejected_file_is_refused(told: Program) -> None:
    """A file with a bad row ends with 4: the report on stdout, one error on stderr, nothing recorded."""
    before = told.head()
    good = line("NoteRecorded", "project/khizi-wind", text="seen")
    answer = told("import", written(Path("facts.jsonl"), good, b"nonsense"), "--json")
    assert (answer.code, answer.error["code"], answer.json["rejected"]) == (4, "rejected", 1)
    assert told.head() == before
