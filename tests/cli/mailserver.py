"""A small mail server: it keeps what it is sent, and refuses what it is told to refuse."""

import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Thread


@dataclass
class Post:
    """What came in: commands as sent, and mails; `refuses` maps a command to the answer it gets."""

    port: int = 0
    commands: list[str] = field(default_factory=list)
    mails: list[EmailMessage] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        post: Post = self.server.post  # type: ignore[attr-defined]  # given by `serving`
        self._say("220 post")
        while line := self.rfile.readline().decode().strip():
            post.commands.append(line)
            verb = line.split(" ")[0].split(":")[0].upper()
            if answer := post.refuses.get(verb):
                self._say(answer)
            elif verb == "EHLO":
                self._say("250-post", "250-8BITMIME", "250 AUTH PLAIN")
            elif verb == "AUTH":
                self._say("235 welcome")
            elif verb == "DATA":
                self._say("354 go on")
                post.mails.append(self._mail())
                self._say("250 kept")
            else:
                self._say("221 bye" if verb == "QUIT" else "250 well")

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())

    def _mail(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        return message_from_bytes(b"".join(lines), policy=policy.default)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def serving() -> Iterator[Post]:
    """Serve on a free port of this machine."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        post = Post(port=server.server_address[1])
        server.post = post  # type: ignore[attr-defined]  # what the handler fills
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield post
        finally:
            server.shutdown()
            thread.join()
