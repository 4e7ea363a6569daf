"""Where reminders go: standard output, a file, a command, mail. What an outlet is given is inert text already."""

import os
import shlex
import stat
import subprocess
import sys
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from cli.exits import USAGE, Failure
from cli.output import silence_stdout

if TYPE_CHECKING:
    from email.message import EmailMessage

PASSWORD = "PARAPH_SMTP_PASSWORD"  # noqa: S105 - the name of the variable, not what it holds
PATIENCE = 60.0
"""Seconds a command or a mail server is waited for."""

_LOCAL = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class Message:
    """One message: a subject of one line, and lines of text. The `id` is the same whenever it is sent again."""

    id: str
    subject: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """Return it whole."""
        return "\n".join((self.subject, *(f"  {line}".rstrip() for line in self.lines), "", ""))


class Undelivered(Exception):
    """An outlet did not take a message. The problem is in our own words: a server's might quote a secret."""


class Outlet(Protocol):
    """A way by which messages leave; `sort` is all that is ever recorded of it."""

    @property
    def sort(self) -> str:
        """Return what sort of way it is, such as smtp."""

    def deliver(self, message: Message) -> None:
        """Send one message; raises `Undelivered`."""


def outlet_of(text: str) -> Outlet:
    """Return the outlet a flag names; Failure where it names none."""
    sort, _, rest = text.partition(":")
    if text == "stdout":
        return ToStdout()
    if sort == "file" and rest:
        return ToFile(rest)
    if sort == "command" and rest:
        return ToCommand(_words(rest))
    if sort in {"smtp", "smtps"}:
        return _mail(text)
    message = f"{sort!r} is no outlet"  # no more of it: it may hold a secret
    raise Failure("usage", message, USAGE, "stdout, file:PATH, command:COMMAND, smtp://HOST/?from=…&to=…")


def _words(command: str) -> tuple[str, ...]:
    try:
        words = tuple(shlex.split(command))
    except ValueError as error:
        raise Failure("usage", f"the command of --to cannot be read: {error}", USAGE, "mind its quotes") from None
    if not words or "\0" in command:
        raise Failure("usage", "the command of --to is empty", USAGE, "--to 'command:PROGRAM ARGUMENT …'")
    return words


@dataclass(slots=True)
class ToStdout:
    """Standard output; once it took nothing more it never will again."""

    sort: str = "stdout"
    closed: bool = False

    def deliver(self, message: Message) -> None:
        """Print the message, to the last byte."""
        try:
            if not self.closed:
                sys.stdout.write(message.text)
                sys.stdout.flush()
                return
        except OSError:
            self.closed = True
            silence_stdout()
        raise Undelivered("standard output takes no more")


@dataclass(frozen=True, slots=True)
class ToFile:
    """The end of a private file."""

    path: str
    sort: str = "file"

    def deliver(self, message: Message) -> None:
        """Append the message; a link, a pipe or a device is refused."""
        try:
            handle = os.open(self.path, _APPENDING, 0o600)
            with os.fdopen(handle, "ab") as file:
                if not stat.S_ISREG(os.fstat(handle).st_mode):
                    raise Undelivered("the file is no plain file")
                file.write(message.text.encode())
                file.flush()
                os.fsync(handle)
        except (OSError, ValueError) as error:
            raise Undelivered(f"the file cannot be written: {_said(error)}") from None


# Not waiting for the other end of a pipe; never by way of a link, which somebody else may have laid.
_APPENDING = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


@dataclass(frozen=True, slots=True)
class ToCommand:
    """A program that reads the message on its standard input; no shell in between."""

    words: tuple[str, ...]
    sort: str = "command"

    def deliver(self, message: Message) -> None:
        """Run the program and wait for its end, which must be 0. It knows the subject, and not our password."""
        known = {name: value for name, value in os.environ.items() if name != PASSWORD}
        try:
            done = subprocess.run(  # noqa: S603 - what to run is the user's own flag
                self.words,
                input=message.text.encode(),
                stdout=subprocess.DEVNULL,
                env=known | {"PARAPH_SUBJECT": message.subject},
                timeout=PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise Undelivered(f"the command did not end within {PATIENCE:.0f} seconds") from None
        except (OSError, ValueError) as error:
            raise Undelivered(f"the command cannot be run: {_said(error)}") from None
        if done.returncode:
            raise Undelivered(f"the command ended with {done.returncode}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ToMail:
    """A mail server. The password is read from the environment when it is needed, and kept nowhere."""

    host: str
    port: int
    user: str | None
    sender: str
    recipients: tuple[str, ...]
    tls: str
    sort: str = "smtp"

    def deliver(self, message: Message) -> None:
        """Send the message as one mail."""
        from smtplib import SMTPException

        try:
            self._send(self.letter(message))
        except (SMTPException, OSError, ValueError) as error:
            raise Undelivered(_refusal(error)) from None

    def letter(self, message: Message) -> "EmailMessage":
        """Return the message as a mail; ValueError where an address is none."""
        from email.message import EmailMessage

        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = self.sender, ", ".join(self.recipients), message.subject
        letter["Message-ID"] = f"<{message.id}@paraph>"
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content("\n".join((*message.lines, "")))
        return letter

    def _send(self, letter: "EmailMessage") -> None:
        import smtplib
        import ssl

        trusted = ssl.create_default_context() if self.tls else None
        if self.tls == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=PATIENCE, context=trusted)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=PATIENCE)
        with closing(server):
            if self.tls == "starttls":
                server.starttls(context=trusted)
            if self.user:
                server.login(self.user, os.environ.get(PASSWORD, ""))
            if refused := server.send_message(letter, self.sender, self.recipients):
                raise smtplib.SMTPRecipientsRefused(refused)
            with suppress(smtplib.SMTPException, OSError):
                server.quit()  # the mail is taken, whatever is said to our leaving


def _mail(text: str) -> ToMail:
    try:
        url = urlsplit(text)
        mail = _mail_of(url)
        mail.letter(Message("0", "trial", ()))
    except ValueError:
        raise _no_mail("is no address of a mail server") from None
    if mail.user and PASSWORD not in os.environ:
        raise _no_mail(f"names a user, but {PASSWORD} is not set")
    if mail.user and not mail.tls and mail.host not in _LOCAL:
        raise _no_mail("would send the password in the clear; write smtps:// or &starttls=1")
    return mail


def _mail_of(url: SplitResult) -> ToMail:
    if url.password is not None:
        raise _no_mail(f"holds a password; put it in {PASSWORD}")
    asked = parse_qs(url.query, strict_parsing=True)
    if unknown := asked.keys() - {"from", "to", "starttls"}:
        raise _no_mail(f"has parameters nobody knows: {', '.join(sorted(unknown))}")
    senders = asked.get("from", [])
    recipients = [name for told in asked.get("to", []) for name in told.split(",")]
    if not url.hostname or len(senders) != 1 or not recipients or not all("@" in name for name in recipients):
        raise ValueError
    tls = "smtps" if url.scheme == "smtps" else "starttls" if asked.get("starttls", ["0"])[-1] != "0" else ""
    return ToMail(
        host=url.hostname,
        port=url.port or {"smtps": 465, "starttls": 587}.get(tls, 25),
        user=unquote(url.username) if url.username else None,
        sender=senders[0],
        recipients=tuple(recipients),
        tls=tls,
    )


def _no_mail(what: str) -> Failure:
    """Return what is wrong with a mail address, which is not shown: it may hold a password."""
    hint = "smtps://USER@HOST/?from=ADDRESS&to=ADDRESS"
    return Failure("usage", f"the mail outlet of --to {what}", USAGE, hint)


def _refusal(error: Exception) -> str:
    import smtplib

    match error:
        case smtplib.SMTPAuthenticationError():
            return f"the mail server refused the login ({error.smtp_code})"
        case smtplib.SMTPRecipientsRefused():
            return f"the mail server refused {len(error.recipients)} of the recipients"
        case smtplib.SMTPResponseException():
            return f"the mail server answered {error.smtp_code}"
        case smtplib.SMTPException():
            return f"the mail server does not serve this: {type(error).__name__}"
    return f"the mail server cannot be reached: {_said(error)}"


def _said(error: Exception) -> str:
    """Return what the system says of an error, without the names and values it may hold."""
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
