"""Lists of agreements and the other kinds, and the board, as a person reads them."""

from collections.abc import Iterator, Sequence
from typing import Any

from cli.inert import inert
from cli.output import Screen, cell
from cli.screens.words import counted, money, party
from cli.table import Column, lines

AGREEMENTS = (
    Column("slug", "AGREEMENT", fixed=True),
    Column("kind", "KIND", drop=4),
    Column("legal_status", "STATUS", drop=1),
    Column("signed_on", "SIGNED", fixed=True),
    Column("phase", "PHASE", drop=2),
    Column("run_state", "RUN", drop=6),
    Column("parties", "PARTIES", drop=5),
    Column("title", "TITLE", drop=3),
    Column("next", "NEXT", drop=7),
)

OTHERS = {
    "projects": (
        Column("slug", "PROJECT", fixed=True),
        Column("phase", "PHASE"),
        Column("run_state", "RUN", drop=1),
        Column("since", "SINCE", fixed=True),
        Column("agreements", "UNDER", drop=2),
        Column("title", "NAME", drop=3),
    ),
    "commissions": (
        Column("slug", "COMMISSION", fixed=True),
        Column("open_instructions", "OPEN"),
        Column("title", "NAME", drop=1),
    ),
    "occasions": (
        Column("slug", "OCCASION", fixed=True),
        Column("on", "ON", fixed=True),
        Column("place", "PLACE", drop=1),
        Column("combined_value", "VALUE", drop=2),
        Column("title", "TITLE", drop=3),
    ),
    "parties": (
        Column("slug", "PARTY", fixed=True),
        Column("abbreviation", "SHORT"),
        Column("country", "COUNTRY", drop=1),
        Column("kind", "KIND", drop=2),
        Column("title", "NAME", drop=3),
    ),
}

FOUND = (
    Column("kind", "KIND", fixed=True),
    Column("slug", "STREAM", fixed=True),
    Column("what", "WHERE"),
    Column("text", "TEXT"),
    Column("match", "BY", drop=1),
)

FLAGS = Column("flags", "FLAGS", drop=1)


def flat(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row whose nested values are short text: parties by name, values as money."""
    shown = dict(row)
    if "parties" in row:
        shown["parties"] = "; ".join(party(line) for line in row["parties"])
    if "flags" in row:
        shown["flags"] = ", ".join(dict.fromkeys(flag["code"] for flag in row["flags"]))
    if row.get("next"):
        shown["next"] = f"{row['next']['what']} {row['next']['on']}"
    if "combined_value" in row:
        shown["combined_value"] = money(row["combined_value"])
    return shown


def table(rows: Sequence[dict[str, Any]], columns: Sequence[Column], screen: Screen) -> Iterator[str]:
    """Yield rows as an aligned table with its count."""
    if not rows:
        yield "none"
        return
    cells = [{column.field: cell(row.get(column.field)) for column in columns} for row in rows]
    heading, *body = lines(cells, columns, screen.width)
    yield screen.faint(heading)
    yield from body


def board_lines(answer: dict[str, Any], screen: Screen) -> Iterator[str]:
    """Yield the board for people: projects by phase, agreements by status, flags."""
    projects = sum(len(column["projects"]) for column in answer["phases"])
    agreements = sum(len(column["agreements"]) for column in answer["legal"])
    yield screen.bold(f"{counted(projects, 'project')}, {counted(agreements, 'agreement')}")
    for column in answer["phases"]:
        if column["projects"]:
            yield f"{column['phase']:>22}  {len(column['projects'])}"
            for card in column["projects"]:
                under = f"   under {', '.join(card['agreements'])}" if card["agreements"] else ""
                run = "" if card["run_state"] == "active" else f"   {card['run_state']}"
                yield f"{'':24}{card['slug']}   {inert(card['title'])}{under}{run}"
    for column in answer["legal"]:
        yield f"{column['legal_status']:>22}  {len(column['agreements'])}"
        for agreement in column["agreements"]:
            yield f"{'':24}{agreement['slug']}   {inert(agreement['title'])}"
    for flagged in answer["flagged"]:
        codes = ", ".join(dict.fromkeys(flag["code"] for flag in flagged["flags"]))
        yield f"{'flagged':>22}  {flagged['slug']}: {codes}"


def board_rows(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the board as rows for formats that are columns."""
    projects = [
        {"axis": "phase", "value": column["phase"], "slug": card["slug"], "title": card["title"]}
        for column in answer["phases"]
        for card in column["projects"]
    ]
    return projects + [
        {"axis": "legal status", "value": column["legal_status"], "slug": row["slug"], "title": row["title"]}
        for column in answer["legal"]
        for row in column["agreements"]
    ]


BOARD = (
    Column("axis", "AXIS"),
    Column("value", "VALUE"),
    Column("slug", "SLUG", fixed=True),
    Column("title", "TITLE"),
)
