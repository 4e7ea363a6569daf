"""What the tests of the clock start from: a register with deadlines, and what its log says of reminders."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.cli.program import Program, line, written

COMMISSION = "commission/joint-com"
FIRST = date(2025, 7, 1)


def opened(program: Program, timezone: str = "Asia/Baku") -> None:
    """Make a register with one commission and one agreement in force."""
    program.ok("init", "--timezone", timezone)
    told(
        program,
        line("CommissionEstablished", COMMISSION, "2000-01-01", name="Joint Commission", sides=["Azerbaijan", "China"]),
    )


def told(program: Program, *lines: bytes) -> None:
    """Record facts."""
    program.ok("import", written(Path("facts.jsonl"), *lines))


def instruction(item: str, due: date | str, **more: Any) -> bytes:
    """Return an instruction of the commission with a deadline, issued long ago."""
    data = {"item": item, "text": f"Report {item}", "deadline": str(due), **more}
    return line("InstructionIssued", COMMISSION, "2000-02-01", **data)


def session(name: str, on: date | str) -> bytes:
    """Return a session planned long ago."""
    return line("SessionScheduled", COMMISSION, "2000-02-01", session=name, held_on=str(on))


def fired(program: Program) -> list[dict[str, Any]]:
    """Return the data of every reminder on record, with the day it was meant for."""
    events = program.json("log")["events"]
    return [{"on": event["on"], **event["data"]} for event in events if event["type"] == "ReminderFired"]


def deadlines(program: Program) -> Counter[tuple[str, str, str, int]]:
    """Return how often each deadline was called to mind: item, due day, the day it was done, days ahead."""
    return Counter((row["item"], row["due"], row["on"], row["days"]) for row in fired(program) if row["job"] == "due")


def expected(dues: dict[str, date], until: date, leads: tuple[int, ...] = (30, 7, 0)) -> Counter[Any]:
    """Return what a clock begun on the first day calls to mind until a day: reckoned by itself, not by the program."""
    found: Counter[Any] = Counter()
    for item, due in dues.items():
        passed = [lead for lead in leads if due - timedelta(days=lead) <= FIRST]
        for lead in [*([min(passed)] if passed else []), *(lead for lead in leads if lead not in passed)]:
            day = max(FIRST, due - timedelta(days=lead))
            if day <= until:
                found[f"instruction {item}", due.isoformat(), day.isoformat(), lead] += 1
    return found
