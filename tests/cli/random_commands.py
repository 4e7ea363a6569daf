"""Random scripts of commands: every sort of record and question, right and wrong, with hostile values; by a seed."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from domain.catalogue import BY_KIND
from tests.domain.samples import DATA, OPENING
from tests.eventstore.hostile import NO_JSON, STORABLE, UNSTORABLE

KINDS = sorted(set(OPENING) - {"clock"})
PLAIN = ["Cardboard mill", "İZİA ışıq", "紙工場", "Соглашение", "Strasse", "Straße", "STRASSE", "ə", "Ə", "a", "B"]
HOSTILE = [text for text in (*STORABLE.values(), *UNSTORABLE.values()) if isinstance(text, str) and len(text) < 10**6]
ODD = [text for text in NO_JSON.values() if isinstance(text, str | bytes) and len(text) < 10_000]
DAYS = ["2024-02-29", "2025-04", "2025", "XXXX-04-23", "2025-04-17?", "0001-01-01", "9999-12-31", "2025-06-01"]
BAD_DAYS = ["2025-02-30", "23.04.25", "tomorrow", "", "2025-13", "10000-01-01", "\ud800", "a\0b"]
NUMBERS = ["0", "1", "2", "4", "-1", "99", "9007199254740991", "9007199254740992", "9223372036854775808", "9" * 30, "x"]


@dataclass(frozen=True)
class Command:
    """One command: its words, what it reads, the files it needs."""

    words: tuple[str, ...]
    stdin: bytes = b""
    files: tuple[tuple[str, bytes], ...] = ()


@dataclass
class Script:
    """A maker of commands; what it made before it may say again, rightly or wrongly."""

    dice: random.Random
    made: list[Command] = field(default_factory=list)

    def next(self) -> Command:
        """Return the next command; the first ones open something of every kind to talk about."""
        if len(self.made) < 2 * len(KINDS):
            number, kind = divmod(len(self.made), len(KINDS))
            words = ("new", KINDS[kind], self.dice.choice(PLAIN), "--slug", f"{KINDS[kind]}-{number}")
            self.made.append(Command(words))
            return self.made[-1]
        choose = self.dice.choices([make for make, _ in WAYS], [weight for _, weight in WAYS])[0]
        command = choose(self)
        self.made.append(command)
        return command

    def slug(self, kind: str) -> str:
        """Return one of few slugs of a kind, now and then of another, or of none."""
        other = self.dice.choice([*KINDS, "nowhere"])
        return f"{kind if self.dice.random() < 0.9 else other}-{self.dice.randrange(3)}"

    def text(self) -> str:
        """Return a text, hostile one time in three."""
        return self.dice.choice(HOSTILE if self.dice.random() < 0.33 else PLAIN)

    def day(self) -> str:
        """Return a date, a bad one now and then."""
        return self.dice.choice(BAD_DAYS if self.dice.random() < 0.08 else DAYS)

    def event(self) -> str:
        """Name an event: by position, by version of a stream, by something else."""
        number = self.dice.randrange(1, 40)
        named = f"{self.slug(self.dice.choice(KINDS))}@{self.dice.randrange(1, 5)}"
        return self.dice.choice([str(number), str(number), named, named, named, self.id(), "abcdef", self.text()])

    def id(self) -> str:
        """Return one of few ids."""
        return str(UUID(int=self.dice.randrange(1, 30), version=4))

    def some(self, *flags: tuple[str, Callable[[], str]], odds: float = 0.2) -> list[str]:
        """Return some of these flags."""
        return [word for flag, value in flags if self.dice.random() < odds for word in (flag, value())]

    def writing(self) -> list[str]:
        """Return flags of a record."""
        found = ["--on", self.day()] if self.dice.random() < 0.7 else []
        found += self.some(("--source", self.text), ("--note", self.text), ("--by", self.text), odds=0.25)
        found += self.some(("--id", self.id), ("--expect", lambda: self.dice.choice(NUMBERS)), odds=0.12)
        found += self.some(("--key", lambda: self.dice.choice(["k1", "k2", self.text()])), odds=0.1)
        found += self.some(("--irregular", self.text), ("--quote", self.text), odds=0.1)
        return found + [flag for flag in ("--dry-run", "--json") if self.dice.random() < (0.1, 0.5)[flag == "--json"]]

    def asking(self) -> list[str]:
        """Return flags of a question."""
        shapes = ["json", "jsonl", "tsv", "csv", "md"]
        points = [*map(str, range(0, 40, 7)), "2025-07-01", "2025", self.text(), "999999"]
        return self.some(
            ("--format", lambda: self.dice.choice(shapes)),
            ("--as-of", self.day),
            ("--known-at", lambda: self.dice.choice(points)),
            odds=0.4,
        )

    def data(self, fact: str) -> dict[str, Any]:
        """Return what a fact says, mostly right."""
        told = dict(DATA.get(fact, {}))
        for name, value in told.items():
            kind = str(value).partition("/")[0]
            if kind in KINDS:
                told[name] = f"{kind}/{self.slug(kind)}"
            elif self.dice.random() < 0.25:
                told[name] = self.text()
        return told


def _new(script: Script) -> Command:
    kind = script.dice.choice(KINDS)
    slug = ["--slug", script.slug(kind)] if script.dice.random() < 0.9 else []
    party = script.some(("--party", lambda: script.slug("party")), odds=0.5) if kind == "agreement" else []
    return Command(("new", kind, script.text(), *slug, *party, *script.writing()))


def _word(script: Script) -> Command:
    project, agreement, commission = (script.slug(kind) for kind in ("project", "agreement", "commission"))
    pick = script.dice.choice
    words = pick(
        [
            ["phase", project, pick(["justification", "construction", "operation", "daydreaming"])],
            ["phase", project, "decided", "--wording", script.text()],
            ["study", project, pick(["commissioned", "submitted", "accepted"]), "justification"],
            ["milestone", project, "planned", script.text(), "--due", script.day()],
            ["suspended", pick([project, agreement])],
            ["resumed", pick([project, agreement])],
            ["signed", agreement, "--place", script.text()],
            ["signature", agreement, script.slug("party")],
            ["value", agreement, pick(NUMBERS), pick(["USD", "AZN", "usd", "x"])],
            ["term", agreement, "--start", "signature", "--length", pick(["P5Y", "P0D", "P99999Y", "x"])],
            ["in-force", agreement],
            ["terminated", agreement],
            ["obligation", agreement, "recorded", script.text(), "--text", script.text(), "--deadline", script.day()],
            ["session", commission, pick(["scheduled", "held"]), "--session", pick(["1", "2", script.text()])],
            [
                "instruction",
                commission,
                "issued",
                pick(["1", "2"]),
                "--text",
                script.text(),
                "--deadline",
                script.day(),
            ],
            ["review", pick([project, agreement]), commission, "--finding", script.text()],
            ["link", project, agreement],
            ["name", script.slug("party"), script.text()],
            ["merged", script.slug("party"), script.slug("party")],
            ["renamed", script.slug("party"), script.text()],
        ]
    )
    return Command(("record", *words, *script.writing()))


def _fact(script: Script) -> Command:
    kind = script.dice.choice(KINDS)
    fact = script.dice.choice(sorted(BY_KIND[kind]))
    told = script.data(fact).items()
    sets = [word for name, value in told if isinstance(value, str | int) for word in ("--set", f"{name}={value}")]
    return Command(("record", "fact", fact, script.slug(kind), *sets, *script.writing()))


def _amend(script: Script) -> Command:
    reason = ["--reason", script.text()]
    name = script.dice.choice(["name", "title", "phase", "place", "kind", "nonsense"])
    words = script.dice.choice(
        [
            ["correct", script.event(), "--set", f"{name}={script.text()}", *reason],
            ["correct", script.event(), *reason],
            ["retract", script.event(), *reason],
            ["undo", *script.dice.choice([[], [script.slug(script.dice.choice(KINDS))]])],
            ["note", script.dice.choice([script.event(), script.slug("project")]), script.text()],
            ["source", script.event()],
        ]
    )
    return Command((*words, *script.writing()))


def _lines(script: Script) -> Command:
    rows = [script.dice.choice([_row, _row, _row, _row, _odd_row])(script) for _ in range(script.dice.randrange(1, 5))]
    stdin = b"\n".join(rows)
    flags = [flag for flag in ("--dry-run", "--partial", "--json") if script.dice.random() < 0.3]
    if "--partial" in flags:
        return Command(("import", "rows.jsonl", *flags), files=(("rows.jsonl", stdin),))
    return Command(("import", "-", *flags), stdin)


def _row(script: Script) -> bytes:
    kind = script.dice.choice(KINDS)
    fact = script.dice.choice([OPENING[kind], *sorted(BY_KIND[kind])])
    told: dict[str, Any] = {"type": fact, "stream": f"{kind}/{script.slug(kind)}", "on": script.day()}
    told["data"] = script.data(fact)
    if script.dice.random() < 0.2:
        told["data"]["extra"] = script.dice.choice([2**53, 0.1, None, True, ["a", {"b": 1}], "x"])
    told |= dict(
        [script.dice.choice([("key", script.text()), ("id", script.id()), ("note", script.text()), ("by", "x")])]
    )
    return json.dumps(told, ensure_ascii=script.dice.random() < 0.5).encode(errors="surrogatepass")


def _odd_row(script: Script) -> bytes:
    text = script.dice.choice(ODD)
    return text if isinstance(text, bytes) else text.encode(errors="surrogatepass")


_MAP = """name = "pacts"
[streams.party]
kind = "party"
key = "Party"
[[facts]]
stream = "party"
type = "PartyRegistered"
on = "../{@recorded}"
keep = ["on"]
[facts.data]
name = "{Party}"
"""


def _table(script: Script) -> Command:
    rows = ["No,Party", *(f'{n},"{script.text()}"' for n in range(script.dice.randrange(1, 4)))]
    files = (("map.toml", _MAP.encode()), ("rows.csv", "\n".join(rows).encode(errors="surrogatepass")))
    flags = [flag for flag in ("--dry-run", "--partial", "--json") if script.dice.random() < 0.3]
    return Command(("import", "rows.csv", "--map", "map.toml", *flags), files=files)


def _ask(script: Script) -> Command:
    stream = script.dice.choice([script.slug(script.dice.choice(KINDS)), script.text()])
    words = script.dice.choice(
        [
            ["status"],
            ["status", stream],
            ["list", *script.dice.choice([[], ["parties"], ["projects"], ["commissions"], ["occasions"]])],
            ["list", "--party", stream],
            ["board"],
            ["due", "--within", script.dice.choice(["30d", "6w", "9999d", "x"])],
            ["docket", "--commission", script.slug("commission")],
            ["find", script.text()],
            ["find", script.dice.choice(["strasse", "IŞIQ", "%", "_", "'", "a%b", "紙"])],
            ["funnel"],
            ["log"],
            ["log", stream, "--last", script.dice.choice(["1", "3"])],
            ["show", script.event()],
            ["diff", stream],
            ["diff", stream, "--from-known-at", script.dice.choice(["1", "5", "9"]), "--exit-code"],
            ["replay", stream],
            ["log", "--recorded-since", "2025-07-01T13:00", "--happened-since", script.day()],
        ]
    )
    return Command((*words, *script.asking()))


def _keep(script: Script) -> Command:
    words = [
        ["verify"],
        ["replay", "--all"],
        ["projections", "check"],
        ["projections", "rebuild"],
        ["projections", "list"],
    ]
    return Command((*script.dice.choice(words), "--json"))


def _again(script: Script) -> Command:
    """Say something again: as it was, or under the same id in other words."""
    made = [command for command in script.made if command.words[0] in {"new", "record", "note", "import"}]
    if not made:
        return _new(script)
    command = script.dice.choice(made)
    other = ("--note", script.text()) if script.dice.random() < 0.3 and command.words[0] != "import" else ()
    return Command((*command.words, *other), command.stdin, command.files)


WAYS: list[tuple[Callable[[Script], Command], float]] = [
    (_new, 14),
    (_word, 20),
    (_fact, 14),
    (_amend, 14),
    (_lines, 10),
    (_table, 3),
    (_ask, 18),
    (_keep, 3),
    (_again, 8),
]
