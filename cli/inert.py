"""Text from a record, made harmless: control characters, bidi overrides and odd spaces shown, never obeyed."""

import unicodedata

_SHORT = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}
_RISKY = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def inert(text: str) -> str:
    """Return the text on one line, with every character that could act on a terminal written out."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_SHORT.get(c) or _shown(c) for c in text)


def _shown(character: str) -> str:
    if unicodedata.category(character) not in _RISKY:
        return character
    return f"\\u{ord(character):04x}" if ord(character) < 0x10000 else f"\\U{ord(character):08x}"


def inert_json(text: str) -> str:
    """Return JSON text that says the same with every such character as an escape; they stand in strings only."""
    if text.isascii() and "\x7f" not in text:
        return text
    return "".join(_escaped(c) if unicodedata.category(c) in _RISKY and c not in "\n\t" else c for c in text)


def _escaped(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i] << 8 | units[i + 1]:04x}" for i in range(0, len(units), 2))
