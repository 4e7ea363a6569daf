"""A small register told in commands: one memorandum, its project, a commission, an occasion, names in three scripts."""

import shlex

_TOLD = """
init --timezone Asia/Baku
new party "State Oil Fund of Azerbaijan" --slug fund --kind agency --country AZ --abbreviation SOFAZ --on 2024-01-10
new party 中国机械工程公司 --slug zjgc --kind company --country CN --on 2024-01-10
new occasion "Baku Energy Forum" --slug baku-forum --kind conference --place Baku --organiser fund --on 2024-03-01
new agreement "Memorandum on a wind park" --slug wind-memo --kind mou --party fund --party zjgc --on 2024-02-01
record signed wind-memo --place Baku --occasion baku-forum --on 2024-03-01 --quote "signed in Baku" --lang en
record value wind-memo 50000000 USD --on 2024-03-01
record value baku-forum 120000000 USD --qualifier about --on 2024-03-01
record term wind-memo --start signature --length P5Y --renewal tacit --notice P6M --on 2024-03-01
new project "Wind park, Khizi" --slug khizi-wind --product power --location Khizi --under wind-memo --on 2024-03-05
record phase khizi-wind justification --wording "feasibility under way" --on 2024-06
new commission "Joint Commission on Trade" --slug joint-commission --side Azerbaijan --side China --on 2023
record session joint-commission held --session 4 --place Baku --on 2024-05-20
record instruction joint-commission issued 1 --text Report --responsible zjgc --deadline 2024-12-31 --on 2024-05-20
record review khizi-wind joint-commission --session 4 --finding "on track" --on 2024-05-20
new agreement "Соглашение о торговле" --slug trade-treaty --kind treaty --party fund --on 2025-01-15
"""

INIT, *RECORDS = map(shlex.split, _TOLD.strip().splitlines())
STORY = [INIT, *([*command, "--source", "gazette-7"] for command in RECORDS)]
"""From the first of July 2025 at noon in Baku on, a minute each; nineteen events."""
