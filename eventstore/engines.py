"""Which engine a place is of: a path or a `sqlite:///` URL, or a `postgresql://` URL."""

import os
from collections.abc import Mapping
from typing import TypeAlias

from sqlalchemy import Connection

from eventstore.checkup import Finding
from eventstore.engine import FORMAT, Engine, Meta
from eventstore.places import files_translated, is_reserved, locate, sync_folder
from eventstore.sqlite import checkup
from eventstore.sqlite import engine as sqlite
from eventstore.sqlite.faults import translated

__all__ = ["FORMAT", "Place", "create", "finish", "look", "on_a_server", "open_engine", "read_models", "unfinished"]

Place: TypeAlias = str | os.PathLike[str]


def open_engine(place: Place, *, patience: float | None = None) -> Engine:
    """Return the engine of an existing register; Missing, Unavailable or Damaged say why not.

    Who waits for another writer does so for `patience` seconds, or as long as the engine finds right.
    """
    if on_a_server(place):
        from eventstore.postgres.address import Address
        from eventstore.postgres.engine import PATIENCE, PostgresEngine

        return PostgresEngine(Address.of(str(place)), patience=PATIENCE if patience is None else patience)
    return sqlite.SqliteEngine(locate(place), patience=sqlite.PATIENCE if patience is None else patience)


def create(place: Place, meta: Meta, *, patience: float | None = None) -> None:
    """Create a register whole or not at all; Unavailable(exists) and kin when the place is taken."""
    if on_a_server(place):
        from eventstore.postgres import making
        from eventstore.postgres.address import Address
        from eventstore.postgres.engine import PATIENCE

        making.create(Address.of(str(place)), meta, patience=PATIENCE if patience is None else patience)
    else:
        sqlite.create_file(locate(place), meta, patience=sqlite.PATIENCE if patience is None else patience)


def look(place: Place) -> list[Finding]:
    """Return how things stand around a place, and the library that reads it, before anything is opened."""
    if on_a_server(place):
        from eventstore.postgres.checkup import driver

        return [driver()]
    return [checkup.version(), *checkup.look(locate(place))]


def unfinished(place: Place) -> bool:
    """Say whether making a register there was cut off: on a server that leaves nothing, in a folder an empty file."""
    return not on_a_server(place) and is_reserved(locate(place))


def finish(place: Place, meta: Mapping[str, str]) -> None:
    """Make a register of the empty file that was left; Unavailable(exists) where somebody did meanwhile."""
    path = locate(place)
    with files_translated(path), translated(path):
        sqlite.lay_out(path, meta)
        sync_folder(path.absolute().parent)


def read_models(connection: Connection) -> Mapping[str, frozenset[str]]:
    """Return the tables that are not the log's, by name, with the names of their columns.

    In a snapshot only those whose rows are of that snapshot.
    """
    if connection.dialect.name == "postgresql":
        from eventstore.postgres.engine import read_models

        return read_models(connection)
    return sqlite.read_models(connection)


def on_a_server(place: Place) -> bool:
    """Say whether a place is one of a server, well written or not."""
    return isinstance(place, str) and place.startswith(("postgresql:", "postgresql+"))
