"""Days moved by ISO 8601 durations of whole years, months, weeks and days, such as P5Y or P6M."""

import re
from calendar import monthrange
from datetime import date, timedelta

_PARTS = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")


def shifted(day: date, duration: str, times: int = 1) -> date:
    """Move a day by an ISO 8601 duration, or a multiple; the 31st becomes a shorter month's last day.

    Ends at the calendar's last or first day where the result would lie beyond it.
    """
    years, months, weeks, days = (times * int(part or 0) for part in _parts(duration))
    year, month = divmod(day.year * 12 + day.month - 1 + years * 12 + months, 12)
    if not 1 <= year <= 9999:
        return date.max if times > 0 else date.min
    moved = date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    try:
        return moved + timedelta(weeks=weeks, days=days)
    except OverflowError:
        return date.max if times > 0 else date.min


def _parts(duration: str) -> tuple[str | None, ...]:
    match = _PARTS.fullmatch(duration)
    return match.groups() if match else (None,) * 4
