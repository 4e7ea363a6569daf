"""`paraph doctor`: what may be wrong, in one line each, with what to do about it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import make_url

import cli.wiring
from eventstore.log import EventStore
from eventstore.sqlite import checkup
from tests.cli.program import ROOT, Program, environment
from tests.eventstore.lids import FileLid, ServerLid
from tests.eventstore.test_availability import as_nobody, folder_for_all
from tests.pooler import own_pooler
from tests.postgres import PASSWORD, Server

SCREEN = """\
ok    paraph        VERSION
ok    settings      db paraph.db (default); by desk (environment); color auto (default)
ok    sqlite        VERSION
ok    permissions   private to its owner
ok    writable      the file and its folder take records
ok    names         one name, and no link
ok    space         NUMBER MB free
ok    disk          DISK
ok    register      paraph.db
ok    durability    journal truncate, synchronous extra
ok    schema        as it was created, and nothing foreign acts on it
ok    format        1, the newest this paraph knows is 1
ok    time zone     Asia/Baku
ok    clock         after the last record (2025-07-01T08:15:00Z)
ok    views         level with the log, at position 19
15 ok, 0 warn, 0 bad
"""
ON_SERVER = """\
ok    paraph        VERSION
ok    settings      db PLACE (flag); by desk (environment); color auto (default)
ok    driver        VERSION
ok    register      PLACE
ok    server        VERSION
ok    durability    fsync on, full_page_writes on, synchronous_commit on
ok    primary       the primary
ok    rights        SCHEMA_person, acting as SCHEMA_append: records and reads
ok    patience      waits 10s for another writer; idle in a transaction 1min, a statement 5min, then it ends
ok    pooler        none seen between here and the server
ok    encryption    none, and none needed on this machine
ok    room          NUMBER of NUMBER connections in use
ok    schema        as it was created, and nothing foreign acts on it
ok    format        1, the newest this paraph knows is 1
ok    time zone     Asia/Baku
ok    clock         after the last record (2025-07-01T08:15:00Z)
ok    views         level with the log, at position 19
17 ok, 0 warn, 0 bad
"""


def seen(screen: str) -> str:
    """Return a screen without what differs from machine to machine."""
    screen = re.sub(r"\x1b\[\d*m", "", screen)
    screen = re.sub(r"^(ok    (?:paraph|sqlite|driver|server)  +).*", r"\1VERSION", screen, flags=re.MULTILINE)
    screen = re.sub(r"^(ok|warn)  ( *)disk  .*\n( +->.*\n)?", "ok    disk          DISK\n", screen, flags=re.MULTILINE)
    return re.sub(r"\d+( MB| of )(\d+)?", lambda m: f"NUMBER{m[1]}{'NUMBER' if m[2] else ''}", screen)


def found(paraph: Program, code: int, *flags: str) -> dict[str, tuple[str, str, str]]:
    """Return verdict, words and remedy of every check; the command must end with this code, and change nothing."""
    answer = paraph("doctor", "--json", *flags)
    assert (answer.code, answer.err) == (code, "")
    assert answer.json["ok"] == (code == 0)
    rows: list[dict[str, Any]] = answer.json["checks"]
    assert sum(answer.json["counts"].values()) == len(rows)
    return {row["check"]: (row["verdict"], row["found"], row["remedy"]) for row in rows}


def test_a_person_sees_that_all_is_well(told: Program) -> None:
    """A register in a file: the whole screen."""
    Path("paraph.db").chmod(0o600)
    assert seen(told.ok("doctor", width=120).out) == SCREEN


@pytest.fixture
def on_server(told: Program, postgres: Server, postgres_url: str) -> str:
    """Return the URL of the story on a server, for somebody who records."""
    told.ok("copy", postgres_url)
    schema = ServerLid.schema_of(postgres_url)
    postgres(f"CREATE ROLE {schema}_person LOGIN PASSWORD '{PASSWORD}'", f"GRANT {schema}_append TO {schema}_person")
    return postgres.named(schema, user=f"{schema}_person", password=PASSWORD)


def test_a_person_sees_that_all_is_well_on_a_server(told: Program, on_server: str) -> None:
    """A register on a server: the whole screen, without the password."""
    screen = told.ok("doctor", "--db", on_server, width=120).out
    schema = ServerLid.schema_of(on_server)
    shown = seen(screen).replace(on_server.replace(PASSWORD, "***"), "PLACE").replace(schema, "SCHEMA")
    assert re.sub(r"(register +)postgresql://SCHEMA_person@\S+", r"\1PLACE", shown) == ON_SERVER


@pytest.mark.parametrize(
    ("place", "words"),
    [("no.db", "no register"), ("text.txt", "not a paraph"), ("link.db", "symbolic"), (".", "folder")],
)
def test_what_is_no_register_ends_with_6(told: Program, place: str, words: str) -> None:
    """Where nothing can be opened the last line says why, and what to do."""
    Path("text.txt").write_text("agreements\n")
    Path("link.db").symlink_to("paraph.db")
    verdict, said, remedy = found(told, 6, "--db", place)["register"]
    assert (verdict, words in said, bool(remedy)) == ("bad", True, True)


def test_a_file_that_others_may_read_is_warned_of(told: Program) -> None:
    """Its mode and a second name are a warning each, with what to type; a warning is no failure."""
    Path("paraph.db").chmod(0o644)
    os.link("paraph.db", "zwei.db")
    told_of = found(told, 0)
    assert told_of["permissions"] == ("warn", "others may reach the file (mode 0644)", "chmod 600 paraph.db")
    assert told_of["names"][:2] == ("warn", "the file has 2 names")


def test_a_read_only_file_answers_and_takes_no_record(told: Program, tmp_path: Path) -> None:
    """A write-protected file is a warning; a folder in which no journal can be made is bad."""
    with folder_for_all(tmp_path):
        Path("paraph.db").chmod(0o444)
        with as_nobody():
            assert found(told, 0)["writable"][0] == "warn"
        Path("paraph.db").chmod(0o666)
        tmp_path.chmod(0o555)
        with as_nobody():
            verdict, words, _ = found(told, 1)["writable"]
        tmp_path.chmod(0o755)
    assert (verdict, "read-only" in words) == ("bad", True)


def mounted(kind: str) -> str:
    """Return what Linux says of a disk of this kind under everything."""
    return f"21 1 0:19 / / rw,relatime shared:1 - {kind} source rw\n22 21 0:20 / /proc rw - proc proc rw\n"


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [("nfs4", "bad"), ("cifs", "bad"), ("fuse.sshfs", "bad"), ("tmpfs", "warn"), ("ext4", "ok"), ("xfs", "ok")],
)
def test_a_disk_of_another_machine_is_bad(
    told: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str, verdict: str
) -> None:
    """On a network file system locks do not hold; in memory nothing stays."""
    (tmp_path / "mounts").write_text(mounted(kind))
    monkeypatch.setattr(checkup, "MOUNTS", tmp_path / "mounts")
    seen_, words, remedy = found(told, verdict == "bad")["disk"]
    assert (seen_, kind in words, "paraph copy" in remedy) == (verdict, True, verdict != "ok")


@pytest.mark.parametrize(("free", "verdict"), [(1 << 20, "bad"), (100 << 20, "warn"), (1 << 40, "ok")])
def test_a_disk_that_is_nearly_full_is_told_of(
    told: Program, monkeypatch: pytest.MonkeyPatch, free: int, verdict: str
) -> None:
    """Little room is a warning, hardly any is bad."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: type("Usage", (), {"free": free}))
    assert found(told, verdict == "bad")["space"][:2] == (verdict, f"{free >> 20} MB free")


def test_a_clock_behind_the_log_is_told_of(told: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """How far it stands behind the last record, and what to do."""
    told.clock.move(days=-2)
    monkeypatch.setattr(cli.wiring, "clock", told.clock)
    verdict, words, remedy = found(told, 0)["clock"]
    assert (verdict, words.partition(" behind")[0], "set the clock" in remedy) == ("warn", "1 day, 0:15:00", True)


def test_views_that_are_behind_are_told_of(told: Program) -> None:
    """Which they are, and what makes them level."""
    FileLid(Path("paraph.db"))("DROP TABLE view_names", "UPDATE view_checkpoints SET position = 3 WHERE name = 'links'")
    verdict, words, remedy = found(told, 0)["views"]
    assert (verdict, remedy) == ("warn", "paraph projections rebuild")
    assert words.startswith("not level with the log: links, names;")


def test_a_zone_this_python_does_not_know_is_bad(told: Program) -> None:
    """Days could not be reckoned: what to install is said."""
    EventStore.create("mars.db", register_id=str(UUID(int=1)), timezone="Mars/Olympus").close()
    assert found(told, 1, "--db", "mars.db")["time zone"][::2] == ("bad", "pip install --upgrade tzdata")


AMISS = {
    "a foreign trigger": ("CREATE TRIGGER evil AFTER INSERT ON events BEGIN SELECT 1; END", "evil"),
    "a missing table": ("DROP TABLE mentions", "mentions"),
    "no settings": ("DROP TABLE meta", "meta"),
}


@pytest.mark.parametrize(("statement", "words"), AMISS.values(), ids=AMISS)
def test_a_schema_that_is_not_as_created_is_bad(told: Program, statement: str, words: str) -> None:
    """What is changed, missing or foreign is named, and nothing more is asked of it."""
    FileLid(Path("paraph.db"))(statement)
    verdict, said, remedy = found(told, 1)["schema"]
    assert (verdict, words in said, "paraph verify" in remedy) == ("bad", True, True)


def test_an_edited_setting_is_bad(told: Program) -> None:
    """The seal of what was settled at creation is looked at."""
    FileLid(Path("paraph.db")).change("meta", "name = 'timezone'", value="UTC")
    assert found(told, 1)["format"][:2] == ("bad", "the register is damaged: meta")


def test_a_file_that_is_no_database_any_more_is_bad(told: Program) -> None:
    """Where even opening finds damage, that is the answer."""
    data = bytearray(Path("paraph.db").read_bytes())
    data[100:4096] = b"\xff" * 3996
    Path("paraph.db").write_bytes(data)
    assert found(told, 1)["register"][0] == "bad"


def test_rights_on_a_server_are_told(told: Program, postgres: Server, on_server: str) -> None:
    """Who reads is told what to ask for, a superuser is warned, a stranger ends with 6."""
    schema = ServerLid.schema_of(on_server)
    postgres(f"REVOKE {schema}_append FROM {schema}_person", f"GRANT {schema}_reader TO {schema}_person")
    words = found(told, 0, "--db", on_server)["rights"][1]
    assert f'reads, and records nothing (to record: GRANT "{schema}_append" TO {schema}_person)' in words
    assert found(told, 0, "--db", postgres.named(schema))["rights"][0] == "warn"
    postgres(f"REVOKE {schema}_reader FROM {schema}_person")
    assert "does not let you in" in found(told, 6, "--db", on_server)["register"][1]


def test_a_pooler_is_told_of(told: Program, postgres: Server, on_server: str) -> None:
    """One that shows itself is provided for; one that hides is bad, with what to set."""
    url = make_url(on_server)
    with own_pooler(postgres.url) as pooled:
        place = url.set(port=make_url(pooled).port).render_as_string(hide_password=False)
        words = found(told, 0, "--db", place)["pooler"]
    assert words == ("ok", "one is in between: every transaction is told its settings", "")
    with own_pooler(postgres.url, hidden=True) as hidden:
        place = url.set(port=make_url(hidden).port).render_as_string(hide_password=False)
        verdict, _, remedy = found(told, 1, "--db", place)["pooler"]
        assert (verdict, "pool_mode = session" in remedy) == ("bad", True)


def test_a_server_that_is_down_and_a_wrong_url_end_with_6(told: Program) -> None:
    """The sentence and what to do are those of every command."""
    assert "cannot be reached" in found(told, 6, "--db", "postgresql://desk@127.0.0.1:1/register")["register"][1]
    assert found(told, 6, "--db", "mysql://host/register")["register"][0] == "bad"


def test_without_the_driver_one_is_told_what_to_install(told: Program) -> None:
    """For a server a missing driver is bad; a file needs none."""
    assert told.head()
    block = "import sys; sys.modules['psycopg'] = None; import paraph; sys.exit(paraph.main())"
    for place, code in (("postgresql://desk@127.0.0.1:1/x", 6), ("paraph.db", 0)):
        command = [sys.executable, "-c", block, "doctor", "--db", place]
        kept = environment(Path.cwd()) | {"PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, env=kept, capture_output=True, text=True, check=False)
        assert (done.returncode, "paraph[postgres]" in done.stdout) == (code, bool(code)), done.stderr
