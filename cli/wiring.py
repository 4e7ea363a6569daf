"""The composition root: commands, the demo and tests open a register here, with the clock and ids they choose."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime

from cli.options import Asked, Common
from cli.register import Register
from cli.replica import Question, noting_what_was_seen, pointing_to_the_primary, replica_named
from eventstore.log import EventStore
from projections.world import World


def clock() -> datetime:
    """Return the present moment, in UTC."""
    return datetime.now(UTC)


def random_id() -> str:
    """Return a new event id (UUID version 4, RFC 9562)."""
    return str(uuid.uuid4())


def create_register(place: str, *, timezone: str) -> EventStore:
    """Create an empty register with its views level, and open it."""
    from projections.runner import install

    store = EventStore.create(place, timezone=timezone, register_id=random_id())
    with store.writing() as connection:
        install(connection)
    return store


def script_of_register(place: str, *, timezone: str, of: str | None = None) -> str:
    """Return the statements that make a register on a server, for `psql`: a new one, or that of another place."""
    from eventstore.log import settlement
    from eventstore.postgres.address import Address
    from eventstore.postgres.making import Plan

    register_id = random_id()
    if of is not None:
        with EventStore.open(of) as store:
            register_id, timezone = store.meta["register"], store.meta["timezone"]
    return Plan(Address.of(place), settlement(register_id, timezone)).script()


@contextmanager
def open_register(
    place: str,
    *,
    by: str = "unknown",
    now: Callable[[], datetime] = clock,
    new_id: Callable[[], str] = random_id,
    examine: bool = False,
) -> Iterator[Register]:
    """Open the register at a place for as long as the block lasts."""
    with EventStore.open(place, examine=examine) as store:
        yield Register(store, now, new_id, by)


@contextmanager
def register_of(common: Common, *, examine: bool = False) -> Iterator[Register]:
    """Open the register a command's flags and settings name.

    Here it is decided which store a command works on: a question is put to the replica, where the settings name one;
    whatever records, follows, verifies or keeps the register works on the register itself.
    """
    settings = common.settings
    primary, replica = settings["db"], replica_named(settings)
    with ExitStack() as stack:
        place = primary
        if replica and isinstance(common, Asked):
            place = replica
            stack.enter_context(pointing_to_the_primary())
        opened = open_register(place.value, by=settings["by"].value, examine=examine)
        register = stack.enter_context(opened)
        if isinstance(common, Asked):
            Question(register.store, common, primary if replica else None).prepare()
        elif replica:
            stack.enter_context(noting_what_was_seen(register.store, primary, common.screen))
        yield register


@contextmanager
def world_of(asked: Asked) -> Iterator[World]:
    """Ask the register a command names, as of the day and as known at the point its flags name."""
    with register_of(asked) as register, register.world(as_of=asked.day, known_at=asked.known_at) as world:
        yield world
