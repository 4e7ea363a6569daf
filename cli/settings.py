"""Where each setting comes from: a flag, the environment, paraph.toml upwards from here, the user's own file."""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cli.exits import USAGE, Failure

FILE = "paraph.toml"
NAMES = ("db", "read_db", "by", "color")
_SECRET = re.compile(r"([?&][^=&]*pass[^=&]*=)[^&]*")
_ENVIRONMENT = {"db": "PARAPH_DB", "read_db": "PARAPH_READ_DB", "by": "PARAPH_BY", "color": "PARAPH_COLOR"}
_DEFAULTS = {"db": "paraph.db", "color": "auto"}


@dataclass(frozen=True, slots=True)
class Setting:
    """One value and where it was said."""

    value: str
    origin: str

    @property
    def shown(self) -> str:
        """The value as it may be shown: without the password of a URL, however badly it was written."""
        scheme, mark, rest = self.value.partition("://")
        if not mark:
            return self.value
        user, at, place = rest.rpartition("@")
        place = _SECRET.sub(r"\1***", place)
        return f"{scheme}{mark}{user.partition(':')[0]}{':***' if ':' in user else ''}{at}{place}"


def settle(given: Mapping[str, str | None]) -> dict[str, Setting]:
    """Return each setting that has a value, by name: flag first, then environment, files, default."""
    if empty := next((name for name, value in given.items() if value == ""), None):
        # An unset variable in a script: whoever names a register does not mean the default one.
        raise Failure("usage", f"{_flag(empty)} is empty", USAGE, f"give {_flag(empty)} a value, or leave it away")
    sources = list(_sources(given))
    found: dict[str, Setting] = {}
    for name in NAMES:
        setting = next((Setting(values[name], origin) for origin, values in sources if values.get(name)), None)
        if setting:
            found[name] = setting
    return found


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _sources(given: Mapping[str, str | None]) -> Iterator[tuple[str, dict[str, str]]]:
    yield "flag", {name: value for name, value in given.items() if value}
    yield "environment", {name: os.environ.get(variable, "") for name, variable in _ENVIRONMENT.items()}
    for path in _files():
        yield str(path), _read(path)
    yield "default", {**_DEFAULTS, "by": _login()}


def _files() -> Iterator[Path]:
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / FILE).is_file():
            yield folder / FILE
            break
    from platformdirs import user_config_path

    own = user_config_path("paraph") / FILE
    if own.is_file():
        yield own


def _read(path: Path) -> dict[str, str]:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Failure("bad-settings", f"{path} cannot be read: {error}", USAGE) from None
    for name, value in values.items():
        if name not in NAMES or not isinstance(value, str):
            raise Failure("bad-settings", f"{path}: {name!r} is no setting; text for one of {', '.join(NAMES)}", USAGE)
    if "db" in values and "://" not in values["db"]:
        # A path in a file is meant from where the file lies, not from where somebody happens to stand.
        values["db"] = str(path.parent / values["db"])
    return values


def _login() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no such user in a bare container; OSError from Python 3.13 on
        return "unknown"
