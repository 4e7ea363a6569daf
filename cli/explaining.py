"""The sentences behind the errors of the store, the domain and name resolution."""

from typing import Any

from cli.exits import CONFLICT, DAMAGED, INTERRUPTED, NOT_FOUND, REFUSED, UNAVAILABLE, Failure
from domain.dates import BadDate
from eventstore.errors import Conflict, Damaged, Missing, Refused, StoreError, Unavailable, Unstorable
from projections.answers.resolve import Ambiguous, NotFound

_UNAVAILABLE = {
    "locked": (
        "another program holds the register and did not let go in time",
        "try again; nothing was recorded",
    ),
    "read-only": ("the register, or its folder, is read-only", "reading works; to record, make it writable"),
    "full": ("the disk is full", "make room and run it again; nothing was recorded"),
    "directory": ("that is a folder, not a register", "name a file, such as paraph.db"),
    "symlink": ("that is a symbolic link", "name the file itself"),
    "exists": ("there is something already", "name another file"),
    "engine": (
        "that is no place for a register",
        "use a path, sqlite:///path or postgresql://user@host/database?schema=name",
    ),
    "not-a-register": ("that file is not a paraph register", "make a register with: paraph init"),
    "newer-version": (
        "the register was made by a newer paraph",
        "install a newer paraph; nothing was touched",
    ),
    "older-postgres": ("PostgreSQL 15 or later is needed", "use a newer server; nothing was touched"),
    "unsafe-server": (
        "the server is set up so that it may lose what was recorded",
        "whoever keeps the server must set it right; nothing was touched",
    ),
    "no-driver": ("for PostgreSQL a driver is needed", "pip install 'paraph[postgres]'"),
    "unreachable": ("the server cannot be reached", "look whether it runs; with the same --id a fact is recorded once"),
    "denied": (
        "the server does not let you in, or not so far",
        "ask whoever keeps it for the role of the register: its name ends in _append or, to read, in _reader",
    ),
    "session-lost": (
        "something between you and the server gives each transaction another session, and does not show it",
        "set it to lend whole sessions (pool_mode = session), or connect past it; nothing was recorded",
    ),
    "roles": (
        "you may not make a register there",
        "give whoever keeps the server what this prints: paraph db init --sql",
    ),
    "older-sqlite": ("this Python's SQLite is too old; 3.37 is needed", "use a newer Python"),
    "replica": (
        "this is a replica; record, and follow the log, on the primary",
        "name the primary with --db; questions may go to a replica with --read-db",
    ),
    "replaying": (
        "the replica broke the answer off to go on replaying",
        "ask again; for long answers whoever keeps the replica sets hot_standby_feedback = on",
    ),
    "io": ("the register cannot be read or written", "look at the disk and the permissions"),
    "examined": ("a register opened for examination takes no records", ""),
    "unknown-outcome": (
        "whether it was recorded is unknown",
        "run it again with the same --id: it is recorded once",
    ),
}

_TELLING = {"unsafe-server", "unreachable", "denied", "older-postgres", "engine"}
"""Reasons whose detail tells a person more; it never has a password."""

_WHERE = {
    "event": "paraph log shows the events",
    "project": "paraph list projects",
    "commission": "paraph list commissions",
    "occasion": "paraph list occasions",
    "party": "paraph list parties",
}


def failure_of(error: BaseException) -> Failure | None:
    """Return what an error says to a person; None for an error nobody expects."""
    from domain.factline import BadFact
    from projections.rebuild import Overtaken

    match error:
        case Failure():
            return error
        case KeyboardInterrupt():
            hint = "what was done is whole and stays; run it again to go on"
            return Failure("interrupted", "interrupted", INTERRUPTED, hint)
        case BadFact():
            return Failure("bad-fact", str(error), REFUSED, "paraph facts show TYPE lists the fields", _problems(error))
        case BadDate():
            return Failure("bad-date", str(error), REFUSED, error.suggestion or "write EDTF, such as 2025-04-17")
        case NotFound():
            return _not_found(error)
        case Ambiguous():
            message = f"{error.text!r} may mean: {', '.join(error.candidates)}"
            streams = [text for text in error.candidates if text.endswith(f"/{error.text}")]
            hint = f"write the whole of it, such as {streams[0]}" if streams else "write more of it"
            return Failure("ambiguous", message, NOT_FOUND, hint, {"candidates": error.candidates})
        case Overtaken():
            return Failure("overtaken", "another rebuild began meanwhile", CONFLICT, "paraph projections check")
        case StoreError():
            return _of_store(error)
    return None


def _problems(error: Any) -> dict[str, Any]:
    return {"problems": [{"field": field, "problem": problem} for field, problem in error.problems]}


def _not_found(error: NotFound) -> Failure:
    message = f"no {error.what} is called {error.text!r}"
    if error.others:
        message += f"; there is {', '.join(error.others)}"
    if error.nearest:
        message += f"; nearest: {', '.join(error.nearest)}"
    hint = _WHERE.get(error.what, "paraph list shows the agreements")
    return Failure("not-found", message, NOT_FOUND, hint, {"nearest": list(error.nearest)})


def _of_store(error: StoreError) -> Failure:
    match error:
        case Conflict():
            return _conflict(error)
        case Missing(what="register"):
            return Failure("missing", f"there is no register at {error.place}", UNAVAILABLE, "paraph init makes one")
        case Missing(what="database"):
            hint = "whoever keeps the server makes one: createdb"
            return Failure("missing", f"there is no database at {error.place}", UNAVAILABLE, hint)
        case Missing():
            return Failure("missing", f"there is no folder {error.place}", UNAVAILABLE, "make the folder first")
        case Unavailable():
            message, hint = _UNAVAILABLE[error.reason]
            place = f"{error.place}: " if error.place else ""
            why = f" ({error.detail})" if error.detail and error.reason in _TELLING else ""
            return Failure(error.reason, place + message + why, UNAVAILABLE, hint)
        case Damaged():
            where = f" at position {error.position}" if error.position else ""
            return Failure("damaged", f"the register is damaged{where}: {error.what}", DAMAGED, "paraph verify")
        case Unstorable():
            message = f"{error.path or 'the fact'}: {error.problem}"
            return Failure("unstorable", message, REFUSED, "nothing was recorded")
        case Refused():
            return Failure("refused", error.what, REFUSED, "nothing was recorded")
    return Failure(error.code, str(error), UNAVAILABLE)


def _conflict(error: Conflict) -> Failure:
    details = {name: value for name, value in error.fields.items() if value is not None}
    if error.reason in {"id", "key"}:
        bearer = f"event {error.position}" if error.position else "another fact of the same file"
        message = (
            f"{error.reason} {error.id if error.reason == 'id' else error.key} is that of {bearer}, with other content"
        )
        return Failure("conflict", message, CONFLICT, "use a new id, or correct that event", details)
    message = f"{error.stream} stands at version {error.actual}, not {error.expected}: somebody recorded meanwhile"
    return Failure("conflict", message, CONFLICT, "look again, then decide again", details)
