"""Ways under the lid of a register: raw statements, as any other program would send them."""

import sqlite3
from abc import ABC, abstractmethod
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from tests.postgres import Server


class Lid(ABC):
    """Raw statements to the database, past the store and its triggers."""

    unchecked: str
    """The statement that takes the constraint of the head's one row away."""

    @abstractmethod
    def __call__(self, *statements: str) -> list[Any]:
        """Run statements one by one; return the rows of the last."""

    @abstractmethod
    def without_triggers(self, table: str, *statements: str) -> None:
        """Run statements with the table's triggers out of the way, then put them back as they were."""

    @abstractmethod
    def literal(self, value: object) -> str:
        """Return a value as it is written in a statement."""

    def change(self, table: str, where: str, **values: object) -> None:
        """Change columns of rows as nobody may."""
        sets = ", ".join(f'"{name}" = {self.literal(value)}' for name, value in values.items())
        self.without_triggers(table, f"UPDATE {table} SET {sets} WHERE {where}")  # noqa: S608 - tampering


@dataclass(frozen=True)
class FileLid(Lid):
    """A way to the file, for a program with its own settings."""

    place: Path
    unchecked = "PRAGMA ignore_check_constraints = ON"

    def __call__(self, *statements: str) -> list[Any]:
        """Run statements one by one; return the rows of the last."""
        rows: list[Any] = []
        with closing(sqlite3.connect(self.place, isolation_level=None)) as connection:
            for statement in statements:
                rows = connection.execute(statement).fetchall()
        return rows

    def without_triggers(self, table: str, *statements: str) -> None:
        """Run statements with the table's triggers dropped, then put them back letter by letter."""
        found = self("SELECT tbl_name, name, sql FROM sqlite_schema WHERE type = 'trigger'")
        triggers = [(name, sql) for on, name, sql in found if on == table]
        self(*(f"DROP TRIGGER {name}" for name, _ in triggers), *statements, *(sql for _, sql in triggers))

    def literal(self, value: object) -> str:
        """Return a value as SQLite writes it."""
        if isinstance(value, bytes):
            return f"x'{value.hex()}'"
        return _literal(value)


@dataclass(frozen=True)
class ServerLid(Lid):
    """A way to the schema, for a superuser."""

    server: Server
    schema: str
    unchecked = "ALTER TABLE head DROP CONSTRAINT head_one"

    @staticmethod
    def schema_of(url: str) -> str:
        """Return the schema a URL names."""
        return str(make_url(url).query["schema"])

    def __call__(self, *statements: str) -> list[Any]:
        """Run statements one by one; return the rows of the last."""
        return self.server(f"SET search_path = {self.schema}, {self.schema}_views", *statements)

    def without_triggers(self, table: str, *statements: str) -> None:
        """Run statements with the table's triggers disabled, then enable them as they were."""
        triggers = self(f"SELECT tgname FROM pg_trigger WHERE tgrelid = '{table}'::regclass")  # noqa: S608
        again = (f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}" for (name,) in triggers)
        self(f"ALTER TABLE {table} DISABLE TRIGGER USER", *statements, *again)

    def literal(self, value: object) -> str:
        """Return a value as PostgreSQL writes it."""
        if isinstance(value, bytes):
            return f"'\\x{value.hex()}'::bytea"
        return _literal(value)


def _literal(value: object) -> str:
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return "NULL" if value is None else str(value)
