"""What the server does by itself: the functions of a register, as `init` creates them and `verify` expects them.

Who records may only call `append`, which makes the rows from the bodies, so that no row can differ from its
bytes, nor the tree. The others belong to the triggers that keep the log append-only (RELIABILITY.md decision 7).
In the texts `{log}` and `{views}` stand for the two schemas.
"""

from dataclasses import dataclass

from eventstore.values import SIZE_LIMIT

REFUSED = "PRPH1"
"""SQLSTATE of an edit of the append-only log."""
SWALLOWED = "PRPH2"
"""SQLSTATE of a row that was written and is not there."""


@dataclass(frozen=True)
class Function:
    """One function in PL/pgSQL: name and arguments, what it returns, whether it runs as its owner, its text."""

    result: str
    body: str
    definer: bool = False


FUNCTIONS = {
    "refuse()": Function(
        "trigger",
        f"""
BEGIN
  RAISE EXCEPTION '%: rows are neither changed nor deleted', TG_TABLE_NAME USING ERRCODE = '{REFUSED}';
END
""",
    ),
    "events_insert()": Function(
        "trigger",
        f"""
BEGIN
  IF NEW.position IS DISTINCT FROM (SELECT coalesce(max(e.position), 0) + 1 FROM {{log}}.events e)
    OR NEW.version IS DISTINCT FROM
      (SELECT coalesce(max(e.version), 0) + 1 FROM {{log}}.events e WHERE e.stream = NEW.stream)
    OR NEW.hash IS DISTINCT FROM sha256('\\x00'::bytea || NEW.body)
    OR octet_length(NEW.body) > {SIZE_LIMIT}
  THEN
    RAISE EXCEPTION 'events: only the next event may be added' USING ERRCODE = '{REFUSED}';
  END IF;
  RETURN NEW;
END
""",
    ),
    "mentions_insert()": Function(
        "trigger",
        f"""
BEGIN
  IF NEW.position <= (SELECT h.size FROM {{log}}.head h)
    OR NOT EXISTS (SELECT 1 FROM {{log}}.events e WHERE e.position = NEW.position)
  THEN
    RAISE EXCEPTION 'mentions: only those of a new event may be added' USING ERRCODE = '{REFUSED}';
  END IF;
  RETURN NEW;
END
""",
    ),
    "head_insert()": Function(
        "trigger",
        f"""
BEGIN
  IF EXISTS (SELECT 1 FROM {{log}}.head) THEN
    RAISE EXCEPTION 'head: one row only' USING ERRCODE = '{REFUSED}';
  END IF;
  RETURN NEW;
END
""",
    ),
    "head_update()": Function(
        "trigger",
        f"""
BEGIN
  IF NEW.one IS DISTINCT FROM OLD.one
    OR NEW.size <= OLD.size
    OR NEW.size IS DISTINCT FROM (SELECT max(e.position) FROM {{log}}.events e)
    OR NEW.recorded IS NULL
    OR NEW.recorded < OLD.recorded
  THEN
    RAISE EXCEPTION 'head: it only grows, with the events' USING ERRCODE = '{REFUSED}';
  END IF;
  RETURN NEW;
END
""",
    ),
    "meta_insert()": Function(
        "trigger",
        f"""
BEGIN
  IF EXISTS (SELECT 1 FROM {{log}}.meta m WHERE m.name = 'seal' OR m.name = NEW.name) THEN
    RAISE EXCEPTION 'meta: sealed when the register was created' USING ERRCODE = '{REFUSED}';
  END IF;
  RETURN NEW;
END
""",
    ),
    # Whoever locks the head is about to write: from here on a commit is one that outlasts a power cut,
    # whatever the session, the role, the database or the server were told (P8).
    "lock_head()": Function(
        "bigint",
        """
DECLARE
  found bigint;
BEGIN
  IF current_setting('synchronous_commit') NOT IN ('on', 'remote_apply') THEN
    PERFORM set_config('synchronous_commit', 'on', true);
  END IF;
  SELECT h.size INTO found FROM {log}.head h FOR UPDATE;
  RETURN found;
END
""",
        definer=True,
    ),
    # The tree is that of RFC 6962 as in `eventstore.tree`: two subtrees of one height become one.
    "append(bodies bytea[])": Function(
        "bigint",
        f"""
DECLARE
  told {{log}}.head%ROWTYPE;
  body bytea;
  leaf bytea;
  fields jsonb;
  due bigint;
  rest bigint;
  written bigint;
BEGIN
  PERFORM {{log}}.lock_head();
  SELECT * INTO STRICT told FROM {{log}}.head;
  FOREACH body IN ARRAY bodies LOOP
    fields := convert_from(body, 'UTF8')::jsonb;
    leaf := sha256('\\x00'::bytea || body);
    IF (fields ->> 'position')::bigint IS DISTINCT FROM told.size + 1
      OR (fields ->> 'recorded') COLLATE "C" < told.recorded COLLATE "C"
    THEN
      RAISE EXCEPTION 'events: only the next event may be added' USING ERRCODE = '{REFUSED}';
    END IF;
    INSERT INTO {{log}}.events
      ("position", id, stream, version, type, schema, earliest, latest, recorded, key, batch, hash, body)
    VALUES (told.size + 1, fields ->> 'id', fields ->> 'stream', (fields ->> 'version')::bigint, fields ->> 'type',
      (fields ->> 'schema')::bigint, fields ->> 'earliest', fields ->> 'latest', fields ->> 'recorded',
      fields ->> 'key', fields ->> 'batch', leaf, body);
    GET DIAGNOSTICS written = ROW_COUNT;
    IF written <> 1 THEN
      RAISE EXCEPTION 'events: a row was not taken' USING ERRCODE = '{SWALLOWED}';
    END IF;
    SELECT count(DISTINCT a.stream) INTO due FROM jsonb_array_elements_text(fields -> 'about') AS a (stream);
    INSERT INTO {{log}}.mentions ("position", stream)
    SELECT DISTINCT told.size + 1, a.stream FROM jsonb_array_elements_text(fields -> 'about') AS a (stream);
    GET DIAGNOSTICS written = ROW_COUNT;
    IF written <> due THEN
      RAISE EXCEPTION 'mentions: a row was not taken' USING ERRCODE = '{SWALLOWED}';
    END IF;
    rest := told.size;
    WHILE rest & 1 = 1 LOOP
      leaf := sha256('\\x01'::bytea || substr(told.peaks, octet_length(told.peaks) - 31) || leaf);
      told.peaks := substr(told.peaks, 1, octet_length(told.peaks) - 32);
      rest := rest >> 1;
    END LOOP;
    told.peaks := told.peaks || leaf;
    told.size := told.size + 1;
    told.recorded := fields ->> 'recorded';
  END LOOP;
  UPDATE {{log}}.head SET size = told.size, peaks = told.peaks, recorded = told.recorded;
  GET DIAGNOSTICS written = ROW_COUNT;
  IF written <> 1 THEN
    RAISE EXCEPTION 'head: the row was not taken' USING ERRCODE = '{SWALLOWED}';
  END IF;
  RETURN told.size;
END
""",
        definer=True,
    ),
    # A rebuild swaps tables by name, and a name means the newest table while rows are those of the snapshot: a
    # reader would see the new table without its rows. So each table is locked against a swap, then counts only
    # if it is still the one of the snapshot.
    "read_models()": Function(
        "TABLE(name text, field text)",
        """
DECLARE
  found record;
BEGIN
  FOR found IN
    SELECT c.oid, c.relname FROM pg_class c
    WHERE c.relnamespace = to_regnamespace('{views}') AND c.relkind = 'r' ORDER BY c.relname
  LOOP
    BEGIN
      EXECUTE format('LOCK TABLE {views}.%I IN ACCESS SHARE MODE', found.relname);
      IF to_regclass(format('{views}.%I', found.relname)) = found.oid THEN
        RETURN QUERY SELECT found.relname::text, a.attname::text FROM pg_attribute a
          WHERE a.attrelid = found.oid AND a.attnum > 0 AND NOT a.attisdropped;
      END IF;
    EXCEPTION WHEN undefined_table OR insufficient_privilege THEN
      NULL;
    END;
  END LOOP;
END
""",
    ),
}


def body_of(function: Function, log: str, views: str) -> str:
    """Return the text of a function in a schema, as the database keeps it."""
    return function.body.replace("{log}", log).replace("{views}", views)
