"""Names that look alike and are not the same, and names whose letters deceive (Unicode UTS 39).

To warn by, never to merge by: two names with one skeleton cannot be told apart on paper. Of UTS 39 the
letters that occur in the register's scripts are mapped (Latin, Cyrillic, Greek, digits), not the whole
table of confusables. Names stand in capitals as often as not, and case makes no difference: so letters
are one whose capitals are (Н and H, Ν and N), not those alike in small italics alone (п and n).
"""

import re
import unicodedata
from functools import lru_cache
from string import punctuation, whitespace

# Cyrillic and Greek letters by the letter their capitals are printed like, after folding case.
_ALIKE = {
    "а": "a", "в": "b", "с": "c", "е": "e", "һ": "h", "н": "h", "і": "l", "ӏ": "l", "ј": "j", "к": "k", "м": "m",
    "о": "o", "ө": "o", "р": "p", "ԛ": "q", "ѕ": "s", "т": "t", "ѵ": "v", "ԝ": "w", "х": "x", "у": "y", "ү": "y",
    "ә": "ə", "з": "3",
    "α": "a", "β": "b", "ε": "e", "η": "h", "ι": "l", "κ": "k", "μ": "m", "ν": "n", "ο": "o", "ρ": "p", "τ": "t",
    "υ": "y", "χ": "x", "ζ": "z", "γ": "г", "π": "п", "φ": "ф",
    "0": "o", "1": "l", "|": "l", "i": "l", "ı": "l", "ł": "l",
}  # fmt: skip
# Blanks and punctuation are no letters, and most are of ASCII: taken out here they need not be looked at one by one.
_SKELETON = str.maketrans(dict.fromkeys(whitespace + punctuation, "") | _ALIKE)

_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK")
_HIDDEN = {"Cf", "Cc", "Co", "Cn"}
# Letters and marks by their category that nobody sees: fillers and variation selectors.
_BLANK = re.compile("[\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0f\uffa0]")
_IDEOGRAPHIC_VARIANT = re.compile("[\U000e0100-\U000e01ef]")
_ACCENT = re.compile("[\u0300-\u036f]")
_NO_LETTER = re.compile(r"[\W_]")


@lru_cache(maxsize=4096)
def skeleton(text: str) -> str:
    """Return what a name looks like: two names with the same skeleton can be mistaken for each other.

    Form (NFKC), case, accents, blanks, punctuation, invisible characters and the script of letters
    printed alike make no difference. A name without a letter or digit is what it is.
    """
    seen = _visible(text).casefold()
    letters = seen if seen.isascii() else _ACCENT.sub("", unicodedata.normalize("NFD", seen))
    return _NO_LETTER.sub(_mark, letters.translate(_SKELETON)) or seen


def _visible(text: str) -> str:
    """Return the text in its plain form, without what nobody sees."""
    if not text.isascii():
        text = _IDEOGRAPHIC_VARIANT.sub("", _BLANK.sub("", unicodedata.normalize("NFKC", text)))
    if text.isprintable():  # what is printable hides nothing, and need not be looked through
        return text
    return "".join(c for c in text if unicodedata.category(c) not in _HIDDEN)


def _mark(found: re.Match[str]) -> str:
    """Return what is no letter where it is a mark: the vowel signs of Indic and Thai letters make another name."""
    return found[0] if unicodedata.category(found[0])[0] == "M" else ""


def strangeness(text: str) -> str | None:
    """Return what deceives in a name's letters, such as an invisible one or a word of two scripts; else None."""
    if text.isascii():  # all letters of one script, and no character that is not seen
        return None
    for character in text:
        if unicodedata.category(character) == "Cf" or _BLANK.match(character):
            name = unicodedata.name(character, "a format character")
            return f"{text!r} holds an invisible character, U+{ord(character):04X} {name.lower()}"
    # A compound may join words of two scripts (IT-компания); within one, a letter of another deceives.
    for word in re.split(r"[\W_]+", unicodedata.normalize("NFC", text)):
        scripts = {script for letter in word if letter.isalpha() for script in _SCRIPTS if _is(letter, script)}
        if len(scripts) > 1:
            return f"the word {word!r} mixes {' and '.join(sorted(script.capitalize() for script in scripts))} letters"
    return None


def _is(letter: str, script: str) -> bool:
    return unicodedata.name(letter, "").startswith(script)
