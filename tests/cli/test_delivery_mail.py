"""The outlet of mail: what is sent is whole, what a server refuses is on record, and no password is anywhere."""

from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

import cli.delivery
from cli.delivery import PASSWORD
from tests.cli.deadlines import FIRST, instruction, session, told
from tests.cli.mailserver import Post, serving
from tests.cli.outlets import desk, failing, undelivered
from tests.cli.program import Answer, Program, started

__all__ = ["desk"]

CANARY = "c4n4ry-p4ssw0rd"


@pytest.fixture
def post() -> Iterator[Post]:
    """Return a mail server."""
    with serving() as served:
        yield served


def address(post: Post, user: str = "", more: str = "") -> str:
    """Return the mail outlet of a server."""
    return f"smtp://{user}127.0.0.1:{post.port}/?from=desk@example.org&to=head@example.org,deputy@example.org{more}"


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
