"""What in a register's schema is not as `schema.ddl` made it: read from PostgreSQL's own catalog, compared by lines.

Views of projections are other people's and welcome, with their indexes; whatever acts on the log's tables is not.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, text

from eventstore.postgres.schema import FUNCTIONS, INDEXES, TABLES, TRIGGERS, source

_BITS = {"ROW": 1, "BEFORE": 2, "INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}
"""Of pg_trigger.tgtype."""

_OURS = (
    "SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    f" WHERE n.nspname = :schema AND c.relname IN ({', '.join(map(repr, TABLES))})"
)

_VERSION = text(f"""SELECT
  (SELECT coalesce(sum(xmin::text::bigint), 0) FROM pg_trigger WHERE tgrelid IN ({_OURS}))
  + (SELECT coalesce(sum(xmin::text::bigint), 0) FROM pg_class WHERE oid IN ({_OURS}))
  + (SELECT coalesce(sum(xmin::text::bigint), 0) FROM pg_index WHERE indrelid IN ({_OURS}))
  + (SELECT coalesce(sum(xmin::text::bigint), 0) FROM pg_rewrite WHERE ev_class IN ({_OURS}))
  + (SELECT coalesce(sum(p.xmin::text::bigint), 0) FROM pg_proc p
     JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = :schema)""")

_LINES = text(f"""
SELECT 'table ' || c.relname, 'kind ' || c.relkind::text || ' security ' || c.relrowsecurity
  || ' login ' || r.rolcanlogin || ' children ' || (SELECT count(*) FROM pg_inherits i WHERE i.inhparent = c.oid)
FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE c.oid IN ({_OURS})
UNION ALL
SELECT 'column ' || c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod)
  || CASE WHEN l.collname = 'C' THEN ' C' ELSE '' END || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
  || CASE WHEN a.atthasdef OR a.attidentity <> '' THEN ' default' ELSE '' END
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_collation l ON l.oid = a.attcollation
WHERE a.attrelid IN ({_OURS}) AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT 'constraint ' || c.relname || ' ' || k.contype::text || ' ' || (
  SELECT string_agg(a.attname, ',' ORDER BY a.attname) FROM pg_attribute a
  WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)), 'validated ' || k.convalidated
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE k.conrelid IN ({_OURS}) AND k.contype <> 'n'
UNION ALL
SELECT 'trigger ' || t.tgname, c.relname || ' ' || t.tgtype || ' ' || t.tgenabled::text || ' ' || p.proname
  || ' ' || (n.nspname = :schema) || CASE WHEN t.tgqual IS NULL THEN '' ELSE ' when' END
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
JOIN pg_namespace n ON n.oid = p.pronamespace WHERE t.tgrelid IN ({_OURS}) AND NOT t.tgisinternal
UNION ALL
SELECT 'function ' || p.proname, btrim(p.prosrc, E'\\n') || ' definer ' || p.prosecdef || ' login ' || r.rolcanlogin
  || ' ' || array_to_string(p.proconfig, ';')
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_roles r ON r.oid = p.proowner
WHERE n.nspname = :schema
UNION ALL
SELECT 'rule ' || w.rulename || ' on ' || c.relname, '' FROM pg_rewrite w JOIN pg_class c ON c.oid = w.ev_class
WHERE w.ev_class IN ({_OURS})
UNION ALL
SELECT 'index ' || i.relname, c.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
JOIN pg_class c ON c.oid = x.indrelid WHERE x.indrelid IN ({_OURS})
AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = x.indexrelid)
""")


def version(connection: Connection, schema: str) -> int:
    """Return a number that changes whenever a definition on which the log rests is touched."""
    return int(connection.scalar(_VERSION, {"schema": schema}) or 0)


def differences(connection: Connection, schema: str) -> list[str]:
    """Return what was changed, what is missing, and what is foreign."""
    found: dict[str, str] = dict(connection.execute(_LINES, {"schema": schema}).all())
    expected = dict(_expected(schema))
    changed = [f"changed {what}" for what in expected if what in found and found[what] != expected[what]]
    missing = [f"missing {what}" for what in expected if what not in found]
    return [*missing, *changed, *(f"foreign {what}" for what in sorted(found.keys() - expected.keys()))]


def _expected(schema: str) -> Iterator[tuple[str, str]]:
    for name in TABLES:
        yield f"table {name}", "kind r security false login false children 0"
    for what in _COLUMNS.split("\n"):
        name, definition = what.split(": ")
        yield f"column {name}", definition
    for what in _CONSTRAINTS.split("\n"):
        yield f"constraint {what}", "validated true"
    for name, (table, moment, each, function) in TRIGGERS.items():
        bits = sum(_BITS.get(word, 0) for word in (*moment.split(), each))
        yield f"trigger {name}", f"{table} {bits} A {function} true"
    for name in FUNCTIONS:
        settings = "search_path=pg_catalog, pg_temp"
        yield f"function {name}", f"{source(name, schema)} definer true login false {settings}"
    for name, (table, _) in INDEXES.items():
        yield f"index {name}", table


_COLUMNS = """meta.name: text C not null
meta.value: text C not null
head.one: integer not null
head.size: bigint not null
head.peaks: bytea not null
head.recorded: text C
events.position: bigint not null
events.id: text C not null
events.stream: text C not null
events.version: integer not null
events.type: text C not null
events.schema: integer not null
events.earliest: text C not null
events.latest: text C not null
events.recorded: text C not null
events.key: text C
events.batch: text C
events.hash: bytea not null
events.body: bytea not null
mentions.position: bigint not null
mentions.stream: text C not null"""

_CONSTRAINTS = """meta p name
head p one
head c one
events p position
events u id
events u key
events u hash
events u stream,version
mentions f position
mentions p position,stream"""
