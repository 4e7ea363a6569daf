"""The outlets: what reaches them is whole and inert, what does not is on record, and no password is anywhere."""

import os
import stat
import sys
import unicodedata
from pathlib import Path

import pytest

import cli.delivery
from cli.delivery import PASSWORD
from tests.cli.deadlines import FIRST, instruction, told
from tests.cli.outlets import desk, failing, undelivered
from tests.cli.program import Program, environment

__all__ = ["desk"]

CANARY = "c4n4ry-p4ssw0rd"


def test_standard_output_is_told_by_default(desk: Program) -> None:
    """Without --to a person reads the reminders, and the summary on stderr."""
    answer = desk.ok("schedule", "once")
    assert answer.out == (
        "paraph: 1 reminder, 2025-07-01\n"
        "  today           2025-07-01 joint-com: instruction 1: Hesabat: отчёт, 报告\n\n"
    )
    assert "1 reminder fired, integrity check ok" in answer.err


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_a_file_is_private_and_grows(desk: Program, mask: int) -> None:
    """The file is made for its owner alone whatever the umask, and is appended to."""
    before = os.umask(mask)
    try:
        desk.ok("schedule", "once", "--to", "file:told.txt")
        told(desk, instruction("2", FIRST))
        desk.ok("schedule", "once", "--to", "file:told.txt")
    finally:
        os.umask(before)
    assert stat.S_IMODE(Path("told.txt").stat().st_mode) == 0o600
    text = Path("told.txt").read_text(encoding="utf-8")
    assert text.index("instruction 1") < text.index("instruction 2")


def test_a_file_that_is_none_is_refused(desk: Program) -> None:
    """A link, a folder, a pipe nobody reads, a device, a folder that is not there: told, never waited for."""
    Path("real.txt").touch()
    Path("link.txt").symlink_to("real.txt")
    os.mkfifo("pipe")
    for name in ("link.txt", ".", "pipe", "/dev/null", "nowhere/told.txt"):
        answer = desk("schedule", "once", "--redeliver", "--to", f"file:{name}")
        assert answer.code == 1
        assert "the file" in answer.err
    assert Path("real.txt").read_text(encoding="utf-8") == ""


def test_a_pipe_that_is_full_is_not_waited_for(desk: Program) -> None:
    """A named pipe is no file, also while somebody holds it open."""
    os.mkfifo("pipe")
    reader = os.open("pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert "no plain file" in failing(desk, "file:pipe")
    finally:
        os.close(reader)


def test_a_command_reads_the_message_and_knows_no_password(desk: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """It gets the text on its standard input, the subject in its environment, no shell and no password."""
    monkeypatch.setenv(PASSWORD, CANARY)
    Path("take.py").write_text(
        "import os, sys, pathlib\n"
        "pathlib.Path('taken').write_bytes(sys.stdin.buffer.read())\n"
        "pathlib.Path('known').write_text(repr([sys.argv[1:], dict(os.environ)]))\n"
    )
    answer = desk.ok("schedule", "once", "--to", f"command:{sys.executable} take.py '$HOME; x'")
    assert answer.out == ""
    assert "instruction 1: Hesabat: отчёт, 报告" in Path("taken").read_text(encoding="utf-8")
    known = Path("known").read_text()
    assert "['$HOME; x']" in known
    assert "'PARAPH_SUBJECT': 'paraph: 1 reminder, 2025-07-01'" in known
    assert CANARY not in known


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        ("false", "ended with 1"),
        ("sh -c 'kill -9 $$'", "ended with -9"),
        ("/nowhere/program", "cannot be run: No such file or directory"),
        (".", "cannot be run: Permission denied"),
    ],
)
def test_a_command_that_fails_is_told(desk: Program, command: str, problem: str) -> None:
    """The round ends with 1, the reminder waits; the command itself is not recorded, it may hold a secret."""
    assert problem in failing(desk, f"command:{command}")
    desk.clock.move(minutes=1)
    assert undelivered(desk)
    assert desk.ok("schedule", "once", "--redeliver").out
    assert undelivered(desk) == []


def test_a_command_that_never_reads_or_ends_is_stopped(desk: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than a pipe holds, to a command that sleeps: after a while it is told as failed."""
    monkeypatch.setattr(cli.delivery, "PATIENCE", 0.3)
    told(desk, *(instruction(f"n-{n}", FIRST, text="x" * 400) for n in range(200)))
    answer = desk("schedule", "once", "--to", "command:sleep 30")
    assert answer.code == 1
    assert "the command did not end within" in answer.err
    assert len(undelivered(desk)) == 201


def test_a_command_that_does_not_read_may_still_be_content(desk: Program) -> None:
    """Leaving the message unread is the command's own affair."""
    told(desk, *(instruction(f"n-{n}", FIRST, text="x" * 400) for n in range(200)))
    desk.ok("schedule", "once", "--to", "command:true")


@pytest.mark.parametrize(
    "outlet",
    [
        f"smtp://desk:{CANARY}@127.0.0.1/?from=a@b.org&to=c@d.org",
        f"smtp://127.0.0.1/?from=a@b.org&to={CANARY}",
        f"smtp://127.0.0.1/?from=a@b.org&to=c@d.org%0d%0aBcc:{CANARY}@x.org",
        f"smtp://127.0.0.1/?from=a@b.org&to=c@d.org&password={CANARY}",
        f"smtp://127.0.0.1:{CANARY}/?from=a@b.org&to=c@d.org",
        f"smtp://{CANARY}@mail.example.org/?from=a@b.org&to=c@d.org",
        f"pigeon:{CANARY}",
        f"command:'{CANARY}",
        "smtp://",
        "file:",
        "command:",
    ],
)
def test_an_outlet_that_is_none_is_refused_without_quoting_it(desk: Program, outlet: str) -> None:
    """A password in the address, a second line, the clear over the network: usage errors that quote nothing."""
    error = desk.refused(2, "schedule", "once", "--to", outlet)
    assert CANARY not in error["message"] + error["hint"]


def test_one_outlet_of_two_that_fails_leaves_the_reminder_waiting(desk: Program) -> None:
    """It has arrived when every outlet took it; until then it can be delivered again."""
    answer = desk("schedule", "once", "--to", "stdout", "--to", "command:false")
    assert answer.code == 1
    assert "instruction 1" in answer.out
    assert undelivered(desk) == [("instruction 1", "the command ended with 1")]


def test_the_same_failure_of_a_day_is_recorded_once(desk: Program) -> None:
    """Trying every hour does not fill the log."""
    for _ in range(4):
        assert desk("schedule", "once", "--redeliver", "--to", "command:false").code == 1
    kinds = [event["type"] for event in desk.json("log")["events"]]
    assert kinds.count("DeliveryFailed") == 1


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_standard_output_that_takes_nothing_is_not_a_delivery(desk: Program, more: list[str]) -> None:
    """Where stdout is full the reminder waits on record."""
    import subprocess

    command = [sys.executable, "-P", "-m", "paraph", "schedule", "once", "--at", "00:00", "--lead", "3660", *more]
    told(desk, instruction("far", "2027-01-01"))
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, env=environment(Path.cwd()), check=False)
    assert done.returncode in {1, 6}
    assert "instruction far" in [item for item, _ in undelivered(desk)]


def test_what_leaves_is_inert(desk: Program) -> None:
    """No control byte but newline, no bidi control, whatever a record holds."""
    told(desk, instruction("2", FIRST, text="a\u202eb\u2066c\u200bd\ufeffe\nf"))
    desk.ok("schedule", "once", "--to", "file:told.txt")
    text = Path("told.txt").read_text(encoding="utf-8")
    assert {c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp"}} == {"\n"}
