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
