"""What in the database differs from what `init` creates: compared with the system catalogs, not with a copy."""

from collections.abc import Iterator
from functools import cache

from sqlalchemy import Connection

from eventstore.postgres.functions import FUNCTIONS, body_of
from eventstore.postgres.layout import INDEXES, TABLES, TRIGGERS

# One row a thing: its kind, its name and all that could make it act otherwise. Things of ours and foreign ones
# alike, in the schema of the log, and what acts on the tables of the read models. PostgreSQL 18 lists NOT NULL
# among the constraints; it is asked of the columns.
_FOUND = """
WITH spaces AS (
  SELECT n.oid, n.nspname, n.nspowner, n.nspacl, n.nspname = %(log)s AS log FROM pg_namespace n
  WHERE n.nspname IN (%(log)s, %(views)s)
), ours AS (
  SELECT c.*, s.log, s.nspowner FROM pg_class c JOIN spaces s ON s.oid = c.relnamespace
)
SELECT 'table' AS kind, o.relname::text AS name, concat_ws(' ', o.relkind, o.relpersistence,
  CASE WHEN o.relrowsecurity OR o.relforcerowsecurity THEN 'row security' END,
  CASE WHEN o.relispartition THEN 'partition' END,
  CASE WHEN o.relowner <> o.nspowner THEN 'of another owner' END) AS told
  FROM ours o WHERE o.log AND o.relkind NOT IN ('i', 'I', 't')
UNION ALL
SELECT 'column', o.relname || '.' || a.attname, concat_ws(' ', format_type(a.atttypid, a.atttypmod),
  CASE WHEN a.attcollation <> t.typcollation THEN format('COLLATE %%I', l.collname) END,
  CASE WHEN a.attnotnull THEN 'NOT NULL' END, CASE WHEN a.atthasdef THEN 'with a default' END,
  nullif(a.attidentity, ''), nullif(a.attgenerated, ''))
  FROM ours o JOIN pg_attribute a ON a.attrelid = o.oid JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_collation l ON l.oid = a.attcollation
  WHERE o.log AND o.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT 'constraint', k.conname, concat_ws(' ', o.relname, pg_get_constraintdef(k.oid),
  CASE WHEN NOT k.convalidated THEN 'not validated' END)
  FROM pg_constraint k JOIN ours o ON o.oid = k.conrelid WHERE o.log AND k.contype NOT IN ('n', 't')
UNION ALL
SELECT 'index', o.relname, concat_ws(' ', pg_get_indexdef(i.indexrelid),
  CASE WHEN NOT (i.indisvalid AND i.indisready AND i.indislive) THEN 'not valid' END)
  FROM pg_index i JOIN ours o ON o.oid = i.indexrelid JOIN ours u ON u.oid = i.indrelid
  LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid WHERE u.log AND u.relkind = 'r' AND k.oid IS NULL
UNION ALL
SELECT 'trigger', g.tgname, concat_ws(' ', o.relname, g.tgtype, g.tgenabled,
  format('%%s.%%s', f.pronamespace::regnamespace, f.proname),
  CASE WHEN g.tgqual IS NOT NULL OR g.tgnargs > 0 OR array_length(g.tgattr::int2[], 1) > 0 OR g.tgdeferrable
    THEN 'with a condition' END)
  FROM pg_trigger g JOIN ours o ON o.oid = g.tgrelid JOIN pg_proc f ON f.oid = g.tgfoid WHERE NOT g.tgisinternal
UNION ALL
SELECT 'rule', r.rulename, o.relname::text FROM pg_rewrite r JOIN ours o ON o.oid = r.ev_class
UNION ALL
SELECT 'policy', p.polname, o.relname::text FROM pg_policy p JOIN ours o ON o.oid = p.polrelid
UNION ALL
SELECT 'heir', h.inhrelid::regclass::text, o.relname::text FROM pg_inherits h JOIN ours o ON o.oid = h.inhparent
  WHERE o.relkind = 'r'
UNION ALL
SELECT 'function', format('%%s(%%s)', f.proname, pg_get_function_identity_arguments(f.oid)), concat_ws(' ',
  pg_get_function_result(f.oid), l.lanname, f.prokind, f.provolatile, f.prosecdef, f.proisstrict, f.proconfig::text,
  CASE WHEN f.proowner <> s.nspowner THEN 'of another owner' END, f.prosrc)
  FROM pg_proc f JOIN spaces s ON s.oid = f.pronamespace JOIN pg_language l ON l.oid = f.prolang WHERE s.log
UNION ALL
SELECT 'grant', format('%%s on %%s', x.privilege_type, o.relname),
  CASE x.grantee WHEN 0 THEN 'everybody' ELSE pg_get_userbyid(x.grantee) END
  FROM ours o, aclexplode(o.relacl) x
  WHERE o.log AND x.grantee <> o.relowner AND x.privilege_type <> 'SELECT'
UNION ALL
SELECT 'grant', format('%%s on %%s.%%s', x.privilege_type, o.relname, a.attname),
  CASE x.grantee WHEN 0 THEN 'everybody' ELSE pg_get_userbyid(x.grantee) END
  FROM ours o JOIN pg_attribute a ON a.attrelid = o.oid, aclexplode(a.attacl) x
  WHERE o.log AND x.grantee <> o.relowner AND x.privilege_type <> 'SELECT'
UNION ALL
SELECT 'grant', format('%%s on the schema', x.privilege_type),
  CASE x.grantee WHEN 0 THEN 'everybody' ELSE pg_get_userbyid(x.grantee) END
  FROM spaces s, aclexplode(s.nspacl) x WHERE s.log AND x.grantee <> s.nspowner AND x.privilege_type <> 'USAGE'
UNION ALL
SELECT 'grant', format('EXECUTE on %%s', f.proname), 'everybody'
  FROM pg_proc f JOIN spaces s ON s.oid = f.pronamespace,
  aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) x WHERE s.log AND x.grantee = 0
"""

# Which transaction last wrote each row of the catalogs that says anything of our tables. It changes with whatever
# the long question would find changed, and takes a quarter of the time.
_VERSION = """
WITH spaces AS (SELECT n.oid, n.xmin FROM pg_catalog.pg_namespace n WHERE n.nspname IN (%(log)s, %(views)s)),
ours AS (SELECT c.oid, c.xmin FROM pg_catalog.pg_class c WHERE c.relnamespace IN (SELECT s.oid FROM spaces s))
SELECT pg_catalog.md5(pg_catalog.string_agg(pg_catalog.concat(w.kind, w.oid, '.', w.xmin), ' '
  ORDER BY w.kind, w.oid, w.xmin::text)) FROM (
  SELECT 's', s.oid, s.xmin FROM spaces s
  UNION ALL SELECT 'c', o.oid, o.xmin FROM ours o
  UNION ALL SELECT 'a', o.oid, a.xmin FROM ours o JOIN pg_catalog.pg_attribute a ON a.attrelid = o.oid
    WHERE a.attnum > 0
  UNION ALL SELECT 'k', k.oid, k.xmin FROM ours o JOIN pg_catalog.pg_constraint k ON k.conrelid = o.oid
  UNION ALL SELECT 'i', i.indexrelid, i.xmin FROM ours o JOIN pg_catalog.pg_index i ON i.indrelid = o.oid
  UNION ALL SELECT 'g', g.oid, g.xmin FROM ours o JOIN pg_catalog.pg_trigger g ON g.tgrelid = o.oid
  UNION ALL SELECT 'r', r.oid, r.xmin FROM ours o JOIN pg_catalog.pg_rewrite r ON r.ev_class = o.oid
  UNION ALL SELECT 'p', p.oid, p.xmin FROM ours o JOIN pg_catalog.pg_policy p ON p.polrelid = o.oid
  UNION ALL SELECT 'h', h.inhrelid, h.xmin FROM ours o JOIN pg_catalog.pg_inherits h ON h.inhparent = o.oid
  UNION ALL SELECT 'f', f.oid, f.xmin FROM pg_catalog.pg_proc f WHERE f.pronamespace IN (SELECT s.oid FROM spaces s)
) w (kind, oid, xmin)
"""

_TIMES = {"BEFORE INSERT": 4 + 2, "BEFORE DELETE": 8 + 2, "BEFORE UPDATE": 16 + 2, "BEFORE TRUNCATE": 32 + 2}
_ROW = 1

Definition = tuple[str, str]


def differences(connection: Connection, log: str, views: str) -> list[str]:
    """Return what is not as created: anything of ours changed or gone, anything foreign acting on it."""
    rows = connection.exec_driver_sql(_FOUND, {"log": log, "views": views})
    found: dict[Definition, str] = {}
    for kind, name, told in rows:
        found[kind, name] = told if (kind, name) not in found else f"{found[kind, name]}; {told}"
    return [*_ours_amiss(found, log, views), *_foreign(found, log, views)]


def version(connection: Connection, log: str, views: str) -> str:
    """Return a text that changes with anything `differences` looks at."""
    return str(connection.exec_driver_sql(_VERSION, {"log": log, "views": views}).scalar_one())


def _ours_amiss(found: dict[Definition, str], log: str, views: str) -> Iterator[str]:
    for (kind, name), told in _expected(log, views).items():
        if (kind, name) not in found:
            yield f"missing {_told(kind, name)}"
        elif found[kind, name] != told:
            yield f"changed {_told(kind, name)}"


def _told(kind: str, name: str) -> str:
    """Name a thing; a column of ours that is not right leaves nothing of its table to be asked."""
    return f"table {name.partition('.')[0]}: column {name.partition('.')[2]}" if kind == "column" else f"{kind} {name}"


def _foreign(found: dict[Definition, str], log: str, views: str) -> Iterator[str]:
    for (kind, name), told in found.items():
        if (kind, name) in _expected(log, views):
            continue
        if kind == "function":
            yield f"foreign function {name}"
        elif kind == "grant":
            yield f"foreign grant {name} to {told}"
        else:
            yield f"foreign {_told(kind, name)} on {told.partition(' ')[0]}"


@cache
def _expected(log: str, views: str) -> dict[Definition, str]:
    """Return what the catalogs say of a register just created."""
    found: dict[Definition, str] = {}
    for name, table in TABLES.items():
        found["table", name] = "r p"
        for column, kind in table.columns.items():
            found["column", f"{name}.{column}"] = kind.replace("!", " NOT NULL")
        for constraint, text in table.constraints.items():
            found["constraint", constraint] = f"{name} {text}"
    for name, (_, text) in INDEXES.items():
        found["index", name] = text.format(log=log)
    for name, function in FUNCTIONS.items():
        settings = '{"search_path=pg_catalog, pg_temp"}'
        definer = "t" if function.definer else "f"
        body = body_of(function, f'"{log}"', f'"{views}"')
        found["function", name] = f"{function.result} plpgsql f v {definer} f {settings} {body}"
    for name, (on, when, each, called) in TRIGGERS.items():
        bits = _TIMES[when] + (_ROW if each == "FOR EACH ROW" else 0)
        found["trigger", name] = f"{on} {bits} A {log}.{called}"
    return found
