"""Which engine a place means: a PostgreSQL URL, or else a file of SQLite's."""

import os
from collections.abc import Mapping

from eventstore.backend import Backend


def create(place: str | os.PathLike[str], meta: Mapping[str, str], *, patience: float) -> None:
    """Create an empty register whole or not at all; raises the store's errors."""
    if _is_postgres(place):
        from eventstore.postgres.engine import create as create_schema

        create_schema(os.fspath(place), meta, patience=patience)
        return
    from eventstore.places import locate
    from eventstore.sqlite.engine import create_file

    create_file(locate(place), meta, patience=patience)


def opened(place: str | os.PathLike[str], *, patience: float) -> Backend:
    """Open a register; Missing or Unavailable if there is none."""
    if _is_postgres(place):
        from eventstore.postgres.engine import Postgres

        return Postgres(os.fspath(place), patience=patience)
    from eventstore.places import locate
    from eventstore.sqlite.engine import Sqlite

    return Sqlite(locate(place), patience=patience)


def _is_postgres(place: str | os.PathLike[str]) -> bool:
    scheme = os.fspath(place).partition("://")[0]
    return scheme.partition("+")[0] in {"postgresql", "postgres"}
