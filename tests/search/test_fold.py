"""How a text folds: what two ways of writing it have in common."""

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from partners.search import fold


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Kazan’s  FEDERAL-university", [("kazans",), ("federal",), ("university",)]),
        ("Université Ёлка", [("universite",), ("елка", "elka")]),
        ("Қазақ ұлттық", [("казак", "kazak", "qazaq"), ("улттык", "ulttyk", "ulttyq")]),
        ("Назарбаеў", [("назарбаеу", "nazarbaeu")]),
        ("Блохин", [("блохин", "blohin", "blokhin")]),
        ("喀山", [("喀山", "kashan")]),
        ("ＫＦＵ", [("kfu",)]),
        ("«…» — '%_", []),
        ("госуда́рственный", [("государственныи", "gosudarstvennyi", "gosudarstvennyy")]),
        ("Σοφία σοφός", [("σοφια", "sofia"), ("σοφοσ", "sofos")]),
        ("हिन्दी", [("हिन्दी", "hindi")]),
        ("München", [("munchen", "muenchen")]),
        ("Århus", [("arhus", "aarhus")]),
        ("الطبى", [("الطبي", "ltby", "ltba")]),
        ("L'Institut d’Optique", [("institut", "linstitut"), ("optique", "doptique")]),
        ("ALL'UNIVERSITÀ dell’Aquila", [("universita", "alluniversita"), ("aquila", "dellaquila")]),
        ("L'Ökologie", [("okologie", "oekologie", "lokologie")]),
        ("O'Brien Xi'an L'vov Hawaiʻi", [("obrien",), ("xian",), ("lvov",), ("hawaii",)]),
        ("Мар'яна", [("маряна", "marjana", "maryana")]),
    ],
)
def test_fold_keeps_what_ways_of_writing_have_in_common(text, words):
    assert fold(text) == words


@settings(deadline=None)
@given(st.text())
@example("ÒФ")
def test_fold_takes_any_text_and_its_own_words_again(text):
    for spellings in fold(text):
        assert spellings
        for spelling in spellings:
            assert (spelling,) == fold(spelling)[0][:1]


def written(text):
    return [word[0] for word in fold(text)]


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("госуда́рственный университе́т", "государственный университет"),
        ("מִשְׂרַד הַבְּרִיאוּת", "משרד הבריאות"),
        ("الطَّبيب الطــبي", "الطبيب الطبى"),
        ("Полацкi дзяржаýны ýнiверсiтэт", "Полацкі дзяржаўны ўніверсітэт"),  # Latin i and ý in Cyrillic words
        ("Kаzаn Fеdеrаl", "Kazan Federal"),  # Cyrillic а and е in Latin words
        ("İSTANBUL KADIN", "istanbul kadın"),
        ("STRAẞE", "straße"),
        ("ԵՐԵՎԱՆ ԵՐԵՒԱՆ", "Երևան երևան"),  # both capitals of և
    ],
)
def test_two_ways_of_writing_are_one_word(text, other):
    assert written(text) == written(other)


@pytest.mark.parametrize("text", ["हिन्दी विश्वविद्यालय", "มหาวิทยาลัย", "ភ្នំពេញ", "ရန်ကုန်"])
def test_a_mark_that_is_a_letter_of_its_script_stays_in_its_word(text):
    assert written(text) == text.split()


@pytest.mark.parametrize("name", ["München", "Straße des Friedens", "Göteborg", "Århus"])
def test_a_letter_is_found_written_out_and_a_written_out_one_as_the_letter(name):
    written_out = name.lower().translate(str.maketrans({"ü": "ue", "ö": "oe", "å": "aa", "ß": "ss"}))
    for typed, other in zip(fold(written_out), fold(name), strict=True):
        assert set(typed) & set(other)


@settings(deadline=None)
@given(st.text(st.characters(categories=["L", "M", "Zs"]), max_size=20))
def test_a_text_folds_alike_composed_and_decomposed(text):
    composed, decomposed = (fold(unicodedata.normalize(form, text)) for form in ("NFC", "NFD"))
    assert composed == decomposed


@pytest.mark.parametrize("name", ["Straße", "İstanbul Kadın", "ΐδρυμα Σοφός", "Ёлка", "ŉ Ǆ ﬁ", "Œuvre", "Đại học"])
@pytest.mark.parametrize("change", [str.upper, str.lower, str.title])
def test_case_changes_no_word(name, change):
    assert written(change(name)) == written(name)
