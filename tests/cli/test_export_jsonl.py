"""`paraph export --format jsonl`, and `import` of what it gives: the same log, to the byte and the root."""

import json
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from cli.outfile import opened
from eventstore.log import EventStore
from tests.cli.program import STARTED, Program, environment, line, written
from tests.eventstore.givens import Propose


def rows(path: str = "log.jsonl") -> list[dict[str, Any]]:
    """Return the lines of a file as JSON."""
    return [json.loads(text) for text in Path(path).read_bytes().splitlines()]


def bodies(db: str) -> list[bytes]:
    """Return the stored bytes of every event of a register."""
    with EventStore.open(db) as store:
        return [event.body for event in store.stream_all()]


def emptied(program: Program, name: str = "copy.db") -> Program:
    """Make an empty register beside the other."""
    program.ok("init", "--db", name)
    return program


def test_a_line_holds_the_exact_bytes_and_their_hash(told: Program) -> None:
    """Every line has position, how many there are, and a body whose leaf hash is the one stated (RFC 6962)."""
    answer = told.json("export", "-o", "log.jsonl")
    found = rows()
    assert [row["position"] for row in found] == list(range(1, 20))
    assert {row["of"] for row in found} == {19}
    texts = Path("log.jsonl").read_bytes().splitlines()
    for text, row, body in zip(texts, found, bodies("paraph.db"), strict=True):
        assert text.endswith(b'"body":' + body + b"}")
        assert sha256(b"\0" + body).hexdigest() == row["hash"]
    assert (answer["events"], answer["root"]) == (19, (told.head() or {})["root"])


def test_an_empty_register_gets_the_same_log(seeded: Program) -> None:
    """The seed exported and restored has the same bytes, root, answers and views, and verifies."""
    seeded.ok("export", "-o", "log.jsonl")
    answer = emptied(seeded).json("import", "log.jsonl", "--db", "copy.db")
    assert (answer["new"], answer["already_recorded"], answer["head"]) == (256, 0, seeded.head())
    assert len(answer["events"]) == 256
    assert bodies("copy.db") == bodies("paraph.db")
    for question in (["verify"], ["list"], ["log"], ["projections", "check"], ["replay", "--all"]):
        mine, theirs = (seeded.json(*question, "--db", db) for db in ("copy.db", "paraph.db"))
        mine.pop("seconds", None), theirs.pop("seconds", None)
        assert mine == theirs
    assert seeded.ok("export", "--db", "copy.db").out == Path("log.jsonl").read_text(encoding="utf-8")


def test_restoring_twice_adds_nothing_and_a_longer_log_the_rest(told: Program) -> None:
    """A register with the beginning of the log gets what follows; one with all of it, or more, gets nothing."""
    told.ok("export", "-o", "log.jsonl")
    told.ok("export", "--known-at", "7", "-o", "begun.jsonl")
    emptied(told)
    assert told.json("import", "begun.jsonl", "--db", "copy.db")["new"] == 7
    rest = told.json("import", "log.jsonl", "--db", "copy.db")
    assert (rest["new"], rest["already_recorded"], rest["head"]) == (12, 7, told.head())
    assert [event["position"] for event in rest["events"]] == list(range(8, 20))
    for file in ("log.jsonl", "begun.jsonl"):
        again = told.json("import", file, "--db", "copy.db")
        assert (again["new"], again["already_recorded"]) == (0, len(rows(file)))
    told.ok("note", "wind-memo", "seen", "--db", "copy.db")
    assert told.json("import", "log.jsonl", "--db", "copy.db")["new"] == 0


def test_a_register_of_other_events_refuses_the_log(told: Program) -> None:
    """A log is put upon nothing but its own beginning, and the refusal says what to do."""
    told.ok("export", "-o", "log.jsonl")
    emptied(told).ok("new", "party", "Own party", "--slug", "own-party", "--db", "copy.db")
    before = bodies("copy.db")
    answer = told("import", "log.jsonl", "--db", "copy.db", "--json")
    assert (answer.code, answer.error["code"]) == (4, "not-a-prefix")
    assert "position 1" in answer.error["message"]
    assert "cloudevents" in answer.error["hint"]
    assert bodies("copy.db") == before


def changed(texts: list[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield spoilt exports of nineteen events, each with the line that is to be complained of."""
    whole = b"\n".join(texts) + b"\n"
    yield 7, whole.replace(texts[6], texts[6].replace(b'"position":7', b'"position":8'))
    yield 2, whole.replace("中国".encode(), "中國".encode(), 1)
    yield 5, b"\n".join([*texts[:4], *texts[5:]])
    yield 4, b"\n".join([*texts[:3], texts[4], texts[3], *texts[5:]])
    yield 19, whole[:-50]
    yield 10, b"\n".join(texts[:10]) + b"\n"
    yield 20, whole + texts[-1] + b"\n"
    yield 8, b"\n".join([b"", *texts[:6], texts[6].replace(b"desk", b"dusk"), *texts[7:]])
    yield 2, b"\n".join([texts[0], b'{"type": "NoteRecorded"}', *texts[1:]])
    yield 6, b"\n".join([*texts[:5], texts[5].replace(b'"version"', b'"version":1,"version"'), *texts[6:]])
    yield 1, texts[0][:150]
    yield 1, texts[0].replace(b'"of":19', b'"of":1') + b"x" * (3 << 20)


@pytest.mark.parametrize("case", range(12))
def test_a_file_that_is_not_as_exported_is_refused_with_its_line(told: Program, case: int) -> None:
    """Changed, cut, reordered or laid out anew: nothing is recorded, and the first line at fault is named."""
    told.ok("export", "-o", "log.jsonl")
    number, data = list(changed(Path("log.jsonl").read_bytes().splitlines()))[case]
    Path("bad.jsonl").write_bytes(data)
    emptied(told)
    for flags in ([], ["--dry-run"]):
        answer = told("import", "bad.jsonl", "--db", "copy.db", "--json", *flags)
        assert (answer.code, answer.error["code"], answer.out) == (4, "restore", "")
        assert answer.error["message"].startswith(f"line {number}: ")
    assert bodies("copy.db") == []


def test_a_log_laid_out_anew_is_the_same_log(told: Program) -> None:
    """Blanks, another order of names and escapes do not change an event: its canonical bytes are found again."""
    told.ok("export", "-o", "log.jsonl")
    texts = [json.dumps(dict(reversed(row.items())), indent=None, separators=(" , ", " : ")) for row in rows()]
    Path("laid.jsonl").write_text("\ufeff" + "\r\n\r\n".join(texts), encoding="utf-8")
    answer = emptied(told).json("import", "laid.jsonl", "--db", "copy.db")
    assert (answer["new"], answer["head"]) == (19, told.head())


def test_a_forged_log_with_hashes_of_its_own_has_another_root(told: Program) -> None:
    """Who changes an event and its hash makes another log: it is restored, and its root tells."""
    told.ok("export", "-o", "log.jsonl")
    root = (told.head() or {})["root"]
    texts = Path("log.jsonl").read_bytes().splitlines()
    body = texts[-1].partition(b'"body":')[2][:-1].replace(b"gazette-7", b"gazette-8")
    texts[-1] = b'{"position":19,"of":19,"hash":"%s","body":%s}' % (
        sha256(b"\0" + body).hexdigest().encode(),
        body,
    )
    Path("forged.jsonl").write_bytes(b"\n".join(texts))
    assert emptied(told).json("import", "forged.jsonl", "--db", "copy.db")["head"]["root"] != root


def test_a_fact_this_program_does_not_know_is_refused(told: Program) -> None:
    """A log with a fact of a newer paraph, or one no model takes, is not restored to be unreadable afterwards."""
    told.ok("export", "-o", "log.jsonl")
    first = Path("log.jsonl").read_bytes().splitlines()[0]
    emptied(told)
    for was, becomes in ((b'"type":"PartyRegistered"', b'"type":"PartyDreamt"'), (b'"kind":"agency"', b'"kind":"x"')):
        body = first.partition(b'"body":')[2][:-1].replace(was, becomes)
        text = b'{"position":1,"of":1,"hash":"%s","body":%s}' % (sha256(b"\0" + body).hexdigest().encode(), body)
        answer = told("import", "-", "--db", "copy.db", "--json", stdin=text)
        assert (answer.code, answer.error["message"][:7]) == (4, "line 1:")


def test_a_restore_that_was_killed_goes_on(seeded: Program) -> None:
    """Killed after whole chunks, the register holds the beginning of the log, and the next run brings the rest."""
    seeded.ok("export", "-o", "../log.jsonl")
    head = seeded.head()
    Path("paraph.db").unlink()
    seeded.ok("init")
    for upto in (1, 50, 130):
        command = [sys.executable, "-P", "-m", "tests.cli.restorer", "../log.jsonl", str(upto)]
        done = subprocess.run(command, env=environment(Path.cwd()), check=False, capture_output=True)
        assert done.returncode == -9, done.stderr
        held = len(bodies("paraph.db"))
        assert held >= upto
        assert held % 10 == 0
    answer = seeded.json("import", "../log.jsonl")
    assert (answer["new"], answer["already_recorded"], answer["head"]) == (256 - held, held, head)
    assert seeded.json("verify")["ok"]
    assert all(view["matches"] for view in seeded.json("projections", "check")["projections"])


def test_what_is_restored_is_as_it_was_recorded(told: Program) -> None:
    """Flags that would record it otherwise are refused; a rehearsal writes nothing."""
    told.ok("export", "-o", "log.jsonl")
    emptied(told)
    for flags in (["--partial"], ["--recorded-at", "2020-01-01T00:00:00Z"]):
        assert told("import", "log.jsonl", "--db", "copy.db", *flags).code == 2
    answer = told.json("import", "log.jsonl", "--db", "copy.db", "--dry-run")
    assert (answer["new"], answer["written"]) == (19, False)
    assert bodies("copy.db") == []


def test_a_pipe_restores_too(told: Program) -> None:
    """`paraph export | paraph import -` copies a log from process to process."""
    emptied(told)
    home = environment(Path.cwd())
    with subprocess.Popen([*STARTED, "export"], stdout=subprocess.PIPE, env=home) as source:
        done = subprocess.run([*STARTED, "import", "-", "--db", "copy.db"], stdin=source.stdout, env=home, check=False)
    assert (source.returncode, done.returncode) == (0, 0)
    assert bodies("copy.db") == bodies("paraph.db")


def test_a_pipe_that_is_closed_ends_the_export_without_a_word(seeded: Program) -> None:
    """Whoever reads only the first lines gets them, and nothing is complained of."""
    assert seeded.head() is not None
    home = environment(Path.cwd())
    with subprocess.Popen([*STARTED, "export"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=home) as source:
        assert source.stdout is not None
        assert source.stderr is not None
        source.stdout.close()
        assert source.stderr.read() == b""
    assert source.returncode == 0


def test_an_empty_log_is_an_empty_file(empty: Program) -> None:
    """Nothing is exported as nothing, and read back as nothing."""
    empty.ok("export", "-o", "log.jsonl")
    assert Path("log.jsonl").read_bytes() == b""
    assert empty.json("import", "log.jsonl")["new"] == 0


def test_a_file_is_replaced_only_when_told(told: Program) -> None:
    """An existing file is kept; with --force the new one takes its place whole."""
    Path("log.jsonl").write_text("mine", encoding="utf-8")
    assert told.refused(6, "export", "-o", "log.jsonl")["code"] == "exists"
    assert Path("log.jsonl").read_text(encoding="utf-8") == "mine"
    told.ok("export", "-o", "log.jsonl", "--force")
    assert len(rows()) == 19


@pytest.mark.parametrize("target", ["nowhere/log.jsonl", ".", "a\0b", "x" * 300])
def test_a_place_that_cannot_be_written_is_named(told: Program, target: str) -> None:
    """A folder that is not there, a folder itself, a name no file can have: told, and nothing lies about."""
    before = sorted(Path().iterdir())
    answer = told("export", "-o", target, "--force", "--json")
    assert answer.code in {2, 6}
    assert answer.error["code"] == "output"
    assert "--force" not in answer.error["hint"]  # it would not help
    assert sorted(Path().iterdir()) == before


def test_a_link_is_not_written_through(told: Program) -> None:
    """A symbolic link at the target is left as it is, and so is what it points at."""
    Path("mine").write_text("mine", encoding="utf-8")
    Path("log.jsonl").symlink_to("mine")
    assert told("export", "-o", "log.jsonl", "--force").code == 2
    assert Path("mine").read_text(encoding="utf-8") == "mine"


def test_an_error_midway_leaves_no_file(tmp_path: Path) -> None:
    """Where the writing stops, neither the file nor a part of it stays."""

    def broken() -> None:
        with opened(str(tmp_path / "log.jsonl"), force=False, text=True) as write:
            write(b"the first part")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()
    assert list(tmp_path.iterdir()) == []


def test_damage_is_found_while_exporting(told: Program) -> None:
    """An event whose bytes are not those recorded stops the export, and no file appears."""
    data = Path("paraph.db").read_bytes()
    Path("paraph.db").write_bytes(data.replace(b"feasibility under way", b"feasibility under WAY"))
    answer = told("export", "-o", "log.jsonl", "--json")
    assert (answer.code, answer.error["code"]) == (7, "damaged")
    assert not Path("log.jsonl").exists()


def test_an_earlier_point_of_the_log(told: Program) -> None:
    """With --known-at the log ends there, with the root it had; a point that is not there is told."""
    told.ok("export", "--known-at", "3", "-o", "log.jsonl")
    assert [(row["position"], row["of"]) for row in rows()] == [(1, 3), (2, 3), (3, 3)]
    assert told.refused(3, "export", "--known-at", "99", "-o", "no.jsonl")["code"] == "not-found"
    assert not Path("no.jsonl").exists()
    assert told.refused(2, "export", "--as-of", "2024-01-01")["code"] == "usage"
    assert told.refused(2, "export", "--format", "docx")["code"] == "usage"


def test_on_a_terminal_the_log_is_inert(empty: Program) -> None:
    """What would act on a terminal is shown escaped to a person, and kept as it is in a file."""
    empty.ok("import", written(Path("a.jsonl"), line("PartyRegistered", "party/evil", name="A \u202eB")))
    assert "\u202e" not in empty.ok("export", width=200).out
    assert "\\u202e" in empty.ok("export", width=200).out
    assert "\u202e" in empty.ok("export").out


def test_memory_does_not_grow_with_the_log(empty: Program) -> None:
    """More than twice the events take no more memory to export than some batches do."""
    propose = Propose()
    with EventStore.open("paraph.db") as store:
        events = [propose(f"agreement/a{n:05}", data={"title": "N" * 2000}) for n in range(6000)]
        store.append(events, now=empty.clock)
    peaks = []
    for upto in ("2500", "6000"):
        tracemalloc.start()
        empty.ok("export", "--known-at", upto, "-o", "log.jsonl", "--force")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.2
