"""The register behaves like a small model of it, whatever is done in whatever order, on either engine (P17)."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Connection, select

from cli.wiring import create_register
from eventstore.backup import backup
from eventstore.envelope import Proposed, Recorded, StreamAt
from eventstore.errors import Conflict
from eventstore.log import EventStore
from eventstore.verify import verify
from projections.rebuild import check, rebuild
from projections.runner import follow
from projections.views.names import TABLE as NAMES
from tests.figures import Figure
from tests.projections.registers import Places, Told

STREAMS = st.sampled_from(["party/a", "party/b", "party/c"])
TEXTS = st.sampled_from(["İZİA", "izia", "紙", "Straße", "x", "X"])
CHOICE = st.integers(0, 99)
FIELD = {"PartyRegistered": ("name", "name"), "NameVariantRecorded": ("text", "also")}
"""Which field of a fact is a name, and what kind of name it is."""


@dataclass
class Modelled:
    """What the model knows of an event: what it says, and what later ones made of it, the last one first."""

    proposal: Proposed
    version: int
    amended: list["Modelled"] = field(default_factory=list)

    @property
    def text(self) -> str | None:
        """Return the name it stands for now; None where it is struck."""
        last = next((event for event in reversed(self.amended) if not event.withdrawn), None)
        name, _ = FIELD[self.proposal.type]
        if last is None:
            return str(self.proposal.data[name])
        changes: Any = last.proposal.data.get("changes")
        return None if last.proposal.type == "EventRetracted" else str(changes[name])

    @property
    def withdrawn(self) -> bool:
        """Say whether what this event made of another was taken back."""
        return any(event.proposal.type == "CorrectionWithdrawn" for event in self.amended)


class Machine(RuleBasedStateMachine):
    """The register and its model, told the same."""

    def __init__(self, places: Places) -> None:
        super().__init__()
        self.told, self.events = Told(), list[Modelled]()
        self.stack = ExitStack()
        self.place = self.stack.enter_context(places())
        self.folder = Path(self.stack.enter_context(TemporaryDirectory()))
        self.store = create_register(self.place, timezone="UTC")

    @initialize(text=TEXTS)
    def first(self, text: str) -> None:
        """Begin with one party, so that there is something to talk about."""
        self.append("party/a", text)

    @rule(stream=STREAMS, text=TEXTS)
    def append(self, stream: str, text: str) -> None:
        """Record a party, or one more name of it, where it is expected to stand."""
        self._append(self._said(stream, text), conditions=[StreamAt(stream, self._version(stream))])

    @rule(streams=st.lists(STREAMS, min_size=2, max_size=3, unique=True), text=TEXTS)
    def append_together(self, streams: list[str], text: str) -> None:
        """Record on several streams at once."""
        self._append(*(self._said(stream, text) for stream in streams))

    @rule(choice=CHOICE)
    def retry(self, choice: int) -> None:
        """Say again what is on record: the answer is what was recorded."""
        number = choice % len(self.events)
        receipt = self.store.append([self.events[number].proposal], now=self.told.now, project=follow)
        assert receipt.already_recorded
        assert receipt.events[0].position == number + 1

    @rule(choice=CHOICE)
    def conflict(self, choice: int) -> None:
        """Say something else under an id on record, or expect another version: nothing is recorded."""
        known = self.events[choice % len(self.events)].proposal
        other = self._proposal(known.stream, known.type, {**known.data, "language": "az"}, id=known.id)
        fresh = self._said(known.stream, "x")
        wrong = StreamAt(known.stream, self._version(known.stream) + 1)
        for proposal, conditions in ((other, []), (fresh, [wrong])):
            with pytest.raises(Conflict):
                self.store.append([proposal], now=self.told.now, conditions=conditions, project=follow)

    @rule(stream=STREAMS)
    def fail(self, stream: str) -> None:
        """Fail after the views were brought level: nothing of it stays."""

        def broken(connection: Connection, fresh: Sequence[Recorded]) -> None:
            follow(connection, fresh)
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            self.store.append([self._said(stream, "lost")], now=self.told.now, project=broken)

    @rule(choice=CHOICE, text=TEXTS)
    def correct(self, choice: int, text: str) -> None:
        """Correct a name."""
        target = self._named(choice)
        name, _ = FIELD[target.proposal.type]
        if target.text is not None:
            self._amend(target, "EventCorrected", {"changes": {name: text}})

    @precondition(lambda self: any(event.proposal.type == "NameVariantRecorded" for event in self.events))
    @rule(choice=CHOICE)
    def retract(self, choice: int) -> None:
        """Strike a further name."""
        target = self._named(choice)
        if target.proposal.type == "NameVariantRecorded" and target.text is not None:
            self._amend(target, "EventRetracted", {})

    @precondition(lambda self: any(event.amended for event in self.events))
    @rule(choice=CHOICE)
    def withdraw(self, choice: int) -> None:
        """Take back what was last made of a name."""
        amended = [event for event in self.events if event.proposal.type in FIELD and event.amended]
        standing = [made for event in amended for made in event.amended[-1:] if not made.withdrawn]
        if standing:
            self._amend(standing[choice % len(standing)], "CorrectionWithdrawn", {})

    @rule()
    def rebuild(self) -> None:
        """Make the views anew: they were right, and are."""
        before, after = rebuild(self.store)
        assert all(view.matches for view in (*before, *after))

    @rule()
    def restart(self) -> None:
        """Close the register and open it again."""
        self.store.close()
        self.store = EventStore.open(self.place)

    @rule()
    def back_up(self) -> None:
        """Make a copy, which is the same register."""
        made = backup(self.store, self.folder / "copy.db", replace=True)
        with EventStore.open(made.path) as copy:
            assert list(copy.stream_all()) == list(self.store.stream_all())

    @invariant()
    def the_log_is_the_models(self) -> None:
        """Every event is there once, in order, with what it said."""
        told = [(n, event.version, event.proposal.id) for n, event in enumerate(self.events, 1)]
        found = list(self.store.stream_all())
        assert [(event.position, event.version, event.id) for event in found] == told
        assert [event.data for event in found] == [event.proposal.data for event in self.events]

    @invariant()
    def the_names_are_the_models(self) -> None:
        """Hold every view to the names that stand, and no other."""
        told = {
            (event.proposal.stream, FIELD[event.proposal.type][1], event.text)
            for event in self.events
            if event.proposal.type in FIELD and event.text is not None
        }
        with self.store.reading() as reader:
            found = reader.connection.execute(select(NAMES.c.stream, NAMES.c.what, NAMES.c.text)).all()
        assert {tuple(row) for row in found} == told

    def teardown(self) -> None:
        """Verify the whole, and leave nothing behind."""
        try:
            assert verify(self.store).ok
            assert all(view.matches for view in check(self.store))
        finally:
            self.store.close()
            self.stack.close()

    def _append(self, *proposals: Proposed, conditions: Sequence[StreamAt] = ()) -> None:
        receipt = self.store.append(proposals, now=self.told.now, conditions=conditions, project=follow)
        for proposal in proposals:
            self.events.append(Modelled(proposal, self._version(proposal.stream) + 1))
        assert receipt.fresh == {proposal.id for proposal in proposals}
        assert receipt.head.size == len(self.events)

    def _amend(self, target: Modelled, fact: str, data: dict[str, Any]) -> None:
        told = {"target": target.proposal.id, "reason": "seen", **data}
        self._append(self._proposal(target.proposal.stream, fact, told))
        target.amended.append(self.events[-1])

    def _said(self, stream: str, text: str) -> Proposed:
        fact = "NameVariantRecorded" if self._version(stream) else "PartyRegistered"
        return self._proposal(stream, fact, {FIELD[fact][0]: text})

    def _proposal(self, stream: str, fact: str, data: dict[str, Any], id: str | None = None) -> Proposed:  # noqa: A002
        days: dict[str, Any] = {"on": "2025-04", "earliest": "2025-04-01", "latest": "2025-04-30"}
        id = id or str(UUID(self.told.new_id(), version=4))  # noqa: A001 - the word of the envelope
        return Proposed(id=id, stream=stream, type=fact, schema=1, data=data, by="desk", **days)

    def _version(self, stream: str) -> int:
        return sum(event.proposal.stream == stream for event in self.events)

    def _named(self, choice: int) -> Modelled:
        named = [event for event in self.events if event.proposal.type in FIELD]
        return named[choice % len(named)]


def run(places: Places, examples: int, steps: int) -> str:
    """Run the machine; return the figure."""

    class Placed(Machine):
        def __init__(self) -> None:
            super().__init__(places)

    told = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Placed, settings=told)
    return f"{examples} runs of up to {steps} steps: append, retry, conflict, fail, correct, rebuild, restart, backup"


def test_the_register_behaves_like_its_model(places: Places, figure: Figure) -> None:
    """After every step log and names are those of the model; at the end everything verifies."""
    figure("P17", run(places, 8, 15))


@pytest.mark.soak
def test_the_register_behaves_like_its_model_for_long(places: Places, figure: Figure) -> None:
    """The same for longer and more often."""
    figure("P17", run(places, 40, 30))
