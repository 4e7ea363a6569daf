"""Facts from a file: all bad rows at once, all or nothing, and twice is once (CLI.md section 5)."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import SEED, Program, line, written

PARTY = line("PartyRegistered", "party/izia", name="IZIA")


def counts(program: Program, *arguments: str, stdin: bytes = b"") -> tuple[int, int, int]:
    """Import and return how many were new, on record already, rejected."""
    answer = program("import", *arguments, "--json", stdin=stdin)
    assert answer.code in {0, 4}, answer
    told = json.loads(answer.out)
    return told["new"], told["already_recorded"], told["rejected"]


def problems(program: Program, *lines: bytes) -> list[dict[str, Any]]:
    """Return the problems a dry run finds; nothing must be recorded."""
    before = program.head()
    answer = program("import", "-", "--dry-run", "--json", stdin=b"\n".join(lines))
    assert answer.code == 4
    assert program.head() == before
    found: list[dict[str, Any]] = json.loads(answer.out)["problems"]
    return found


def test_a_file_imported_twice_adds_nothing(empty: Program) -> None:
    """The second import finds every fact on record and leaves the log as it was."""
    assert counts(empty, str(SEED)) == (256, 0, 0)
    head = empty.head()
    assert counts(empty, str(SEED), "--by", "a colleague") == (0, 256, 0)
    assert empty.head() == head


def test_a_file_that_grew_adds_what_is_new(empty: Program) -> None:
    """Lines without id or key are known again by what they say."""
    assert counts(empty, "-", stdin=PARTY) == (1, 0, 0)
    more = line("NameVariantRecorded", "party/izia", text="EZDA")
    assert counts(empty, "-", stdin=PARTY + b"\n" + more + b"\n" + more) == (1, 2, 0)


@pytest.mark.parametrize(
    ("bad", "column", "problem"),
    [
        (b"{", "", "not JSON"),
        (b"[1]", "", "JSON object"),
        (b'{"type": "PartyRegistered", "type": "x"}', "type", "same key twice"),
        (b'{"stream": "party/x-1", "on": "2025", "data": {}}', "type", "is missing"),
        (line("Nonsense", "party/xyz"), "type", "no fact type"),
        (line("PartyRegistered", "party/xyz"), "data.name", "is missing"),
        (line("PartyRegistered", "party/xyz", name="X", colour="red"), "data.colour", "no field"),
        (line("PartyRegistered", "party/xyz", "2025-02-30", name="X"), "on", "28"),
        (line("PartyRegistered", "Party/XYZ", name="X"), "stream", "pattern"),
        (line("PartyRegistered", "party/xyz", name="a\0b"), "data.name", "NUL"),
        (line("PartyRegistered", "party/xyz", name="a\x1bb"), "data.name", "U+001B"),
        (line("ValueStated", "agreement/abc", amount=1.5, currency="USD"), "", "decimals as strings"),
        (line("PartyRenamed", "party/nobody", name="X"), "type", "not in the register"),
        (line("ParentRecorded", "party/izia", parent="nobody"), "type", "there is no party nobody"),
        (line("PartyRegistered", "agreement/abc", name="X"), "type", "belongs to a party"),
        (line("PartyRegistered", "party/izia", name="Other"), "type", "open already"),
        (line("EventRetracted", "party/izia", target="key:none", reason="r"), "data.target", "bears the key"),
        (b'{"data": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "", "nested"),
        (b'{"note": "' + b"x" * 1_100_000 + b'"}', "", "larger"),
        (b"\xff\xfe{}", "", "UTF-8"),
    ],
)
def test_every_bad_line_is_named_with_what_is_wrong(empty: Program, bad: bytes, column: str, problem: str) -> None:
    """A bad line is told with its row, column and problem; good lines around it do not hide it."""
    good = line("PartyRegistered", "party/good", name="Good")
    found = problems(empty, PARTY, bad, good)
    assert {row["row"] for row in found} == {2}
    assert any(column in row["column"] and problem in row["problem"] for row in found), found


def test_all_bad_lines_are_told_at_once_and_the_file_is_refused_whole(empty: Program) -> None:
    """One bad line keeps the whole file out; every bad line is told."""
    file = written(Path("facts.jsonl"), PARTY, b"{", line("Nonsense", "party/xyz"))
    answer = empty("import", file)
    assert answer.code == 4
    assert "3 rows: 1 new, 0 already recorded, 2 rejected. Nothing written." in empty("import", file, width=100).out
    assert empty.json("status")["counts"]["events"] == 0


def test_good_lines_go_in_and_the_others_wait_in_a_file(empty: Program) -> None:
    """With --partial the good lines are recorded; the others can be mended and imported."""
    file = written(Path("facts.jsonl"), PARTY, line("PartyRenamed", "party/izia", nam="Zones"))
    assert counts(empty, file, "--partial") == (1, 0, 1)
    rejected = Path("facts.rejected.jsonl")
    rejected.write_bytes(rejected.read_bytes().replace(b'"nam"', b'"name"'))
    assert counts(empty, str(rejected)) == (1, 0, 0)
    assert empty.json("status", "izia")["title"] == "Zones"


def test_rejected_lines_being_mended_are_not_written_over(empty: Program) -> None:
    """The same import again leaves a file somebody changed as it is, and puts the lines beside it."""
    file = written(Path("facts.jsonl"), PARTY, line("PartyRenamed", "party/izia", nam="Zones"))
    told = [empty(*("import", file, "--partial")).err for _ in range(2)]
    assert ["facts.rejected.jsonl" in said for said in told] == [True, True]
    rejected = Path("facts.rejected.jsonl")
    kept = rejected.read_bytes()
    rejected.write_bytes(b"half mended")
    assert "facts.rejected-2.jsonl" in empty("import", file, "--partial").err
    assert rejected.read_bytes() == b"half mended"
    assert Path("facts.rejected-2.jsonl").read_bytes() == kept


def test_a_dry_run_refuses_a_recorded_time_that_recording_would(empty: Program) -> None:
    """A time to come, or before the last one, is refused by the trial already; with nothing new it is not asked for."""
    file = written(Path("facts.jsonl"), PARTY)
    for flags in (["--dry-run"], []):
        assert empty.refused(4, "import", file, "--recorded-at", "2099-01-01", *flags)["code"] == "refused"
    assert counts(empty, file) == (1, 0, 0)
    more = written(Path("more.jsonl"), PARTY, line("NameVariantRecorded", "party/izia", text="EZDA"))
    for flags in (["--dry-run"], []):
        empty.refused(4, "import", more, "--recorded-at", "2001-01-01", *flags)
    assert counts(empty, file, "--recorded-at", "2001-01-01") == (0, 1, 0)


def test_byte_order_mark_blank_lines_and_carriage_returns_do_no_harm(empty: Program) -> None:
    """A file as Windows programs write it is read."""
    more = line("NameVariantRecorded", "party/izia", text="EZDA")
    assert counts(empty, "-", stdin=b"\xef\xbb\xbf" + PARTY + b"\r\n\r\n" + more + b"\r\n") == (2, 0, 0)


def test_an_empty_file_is_no_error(empty: Program) -> None:
    """Nothing to record is nothing recorded."""
    assert counts(empty, "-", stdin=b"\n\n") == (0, 0, 0)


def test_a_key_is_the_same_fact_or_a_conflict(empty: Program) -> None:
    """A key on record with the same content is known; with other content the line is refused."""
    keyed = line("PartyRegistered", "party/izia", envelope={"key": "row-1"}, name="IZIA")
    other = line("PartyRegistered", "party/ezda", envelope={"key": "row-1"}, name="EZDA")
    assert counts(empty, "-", stdin=keyed) == (1, 0, 0)
    assert counts(empty, "-", stdin=keyed) == (0, 1, 0)
    [found] = problems(empty, other)
    assert (found["column"], found["value"]) == ("key", "row-1")
    assert "event 1" in found["problem"]


def test_a_key_names_a_target_in_the_file_or_on_record(empty: Program) -> None:
    """`key:` as a target stands for the event that bears the key, above in the file or recorded before."""
    keyed = line("PartyRegistered", "party/izia", "XXXX-04-17", {"key": "k1"}, name="IZIA")
    refine: dict[str, Any] = {"target": "key:k1", "basis": "inferred"}
    first = line("DateRefined", "party/izia", **refine).replace(b'"basis"', b'"on": "2024-04-17?", "basis"')
    again = line("DateRefined", "party/izia", **refine).replace(b'"basis"', b'"on": "2025-04-17?", "basis"')
    assert counts(empty, "-", stdin=keyed + b"\n" + first) == (2, 0, 0)
    assert counts(empty, "-", stdin=again) == (1, 0, 0)
    assert empty.json("show", "izia@1")["event"]["on"] == "2025-04-17?"


def test_an_older_registers_times_are_stated_and_go_forward_only(empty: Program) -> None:
    """--recorded-at is kept and marked as asserted; before the log's last time or in the future it is refused."""
    assert counts(empty, "-", "--recorded-at", "2025-04-01T12:00:00Z", stdin=PARTY) == (1, 0, 0)
    [event] = empty.json("log")["events"]
    assert (event["recorded"], event["asserted"]) == ("2025-04-01T12:00:00.000000Z", True)
    more = line("NameVariantRecorded", "party/izia", text="EZDA")
    for time in ("2025-03-31", "2999-01-01"):
        assert empty.refused(4, "import", "-", "--recorded-at", time, stdin=more)["code"] == "refused"


def test_a_recorded_time_that_is_empty_is_none(empty: Program) -> None:
    """A variable of a script that is not set does not record an old table as of today."""
    assert empty.refused(2, "import", "-", "--recorded-at", "", stdin=PARTY)["code"] == "usage"


def test_what_a_dry_run_prints_is_what_import_reads(empty: Program) -> None:
    """The lines of `record --dry-run --json` go in unchanged."""
    rehearsed = empty.ok("new", "party", "IZIA", "--slug", "izia", "--on", "2025-04-17", "--dry-run", "--json").out
    assert empty.json("status")["counts"]["events"] == 0
    assert counts(empty, "-", stdin=rehearsed.encode()) == (1, 0, 0)
    assert empty.json("status", "izia")["title"] == "IZIA"


@pytest.mark.parametrize("file", ["missing.jsonl", "."])
def test_a_file_that_cannot_be_read_is_a_usage_error(empty: Program, file: str) -> None:
    """A missing file or a folder is named."""
    assert file in empty.refused(2, "import", file)["message"]


def test_a_line_may_ask_for_a_rule_to_be_waived(empty: Program) -> None:
    """The rule it names is waived with its reason on record; any other rule still holds, and names itself."""
    opened = line("AgreementOpened", "agreement/mou-ports", title="MoU on ports", kind="mou")
    signed = json.loads(line("AgreementSigned", "agreement/mou-ports"))
    reason = {"few-parties": "the list names no parties"}
    found = problems(empty, opened, json.dumps({**signed, "irregular": {"other-rule": "why not"}}).encode())
    assert [row["row"] for row in found] == [2]
    facts = b"\n".join([opened, json.dumps({**signed, "irregular": reason}).encode()])
    assert counts(empty, "-", stdin=facts) == (3, 0, 0)
    assert counts(empty, "-", stdin=facts) == (0, 2, 0)
    waived = empty.json("log")["events"][-1]
    assert (waived["type"], waived["data"]["reason"]) == ("RuleWaived", "the list names no parties")
    assert waived["data"]["rules"] == ["few-parties"]
