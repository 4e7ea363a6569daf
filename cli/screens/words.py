"""Small words the screens share: a date with its doubt, money, a list of parties."""

from collections.abc import Iterable
from typing import Any

from domain.dates import parse, shown

Refined = dict[str, str]


def refined_years(quality: dict[str, Any]) -> Refined:
    """Return the dates that were not so in their sources: the refined text, and how it became better known."""
    return {row["to"]: _refined(row) for row in quality["refined"]}


def _refined(row: dict[str, Any]) -> str:
    how = "inferred" if row["basis"].casefold().startswith("inferred") else "refined"
    return f"year {how}" if row["from"].startswith(("XXXX", "../XXXX")) else how


def day(text: str | None, refined: Refined | None = None) -> str:
    """Return a date for people: `17 Apr 2025 (year inferred)`."""
    if not text:
        return ""
    inferred = (refined or {}).get(text)
    if inferred is None:
        return shown(parse(text))
    return f"{shown(parse(text.rstrip('?')))} ({inferred})"


def money(value: dict[str, Any] | None) -> str:
    """Return an amount for people: `USD 335,000,000 (estimated)`."""
    if not value or not value.get("amount"):
        return ""
    whole, _, rest = value["amount"].partition(".")
    amount = f"{value['currency']} {int(whole):,}" + (f".{rest}" if rest else "")
    qualifier = value.get("qualifier") or value.get("kind")
    return f"{amount} ({qualifier})" if qualifier else amount


def parties(lines: Iterable[dict[str, Any]]) -> str:
    """Return parties for people: `IZIA (AZ)  x  Vencou Vanhong (CN)`."""
    return "  x  ".join(party(line) for line in lines)


def party(line: dict[str, Any]) -> str:
    """Return a party for people, by its short name, with its country where known."""
    name = line.get("abbreviation") or line["name"]
    return f"{name} ({line['country']})" if line.get("country") else str(name)


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun: `1 event`, `6 events`."""
    return f"{number} {one if number == 1 else many or one + 's'}"
