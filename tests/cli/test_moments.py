"""Times as people name them, to the very ends of the calendar."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.exits import Failure
from cli.register import Register
from cli.wiring import clock, create_register, random_id

FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Baku", "America/New_York"])
@pytest.mark.parametrize("text", ["0001", "9999", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_moment_beyond_the_calendar_is_its_end(tmp_path: Path, zone: str, text: str) -> None:
    """The first and the last day of the calendar are moments in every zone."""
    with create_register(str(tmp_path / "r.db"), timezone=zone) as store:
        register = Register(store, clock, random_id, "tester")
        for begin in (False, True):
            moment = register.moment(text, begin=begin)
            assert FIRST <= moment <= LAST
            assert abs(moment.year - int(text[:4])) <= 1


def test_a_position_of_thousands_of_digits_is_not_there(tmp_path: Path) -> None:
    """Python would refuse to read the number; the answer is still that there is no such position."""
    with create_register(str(tmp_path / "r.db"), timezone="UTC") as store:
        register = Register(store, clock, random_id, "tester")
        with pytest.raises(Failure) as failure, register.world(known_at="9" * 5000):
            pass
        assert failure.value.exit == 3
