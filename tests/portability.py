"""What SQL the program needs: every statement read word by word, each word plain SQL or part of a named feature.

A word that is neither is an error, so that nothing new is depended on unnoticed. Names of ours are lower case and
no function call, type or catalog; keywords are upper case, as SQLAlchemy and we write them.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

# What ISO SQL has had since 1999, a limit for its "fetch first" put in.
_PLAIN = """ALL ALTER AND AS ASC AUTHORIZATION BEGIN BETWEEN BY CASE CHECK COMMIT CONSTRAINT CREATE DELETE DESC DISTINCT
DROP ELSE END EXISTS FOR FROM GRANT GROUP HAVING IF IN INDEX INNER INSERT INTO IS ISOLATION JOIN KEY LEFT LEVEL LIKE
LIMIT NOT NULL ON ONLY OR ORDER PRIMARY PUBLIC READ RELEASE RENAME REVOKE ROLLBACK SAVEPOINT SCHEMA SELECT SET TABLE
TABLES THEN TO TRANSACTION UNION UNIQUE UPDATE USAGE VALUES WHEN WHERE WITH WRITE
INTEGER VARCHAR VARYING BIGINT bigint int integer count coalesce max min nullif sum = < > <= >= <> + - * / ||"""
PLAIN = frozenset(_PLAIN.split())

# What a server must have besides; each as the patterns it is known by.
FEATURES = {
    "PL/pgSQL and DO blocks": r"CREATE FUNCTION|LANGUAGE plpgsql VOLATILE|SECURITY INVOKER|\bDO\b|DECLARE|:=|"
    r"TG_TABLE_NAME|\bRETURNS (?:TABLE\([^)]*\)|\w+)|\bRETURN(?: QUERY)?\b|\bWHILE\b|END LOOP|\bLOOP\b|\b(?:NEW|OLD)\b|"
    r"RAISE EXCEPTION|USING ERRCODE|EXCEPTION WHEN",
    "PL/pgSQL's PERFORM, FOREACH, FOR over a query, GET DIAGNOSTICS, STRICT, %ROWTYPE, EXECUTE": r"\bPERFORM\b|FOREACH|"
    r"IN ARRAY|FOR found IN|found record|GET DIAGNOSTICS|ROW_COUNT|INTO STRICT|%ROWTYPE|EXECUTE format\(",
    "SECURITY DEFINER with a search_path of its own": r"SECURITY DEFINER|SET search_path = pg_catalog, pg_temp AS",
    "row triggers": r"CREATE TRIGGER \w+ BEFORE (?:INSERT|UPDATE|DELETE) ON \S+ FOR EACH ROW EXECUTE FUNCTION",
    "TRUNCATE triggers": r"CREATE TRIGGER \w+ BEFORE TRUNCATE ON \S+ FOR EACH STATEMENT EXECUTE FUNCTION",
    "ENABLE ALWAYS TRIGGER": r"ENABLE ALWAYS TRIGGER",
    "roles without a login": r"CREATE ROLE|NOLOGIN|(?:RESET|SET LOCAL) ROLE|CURRENT_USER|session_user|current_user|"
    r"ALTER DEFAULT PRIVILEGES|GRANT EXECUTE ON FUNCTION|GRANT SELECT ON ALL TABLES IN SCHEMA|REVOKE ALL ON FUNCTION",
    "DDL in a transaction": r"CREATE TABLE|DROP TABLE|ALTER TABLE \S+ RENAME TO|CREATE SCHEMA|CREATE INDEX",
    "SELECT … FOR UPDATE": r"FOR UPDATE",
    "REPEATABLE READ and READ COMMITTED": r"ISOLATION LEVEL (?:REPEATABLE READ|READ COMMITTED)|READ ONLY",
    "LOCK TABLE … ACCESS SHARE": r"LOCK TABLE \S+ IN ACCESS SHARE MODE",
    "session settings": r"\b(?:set_config|current_setting)\(|SET LOCAL \w+",
    "system catalogs": r"\bpg_[a-z_]+\b(?!\()|\b(?:pg_get_\w+|pg_has_role|has_\w+_privilege|to_reg\w+)\(|"
    r"\b(?:aclexplode|acldefault|format_type|current_database)\(|\breg\w+\b|int2",
    "xmin of the catalogs": r"\bxmin\b",
    "bytea, sha256 and jsonb": r"\bbytea\b|BYTEA|\bjsonb\b|->>|->|"
    r"\b(?:sha256|octet_length|substr|convert_from|jsonb_\w+)\(",
    'COLLATE "C"': r'COLLATE "C"',
    "index methods btree and hash": r"USING (?:hash|btree)",
    "PostgreSQL's expressions": r"::|&|>>|\w\[\]|ARRAY ?\[|\bARRAY\(|= ANY ?\(|\barray_\w+\(|"
    r"\b(?:concat|concat_ws|format|string_agg|md5|hashtextextended)\(|\bOPERATOR\(|\bunnest\(|"
    r"WITH ORDINALITY",
    "a standby that tells how it stands": r"\bpg_(?:is_in_recovery|is_wal_replay_paused|wal_lsn_diff|last_\w+)\(|"
    r"\bpg_stat_wal_receiver\b|\bclock_timestamp\(",
    "LISTEN and NOTIFY, only a doorbell": r"\b(?:LISTEN|NOTIFY)\b",
    "the number of the session's process": r"\bpg_backend_pid\(",
    "amcheck, where it is": r"\bbt_index_check\(",
}

_VERB = re.compile(
    r"(?:SELECT|WITH|INSERT|UPDATE|DELETE|CREATE|DROP|ALTER|GRANT|REVOKE|SET|LOCK|LISTEN|NOTIFY|DO|BEGIN)\s"
)
_COMMENT = re.compile(r"--[^\n]*")
_LITERAL = re.compile(r"E?'((?:[^']|'')*)'")
_SETTING = re.compile(r"(?:(?:set_config|current_setting)\(\s*'|SET LOCAL (?!ROLE)|SET (?=search_path))([a-z_]+)")
_CATALOG = re.compile(r"\b(pg_(?!catalog|temp|get|has)[a-z_]+)\b(?!\()")
_QUOTED = re.compile(r'"([^"]*)"')
_PARAMETER = re.compile(r"%\(\w+\)s|%s|%I|%%|\$\w*\$|\$\d+")
# Keywords in lower case would pass for names of ours.
_SMALL = "select|insert|update|delete|from|where|for|using|with|returning|lock|listen|notify|lateral|ilike|conflict"
_WORD = re.compile(
    rf"[A-Z_]{{2,}}\b|\b(?:{_SMALL})\b|\b[a-z_0-9]+(?=\()|(?<=::)\w+|:=|->>?|<=|>=|<>|\|\||[=<>+*/&|~@#!^-]+"
)
_DRIVERS = frozenset({"select pg_catalog.version()", "select current_schema()", "show standard_conforming_strings"})
"""What SQLAlchemy asks on the first connection, in lower case."""


def settings(statement: str) -> set[str]:
    """Return the server settings a statement sets or reads."""
    return set(_SETTING.findall(statement))


def catalogs(statement: str) -> set[str]:
    """Return the system catalogs a statement reads."""
    return set(_CATALOG.findall(statement))


def features(statement: str, ours: Iterable[str] = ()) -> set[str]:
    """Return what a statement needs beyond plain SQL; LookupError names a word nobody has classified."""
    if statement in _DRIVERS:
        return {"system catalogs"}
    found: set[str] = set()
    text = _COMMENT.sub("", statement)
    for literal in _LITERAL.findall(text):
        if _VERB.match(literal):  # a statement the server puts together
            found |= features(literal, ours)
    text = _LITERAL.sub("''", text)
    text = _QUOTED.sub(lambda name: name[0] if name[1] == "C" else "x", text)
    text = " ".join(_PARAMETER.sub("x", text).split())
    for name, pattern in FEATURES.items():
        if re.search(pattern, text):
            found.add(name)
    rest = re.sub("|".join(FEATURES.values()), " ", text)
    if strange := {word for word in _WORD.findall(rest) if word not in PLAIN} - {*ours}:
        raise LookupError(f"neither plain SQL nor a feature: {', '.join(sorted(strange))}, in: {statement}")
    return found


def written_in(module: Path) -> Iterator[str]:
    """Yield the statements that stand in a module, whether a story comes by them or not."""
    waiting: list[ast.AST] = [ast.parse(module.read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, ast.JoinedStr):  # whose parts are no statements
            waiting.extend(ast.iter_child_nodes(node))
        if _VERB.match(text := _text(node).lstrip()):
            yield text


def _text(node: ast.AST) -> str:
    """Return the text a literal stands for, with `x` for what is put into it."""
    if isinstance(node, ast.JoinedStr):
        return "".join(map(_text, node.values))
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return "x" if isinstance(node, ast.FormattedValue) else ""
