"""The outlets: what reaches them is whole and inert, what does not is on record, and no password is anywhere."""

import os
import stat
import sys
import unicodedata
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

import cli.delivery
from cli.delivery import PASSWORD
from tests.cli.deadlines import FIRST, instruction, opened, session, told
from tests.cli.mailserver import Post, serving
from tests.cli.program import Answer, Program, environment, started

CANARY = "c4n4ry-p4ssw0rd"


@pytest.fixture
def desk(paraph: Program) -> Program:
    """Return the program beside a register with a deadline of today, named in three scripts."""
    opened(paraph)
    told(paraph, instruction("1", FIRST, text="Hesabat: отчёт, 报告"))
    return paraph


@pytest.fixture
def post() -> Iterator[Post]:
    """Return a mail server."""
    with serving() as served:
        yield served


def undelivered(program: Program) -> list[tuple[str, str | None]]:
    """Return what did not arrive, and why."""
    return [(row["item"] or row["job"], row["problem"]) for row in program.json("schedule", "list")["undelivered"]]


def failing(program: Program, outlet: str) -> str:
    """Return why an outlet took nothing; the round must end with 1, and the reminder wait on record."""
    answer = program("schedule", "once", "--to", outlet)
    assert (answer.code, answer.out) == (1, "")
    [(item, problem)] = undelivered(program)
    assert item == "instruction 1"
    assert problem
    assert problem in answer.err
    return problem


def address(post: Post, user: str = "", more: str = "") -> str:
    """Return the mail outlet of a server."""
    return f"smtp://{user}127.0.0.1:{post.port}/?from=desk@example.org&to=head@example.org,deputy@example.org{more}"


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


def test_a_mail_says_what_is_due(desk: Program, post: Post) -> None:
    """One mail for the reminders, one for the docket, to everybody named, in letters as they are."""
    told(desk, session("5", FIRST))
    desk.ok("schedule", "once", "--to", address(post))
    reminders, docket = post.mails
    assert reminders["Subject"] == "paraph: 2 reminders, 2025-07-01"
    assert (reminders["From"], reminders["To"]) == ("desk@example.org", "head@example.org, deputy@example.org")
    assert reminders["Auto-Submitted"] == "auto-generated"
    assert "instruction 1: Hesabat: отчёт, 报告" in reminders.get_content()
    assert docket["Subject"] == "paraph: docket of joint-com for its session 5 on 2025-07-01"
    assert "Joint Commission, session 5" in docket.get_content()
    assert undelivered(desk) == []


def test_a_mail_delivered_again_is_the_same_mail(desk: Program, post: Post) -> None:
    """A mailbox knows it again by its id."""
    post.refuses["QUIT"] = "500 what"
    post.refuses["DATA"] = "451 later"
    assert "answered 451" in failing(desk, address(post))
    post.refuses.clear()
    desk.ok("schedule", "once", "--redeliver", "--to", address(post), "--to", "stdout")
    [fired] = [event for event in desk.json("log")["events"] if event["data"].get("item") == "instruction 1"
               and event["type"] == "ReminderFired"]  # fmt: skip
    assert [mail["Message-ID"] for mail in post.mails] == [f"<{fired['id']}@paraph>"]


@pytest.mark.parametrize(
    ("verb", "answer", "problem"),
    [
        ("AUTH", f"535 wrong: {CANARY}", "refused the login (535)"),
        ("RCPT", "550 nobody here", "refused 2 of the recipients"),
        ("MAIL", "552 full", "answered 552"),
        ("EHLO", "421 busy", "mail server"),
    ],
)
def test_what_a_server_refuses_is_told_in_our_words(
    desk: Program, post: Post, monkeypatch: pytest.MonkeyPatch, verb: str, answer: str, problem: str
) -> None:
    """The code is told, not the server's words: they might quote the password."""
    monkeypatch.setenv(PASSWORD, CANARY)
    post.refuses[verb] = answer
    if verb == "EHLO":
        post.refuses["HELO"] = answer
    assert problem in failing(desk, address(post, "desk@"))
    assert CANARY not in Path("paraph.db").read_bytes().decode("latin-1")


def test_a_server_that_is_away_is_told(desk: Program) -> None:
    """Nobody listens: refused at once."""
    with serving() as gone:
        away = address(gone)
    assert "cannot be reached: Connection refused" in failing(desk, away)


def test_a_password_is_nowhere(desk: Program, post: Post) -> None:
    """It goes to the server, and appears in no output, log, file, backup or argument; also when all fails."""
    today = datetime.now(UTC).date()
    told(desk, instruction("1b", today))
    mail = address(post, "desk@")
    known = partial(started, PARAPH_SMTP_PASSWORD=CANARY)
    commands: list[Answer] = []
    for arguments in (["--debug"], ["--redeliver", "--json", "--backup", "."]):
        commands.append(known("schedule", "once", "--at", "00:00", "--to", mail, *arguments))
        post.refuses["AUTH"] = f"535 {CANARY}"
        told(desk, instruction("2", today + timedelta(days=3)))
    commands.append(known("schedule", "list"))
    commands.append(known("log", "--json"))
    assert any(b64encode(f"\0desk\0{CANARY}".encode()).decode() in command for command in post.commands)
    assert [answer.code for answer in commands] == [0, 1, 0, 0]
    assert all(CANARY not in answer.out + answer.err for answer in commands)
    for path in Path().rglob("*"):
        assert not path.is_file() or CANARY.encode() not in path.read_bytes(), path


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


def test_a_user_without_a_password_or_in_the_clear_is_refused(
    desk: Program, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A password is asked for before anything fires, and never sent in the clear to another machine."""
    assert PASSWORD in desk.refused(2, "schedule", "once", "--to", address(post, "desk@"))["message"]
    monkeypatch.setenv(PASSWORD, CANARY)
    far = "smtp://desk@mail.example.org/?from=a@b.org&to=c@d.org"
    assert "in the clear" in desk.refused(2, "schedule", "once", "--to", far)["message"]


@pytest.mark.parametrize("more", ["", "&starttls=1"])
def test_a_connection_that_cannot_be_made_safe_is_not_used(
    desk: Program, post: Post, monkeypatch: pytest.MonkeyPatch, more: str
) -> None:
    """Where TLS is asked for and the server has none, nothing is sent."""
    monkeypatch.setenv(PASSWORD, CANARY)
    monkeypatch.setattr(cli.delivery, "PATIENCE", 2.0)
    outlet = address(post, "desk@", more)
    assert failing(desk, outlet if more else outlet.replace("smtp://", "smtps://"))
    assert post.mails == []
    assert not any(command.startswith("AUTH") for command in post.commands)


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
