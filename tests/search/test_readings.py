"""The ways a text is understood: other keyboards, cases, short words, lost spaces, names in their own script."""

import pytest
from pyroaring import BitMap

from partners.search import Corpus, Layer
from partners.search import find as find_in
from partners.search.japanese import romanised
from partners.search.stems import stems

NOBODY = BitMap()
TOKYO = "The University of Tokyo / 東京大学"
KAZAN = "Kazan Federal University / Казанский федеральный университет / КФУ"
ARCHAEOLOGY = "Sociedad Chilena de Arqueologia / Ща"
TEMPLE = "Temple University"
BELARUS = "Belarusian State University / Беларускі дзяржаўны ўніверсітэт"
UKRAINE = "Kyiv Institute / Київський інститут електрозварювання"
KAZAKH = "National Center / Ұлттық биотехнология орталығы"
ROWS = [
    TOKYO,
    KAZAN,
    ARCHAEOLOGY,
    TEMPLE,
    BELARUS,
    UKRAINE,
    KAZAKH,
    "Hospital of Tokyo University",
    "Boston School of Medicine",
    "Kyoto School of Medicine",
]


def find(text, *rows):
    """Return what a text finds in rows, each given as names: "Name / NAME"."""
    names = [(key, name) for key, row in enumerate(rows) for name in row.split(" / ")[:1]]
    further = [(key, name) for key, row in enumerate(rows) for name in row.split(" / ")[1:]]
    return find_in(Corpus.of(Layer(BitMap(range(len(rows))), names, further)), text, NOBODY)


def first(text, *rows):
    found = find(text, *rows)
    return rows[found.best[0]] if found.best else None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("гтшмукышен ща ещлнщ", TOKYO),  # one accidental word does not stop the other reading
        ("rfpfycrbq atlthfkmysq", KAZAN),
        ("rfpfycrbq atlthfkmysq eybdthcbntn", KAZAN),
        ("rfpfycrq atlthfkmysq", KAZAN),  # with a typing error
        (",tkfhecrs l]zh;fўys", BELARUS),
        ("rb]dcmrbq sycnbnen", UKRAINE),
        ("5knns2 ,bjnt[yjkjubz", KAZAKH),
    ],
)
def test_the_best_supported_reading_answers(text, meant):
    assert first(text, *ROWS) == meant


@pytest.mark.parametrize("text", ["rae", "rfp", "km"])
def test_another_keyboard_is_guessed_for_few_letters_only_where_it_gives_a_whole_name(text):
    found = find(text, *ROWS)
    assert found.read_as == ("кфу" if text == "rae" else "")


@pytest.mark.parametrize(
    "text", ["казанского федерального университета", "казанском федеральном", "Kazan Federal Universities"]
)
def test_inflected_words_find(text):
    assert (find(text, *ROWS).match, first(text, *ROWS)) == ("exact", KAZAN)


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("академии", "академиеи"),
        ("больницы", "больница"),
        ("украинського", "украинська"),  # Ukrainian
        ("дзяржаунага", "дзяржауныя"),  # Belarusian
        ("орталыгынын", "орталыгы"),  # Kazakh: of the center, its center
        ("университетинде", "университети"),
        ("universities", "university"),
        ("астананын", "астана"),
        ("астанадагы", "астанада"),
        ("пекинде", "пекин"),
        ("казакстандагы", "казакстан"),
        ("орталыктар", "орталыгы"),
    ],
)
def test_forms_of_a_word_share_a_stem(word, other):
    assert stems(word) & stems(other)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("University of Tokyo", TOKYO),
        ("Tokyo University", TOKYO),
        ("Temple Univ. School of Med.", TEMPLE),
        ("Temple Univ", TEMPLE),
        ("Department of Computer Science, Temple University, Philadelphia, Pennsylvania 19122", TEMPLE),
        ("KazanFederal University", KAZAN),
        ("tokyo daigaku", "東京大学 / Other"),
    ],
)
def test_a_name_is_found_as_papers_write_it(text, meant):
    rows = [meant, *ROWS] if meant not in ROWS else ROWS
    if meant.startswith("東京"):
        corpus = Corpus.of(Layer(BitMap([0]), [(0, "Other")], japanese_names=[(0, "東京大学")]))
        assert list(find_in(corpus, "toukyou daigaku", NOBODY).order) == [0]
    else:
        assert first(text, *rows) == meant


@pytest.mark.parametrize("text", ["qing hua da xue", "qinghua daxue", "qinghuadaxue"])
def test_pinyin_is_found_by_syllable_and_by_word(text):
    assert first(text, "北京大学", "清华大学", "Xue Institute") == "清华大学"


@pytest.mark.parametrize("text", ["서울대학교", "서울 대학교"])
def test_korean_is_found_with_and_without_spaces(text):
    for name in ("서울대학교", "서울 대학교"):
        assert first(text, name, "부산대학교") == name


CNRS = "Centre National de la Recherche Scientifique / CNRS"
USDA = "United States Department of Agriculture / USDA"
KARAZIN = "V. N. Karazin University"
LOUIS = "Saint Louis University"
FORT = "Clinic of Fort Worth"
PASTEUR = "Pasteur of Iran / L'Institut Pasteur"
ZURICH = "Zurich / Université de Zurich"
OPTICS = "Institut d’Optique"
ALL_SHORT = [CNRS, USDA, KARAZIN, LOUIS, FORT, PASTEUR, ZURICH, OPTICS, KAZAN, "University in St. Louis", "C N"]


@pytest.mark.parametrize(
    ("meant", "texts"),
    [
        (CNRS, ["C.N.R.S.", "C.N.R.S", "C. N. R. S."]),
        (USDA, ["U.S.D.A.", "U.S. Department of Agriculture", "US Department of Agriculture"]),
        (KARAZIN, ["V.N. Karazin University", "V. N. Karazin", "VN Karazin", "V N Karazin", "V.N.Karazin"]),
        (LOUIS, ["Saint Louis University", "St. Louis University", "St Louis University"]),
        (FORT, ["Ft Worth", "Ft. Worth", "Fort Worth"]),
        (PASTEUR, ["L'Institut Pasteur", "l’institut pasteur", "linstitut pasteur", "Institut Pasteur"]),
        (ZURICH, ["l’Université de Zurich", "L'UNIVERSITÉ DE ZURICH", "dell'Université de Zurich"]),
        (OPTICS, ["Institut d'Optique", "institut doptique", "Institut Optique"]),
        (KAZAN, ["Казанский ун-т", "казанского ун-та", "казанский УН-Т"]),
    ],
)
def test_articles_initials_and_short_words_hide_no_name(meant, texts):
    assert {text: (find(text, *ALL_SHORT).match, first(text, *ALL_SHORT)) for text in texts} == dict.fromkeys(
        texts, ("exact", meant)
    )


def test_initials_that_nobody_has_as_a_word_are_letters():
    assert first("U.R. Clinic", "Clinic U R", "Clinic") == "Clinic U R"


@pytest.mark.parametrize("text", ["立教大学 東京都", "立教大学, 東京都", "東京都、立教大学"])
def test_a_whole_name_of_one_word_without_spaces_is_among_the_nearest(text):
    rows = [
        "立教大学",
        "立教大学図書館",
        *(f"東京都{name}協会" for name in "看護医療"),
        *(f"京都{name}病院" for name in "市立中央"),
    ]
    assert (find(text, *rows).match, first(text, *rows)) == ("nearest", "立教大学")


def test_a_last_word_of_one_letter_is_a_beginning():
    assert first("kazan federal u", *ROWS) == KAZAN
    assert first("ministry of e", "Ministry of Health", "Ministry of Education") == "Ministry of Education"


def test_something_is_found_where_a_rare_word_is_known():
    assert first("xylophone temple zoological quantity", *ROWS) == TEMPLE


def test_beginnings_of_words_go_before_insides():
    found = find("kaz", "Samarkaz", "Center Kazan")
    assert list(found.order) == [1, 0]


@pytest.mark.parametrize(
    ("written", "sound"),
    [
        ("東京大学", "tokyodaigaku"),
        ("株式会社チノー", "kabushikigaishachino"),
        ("国立病院機構", "kokuritsubyoinkiko"),
        ("キャッシュ", "kyasshu"),
    ],
)
def test_a_japanese_name_sounds_japanese(written, sound):
    assert romanised(written) == sound
