"""Text as people type it: how it folds, which step answers, who comes first and why."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from partners.search import Corpus, Layer, fold, is_whole_reason, marked, reasons
from partners.search import find as find_in
from partners.search.layout import other_readings
from partners.search.nearest import NEAREST_AT_MOST
from partners.search.ranking import RANKED_AT_MOST

NOBODY = BitMap()


def make_corpus(*rows):
    """Return a corpus of rows, each given as names and perhaps, behind a bar, other texts: "Name / NAME | City"."""
    names, further, others = [], [], []
    for key, row in enumerate(rows):
        of_row, _bar, rest = row.partition("|")
        name, *further_names = of_row.split("/")
        names.append((key, name.strip()))
        further += [(key, name.strip()) for name in further_names]
        others += [(key, text.strip()) for text in rest.split("/") if text.strip()]
    return Corpus.of(Layer(BitMap(range(len(rows))), names, further, others))


def find(text, *rows, partners=NOBODY):
    """Return (step, rows in order) for a text, or nothing where it holds no word."""
    found = find_in(make_corpus(*rows), text, partners)
    return found and (found.match, [rows[key] for key in found.order])


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_text_finds_only_rows_that_exist_each_once(text):
    corpus = make_corpus("Kazan Federal University / КФУ | Kazan", "清华大学", "A of the")
    found = find_in(corpus, text, NOBODY)
    assert (found is None) == (fold(text) == [])
    if found:
        assert sorted(found.order) == list(found.keys)
        assert found.keys <= corpus.layer.keys


@pytest.mark.parametrize(
    ("typed", "meant"), [("rae", "кфу"), ("RAE", "кфу"), ("0fpfy", "қазан"), ("лаг", "kfu"), ("[fhmrjd", "харьков")]
)
def test_a_text_is_read_on_the_other_layouts(typed, meant):
    assert meant in other_readings(typed)


@pytest.mark.parametrize(
    "text", ["kazan univ", "univ kazan", "azan niversit", "Казан university", "university of the kazan"]
)
def test_every_word_is_found_alone_or_inside_of_another(text):
    assert find(text, "Kazan University", "Kazan Hospital", "National University") == ("exact", ["Kazan University"])


def test_one_or_two_letters_are_whole_words_and_chinese_ones_are_not():
    assert find("ий", "Казанский центр", "清华大学") == ("nearest", [])
    assert find("大", "Казанский центр", "清华大学") == ("exact", ["清华大学"])
    assert find("it", "IT University", "MIT") == ("exact", ["IT University"])


def test_words_may_stand_in_name_place_lab_and_role():
    assert find("kazan vector", "First | Kazan / Vector", "Second | Kazan") == ("exact", ["First | Kazan / Vector"])


def test_the_other_layout_is_tried_where_no_whole_word_matches():
    assert find("rae", "Kazan University / КФУ") == ("layout", ["Kazan University / КФУ"])
    assert find("rfpf", "Казанский центр") == ("layout", ["Казанский центр"])
    assert find("rae", "RAE", "КФУ") == ("exact", ["RAE"])


def test_an_acronym_on_the_other_layout_goes_above_mere_substrings():
    assert find("rae", "Israel Institute", "КФУ") == ("layout", ["КФУ", "Israel Institute"])
    assert find("rae", "Israel Institute", "Кфура") == ("exact", ["Israel Institute"])


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("univrsity", "National University"),
        ("Blohin centre", "Blokhin Cancer Center"),
        ("naitonal", "National University"),
        ("institute of geography, national university", "National University"),
        ("清大学", "清华大学"),
    ],
)
def test_the_nearest_are_offered_where_nothing_matches(text, nearest):
    assert find(text, "National University", "Blokhin Cancer Center", "清华大学", "Kazan Clinic") == (
        "nearest",
        [nearest],
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [("kazzn", ["Kazan"]), ("kazzzn", []), ("untversitu", ["University"]), ("untvercitu", []), ("knt", [])],
)
def test_a_near_word_is_one_edit_away_and_two_from_eight_letters(text, found):
    assert find(text, "Kazan", "University", "KMT") == ("nearest", found)


def test_a_name_without_a_word_is_near_by_its_lab():
    assert find("vectorr", "? | Vector unit", "Kazan") == ("nearest", ["? | Vector unit"])


def test_the_nearest_hold_half_of_the_words_by_rarity():
    rows = ["Kazan Clinic", "Astana Clinic", "Almaty Clinic", "Minsk Clinic"]
    assert find("kazan clinic xenology almaty", *rows) == ("nearest", ["Almaty Clinic", "Kazan Clinic"])


def test_the_nearest_are_few():
    step, found = find("univrsity", *[f"University {number}" for number in range(NEAREST_AT_MOST * 2)])
    assert (step, len(found)) == ("nearest", NEAREST_AT_MOST)


def test_rank_goes_by_name_then_prefix_then_all_words_then_the_rest():
    ranked = [
        "Kazan",
        "Clinic / KAZAN",
        "Kazan Clinic",
        "Kazan Clinic of Rare and Long Names",
        "Clinic of Kazan",
        "Clinic | Kazan",
    ]
    assert find("kazan", *reversed(ranked)) == ("exact", ranked)


def test_partners_come_first_at_equal_rank_only():
    rows = ["Kazan", "Kazan Clinic", "Kazan University of Rare Names", "Clinic of Kazan"]
    assert find("kazan", *rows, partners=BitMap([2, 3]))[1] == [rows[0], rows[2], rows[1], rows[3]]


def test_rarer_words_weigh_more():
    rows = [*(f"National {number}" for number in range(9)), "Zurich Clinic"]
    assert find("national zurich xenology", *rows) == ("nearest", ["Zurich Clinic"])


def test_a_name_that_stands_whole_in_a_long_text_is_among_the_nearest():
    rows = [
        "Durham University",
        "Department of Geography and Geology",
        *(f"University {number}" for number in range(9)),
    ]
    assert "Durham University" in find("department of rare geography, durham university", *rows)[1]


def test_many_rows_keep_all_and_rank_exact_names_and_partners_first():
    rows = [f"Clinic {number} of hope" for number in range(RANKED_AT_MOST * 2)]
    rows[-1], rows[-2] = "Hope", "Some hope"
    _step, found = find("hope", *rows, partners=BitMap([len(rows) - 2]))
    assert found[:2] == ["Hope", "Some hope"]
    assert sorted(found) == sorted(rows)


@pytest.mark.parametrize(
    ("text", "best", "other"),
    [
        ("university technology", "New University of Technology", "New University of Technologyparks {}"),
        ("hul university", "The Only Hull University", "The Shulamit University {}"),
    ],
)
def test_of_many_rows_those_with_all_words_are_ranked_then_those_with_all_of_them_begun(text, best, other):
    rows = [*map(other.format, range(RANKED_AT_MOST * 2)), best]
    assert find(text, *rows)[1][0] == best


def test_equal_rank_has_one_order_whatever_the_order_of_the_texts():
    assert find("kazan", "Kazan B", "Kazan A") == find("kazan", "Kazan A", "Kazan B")


SOURCES = [
    ("", "Kazan Federal University"),
    ("native name", "Казанский университет"),
    ("acronym", "KFU"),
    ("acronym", "КФУ"),
    ("city", "Казань"),
]


def why(text, *sources):
    """Return [(label, text)] of the reasons, for a corpus that holds just these texts."""
    corpus = Corpus.of(Layer(BitMap([0]), [(0, value) for _label, value in sources]))
    reading, found = reasons(find_in(corpus, text, NOBODY), sources)
    return reading.text, [(reason.label, "".join(part for part, _is_match in reason.parts)) for reason in found]


@pytest.mark.parametrize(
    ("text", "read", "expected"),
    [
        ("kazan", "kazan", [("", "Kazan Federal University")]),
        ("кфу", "кфу", [("acronym", "КФУ")]),
        ("rae", "кфу", [("acronym", "КФУ")]),
        ("казань federal", "казань federal", [("", "Kazan Federal University")]),
        (
            "университет federal",
            "университет federal",
            [("", "Kazan Federal University"), ("native name", "Казанский университет")],
        ),
        ("univrsity", "univrsity", [("", "Kazan Federal University")]),
    ],
)
def test_a_reason_names_the_texts_that_hold_the_words(text, read, expected):
    assert why(text, *SOURCES) == (read, expected)


@pytest.mark.parametrize(
    ("text", "is_whole"),
    [
        ("kazan", True),
        ("federal kazan univ", True),
        ("казань", False),  # the city is spelt so
        ("rae", False),
        ("kfu kazan", False),
    ],
)
def test_a_name_that_says_all_is_the_whole_reason(text, is_whole):
    corpus = make_corpus(*(value for _label, value in SOURCES))
    found = find_in(corpus, text, NOBODY)
    assert is_whole_reason(found, SOURCES[0][1]) == is_whole
    assert ([reason.label for reason in reasons(found, SOURCES)[1]] == [""]) == is_whole


@pytest.mark.parametrize(
    ("text", "shown", "parts"),
    [
        ("kaz", "Kazan’s Clinic", [("Kaz", True), ("an’s Clinic", False)]),
        ("казань", "Kazan’ Clinic", [("Kazan’", True), (" Clinic", False)]),
        ("clinc", "The Clinic!", [("The ", False), ("Clinic", True), ("!", False)]),
        ("清华", "北京清华大学", [("北京", False), ("清华", True), ("大学", False)]),
        ("clinic", "<b>Kazan</b>", [("<b>Kazan</b>", False)]),
    ],
)
def test_a_match_is_marked_where_it_stands(text, shown, parts):
    found = find_in(make_corpus(shown, "Kazan Clinic"), text, NOBODY)
    assert list(marked(found, shown)) == parts


@settings(deadline=None)
@given(st.text(max_size=30), st.sampled_from(["kazan", "rae", "казань", "univrsity", "清华"]))
def test_marks_lose_no_letter(shown, text):
    corpus = make_corpus("Kazan University / КФУ", "清华大学", shown)
    found = find_in(corpus, text, NOBODY)
    assert "".join(part for part, _is_match in marked(found, shown)) == shown
