"""The layout of format 1 on PostgreSQL: tables, functions and triggers as `init` creates them.

The log is append-only for everybody, its owner too: triggers refuse every UPDATE, DELETE and TRUNCATE, with no
switch around them, and fire in replica mode as well (RELIABILITY.md decision 7). Who records may only call
`append`, which makes the rows from the bodies by itself, so that no row can differ from its bytes, nor the tree.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from eventstore.postgres.functions import FUNCTIONS, body_of

_TEXT = 'text COLLATE "C"'  # so that order is that of the bytes, as in SQLite


@dataclass(frozen=True)
class Table:
    """One table: its columns, with `!` where they may not be null, and its constraints by name."""

    columns: Mapping[str, str]
    constraints: Mapping[str, str]


TABLES = {
    "meta": Table({"name": f"{_TEXT}!", "value": f"{_TEXT}!"}, {"meta_pkey": "PRIMARY KEY (name)"}),
    "head": Table(
        {"one": "bigint!", "size": "bigint!", "peaks": "bytea!", "recorded": _TEXT},
        {"head_pkey": "PRIMARY KEY (one)", "head_one": "CHECK ((one = 1))"},
    ),
    "events": Table(
        {
            "position": "bigint!",
            "id": f"{_TEXT}!",
            "stream": f"{_TEXT}!",
            "version": "bigint!",
            "type": f"{_TEXT}!",
            "schema": "bigint!",
            "earliest": f"{_TEXT}!",
            "latest": f"{_TEXT}!",
            "recorded": f"{_TEXT}!",
            "key": _TEXT,
            "batch": _TEXT,
            "hash": "bytea!",
            "body": "bytea!",
        },
        {
            "events_pkey": 'PRIMARY KEY ("position")',
            "events_id": "UNIQUE (id)",
            "events_key": "UNIQUE (key)",
            "events_hash": "UNIQUE (hash)",
            "events_version": "UNIQUE (stream, version)",
        },
    ),
    "mentions": Table(
        {"position": "bigint!", "stream": f"{_TEXT}!"},
        {"mentions_pkey": 'PRIMARY KEY ("position", stream)'},
    ),
}

INDEXES = {"mentions_by_stream": ("mentions", "CREATE INDEX mentions_by_stream ON {log}.mentions USING btree (stream)")}


# name: table, when, function
TRIGGERS = {
    "events_insert": ("events", "BEFORE INSERT", "FOR EACH ROW", "events_insert"),
    "mentions_insert": ("mentions", "BEFORE INSERT", "FOR EACH ROW", "mentions_insert"),
    "meta_insert": ("meta", "BEFORE INSERT", "FOR EACH ROW", "meta_insert"),
    "head_insert": ("head", "BEFORE INSERT", "FOR EACH ROW", "head_insert"),
    "head_update": ("head", "BEFORE UPDATE", "FOR EACH ROW", "head_update"),
    "head_delete": ("head", "BEFORE DELETE", "FOR EACH ROW", "refuse"),
    **{
        f"{table}_{verb.lower()}": (table, f"BEFORE {verb}", "FOR EACH ROW", "refuse")
        for table in ("events", "mentions", "meta")
        for verb in ("UPDATE", "DELETE")
    },
    **{f"{table}_truncate": (table, "BEFORE TRUNCATE", "FOR EACH STATEMENT", "refuse") for table in TABLES},
}


def statements(log: str, views: str) -> Iterator[str]:
    """Yield the statements that create tables, functions and triggers in a schema, in the role of their owner."""
    for name, table in TABLES.items():
        lines = [f'"{column}" {_spelt(kind)}' for column, kind in table.columns.items()]
        lines += [f"CONSTRAINT {constraint} {text}" for constraint, text in table.constraints.items()]
        yield f"CREATE TABLE {log}.{name} (\n  " + ",\n  ".join(lines) + "\n)"
    for _, text in INDEXES.values():
        yield text.format(log=log)
    for call, function in FUNCTIONS.items():
        security = "SECURITY DEFINER" if function.definer else "SECURITY INVOKER"
        body = body_of(function, log, views)
        yield (
            f"CREATE FUNCTION {log}.{call} RETURNS {function.result} LANGUAGE plpgsql VOLATILE {security}\n"
            f"SET search_path = pg_catalog, pg_temp AS $paraph${body}$paraph$"
        )
        yield f"REVOKE ALL ON FUNCTION {log}.{call} FROM PUBLIC"
    for name, (on, when, each, called) in TRIGGERS.items():
        yield f"CREATE TRIGGER {name} {when} ON {log}.{on} {each} EXECUTE FUNCTION {log}.{called}()"
        yield f"ALTER TABLE {log}.{on} ENABLE ALWAYS TRIGGER {name}"


def _spelt(kind: str) -> str:
    return kind.removesuffix("!") + (" NOT NULL" if kind.endswith("!") else "")
