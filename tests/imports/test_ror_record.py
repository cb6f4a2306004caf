"""A record of the registry is read whole, or refused by name."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partners.imports.ror.names import main_script, official_scripts
from partners.imports.ror.record import BrokenRecordError, SkippedRecordError, read_record
from partners.imports.ror.slugs import SLUG_LENGTH, Slugs
from partners.models import Country, Kind
from partners.models.text import validate_line
from tests.support.ror import SLICE, location, name, record, relation, ror_id

RECORDS = json.loads(SLICE.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("types", "kind", "funds_research"),
    [
        (["company", "education", "facility", "funder", "government", "healthcare", "nonprofit"], Kind.HOSPITAL, True),
        (["company", "education", "facility", "government", "nonprofit"], Kind.UNIVERSITY, False),
        (["company", "facility", "government", "nonprofit"], Kind.INSTITUTE, False),
        (["nonprofit", "government", "funder", "company"], Kind.COMPANY, True),
        (["nonprofit", "government"], Kind.GOVERNMENT, False),
        (["archive", "nonprofit"], Kind.NONPROFIT, False),
        (["archive"], Kind.OTHER, False),
        (["funder"], Kind.OTHER, True),
        ([], Kind.OTHER, False),
    ],
)
def test_kind_is_the_first_that_applies_and_funder_is_none(types, kind, funds_research):
    read = read_record(record(types=types))
    assert (read.kind, read.funds_research) == (kind, funds_research)


@pytest.mark.parametrize(
    ("types", "shown", "stored", "others"),
    [
        (["company"], "Pfizer (United States)", "Pfizer", {"Pfizer (United States)": ["alias", "en"]}),
        (["company", "funder"], "Océ (The Netherlands)", "Océ", {"Océ (The Netherlands)": ["alias", "en"]}),
        (["company"], "IRELEC (FRANCE)", "IRELEC", {"IRELEC (FRANCE)": ["alias", "en"]}),
        (["company"], "Aqilion AB (publ)", "Aqilion AB (publ)", {}),
        (["company"], "(Japan)", "(Japan)", {}),
        (["education"], "Open University (Japan)", "Open University (Japan)", {}),
    ],
)
def test_country_comes_off_a_company_name_and_the_whole_name_stays_findable(types, shown, stored, others):
    read = read_record(record(1, shown, types=types))
    assert (read.name, read.names) == (stored, others)


def test_names_are_sorted_by_what_they_are():
    names = [
        name("KFU", "acronym"),
        name("Kazan State University", "alias", lang="en"),
        name("Казанский университет", "label", lang="ru"),
        name("Казан университеты", "label"),  # not tagged, but Cyrillic
        name("Université de Kazan", "label", lang="fr"),
        name("Kazan University", "label", lang="en"),
        name("Kazanskij universitet", "label", lang="ru"),  # the tag is right, the letters are not Russian
        name("KFU", "alias"),  # known already as an acronym
        name("Kazan Federal University", "alias"),  # the name itself
        name(" Imperial\u00a0University\u202c ", "alias", lang="not a language"),
        name("\u200e", "alias"),
    ]
    read = read_record(record(1, "Kazan Federal University", *names, locations=[location("RU", 551487, "Kazan’")]))
    assert read.name == "Kazan Federal University"
    assert list(read.names.items()) == [
        ("Казанский университет", ["native", "ru"]),
        ("Казан университеты", ["native", ""]),
        ("Université de Kazan", ["official", "fr"]),
        ("Kazan University", ["official", "en"]),
        ("Kazanskij universitet", ["official", "ru"]),
        ("KFU", ["acronym", ""]),
        ("Kazan State University", ["alias", "en"]),
        ("Imperial University", ["alias", ""]),
    ]


@pytest.mark.parametrize(
    ("country", "value", "lang", "kind"),
    [
        ("KZ", "Назарбаев Университеті", "kk", "native"),
        ("CN", "清华大学", "zh", "native"),
        ("JP", "東京大学", "ja", "native"),
        ("KR", "서울대학교", None, "native"),
        ("GB", "Prifysgol Caerdydd", "cy", "native"),
        ("NO", "Universitetet i Oslo", "no", "native"),
        ("PH", "Unibersidad ng Pilipinas", "tl", "native"),  # CLDR says fil
        ("RS", "Univerzitet u Beogradu", "sr", "native"),
        ("XK", "Universiteti i Prishtinës", "sq", "native"),
        ("DE", "Universität Wien", None, "official"),
        ("DE", "Казанский университет", "ru", "official"),
        ("IN", "Indian Institute", "en", "official"),
    ],
)
def test_label_in_a_language_of_its_country_is_native(country, value, lang, kind):
    locations = [location(country, 1, "City")]
    read = read_record(record(1, "Shown", name(value, "label", lang=lang), locations=locations))
    assert read.names == {value: [kind, lang or ""]}


@pytest.mark.django_db
def test_every_country_has_official_scripts_that_unicode_knows():
    scripts = {code: official_scripts(code) for code in Country.objects.values_list("code", flat=True)}
    assert scripts["KZ"] == {"ru": {"CYRILLIC"}, "kk": {"CYRILLIC"}}
    assert [code for code, languages in scripts.items() if not all(languages.values())] == []


def test_main_script_is_that_of_most_letters():
    assert [main_script(text) for text in ["IBM Казань", "«Ростех» AG", "10-я", "2030", ""]] == [
        "CYRILLIC",
        "CYRILLIC",
        "CYRILLIC",
        "",
        "",
    ]


def test_parts_that_cannot_be_stored_are_left_out_with_a_reason():
    read = read_record(
        record(
            1,
            "Shown",
            name("x" * 301, "alias"),
            links=[{"type": "website", "value": "javascript:alert(1)"}, {"type": "website", "value": "https://a.kz/"}],
            established=12,
            locations=[location("KZ", None)],
        )
    )
    assert (read.names, read.website, read.founded, read.place.country, read.place.geonames_id) == (
        {},
        "https://a.kz/",
        None,
        "KZ",
        None,
    )
    assert sorted(read.left_out) == [
        "city without name or GeoNames id",
        "name too long",
        "website is no whole http address",
        "year of foundation out of range",
    ]


def test_name_too_long_to_be_stored_skips_the_record():
    with pytest.raises(SkippedRecordError, match="name too long"):
        read_record(record(1, "x" * 301))


def test_relations_are_read_by_kind_and_never_lead_to_the_record_itself():
    relations = [relation("successor", 3), relation("parent", 2), relation("parent", 1), relation("child", 4)]
    read = read_record(record(1, relationships=relations))
    assert (read.parents, read.successors) == ([ror_id(2)], [ror_id(3)])


@pytest.mark.parametrize(
    "parts",
    [
        {"id": None},
        {"id": "https://ror.org/05256ym38"},
        {"status": "closed"},
        {"types": "education"},
        {"types": [1]},
        {"names": []},
        {"names": [name("Only a label", "label")]},
        {"names": [name("\u202e ", "ror_display")]},
        {"names": ["A name"]},
        {"locations": [{"geonames_id": 1}]},
        {"established": "1804"},
        {"established": True},
        {"links": None},
        {"relationships": [{"type": "parent", "id": 7}]},
    ],
)
def test_broken_part_refuses_the_record(parts):
    with pytest.raises(BrokenRecordError):
        read_record(record(1) | parts)


@pytest.mark.parametrize("raw", [None, [], "text", {}, {"id": "https://ror.org/05256ym39", "name": "schema v1"}])
def test_what_is_no_record_is_refused(raw):
    with pytest.raises(BrokenRecordError):
        read_record(raw)


@given(st.sampled_from(RECORDS), st.data())
def test_record_that_lost_a_part_is_refused_and_never_breaks_the_import(raw, data):
    part = data.draw(st.sampled_from(["id", "status", "types", "names", "locations", "links", "relationships"]))
    junk = data.draw(st.none() | st.integers() | st.text(max_size=5) | st.just([None]) | st.just({}))
    with pytest.raises(BrokenRecordError):
        read_record(raw | {part: junk})


def test_every_record_of_the_slice_is_read_clean():
    for raw in RECORDS:
        read = read_record(raw)
        for value in [read.name, *read.names]:
            validate_line(value)
        assert read.left_out == []


@given(st.lists(st.text(max_size=150), max_size=12))
def test_slugs_are_unique_short_and_never_reserved(names):
    slugs = Slugs(["taken"])
    handed_out = [
        slugs.take(text, ["kz-astana", f"id{number}"])
        for number, text in enumerate([*names, "none", "Taken", *["x" * 150] * 3])
    ]
    assert len(set(handed_out)) == len(handed_out)
    assert not {"", "none", "taken"} & set(handed_out)
    assert max(map(len, handed_out)) <= SLUG_LENGTH
