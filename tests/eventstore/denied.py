"""What nobody of a register on a server may do, as raw statements: rewrite, reshape, grant, reach the host."""

from collections.abc import Iterator

from eventstore.postgres.functions import FUNCTIONS
from eventstore.postgres.layout import TABLES, TRIGGERS

_TO_A_TABLE = (
    "INSERT INTO {log}.{table} SELECT * FROM {log}.{table}",
    "INSERT INTO {log}.{table} SELECT * FROM {log}.{table} ON CONFLICT DO NOTHING",
    "UPDATE {log}.{table} SET {column} = {column}",
    "DELETE FROM {log}.{table}",
    "TRUNCATE {log}.{table} CASCADE",
    "MERGE INTO {log}.{table} t USING {log}.{table} s ON false WHEN NOT MATCHED THEN INSERT VALUES ({nulls})",
    "COPY {log}.{table} FROM STDIN",
    "SELECT * FROM {log}.{table} FOR UPDATE",
    "SELECT * FROM {log}.{table} FOR NO KEY UPDATE",
    "SELECT * FROM {log}.{table} FOR SHARE",
    "BEGIN; LOCK TABLE {log}.{table} IN ROW EXCLUSIVE MODE",
    "BEGIN; LOCK TABLE {log}.{table} IN ACCESS EXCLUSIVE MODE",
    "DROP TABLE {log}.{table} CASCADE",
    "ALTER TABLE {log}.{table} ADD COLUMN evil text",
    "ALTER TABLE {log}.{table} DROP COLUMN {column} CASCADE",
    "ALTER TABLE {log}.{table} ALTER COLUMN {column} SET DEFAULT NULL",
    "ALTER TABLE {log}.{table} RENAME TO evil",
    "ALTER TABLE {log}.{table} SET SCHEMA public",
    "ALTER TABLE {log}.{table} SET UNLOGGED",
    "ALTER TABLE {log}.{table} OWNER TO CURRENT_USER",
    "ALTER TABLE {log}.{table} DISABLE TRIGGER ALL",
    "ALTER TABLE {log}.{table} DISABLE TRIGGER USER",
    "ALTER TABLE {log}.{table} ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE {log}.{table} REPLICA IDENTITY NOTHING",
    "CREATE INDEX evil ON {log}.{table} ({column})",
    "CREATE TRIGGER evil BEFORE INSERT ON {log}.{table} EXECUTE FUNCTION {log}.refuse()",
    "CREATE RULE evil AS ON INSERT TO {log}.{table} DO INSTEAD NOTHING",
    "CREATE POLICY evil ON {log}.{table} USING (false)",
    "CREATE TABLE {views}.evil (CONSTRAINT c FOREIGN KEY ({column}) REFERENCES {log}.{table}) INHERITS ({log}.{table})",
    "COMMENT ON TABLE {log}.{table} IS 'evil'",
    "GRANT ALL ON {log}.{table} TO PUBLIC",
    "CLUSTER {log}.{table} USING {table}_pkey",
    "REINDEX TABLE {log}.{table}",
    "CREATE STATISTICS {views}.evil ON {two} FROM {log}.{table}",
    "CREATE PUBLICATION evil FOR TABLE {log}.{table}",
)
_TO_A_FUNCTION = (
    "CREATE OR REPLACE FUNCTION {log}.{call} RETURNS {result} LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "DROP FUNCTION {log}.{name} CASCADE",
    "ALTER FUNCTION {log}.{name} RENAME TO evil",
    "ALTER FUNCTION {log}.{name} OWNER TO CURRENT_USER",
    "ALTER FUNCTION {log}.{name} SET search_path = {views}",
    "ALTER FUNCTION {log}.{name} SET SCHEMA {views}",
    "ALTER FUNCTION {log}.{name} SECURITY INVOKER",
    "GRANT EXECUTE ON FUNCTION {log}.{name} TO PUBLIC",
)
_TO_A_TRIGGER = (
    "DROP TRIGGER {name} ON {log}.{table}",
    "ALTER TRIGGER {name} ON {log}.{table} RENAME TO evil",
    "ALTER TABLE {log}.{table} DISABLE TRIGGER {name}",
    "ALTER TABLE {log}.{table} ENABLE REPLICA TRIGGER {name}",
)
_TO_THE_REST = (
    "CREATE TABLE {log}.evil (x int)",
    "CREATE VIEW {log}.evil AS SELECT 1",
    "CREATE FUNCTION {log}.evil() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE TYPE {log}.evil AS (x int)",
    "CREATE SEQUENCE {log}.evil",
    "CREATE OPERATOR {log}.= (LEFTARG = text, RIGHTARG = int, FUNCTION = texteq)",
    "DROP SCHEMA {log} CASCADE",
    "ALTER SCHEMA {log} RENAME TO evil",
    "ALTER SCHEMA {log} OWNER TO CURRENT_USER",
    "GRANT CREATE ON SCHEMA {log} TO PUBLIC",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {log}_owner GRANT ALL ON TABLES TO PUBLIC",
    "SET ROLE {log}_owner",
    "SET SESSION AUTHORIZATION {log}_owner",
    "GRANT {log}_owner TO CURRENT_USER",
    "ALTER ROLE {log}_owner LOGIN",
    "DROP ROLE {log}_owner",
    "CREATE ROLE {log}_evil",
    "REASSIGN OWNED BY {log}_owner TO CURRENT_USER",
    "DROP OWNED BY {log}_owner",
    "SET session_replication_role = replica",
    "SELECT set_config('session_replication_role', 'replica', false)",
    "SET allow_system_table_mods = on",
    "ALTER SYSTEM SET fsync = off",
    "ALTER DATABASE postgres SET synchronous_commit = off",
    "UPDATE pg_catalog.pg_class SET relowner = 10",
    "UPDATE pg_catalog.pg_trigger SET tgenabled = 'D'",
    "DELETE FROM pg_catalog.pg_trigger",
    "CREATE EVENT TRIGGER evil ON ddl_command_start EXECUTE FUNCTION {log}.refuse()",
    "CREATE SCHEMA {log}_evil",
    "CREATE DATABASE {log}_evil",
    "CREATE FUNCTION {views}.evil() RETURNS int LANGUAGE c AS 'libc', 'system'",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "COPY (SELECT 1) TO '/tmp/evil'",
    "SELECT pg_read_file('postgresql.conf')",
    "SELECT pg_ls_dir('.')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT pg_reload_conf()",
    "SELECT pg_switch_wal()",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'desk' LIMIT 1",
    "SELECT pg_create_physical_replication_slot('evil')",
    "SELECT pg_replication_origin_create('evil')",
    "SELECT * FROM pg_catalog.pg_authid",
    "CHECKPOINT",
)
_TO_READERS = (
    "SELECT {log}.lock_head()",
    "SELECT {log}.append(ARRAY[]::bytea[])",
    "CREATE TABLE {views}.evil (x int)",
    "CREATE FUNCTION {views}.evil() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "DROP SCHEMA {views} CASCADE",
    "SET ROLE {log}_append",
    "GRANT {log}_append TO CURRENT_USER",
)


def to_all(log: str) -> Iterator[str]:
    """Yield the statements that neither recorders nor readers may run."""
    names = {"log": log, "views": f"{log}_views"}
    for name, table in TABLES.items():
        first, second, *_ = (f'"{column}"' for column in table.columns)
        about = {"table": name, "column": first, "two": f"{first}, {second}"}
        nulls = ", ".join(["NULL"] * len(table.columns))
        yield from (text.format(**names, **about, nulls=nulls) for text in _TO_A_TABLE)
    for call, function in FUNCTIONS.items():
        about = {"call": call, "name": call.partition("(")[0], "result": function.result}
        yield from (text.format(**names, **about) for text in _TO_A_FUNCTION)
        if function.result == "trigger":
            yield f"SELECT {log}.{call}"
    for name, (on, *_) in TRIGGERS.items():
        yield from (text.format(**names, table=on, name=name) for text in _TO_A_TRIGGER)
    yield from (text.format(**names) for text in _TO_THE_REST)


def to_readers(log: str) -> Iterator[str]:
    """Yield the statements that only readers may not run."""
    yield from (text.format(log=log, views=f"{log}_views") for text in _TO_READERS)
