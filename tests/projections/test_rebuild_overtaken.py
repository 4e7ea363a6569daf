"""What is recorded at an awkward moment of a rebuild is in the views that it swaps in."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from sqlalchemy import Table

from cli.register import Register
from eventstore.envelope import Recorded
from eventstore.log import EventStore
from projections import rebuild as making
from projections.rebuild import check, rebuild
from tests.projections.registers import fact, put


def test_what_is_recorded_while_a_rebuild_catches_up_is_not_lost(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One records when the first tables are filled, others each time the changed streams were just listed."""
    late = [
        fact("NameVariantRecorded", "party/izia", "2025-06-01", text="EZDA"),
        fact("PhaseObserved", "project/plant", "2025-06-01", phase="decided"),
        fact("NameVariantRecorded", "party/vencou", "2025-06-01", text="Wenzhou"),
    ]
    filled, listed = making._fill, register.store.stream_all

    def fill(store: EventStore, streams: Iterable[str], shadows: dict[str, Table]) -> None:
        filled(store, streams, shadows)
        if len(late) == 3:
            put(register, late.pop())

    def stream_all(**bounds: Any) -> Iterator[Recorded]:
        yield from listed(**bounds)
        if late:
            put(register, late.pop())

    monkeypatch.setattr(making, "FEW", 0)
    monkeypatch.setattr(making, "_fill", fill)
    monkeypatch.setattr(register.store, "stream_all", stream_all)
    _, after = rebuild(register.store)
    assert late == []
    assert all(view.matches for view in (*after, *check(register.store)))
