"""Does every index lead to every row, and to no other? Asked of amcheck where it may be, else by reading all twice."""

from collections.abc import Iterator

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

_CHECKER = """SELECT n.nspname FROM pg_catalog.pg_extension x JOIN pg_catalog.pg_namespace n ON n.oid = x.extnamespace
JOIN pg_catalog.pg_proc f ON f.pronamespace = n.oid AND f.proname = 'bt_index_check' AND f.pronargs = 2
WHERE x.extname = 'amcheck' AND pg_catalog.has_function_privilege(f.oid, 'EXECUTE')"""
_INDEXES = """SELECT i.indexrelid, c.relname FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = :log ORDER BY 2"""
# What is summed up over a table, and the index by which it is read a second time.
_SUMS = {
    "events_pkey": ("events", '"position"', '"position"'),
    "events_id": ("events", "id", "id"),
    "events_key": ("events", "key", "key"),
    "events_version": ("events", "stream", "stream || ' ' || version"),
    "mentions_pkey": ("mentions", '"position"', "\"position\" || ' ' || stream"),
    "mentions_by_stream": ("mentions", "stream", "stream"),
}


def problems(connection: Connection, log: str) -> Iterator[str]:
    """Yield what is wrong with the indexes of the log."""
    checker = connection.scalar(text(_CHECKER))
    if checker is None:
        yield from _read_twice(connection, log)
        return
    for index, name in connection.execute(text(_INDEXES), {"log": log}).all():
        try:
            with connection.begin_nested():
                connection.execute(text(f'SELECT "{checker}".bt_index_check(:index, true)'), {"index": index})
        except DBAPIError as fault:
            yield f"index {name}: {str(fault.orig).partition(chr(10))[0]}"


def _read_twice(connection: Connection, log: str) -> Iterator[str]:
    """Sum up each table once row by row and once by each index."""
    for name, (table, key, told) in _SUMS.items():
        summed = f"SELECT count(*), sum(hashtextextended(({told})::text, 0)) FROM"
        rows = f'{summed} "{log}".{table} WHERE {key} IS NOT NULL'
        found = []
        for scan, other in (("enable_seqscan", "enable_indexscan"), ("enable_indexscan", "enable_seqscan")):
            connection.execute(text(f"SET LOCAL {scan} = on"))
            connection.execute(text(f"SET LOCAL {other} = off"))
            connection.execute(text("SET LOCAL enable_bitmapscan = off"))
            connection.execute(text(f"SET LOCAL enable_indexonlyscan = {'on' if other == 'enable_seqscan' else 'off'}"))
            ordered = f'{summed} (SELECT * FROM "{log}".{table} WHERE {key} IS NOT NULL ORDER BY {key}) t'
            found.append(tuple(connection.execute(text(ordered if other == "enable_seqscan" else rows)).one()))
        if found[0] != found[1]:
            yield f"index {name}: {found[1][0]} entries, {found[0][0]} rows"
