"""`start_consortium`: what it refuses, in which words; nothing is written then."""

import datetime
import tomllib

import pytest
from django.core.management import CommandError
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from partners.imports.consortium_file import ConsortiumFileError, load
from tests.support.consortium_file import SMALL, start, written


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("right", "wrong", "mistakes"),
    [
        ("founded = 1934", "fuonded = 1934", ['institution "University": unknown key "fuonded"']),
        ("targets = [", "target = [", ['unknown key "target"']),
        ('short_name = "Small"', 'shortname = "S"', [
            'consortium: unknown key "shortname"',
            "consortium, short_name: This field cannot be blank.",
        ]),
        ('targets = ["KZ"]', 'targets = ["KZ", "UK"]', ['country "UK": ISO 3166-1 has no such code']),
        ('targets = ["KZ"]', 'targets = "KZ"', ['targets: a list such as ["a", "b"] is expected']),
        ("[[city]]", "[city]", [
            "city: one or more tables, each under [[two brackets]], is expected",
            'institution "University", city: there is no "kz-almaty"',
            'institution "University", lab "Unit", city: there is no "kz-almaty"',
        ]),
        ('names = { kk = "Алматы" }', 'names = "Алматы"', ['city "Almaty", names: one table is expected']),
        ('{ kk = "Алматы" }', '{ Kazakh = "Алматы" }', [
            'city "Almaty", name "Kazakh", language: Write a BCP 47 language tag, for example ru, kk or zh-Hans.',
        ]),
        ("longitude = 77", "longitude = 277", [
            'city "Almaty": Latitude lies between -90 and 90 degrees, longitude between -180 and 180.',
        ]),
        ("longitude = 77", "longitude = nan", ['city "Almaty", longitude: a number of degrees is expected']),
        ('name = "Clinic"', "name = 5", ['institution "clinic", name: text in quotes is expected']),
        ("founded = 1934", 'founded = "1934"', [
            'institution "University", founded: a whole number from 0 to 32767 is expected',
        ]),
        ("is_published = false", 'is_published = "no"', [
            'institution "University", is_published: true or false is expected',
        ]),
        ("signed_on = 2026-01-31", 'signed_on = "31.1.2026"', [
            'institution "University", signed_on: a date without quotes, such as 2026-11-22, is expected',
        ]),
        ('kind = "hospital"', 'kind = "clinic"', [
            "institution \"Clinic\", kind: Value 'clinic' is not a valid choice.",
        ]),
        ('standing = "signed"', 'standing = "prospect"', [
            'institution "University": A signing or last day belongs to an agreement that is signed, suspended or'
            " former.",
        ]),
        ('slug = "clinic"', 'slug = "university"', [
            'institution "University", slug: Institution with this Address already exists.',
        ]),
        ('parents = ["university"]', 'parents = ["universty"]', [
            'institution "Clinic", parents: there is no "universty"',
        ]),
        ('parents = ["university"]', 'parents = ["clinic"]', [
            'institution "Clinic", parents: it belongs to itself, "clinic" in "clinic": leave one of them out',
        ]),
        ('founded = 1934', 'parents = ["university", "clinic"]', [
            'institution "Clinic", parents: it belongs to itself, "clinic" in "university" in "clinic": leave one of'
            " them out",
            'institution "University", parents: it belongs to itself, "university" in "university": leave one of them'
            " out",
        ]),
        ('founded = 1934', 'id = 1', ['institution "University": unknown key "id"']),
        ('name = "Almaty"', 'name = "Almaty"\nid = 1', ['city "Almaty": unknown key "id"']),
        ('state = "planned"', 'state = "planned", id = 1', [
            'institution "University", participation "vector": unknown key "id"',
        ]),
        ("position = 1", "position = 32768", [
            'role "Vector production", position: a whole number from 0 to 32767 is expected',
        ]),
        ("geonames_id = 1526384", "geonames_id = 2147483648", [
            'city "Almaty", geonames_id: a whole number from 0 to 2147483647 is expected',
        ]),
        ('city = "kz-almaty"\n', f"city = 0x{'f' * 5000}\n", [
            'institution "University", city: text in quotes is expected',
        ]),
        ('city = "kz-almaty"\n', f"city.{'.'.join('a' * 3000)} = 1\n", [
            'institution "University", city: text in quotes is expected',
        ]),
        ('targets = ["KZ"]', f"targets = {'[' * 5000}{']' * 5000}", [
            "lists or tables are nested too deeply: write them as partners/seeds/cart.toml shows",
        ]),
        ('names = { kk = "Алматы" }', f"names = {'{a=' * 5000}1{'}' * 5000}", [
            "lists or tables are nested too deeply: write them as partners/seeds/cart.toml shows",
        ]),
        ('state = "planned"', 'state = "soon"', [
            "institution \"University\", participation \"vector\", state: Value 'soon' is not a valid choice.",
        ]),
        ('role = "vector"', 'role = "vectors"', [
            'institution "University", participation "vectors", role: there is no "vectors"',
        ]),
        ('role = "vector", lab', "lab", [
            'institution "University", participation 1, role: This field cannot be null.',
        ]),
        ('mailbox = "office@university.example"', 'person = "A", visibility = "public"', [
            'institution "University", contact "Office": A person is shown to everybody only with a basis, its date and'
            " its source. A publication allows name and function only: keep mail and phone in another contact, for"
            " editors.",
        ]),
        ('value = "Университет"', 'value = "A\\u202Eb"', [
            'institution "University", other_name "A\u202eb", value: Character 2 is invisible (U+202E). Delete it and'
            " type the text again there.",
        ]),
    ],
)  # fmt: skip
def test_command_says_where_a_mistake_is_and_writes_nothing(write, right, wrong, mistakes):
    file = write(SMALL.replace(right, wrong, 1))
    with pytest.raises(CommandError) as refusal:
        start(file)
    first, *lines = str(refusal.value).splitlines()
    assert lines == [f"- {mistake}" for mistake in mistakes]
    assert first.startswith(f"{file} has {len(mistakes)} mistake")
    assert written() == ([], [])


@pytest.mark.django_db
def test_command_names_every_mistake_of_a_file_at_once(write):
    text = SMALL.replace("position = 1", "position = -1").replace('kind = "university"', "kind = 1")
    with pytest.raises(CommandError) as refusal:
        start(write(text.replace('state = "planned"', 'state = "soon"').replace("office@university", "office")))
    assert str(refusal.value).splitlines()[1:] == [
        '- role "Vector production", position: a whole number from 0 to 32767 is expected',
        '- institution "University", kind: text in quotes is expected',
        '- institution "University", participation "vector", state: Value \'soon\' is not a valid choice.',
        '- institution "University", contact "Office", mailbox: Enter a valid email address.',
    ]
    assert written() == ([], [])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"[[institution]", "the file is not TOML in UTF-8: Expected ']]' at the end of an array declaration"),
        ('name = "Казань"'.encode("cp1251"), "the file is not TOML in UTF-8: 'utf-8' codec can't decode byte"),
    ],
)
def test_command_refuses_a_file_that_is_not_toml(tmp_path, content, reason):
    file = tmp_path / "broken.toml"
    file.write_bytes(content)
    with pytest.raises(CommandError) as refusal:
        start(file)
    assert reason in str(refusal.value)


@pytest.mark.django_db
def test_command_says_that_a_file_cannot_be_read(tmp_path):
    file = tmp_path / "absent.toml"
    with pytest.raises(CommandError) as refusal:
        start(file)
    assert str(refusal.value) == f"{file} cannot be read: No such file or directory."


def places(tables):
    """Return (container, key) of every value in the tables, at any depth."""
    items = list(tables.items() if isinstance(tables, dict) else enumerate(tables))
    deeper = [place for _, value in items if isinstance(value, dict | list) for place in places(value)]
    return [(tables, key) for key, _ in items] + deeper


ODD_VALUES = [
    *(True, -1, 10**400, 1.5, float("nan"), float("inf"), "", " ", "x" * 400, "\0", "none", "vector", "kz-almaty"),
    *(datetime.date(9999, 12, 31), datetime.datetime(2026, 1, 1), datetime.time(1)),
    *([], [1], ["a"], {}, [{}], {"a": {}}, {"a": "b"}),
]


@pytest.mark.django_db
@settings(deadline=None, max_examples=50)
@given(number=st.integers(0, len(places(tomllib.loads(SMALL))) - 1), value=st.sampled_from(ODD_VALUES))
def test_any_odd_value_is_taken_or_refused_and_never_half_written(number, value):
    tables = tomllib.loads(SMALL)
    container, key = places(tables)[number]
    container[key] = value
    left = [], []
    with transaction.atomic():
        try:
            load(tables)
        except ConsortiumFileError:
            left = written()
        transaction.set_rollback(True)
    assert left == ([], [])
