"""Names that look alike and are not the same, and names whose letters deceive (Unicode UTS 39).

To warn by, never to merge by: two names with one skeleton cannot be told apart on paper. Of UTS 39 the
letters that occur in the register's scripts are mapped (Latin, Cyrillic, Greek, digits), not the whole
table of confusables.
"""

import unicodedata

# Cyrillic and Greek letters by the Latin letter they are printed like, after folding case.
_LATIN = {
    "а": "a", "в": "b", "ѕ": "s", "е": "e", "ё": "e", "һ": "h", "н": "h", "і": "i", "ї": "i", "ӏ": "l", "ј": "j",
    "к": "k", "м": "m", "о": "o", "р": "p", "ԛ": "q", "с": "c", "т": "t", "у": "y", "ү": "y", "х": "x", "ԝ": "w",
    "ѵ": "v", "ә": "ə", "г": "r", "п": "n", "и": "u", "ө": "o",
    "α": "a", "β": "b", "ε": "e", "η": "n", "ι": "i", "κ": "k", "μ": "m", "ν": "v", "ο": "o", "ρ": "p", "τ": "t",
    "υ": "u", "χ": "x", "ζ": "z", "ϲ": "c",
    "0": "o", "1": "l", "|": "l", "ı": "l", "ł": "l", "i": "l",
}  # fmt: skip
_SKELETON = str.maketrans(_LATIN)

_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK")
_HIDDEN = {"Cf", "Cc", "Co", "Cn"}


def skeleton(text: str) -> str:
    """Return what a name looks like: two names with the same skeleton can be mistaken for each other.

    Form (NFKC), case, accents, blanks, punctuation, invisible characters and the script of letters
    printed alike make no difference.
    """
    seen = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) not in _HIDDEN)
    plain = unicodedata.normalize("NFD", seen.casefold())
    letters = "".join(c for c in plain if unicodedata.category(c) != "Mn")
    return "".join(c for c in letters.translate(_SKELETON) if c.isalnum())


def strangeness(text: str) -> str | None:
    """Return what deceives in a name's letters, such as an invisible one or a word of two scripts; else None."""
    for character in text:
        if unicodedata.category(character) == "Cf":
            name = unicodedata.name(character, "a format character")
            return f"{text!r} holds an invisible character, U+{ord(character):04X} {name.lower()}"
    for word in text.split():
        scripts = {script for letter in word if letter.isalpha() for script in _SCRIPTS if _is(letter, script)}
        if len(scripts) > 1:
            return f"the word {word!r} mixes {' and '.join(sorted(script.capitalize() for script in scripts))} letters"
    return None


def _is(letter: str, script: str) -> bool:
    return unicodedata.name(letter, "").startswith(script)
