"""Whatever a record holds is printed inert: no control byte, no bidi override, no markup that acts (P23)."""

import unicodedata

import pytest

from tests.cli.program import Answer, Program, line

STORABLE = {
    "left-to-right override": "safe\u202egnp.exe",
    "right-to-left embedding": "a\u202bb",
    "isolates": "a\u2066b\u2069c",
    "pop directional": "a\u202cb",
    "marks": "a\u200eb\u200fc",
    "arabic letter mark": "a\u061cb",
    "zero width": "pay\u200bpal",
    "joiner": "a\u200db\u200cc",
    "word joiner": "a\u2060b",
    "byte order mark": "\ufeffname",
    "soft hyphen": "a\u00adb",
    "tag characters": "a\U000e0041b",
    "variation selector": "a\ufe0fb",
    "rich markup": "[red]alarm[/red]",
    "rich link": "[link=https://example.org]click[/link]",
    "markdown": "**bold** | cell `code` <script>alert(1)</script>",
    "formula": '=HYPERLINK("https://example.org";"x")',
    "plus formula": "+1+1",
    "at formula": "@SUM(A1)",
    "combining": "Ale\u0301" + "\u0300" * 20,
    "arabic": "وزارة الاقتصاد",
    "hebrew": "משרד הכלכלה",
    "chinese": "中国机械工程公司",
    "emoji": "👩\u200d🚀 flag 🇦🇿",
    "azerbaijani": "İqtisadi Zonaların İnkişafı Agentliyi ə",
    "cyrillic twin": "АЗПРОМО",
    "fullwidth": "ＡＺＰＲＯＭＯ",
    "interlinear": "a\ufff9b\ufffb",
    "private use": "ab",
    "non-breaking space": "a\u00a0b",
    "ideographic space": "a\u3000b",
    "quotes": 'it\'s "quoted" “so”',
    "backslashes": "C:\\new\\table",
    "percent": "%s %d {0} {name}",
    "dollar": "$(reboot) `id` ${HOME}",
    "semicolon": "a; rm -rf /",
    "html": "<b onload=x>&amp;",
    "hyphens": "--json",
    "unassigned": "a\U000e0fffb",
    "long": "x" * 500,
}
REFUSED = {
    "escape": "a\x1b[31mred",
    "bell": "a\x07b",
    "backspace": "ab\x08\x08",
    "newline": "a\nb",
    "carriage return": "a\rb",
    "tab": "a\tb",
    "nul": "a\x00b",
    "delete": "a\x7fb",
    "c1": "a\x9b31mb",
    "line separator": "a\u2028b",
    "paragraph separator": "a\u2029b",
    "blank": "   ",
    "nothing": "",
    "too long": "x" * 501,
}
BIDI = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


def acts(text: str) -> set[str]:
    """Return the characters that could act on a terminal: controls but newline and tab, bidi controls, separators."""
    return {c for c in text if (unicodedata.category(c) in {"Cc", "Zl", "Zp"} and c not in "\n\t") or c in BIDI}


def hold(program: Program, name: str) -> None:
    """Make a register in which a name stands wherever a name can stand."""
    program.ok("init")
    facts = (
        line("PartyRegistered", "party/one", name=name, abbreviation=name),
        line("PartyRegistered", "party/two", name="Two"),
        line("AgreementOpened", "agreement/named", title=name, kind="mou", subject=name, sectors=[name]),
        line("PartyAdded", "agreement/named", party="one", name_as_printed=name, side=name),
        line("PartyAdded", "agreement/named", party="two"),
        line("AgreementSigned", "agreement/named", envelope={"note": name}, place=name),
        line("ProjectIdentified", "project/plant", name=name, product=name, location=name),
        line("ProjectLinked", "project/plant", agreement="named"),
        line("PhaseObserved", "project/plant", phase="justification", wording=name),
    )
    program.ok("import", "-", stdin=b"\n".join(facts))


ASKED = (
    ["status", "named"],
    ["status", "plant"],
    ["status", "one"],
    ["list"],
    ["list", "parties"],
    ["list", "projects"],
    ["board"],
    ["log"],
    ["show", "named@1"],
    ["replay", "named"],
    ["replay", "plant"],
)


@pytest.mark.parametrize("name", STORABLE.values(), ids=STORABLE)
def test_names_are_shown_and_never_obeyed(paraph: Program, name: str) -> None:
    """A hostile name goes through every screen and every text format without a character that acts."""
    hold(paraph, name)
    for command in ASKED:
        seen = [
            paraph.ok(*command, "--color", "never", width=80),
            *(paraph.ok(*command, "--format", kind) for kind in ("tsv", "csv", "md")),
        ]
        for answer in seen:
            assert acts(answer.out + answer.err) == set(), command
    assert paraph.json("status", "named")["title"] == name


@pytest.mark.parametrize("name", REFUSED.values(), ids=REFUSED)
def test_names_that_no_register_should_hold_are_refused(empty: Program, name: str) -> None:
    """A name with control characters, blank or too long is refused whole, and the refusal itself is inert."""
    answer = empty("import", "-", stdin=line("PartyRegistered", "party/one", name=name))
    assert answer.code == 4
    assert acts(answer.out + answer.err) == set()
    assert empty.json("status")["counts"]["events"] == 0


@pytest.mark.parametrize("text", [*STORABLE.values(), "a\x1b[2Jb", "a\nb"])
def test_what_somebody_typed_is_echoed_inert(seeded: Program, text: str) -> None:
    """An error about an unknown name shows the name without obeying it."""
    for command in (["status", "--", text], ["show", "--", text], ["record", "phase", "--", text, "operation"]):
        answer: Answer = seeded(*command)
        assert answer.code in {2, 3, 4}
        assert acts(answer.out + answer.err) == set(), command


def test_cells_that_a_spreadsheet_would_run_are_text(paraph: Program) -> None:
    """In CSV a cell that begins like a formula begins with an apostrophe."""
    hold(paraph, '=cmd|"/c calc"!A1')
    titles = [row for row in paraph.ok("list", "--format", "csv").out.splitlines() if "cmd" in row]
    assert titles
    assert all(",=" not in row and not row.startswith("=") and ',"=' not in row for row in titles)
