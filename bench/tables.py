"""A large table in and out: `python -m bench.tables [ROWS]`, or `make bench-tables`.

A register of agreements as ministries keep them, of several facts a row, imported and exported by the program itself,
each time in a process of its own: seconds, seconds of the processor, and the most memory it took. The rows are the
same at every run. Seconds depend on the machine and on what else it does; those of the processor do less so.
"""

import csv
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from time import perf_counter

HEADING = ("Number", "Title", "Counterpart", "Type", "Signed", "Status", "Amount", "Currency")
MAP = """
name = "bench"
[defaults]
dates = ["dmy"]
source = "List of the ministry ({file})"
[words.kind]
"Agreement" = "treaty"
"Memorandum of understanding" = "mou"
"Protokol" = "protocol"
[streams.own]
kind = "party"
fixed = "Ministry of Energy"
[streams.party]
kind = "party"
key = "Counterpart"
[streams.agreement]
kind = "agreement"
key = ["Number"]
[[facts]]
stream = "own"
type = "PartyRegistered"
id = "ourselves"
on = "../{@recorded}"
keep = ["on"]
data = { name = "Ministry of Energy" }
[[facts]]
stream = "party"
type = "PartyRegistered"
on = "../{@recorded}"
keep = ["on"]
data = { name = "{Counterpart}" }
[[facts]]
stream = "agreement"
type = "AgreementOpened"
on = { column = "Signed" }
data = { title = "{Title}", kind = { column = "Type", words = "kind" } }
[[facts]]
stream = "agreement"
type = "PartyAdded"
id = "own"
on = { column = "Signed" }
data = { party = { stream = "own" } }
[[facts]]
stream = "agreement"
type = "PartyAdded"
id = "other"
on = { column = "Signed" }
data = { party = { stream = "party" } }
[[facts]]
stream = "agreement"
type = "AgreementSigned"
on = { column = "Signed" }
when = { column = "Status", not = ["draft"] }
[[facts]]
stream = "agreement"
type = "ValueStated"
on = { column = "Signed" }
when = "Amount"
data = { amount = { column = "Amount", as = "amount", decimal = "," }, currency = "{Currency}" }
"""
EXPORTS = ("jsonl", "ocel", "xlsx", "ics")


def rows(count: int) -> Iterator[Sequence[str]]:
    """Yield the rows of an invented register: three to five facts each, two parties, titles in two languages."""
    chance = Random(7)  # noqa: S311 - the same rows at every run
    for number in range(count):
        kind = chance.choice(("Agreement", "Memorandum of understanding", "Protokol"))
        about = chance.choice(("on cooperation in field", "əməkdaşlıq haqqında, sahə"))
        signed = date(1992, 1, 1) + timedelta(days=chance.randrange(12_000))
        yield (
            f"A-{number:06}",
            f"{kind} {about} {chance.randrange(5000)} ({number})",
            f"Ministry of Trade of Country {chance.randrange(200)}",
            kind,
            f"{signed:%d.%m.%Y}",
            chance.choice(("draft", "signed", "in force")),
            f"{chance.randrange(1, 9_000_000)},{chance.randrange(10, 100)}" if chance.random() < 0.3 else "",
            chance.choice(("AZN", "USD", "EUR")),
        )


def table(folder: Path, count: int) -> tuple[Path, Path]:
    """Write the table and its map; return where they are."""
    file, map_ = folder / "register.csv", folder / "map.toml"
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows([HEADING, *rows(count)])
    map_.write_text(MAP, encoding="utf-8")
    return file, map_


def ran(*words: str) -> str:
    """Run the program and return, for people, what it took."""
    begun = perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "paraph", *words, "--quiet"], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    took = f"{perf_counter() - begun:7.1f} s {used.ru_utime + used.ru_stime:7.1f} s of the processor"
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return f"{took} {used.ru_maxrss / unit:6.0f} MB" + (f", exit {process.returncode}" if process.returncode else "")


def main() -> None:
    """Print a line for the import and for each export."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file, map_ = table(folder, count)
        place = ("--db", str(folder / "register.db"))
        subprocess.run([sys.executable, "-m", "paraph", "init", *place, "--quiet"], check=True, capture_output=True)
        print(f"{f'import {count} rows':24}", ran("import", str(file), "--map", str(map_), *place), flush=True)
        print(f"{'import the same again':24}", ran("import", str(file), "--map", str(map_), *place), flush=True)
        for form in EXPORTS:
            made = str(folder / f"out.{form}")
            print(f"{f'export {form}':24}", ran("export", "--format", form, "-o", made, *place), flush=True)


if __name__ == "__main__":
    main()
