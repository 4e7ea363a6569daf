"""The schema of format 1 as PostgreSQL holds it: tables, guards, the one function that appends, roles.

One register is one schema. Three roles that nobody logs in as hold its rights (RELIABILITY.md decision 7):
`…_owner` owns the log and its functions, `…_append` may read, call the two functions and keep views of its own in
the schema, `…_reader` may read. A DBA grants the last two to people. All texts sort by bytes, as on SQLite.
"""

from collections.abc import Mapping
from hashlib import sha256

_LONGEST = 63  # of a name in PostgreSQL
_TEXT = 'text COLLATE "C"'

TABLES = {
    "meta": f"name {_TEXT} PRIMARY KEY, value {_TEXT} NOT NULL",
    "head": f"one integer PRIMARY KEY CHECK (one = 1), size bigint NOT NULL, peaks bytea NOT NULL, recorded {_TEXT}",
    "events": f"""position bigint PRIMARY KEY, id {_TEXT} NOT NULL UNIQUE, stream {_TEXT} NOT NULL,
  version integer NOT NULL, type {_TEXT} NOT NULL, schema integer NOT NULL, earliest {_TEXT} NOT NULL,
  latest {_TEXT} NOT NULL, recorded {_TEXT} NOT NULL, key {_TEXT} UNIQUE, batch {_TEXT},
  hash bytea NOT NULL UNIQUE, body bytea NOT NULL, UNIQUE (stream, version)""",
    "mentions": f"position bigint NOT NULL REFERENCES {{schema}}.events (position), stream {_TEXT} NOT NULL,"
    " PRIMARY KEY (position, stream)",
}
INDEXES = {"mentions_by_stream": ("mentions", "stream")}

FUNCTIONS = {
    # A statement of any kind that would change or delete a row, also from the owner and from a superuser.
    "refuse_change": (
        "() RETURNS trigger",
        """BEGIN
  RAISE EXCEPTION '%: rows are neither changed nor deleted', TG_TABLE_NAME USING ERRCODE = 'PR001';
END""",
    ),
    "guard_head": (
        "() RETURNS trigger",
        """BEGIN
  IF NEW.one IS DISTINCT FROM OLD.one OR NEW.size <= OLD.size OR NEW.recorded IS NULL
     OR NEW.recorded < OLD.recorded
     OR NEW.size IS DISTINCT FROM (SELECT max(position) FROM {schema}.events) THEN
    RAISE EXCEPTION 'head: it only grows, with the events' USING ERRCODE = 'PR001';
  END IF;
  RETURN NEW;
END""",
    ),
    "guard_events": (
        "() RETURNS trigger",
        """BEGIN
  IF NEW.position IS DISTINCT FROM (SELECT coalesce(max(position), 0) + 1 FROM {schema}.events)
     OR NEW.version IS DISTINCT FROM
        (SELECT coalesce(max(version), 0) + 1 FROM {schema}.events WHERE stream = NEW.stream)
     OR NEW.hash IS DISTINCT FROM sha256('\\x00'::bytea || NEW.body) THEN
    RAISE EXCEPTION 'events: only the next event may be added' USING ERRCODE = 'PR001';
  END IF;
  RETURN NEW;
END""",
    ),
    "guard_mentions": (
        "() RETURNS trigger",
        """BEGIN
  IF NEW.position <= (SELECT size FROM {schema}.head) THEN
    RAISE EXCEPTION 'mentions: only those of a new event may be added' USING ERRCODE = 'PR001';
  END IF;
  RETURN NEW;
END""",
    ),
    # The row lock, held to the commit, is what numbers the events: no other writer passes it.
    "lock_head": (
        "() RETURNS TABLE (size bigint, peaks bytea, recorded text)",
        """BEGIN
  RETURN QUERY SELECT h.size, h.peaks, h.recorded::text FROM {schema}.head h FOR UPDATE;
END""",
    ),
    "append": (
        "(fresh jsonb, bodies bytea[], hashes bytea[], known bigint, grown bytea) RETURNS bigint",
        """DECLARE
  arrived bigint;
  named bigint;
BEGIN
  IF (SELECT h.size FROM {schema}.head h FOR UPDATE) IS DISTINCT FROM known THEN
    RAISE EXCEPTION 'append: the log does not end at %', known USING ERRCODE = 'PR001';
  END IF;
  INSERT INTO {schema}.events
    SELECT known + row.n, row.e->>'id', row.e->>'stream', (row.e->>'version')::integer, row.e->>'type',
           (row.e->>'schema')::integer, row.e->>'earliest', row.e->>'latest', row.e->>'recorded',
           row.e->>'key', row.e->>'batch', hashes[row.n], bodies[row.n]
    FROM jsonb_array_elements(fresh) WITH ORDINALITY AS row (e, n) ORDER BY row.n;
  INSERT INTO {schema}.mentions
    SELECT known + row.n, about.stream
    FROM jsonb_array_elements(fresh) WITH ORDINALITY AS row (e, n),
         jsonb_array_elements_text(row.e->'about') AS about (stream);
  SELECT count(*) INTO arrived FROM {schema}.events WHERE position > known;
  SELECT count(*) INTO named FROM {schema}.mentions WHERE position > known;
  IF arrived <> jsonb_array_length(fresh)
     OR named <> (SELECT coalesce(sum(jsonb_array_length(e->'about')), 0) FROM jsonb_array_elements(fresh) e) THEN
    RAISE EXCEPTION 'append: % events and % mentions arrived', arrived, named USING ERRCODE = 'PR002';
  END IF;
  UPDATE {schema}.head SET size = known + arrived, peaks = grown, recorded = fresh->-1->>'recorded';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'append: the head did not move' USING ERRCODE = 'PR002';
  END IF;
  PERFORM pg_notify('{channel}', (known + arrived)::text);
  RETURN known + arrived;
END""",
    ),
}
_CALLED = ("lock_head()", "append(jsonb, bytea[], bytea[], bigint, bytea)")

TRIGGERS = {
    "events_insert": ("events", "BEFORE INSERT", "ROW", "guard_events"),
    "mentions_insert": ("mentions", "BEFORE INSERT", "ROW", "guard_mentions"),
    "head_update": ("head", "BEFORE UPDATE", "ROW", "guard_head"),
    "head_delete": ("head", "BEFORE DELETE OR TRUNCATE", "STATEMENT", "refuse_change"),
    **{
        f"{table}_change": (table, "BEFORE UPDATE OR DELETE OR TRUNCATE", "STATEMENT", "refuse_change")
        for table in ("events", "mentions", "meta")
    },
    "meta_insert": ("meta", "BEFORE INSERT", "STATEMENT", "refuse_change"),
    "head_insert": ("head", "BEFORE INSERT", "STATEMENT", "refuse_change"),
}


def role(database: str, schema: str, right: str) -> str:
    """Return the name of the role that holds a right (owner, append, reader) on a register; roles are the server's."""
    name = f"{database}_{schema}_{right}"
    if len(name.encode()) <= _LONGEST:
        return name
    return f"paraph_{sha256(name.encode()).hexdigest()[:16]}_{right}"


def quoted(name: str) -> str:
    """Return a name as an identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as a string constant (standard_conforming_strings)."""
    return "'" + text.replace("'", "''") + "'"


def source(function: str, schema: str) -> str:
    """Return the body of one of the functions, as the database keeps it."""
    return FUNCTIONS[function][1].replace("{schema}", quoted(schema)).replace("{channel}", f"paraph_{schema}")


def ddl(database: str, schema: str, meta: Mapping[str, str]) -> list[str]:
    """Return the statements that create a register, for a superuser or a role that may create roles."""
    owner, append, reader = (quoted(role(database, schema, right)) for right in ("owner", "append", "reader"))
    place = quoted(schema)
    return [
        *(_new_role(role(database, schema, right)) for right in ("owner", "append", "reader")),
        f"GRANT {owner}, {append}, {reader} TO CURRENT_USER",
        f"CREATE SCHEMA {place} AUTHORIZATION {owner}",
        *(f"CREATE TABLE {place}.{name} ({columns.replace('{schema}', place)})" for name, columns in TABLES.items()),
        *(f"CREATE INDEX {name} ON {place}.{table} ({column})" for name, (table, column) in INDEXES.items()),
        f"INSERT INTO {place}.head (one, size, peaks) VALUES (1, 0, '')",
        *(
            f"INSERT INTO {place}.meta (name, value) VALUES ({literal(name)}, {literal(value)})"
            for name, value in meta.items()
        ),
        *(
            f"CREATE FUNCTION {place}.{name}{FUNCTIONS[name][0]} LANGUAGE plpgsql SECURITY DEFINER"
            f" SET search_path = pg_catalog, pg_temp AS {_dollars(source(name, schema))}"
            for name in FUNCTIONS
        ),
        *(
            f"CREATE TRIGGER {name} {moment} ON {place}.{table} FOR EACH {each} EXECUTE FUNCTION {place}.{function}()"
            for name, (table, moment, each, function) in TRIGGERS.items()
        ),
        *(f"ALTER TABLE {place}.{table} ENABLE ALWAYS TRIGGER {name}" for name, (table, *_) in TRIGGERS.items()),
        *(f"ALTER TABLE {place}.{name} OWNER TO {owner}" for name in TABLES),
        *(f"ALTER FUNCTION {place}.{name}{_arguments(name)} OWNER TO {owner}" for name in FUNCTIONS),
        f"REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {place} FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA {place} TO {append}, {reader}",
        f"GRANT CREATE ON SCHEMA {place} TO {append}",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA {place} TO {append}, {reader}",
        *(f"GRANT EXECUTE ON FUNCTION {place}.{called} TO {append}" for called in _CALLED),
        f"ALTER DEFAULT PRIVILEGES FOR ROLE {append} IN SCHEMA {place} GRANT SELECT ON TABLES TO {reader}",
        f"REVOKE {owner} FROM CURRENT_USER",
    ]


def _arguments(function: str) -> str:
    return next((called.removeprefix(function) for called in _CALLED if called.startswith(f"{function}(")), "()")


def _new_role(name: str) -> str:
    return f"DO $$BEGIN CREATE ROLE {quoted(name)} NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END$$"


def _dollars(text: str) -> str:
    return f"$paraph$\n{text}\n$paraph$"
