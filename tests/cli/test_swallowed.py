"""A record that something in the database swallows is never acknowledged, and `verify` names what did it (P28)."""

from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.eventstore.lids import FileLid, Lid, ServerLid
from tests.figures import Figure

_FUNCTION = "CREATE FUNCTION {views}.evil() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
SWALLOWERS = {
    "RAISE(IGNORE) on events": (
        "sqlite",
        ["CREATE TRIGGER evil BEFORE INSERT ON events BEGIN SELECT RAISE(IGNORE); END"],
    ),
    "RAISE(IGNORE) on mentions": (
        "sqlite",
        ["CREATE TRIGGER evil BEFORE INSERT ON mentions BEGIN SELECT RAISE(IGNORE); END"],
    ),
    "RAISE(IGNORE) on the head": (
        "sqlite",
        ["CREATE TRIGGER evil BEFORE UPDATE ON head BEGIN SELECT RAISE(IGNORE); END"],
    ),
    "RETURN NULL on events": (
        "postgres",
        [_FUNCTION, "CREATE TRIGGER evil BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION evil()"],
    ),
    "RETURN NULL on the head": (
        "postgres",
        [_FUNCTION, "CREATE TRIGGER evil BEFORE UPDATE ON head FOR EACH ROW EXECUTE FUNCTION evil()"],
    ),
    "DO INSTEAD NOTHING on events": ("postgres", ["CREATE RULE evil AS ON INSERT TO events DO INSTEAD NOTHING"]),
    "DO INSTEAD NOTHING on mentions": ("postgres", ["CREATE RULE evil AS ON INSERT TO mentions DO INSTEAD NOTHING"]),
}


@pytest.fixture
def lid(engine: str, where: str, request: pytest.FixtureRequest) -> Lid:
    """Return a way past the store to its database."""
    if engine == "sqlite":
        return FileLid(Path(where))
    return ServerLid(request.getfixturevalue("postgres"), ServerLid.schema_of(where))


@pytest.mark.parametrize(("engine", "statements"), SWALLOWERS.values(), ids=SWALLOWERS, indirect=["engine"])
def test_a_swallowed_record_is_refused_and_its_swallower_named(
    paraph: Program, where: str, lid: Lid, statements: list[str], request: pytest.FixtureRequest, figure: Figure
) -> None:
    """The command does not end with 0, nothing is recorded, `verify` ends with 7 and names the foreign object."""
    paraph.ok("init", "--db", where)
    paraph.ok("new", "party", "State Oil Fund", "--slug", "fund", "--db", where)
    lid(*(text.replace("{views}", f"{getattr(lid, 'schema', '')}_views") for text in statements))
    noted = paraph("note", "fund", "swallowed", "--db", where, "--json")
    found = paraph("verify", "--db", where, "--json")
    assert (noted.code, noted.out) == (7, "")
    assert "evil" in noted.error["message"]
    assert found.code == 7
    assert [problem for problem in found.json["problems"] if "evil" in problem["what"]], found.json
    assert lid("SELECT max(position) FROM events")[0][0] == 1
    figure("P28", f"{request.node.callspec.id}: exit {noted.code}, `verify` names it")
