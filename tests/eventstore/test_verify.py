"""Every tampering is found and named by position, and no flipped bit that changes an answer passes."""

# ruff: noqa: S608 - the dice are for damage, and the statements are the tampering itself

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from eventstore import report, walk
from eventstore.codec import decode, encode
from eventstore.envelope import Recorded
from eventstore.errors import Damaged
from eventstore.log import EventStore
from eventstore.tables import events, head, mentions, meta, row_of
from eventstore.tree import Peaks
from eventstore.verify import CHECKS, Report, verify
from tests.eventstore.givens import Clock, Propose
from tests.eventstore.lids import Lid


def examined(place: str) -> Report:
    """Verify a register that may be damaged."""
    with EventStore.open(place, examine=True) as store:
        return verify(store)


def named(found: Report) -> set[int | None]:
    """Return the positions a report names."""
    return {problem.position for problem in found.problems}


def test_a_sound_register_passes(filled: EventStore) -> None:
    """Every check is made and passes, and the root is the head's."""
    found = verify(filled)
    with filled.reading() as reader:
        assert found == Report(5, reader.head().root, dict.fromkeys(CHECKS, True), ())
    assert found.ok


def test_an_empty_register_passes(store: EventStore) -> None:
    """There is nothing amiss in a register without events."""
    assert verify(store).ok


def test_progress_is_told(filled: EventStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last position of each batch is reported, and small batches find the same."""
    monkeypatch.setattr(walk, "BATCH", 2)
    told: list[int] = []
    assert verify(filled, progress=told.append).ok
    assert told == [2, 4, 5]


def test_appends_during_the_walk_are_no_problem(filled: EventStore, propose: Propose, clock: Clock) -> None:
    """The log may grow while it is examined."""

    def rival(_: int) -> None:
        filled.append([propose()], now=clock)

    found = verify(filled, progress=rival)
    assert (found.ok, found.events) == (True, 5)


EVENT_COLUMNS = [column.name for column in events.c]


@pytest.mark.parametrize("column", EVENT_COLUMNS)
@pytest.mark.parametrize("position", [1, 2, 3, 4, 5])
def test_a_change_of_any_column_of_any_event_is_found(filled: EventStore, lid: Lid, column: str, position: int) -> None:
    """Each column of each event, changed under dropped and restored triggers, is named by its position."""
    filled.close()
    ((value,),) = lid(f'SELECT "{column}" FROM events WHERE position = {position}')
    changed: Any = f"{value or ''}x"
    if isinstance(value, int):
        changed = value + 1000
    if isinstance(value, bytes):
        changed = b"\0" + value[1:]
    lid.change("events", f"position = {position}", **{column: changed})
    found = examined(filled.place)
    assert not found.ok
    assert position in named(found)


@pytest.mark.parametrize("position", [1, 2, 3, 4, 5])
def test_a_change_within_the_bytes_is_found(filled: EventStore, lid: Lid, position: int) -> None:
    """A body and hash rewritten to agree with each other no longer agree with the tree."""
    filled.close()
    ((body,),) = lid(f"SELECT body FROM events WHERE position = {position}")
    event = decode(body.replace(b"2025-04", b"2026-04"))
    lid.change("events", f"position = {position}", **dict(zip(EVENT_COLUMNS, row_of(event), strict=True)))
    found = examined(filled.place)
    assert found.checks == dict.fromkeys(CHECKS, True) | {"tree": False}


@pytest.mark.parametrize("column", [column.name for column in mentions.c])
@pytest.mark.parametrize("row", [0, 1, 2])
def test_a_change_of_any_mention_is_found(filled: EventStore, lid: Lid, column: str, row: int) -> None:
    """Each column of each mention, changed, is named by the position of the event it was of."""
    filled.close()
    position, stream = lid("SELECT position, stream FROM mentions ORDER BY position, stream")[row]
    changed = f"{column} + 1000" if column == "position" else "stream || 'x'"
    lid.without_triggers(
        "mentions",
        f"UPDATE mentions SET {column} = {changed} WHERE position = {position} AND stream = '{stream}'",
    )
    assert position in named(examined(filled.place))


@pytest.mark.parametrize("column", [column.name for column in head.c])
def test_a_change_of_any_column_of_the_head_is_found(filled: EventStore, lid: Lid, column: str) -> None:
    """The head row changed in any column no longer fits the events."""
    filled.close()
    changed = {"one": 2, "size": 4, "peaks": bytes(64), "recorded": "2030"}[column]
    lid.without_triggers("head", lid.unchecked, f"UPDATE head SET {column} = {lid.literal(changed)}")
    found = examined(filled.place)
    assert not found.ok
    assert found.problems


@pytest.mark.parametrize("size", [0, 4, 6, 2**40, 2**62, -1])
def test_a_forged_size_is_found(filled: EventStore, lid: Lid, size: int) -> None:
    """However far the head claims to reach, the check ends, and says where head and events part."""
    filled.close()
    lid.without_triggers("head", f"UPDATE head SET size = {size}")
    found = examined(filled.place)
    assert not found.ok
    assert not found.checks["tree"]


@pytest.mark.parametrize("name", ["format", "register", "timezone", "seal"])
@pytest.mark.parametrize("column", [column.name for column in meta.c])
def test_a_change_of_any_setting_is_found(filled: EventStore, lid: Lid, name: str, column: str) -> None:
    """Each setting changed, in name or value, breaks the seal of creation."""
    filled.close()
    lid.without_triggers("meta", f"UPDATE meta SET {column} = {column} || 'x' WHERE name = '{name}'")
    assert examined(filled.place).checks == dict.fromkeys(CHECKS, True) | {"meta": False}


COPY = (
    "INSERT INTO events SELECT {}, 'i', 's', 1, type, schema, earliest, latest, recorded, NULL, NULL, ONE, "
    "body FROM events WHERE position = 5"
)
REMOVALS = {
    "an event from the middle": ("events", "DELETE FROM events WHERE position = 3", 3),
    "the last event": ("events", "DELETE FROM events WHERE position = 5", 5),
    "every event": ("events", "DELETE FROM events", 1),
    "a mention": ("mentions", "DELETE FROM mentions WHERE position = 2", 2),
    "a mention too many": ("mentions", "INSERT INTO mentions VALUES (3, 'party/x')", 3),
    "a mention of no event": ("mentions", "INSERT INTO mentions VALUES (9, 'party/x')", 9),
    "a mention before the log": ("mentions", "INSERT INTO mentions VALUES (0, 'party/x')", 0),
    "an event after the log": ("events", COPY.format(6), 6),
    "an event before the log": ("events", COPY.format(-6), -6),
    "the head": ("head", "DELETE FROM head", None),
    "the settings": ("meta", "DELETE FROM meta", None),
}


@pytest.mark.parametrize(("table", "statement", "position"), REMOVALS.values(), ids=REMOVALS)
def test_a_row_removed_or_added_is_found(
    filled: EventStore, lid: Lid, table: str, statement: str, position: int | None
) -> None:
    """A row too few or too many anywhere is named by its position."""
    filled.close()
    lid.without_triggers(table, statement.replace("ONE", lid.literal(b"\1")))
    found = examined(filled.place)
    assert not found.ok
    assert position in named(found)


FIELDS = {field.name for field in dataclasses.fields(Recorded)} - {"body", "hash"}


def rewritten(place: str, lid: Lid, change: Callable[[list[dict[str, Any]]], None]) -> None:
    """Rewrite the whole log consistently, hashes, head and all, after changing what the bodies say."""
    with EventStore.open(place) as store:
        told = [{name: getattr(event, name) for name in FIELDS} for event in store.stream_all()]
    change(told)
    rows = []
    for fields in told:
        placed = {name: fields.pop(name) for name in ("position", "version", "recorded", "asserted")}
        rows.append(encode(Propose()(**fields), **placed))
    peaks = Peaks().extend(event.hash for event in rows)
    values = [", ".join(map(lid.literal, row_of(event))) for event in rows]
    lid.without_triggers("events", "DELETE FROM events", *(f"INSERT INTO events VALUES ({row})" for row in values))
    lid.change("head", "one = 1", peaks=peaks.to_bytes())


def test_versions_are_counted_within_each_stream(filled: EventStore, lid: Lid) -> None:
    """A log rewritten as a whole with a version skipped is still found out, by position."""
    filled.close()
    rewritten(filled.place, lid, lambda told: told[3].update(version=3))
    found = examined(filled.place)
    assert found.checks == dict.fromkeys(CHECKS, True) | {"versions": False}
    assert named(found) == {4}


def test_versions_follow_positions(filled: EventStore, lid: Lid) -> None:
    """A log rewritten as a whole with two versions changed about is still found out."""
    filled.close()

    def swap(told: list[dict[str, Any]]) -> None:
        told[1]["version"], told[3]["version"] = 2, 1

    rewritten(filled.place, lid, swap)
    assert examined(filled.place).checks == dict.fromkeys(CHECKS, True) | {"versions": False}


def test_recorded_times_never_decrease(filled: EventStore, lid: Lid) -> None:
    """A log rewritten as a whole with a time set back is still found out, by position."""
    filled.close()
    rewritten(filled.place, lid, lambda told: told[2].update(recorded="2000-01-01T00:00:00.000000Z"))
    found = examined(filled.place)
    assert found.checks == dict.fromkeys(CHECKS, True) | {"times": False}
    assert named(found) == {3}


def test_a_body_that_is_not_canonical_is_found(filled: EventStore, lid: Lid) -> None:
    """The same JSON in other bytes, with its hash adjusted, is named by position."""
    filled.close()
    ((body,),) = lid("SELECT body FROM events WHERE position = 2")
    lid.change("events", "position = 2", body=body.replace(b",", b", "))
    found = examined(filled.place)
    assert not found.checks["bodies"]
    assert 2 in named(found)


@pytest.mark.parametrize("body", ["", "null", "[]", "{}", '{"position":3}', "[" * 3000, "\\xff"])
def test_bytes_of_any_shape_are_a_problem_not_a_crash(filled: EventStore, lid: Lid, body: str) -> None:
    """Whatever is put in the place of a body is reported with its position."""
    filled.close()
    lid.change("events", "position = 3", body=body.encode())
    assert 3 in named(examined(filled.place))


def test_the_list_of_problems_is_capped_and_the_rest_counted(
    filled: EventStore, lid: Lid, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of very many problems the first are listed and the others counted."""
    filled.close()
    monkeypatch.setattr(report, "PROBLEMS_SHOWN", 2)
    lid.without_triggers("events", "UPDATE events SET type = type || 'x'")
    found = examined(filled.place)
    assert (len(found.problems), found.more) == (2, 3)


def test_reading_a_changed_body_is_damage(filled: EventStore, lid: Lid) -> None:
    """An ordinary read of a row whose bytes are another event's says where the damage is."""
    filled.close()
    lid.change("events", "position = 2", body=b"\0")
    with EventStore.open(filled.place) as store, pytest.raises(Damaged) as damage:
        list(store.stream_all())
    assert damage.value.position == 2
