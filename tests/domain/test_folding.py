"""Which letters are one to who searches: those of other keyboards, alphabets of one language, other cases."""

import pytest

from domain.folding import folded, words


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("İ", "i"), ("I", "i"), ("ı", "i"), ("i", "i"),
        ("Şəki", "seki"), ("ŞƏKİ", "seki"), ("Ağdərə", "agdere"), ("Sumqayıt", "SUMQAYIT"), ("ÇİN", "çin"),
        ("Straße", "STRASSE"), ("Ｃｈｉｎａ", "china"), ("Sum\u200bqayıt", "sumqayit"), ("ö", "o\u0308"),
        ("People’s", "people's"),
    ],
)  # fmt: skip
def test_what_reads_alike_folds_alike(written: str, typed: str) -> None:
    """Dotted and dotless i, ə and e, accents, width, case and invisible letters make no difference."""
    assert folded(written) == folded(typed)


@pytest.mark.parametrize(("one", "other"), [("e", "a"), ("Баку", "Baku"), ("紙", "纸"), ("1", "2")])
def test_other_letters_stay_others(one: str, other: str) -> None:
    """Folding brings no two letters together that a reader keeps apart; scripts are for the sound to join."""
    assert folded(one) != folded(other)


def test_words_are_split_at_all_that_is_no_letter() -> None:
    """A name is looked for by its words, whatever stands between them."""
    assert words("İZİA – Vencou-Vanhong, (2025)") == ("izia", "vencou", "vanhong", "2025")
