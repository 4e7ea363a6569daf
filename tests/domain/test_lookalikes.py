"""Names a reader cannot tell apart, names that are only similar, and letters that deceive."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.lookalikes import skeleton, strangeness
from tests.domain.samples import sample
from tests.spec import PARTY
from tests.spec import given as told

ALIKE: list[tuple[str, str, str]] = [
    ("cyrillic and latin word", "Сосо", "Coco"),
    ("capitals, all letters alike", "АВСЕНКМОРТХУІЈЅ", "ABCEHKMOPTXYIJS"),
    ("capitals alone alike", "НОВА", "HOBA"),
    ("capitals alone alike, told in small", "нова", "hoba"),
    ("cyrillic i", "Іzіa", "Izia"),
    ("greek capitals", "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"),
    ("greek iota", "Ιzιa", "Izia"),
    ("greek and cyrillic capitals", "ΓΠΦ", "ГПФ"),
    ("one cyrillic letter", "AZPRОMO", "AZPROMO"),
    ("ze and three", "АЗПРОМО", "А3ПРОМО"),
    ("cyrillic and latin schwa", "Нәсими", "Həсими"),
    ("zero", "AZPR0M0", "AZPROMO"),
    ("one, l, I and a bar", "1lI|", "llll"),
    ("zero width space", "AZ\u200bPROMO", "AZPROMO"),
    ("zero width joiner", "AZ\u200dPROMO", "AZPROMO"),
    ("soft hyphen", "AZ\u00adPROMO", "AZPROMO"),
    ("bidi override", "\u202eAZPROMO\u202c", "AZPROMO"),
    ("byte order mark", "\ufeffAZPROMO", "AZPROMO"),
    ("hangul filler", "AZPROMO\u3164", "AZPROMO"),
    ("variation selector", "AZ\ufe0fPROMO", "AZPROMO"),
    ("braille blank", "AZ\u2800PROMO", "AZPROMO"),
    ("full width", "ＡＺＰＲＯＭＯ", "AZPROMO"),
    ("mathematical letters", "𝐀𝐙𝐏𝐑𝐎𝐌𝐎", "AZPROMO"),
    ("ligature", "ﬁrst", "first"),
    ("case", "AzPromo", "AZPROMO"),
    ("accents", "Şirkəti Bakı", "Sirkəti Bakı"),
    ("accents, decomposed", "Improtéx", "Improte\u0301x"),
    ("breve", "Сумгайыт", "Сумгаиыт"),
    ("dotted capital i", "İZİA", "IZIA"),
    ("dotless small i", "ızıa", "izia"),
    ("small and dotted", "izia", "İZİA"),
    ("blanks and punctuation", "A.Z. Promo, Ltd", "AZ-PROMO LTD"),
    ("quotes", "ООО «Сос»", 'OOO "Coc"'),
]

APART: list[tuple[str, str]] = [
    ("AZPROMO", "AZPROMA"),
    ("KOBIA", "IZIA"),
    ("Improtex", "Improtech"),
    ("Bakı", "Gəncə"),
    ("Nərimanov", "Nerimanov"),
    ("ПАО Сокол", "NAO Coкол"),
    ("ГОСТ", "ROCT"),
    ("МИР", "MUP"),
    ("Министерство экономики", "Министерство энергетики"),
    ("商务部", "商业部"),
    ("工业和信息化部", "信息产业部"),
    ("राम", "रोम"),
    ("ตา", "ตี"),
    ("が", "か"),
    ("!!!", "???"),
]


@pytest.mark.parametrize(("first", "second"), [row[1:] for row in ALIKE], ids=[row[0] for row in ALIKE])
def test_what_cannot_be_told_apart_has_one_skeleton(first: str, second: str) -> None:
    """Two different texts that a reader takes for one have the same skeleton."""
    assert first != second
    assert skeleton(first) == skeleton(second)


@pytest.mark.parametrize(("first", "second"), APART)
def test_names_that_differ_to_the_eye_have_two(first: str, second: str) -> None:
    """Names that are clearly different, though similar, keep different skeletons."""
    assert skeleton(first) != skeleton(second)


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=20))
def test_a_skeleton_is_stable_under_what_cannot_be_seen(text: str) -> None:
    """A name put between invisible characters, or in another normal form, looks as it did."""
    assert skeleton(f"\u200b{text}\u2060") == skeleton(text)
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert skeleton(unicodedata.normalize(form, text)) == skeleton(text)


PLAIN = [
    "Azərbaycan Respublikasının İqtisadiyyat Nazirliyi",
    "Sumqayıt Kimya Sənaye Parkı",
    "Министерство экономики Азербайджанской Республики",
    "ООО «Азералюминий»",
    "中华人民共和国商务部",
    "文科万宏（北京）有限公司",
    "Zhongjing United (Beijing) Trading Co., Ltd.",
    "Shandong Huafang Co., Ltd",
    "4IR Center",
    "IT-компания «Сокол»",
    "ООО «SOCAR»",
    "Ελληνική Εταιρεία",
    "Müəllif",
    "Mu\u0308əllif",
]

STRANGE: list[tuple[str, str]] = [
    ("AZ\u200bPROMO", "an invisible character, U+200B zero width space"),
    ("AZPROMO\u202e", "an invisible character, U+202E right-to-left override"),
    ("\u2066AZPROMO\u2069", "an invisible character, U+2066 left-to-right isolate"),
    ("AZ\u00adPROMO", "an invisible character, U+00AD soft hyphen"),
    ("AZPROMO\u3164", "an invisible character, U+3164 hangul filler"),
    ("AZ\ufe0fPROMO", "an invisible character, U+FE0F variation selector-16"),
    ("AZPRОMO Agency", "the word 'AZPRОMO' mixes Cyrillic and Latin letters"),
    ("Сoco", "the word 'Сoco' mixes Cyrillic and Latin letters"),
    ("Αzpromo", "the word 'Αzpromo' mixes Greek and Latin letters"),
    ("Αзпромо", "the word 'Αзпромо' mixes Cyrillic and Greek letters"),
    ("IT-компaния", "the word 'компaния' mixes Cyrillic and Latin letters"),
]


@pytest.mark.parametrize("name", PLAIN)
def test_plain_names_are_not_strange(name: str) -> None:
    """Names as they are written in Azerbaijani, Russian, Chinese, English and Greek give no warning."""
    assert strangeness(name) is None


@pytest.mark.parametrize(("name", "problem"), STRANGE)
def test_what_deceives_is_named(name: str, problem: str) -> None:
    """An invisible character or a word of two scripts is told by its name."""
    found = strangeness(name)
    assert found is not None
    assert found.endswith(problem)


def test_no_terminal_obeys_what_is_told() -> None:
    """The invisible character itself is shown escaped."""
    found = strangeness("AZ\u202ePROMO")
    assert found is not None
    assert found.isprintable()


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("PartyRenamed", "name"),
        ("PartyRenamed", "abbreviation"),
        ("NameVariantRecorded", "text"),
    ],
)
@pytest.mark.parametrize("deceptive", ["AZPRОMO", "AZ\u200bPROMO", "AZ\u202ePROMO"])
def test_a_party_is_not_named_with_strange_letters_unnoticed(name: str, field: str, deceptive: str) -> None:
    """A name or short form whose letters deceive is recorded as it is, with a warning; a plain one without."""
    story = told(PARTY, sample("PartyRegistered", name="Export Agency"))
    after = story.when(sample(name, "2026", **{field: deceptive})).then(recorded=name, warns="strange-letters")
    assert deceptive in str(after.entries[-1].fact.model_dump()[field])
    story.when(sample(name, "2026", **{field: "AZPROMO"})).then(recorded=name)


@pytest.mark.parametrize("field", ["name", "abbreviation"])
def test_a_party_is_not_registered_with_strange_letters_unnoticed(field: str) -> None:
    """A new file's name or short form is looked at too."""
    said = sample("PartyRegistered", **{field: "AZPRОMO"})
    told(PARTY).when(said).then(recorded="PartyRegistered", warns="strange-letters")
