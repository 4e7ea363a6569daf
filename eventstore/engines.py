"""Which engine a place is of: a path or a `sqlite:///` URL, or a `postgresql://` URL."""

import os
from collections.abc import Mapping
from typing import TypeAlias

from sqlalchemy import Connection

from eventstore.engine import FORMAT, Engine, Meta
from eventstore.places import locate
from eventstore.sqlite import engine as sqlite
from eventstore.sqlite.engine import SqliteEngine

__all__ = ["FORMAT", "PATIENCE", "Place", "create", "open_engine", "read_models"]

Place: TypeAlias = str | os.PathLike[str]

PATIENCE = 30.0


def open_engine(place: Place, *, patience: float | None = None) -> Engine:
    """Return the engine of an existing register; Missing, Unavailable or Damaged say why not."""
    return SqliteEngine(locate(place), patience=PATIENCE if patience is None else patience)


def create(place: Place, meta: Meta, *, patience: float | None = None) -> None:
    """Create a register whole or not at all; Unavailable(exists) and kin when the place is taken."""
    sqlite.create_file(locate(place), meta, patience=PATIENCE if patience is None else patience)


def read_models(connection: Connection) -> Mapping[str, frozenset[str]]:
    """Return the tables that are not the log's, by name, with the names of their columns."""
    return sqlite.read_models(connection)
