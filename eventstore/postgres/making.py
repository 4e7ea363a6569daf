"""Making a register on a server: its roles, its two schemas, its layout and its settings, all or nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import dedent

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from eventstore.engine import Meta
from eventstore.errors import Unavailable
from eventstore.postgres.address import Address
from eventstore.postgres.engine import PATIENCE, make_engine
from eventstore.postgres.faults import translated
from eventstore.postgres.functions import FUNCTIONS
from eventstore.postgres.layout import statements
from eventstore.postgres.standby import refused_on_a_standby

_TAKEN = frozenset({"42P06", "23505"})  # the schema is there, or another one is making it this very moment
_MAY = """SELECT rolsuper OR rolcreaterole, has_database_privilege(current_database(), 'CREATE')
FROM pg_roles WHERE rolname = current_user"""


@dataclass(frozen=True)
class Plan:
    """What is to be made where. Without `roles` it is all the maker's own, and for nobody else."""

    address: Address
    meta: Meta
    roles: bool = True

    def statements(self) -> Iterator[str]:
        """Yield the statements, to be run in one transaction."""
        log, views = f'"{self.address.schema}"', f'"{self.address.views}"'
        yield "SET LOCAL search_path = pg_catalog, pg_temp"
        if self.roles:
            yield from self._roles()
        for schema, owner in ((log, self.address.owner), (views, self.address.append)):
            yield f"CREATE SCHEMA {schema}" + (f' AUTHORIZATION "{owner}"' if self.roles else "")
        if self.roles:
            yield from self._for_members(views)
            yield f'SET LOCAL ROLE "{self.address.owner}"'
        yield from statements(log, views)
        yield f"INSERT INTO {log}.head (one, size, peaks) VALUES (1, 0, '')"
        for name, value in self.meta.items():
            yield f"INSERT INTO {log}.meta (name, value) VALUES ({_quoted(name)}, {_quoted(value)})"
        if self.roles:
            yield from self._grants(log)
            yield "RESET ROLE"
            yield f'REVOKE "{self.address.owner}" FROM CURRENT_USER'

    def script(self) -> str:
        """Return the statements as a script for `psql`, with what is left to do."""
        told = dedent(f"""\
            -- paraph: a register in schema {self.address.schema}. Run it once, in its database, as somebody
            -- who may create roles and schemas:  psql --set ON_ERROR_STOP=1 --file THIS DATABASE
            -- Then let people in:  GRANT "{self.address.append}" TO somebody;  -- records and reads
            --                      GRANT "{self.address.reader}" TO somebody;  -- only reads
            """)
        lines = [told, "BEGIN;", *(f"{statement};" for statement in self.statements()), "COMMIT;", ""]
        return "\n".join(lines)

    def _roles(self) -> Iterator[str]:
        for role in (self.address.owner, self.address.append, self.address.reader):
            yield dedent(f"""\
                DO $paraph$ BEGIN
                  CREATE ROLE "{role}" NOLOGIN;
                EXCEPTION WHEN duplicate_object OR unique_violation THEN
                  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{role}' AND (rolcanlogin OR rolsuper)) THEN
                    RAISE EXCEPTION 'role {role} is somebody who logs in, or a superuser';
                  END IF;
                END $paraph$""")
        # To make something for a role one must be able to act as it; who makes the register also uses it.
        for role in (self.address.owner, self.address.append):
            yield f'GRANT "{role}" TO CURRENT_USER'

    def _for_members(self, views: str) -> Iterator[str]:
        append, reader = self.address.append, self.address.reader
        yield f'SET LOCAL ROLE "{append}"'
        yield f'GRANT USAGE ON SCHEMA {views} TO "{reader}"'
        yield f'ALTER DEFAULT PRIVILEGES IN SCHEMA {views} GRANT SELECT ON TABLES TO "{reader}"'
        yield "RESET ROLE"

    def _grants(self, log: str) -> Iterator[str]:
        append, reader = self.address.append, self.address.reader
        yield f'GRANT USAGE ON SCHEMA {log} TO "{append}", "{reader}"'
        yield f'GRANT SELECT ON ALL TABLES IN SCHEMA {log} TO "{append}", "{reader}"'
        yield f'GRANT EXECUTE ON FUNCTION {log}.read_models() TO "{append}", "{reader}"'
        for name in FUNCTIONS:
            if name.startswith(("append(", "lock_head(")):
                yield f'GRANT EXECUTE ON FUNCTION {log}.{name} TO "{append}"'


def create(address: Address, meta: Meta, *, patience: float = PATIENCE) -> None:
    """Create a register whole or not at all; Unavailable(exists) and kin when the place is taken.

    Who may create roles makes one to share; the owner of a database who may not makes one of his own.
    Unavailable(roles) for anybody else: it is for whoever keeps the server to run the script.
    """
    engine = make_engine(address, patience=patience, known=False)
    try:
        with (
            translated(address),
            refused_on_a_standby(engine, address),
            engine.connect() as connection,
            connection.begin(),
        ):
            roles, schemas = connection.execute(text(_MAY)).one()
            if not schemas:
                raise Unavailable(reason="roles", place=str(address))
            plain = connection.execution_options(no_parameters=True)
            try:
                for statement in Plan(address, meta, roles).statements():
                    plain.exec_driver_sql(statement)
            except DBAPIError as fault:
                if getattr(fault.orig, "sqlstate", None) in _TAKEN:
                    raise Unavailable(reason="exists", place=str(address)) from None
                raise
    finally:
        engine.dispose()


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
