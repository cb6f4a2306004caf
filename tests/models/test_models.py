"""What the database refuses, whoever writes, and what a text may hold."""

import datetime

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from hypothesis import example, given
from hypothesis import strategies as st

from partners.models import Basis, Consortium, Contact, Institution, Standing, Visibility
from partners.models.registry import validate_ror_id
from partners.models.text import clean_line, sort_key, validate_line, validate_text, validate_web_address
from tests.support.factories import (
    make_city,
    make_consortium,
    make_contact,
    make_institution,
    make_lab,
    make_participation,
    make_role,
)

TODAY = datetime.date(2026, 11, 22)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"slug": ""},
        {"slug": "none"},
        {"pk": 2**32},
        {"pk": -1},
        {"kind": "castle"},
        {"standing": "friend"},
        {"status": "lost"},
        {"ror_id": "05256ym39"},
        {"founded": 20},
        {"latitude": 55.8},
        {"latitude": 91, "longitude": 0},
        {"latitude": 0, "longitude": -181},
        {"expected_on": TODAY},
        {"standing": Standing.PROSPECT, "signed_on": TODAY},
        {"standing": Standing.EXPECTED, "valid_until": TODAY},
        {"standing": Standing.SIGNED, "signed_on": TODAY, "valid_until": TODAY - datetime.timedelta(1)},
    ],
)
def test_the_database_refuses_an_impossible_institution(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_institution(**fields)


@pytest.mark.django_db
def test_a_key_that_an_index_can_hold_is_written():
    assert make_institution(pk=2**32 - 1).pk == 2**32 - 1


@pytest.mark.django_db
@pytest.mark.parametrize("slug", ["", "none"])
def test_the_database_refuses_a_city_without_an_address_of_its_own(slug):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_city(slug=slug)


@pytest.mark.django_db
def test_a_ror_id_stands_once_and_none_as_often_as_needed():
    for _number in range(2):
        make_institution(ror_id="")
    make_institution(ror_id="https://ror.org/05256ym39")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_institution(ror_id="https://ror.org/05256ym39")


@pytest.mark.django_db
def test_there_is_one_consortium():
    make_consortium()
    with pytest.raises(IntegrityError), transaction.atomic():
        Consortium.objects.create(id=2, name="Another", short_name="Other")


@pytest.mark.django_db
@pytest.mark.parametrize("owner", ["institution", "lab"])
def test_a_role_is_taken_once_by_an_institution_and_once_by_each_lab(owner):
    role, institution = make_role(), make_institution()
    lab = make_lab(institution) if owner == "lab" else None
    make_participation(institution, role, lab)
    make_participation(institution, role, make_lab(institution))
    with pytest.raises(IntegrityError), transaction.atomic():
        make_participation(institution, role, lab)


PERSON = {"person": "Aigul", "visibility": Visibility.PUBLIC}
ON_BASIS = {"basis": Basis.CONSENT, "basis_on": TODAY, "basis_source": "filed"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        PERSON,
        PERSON | {"basis": Basis.CONSENT},
        PERSON | {"basis": Basis.CONSENT, "basis_on": TODAY},
        PERSON | {"basis": Basis.CONSENT, "basis_source": "filed"},
        PERSON | ON_BASIS | {"basis": Basis.PUBLICATION, "mail": "aigul@example.org"},
        PERSON | ON_BASIS | {"basis": Basis.PUBLICATION, "phone": "1"},
        {"mail": "someone@example.org", "visibility": Visibility.PUBLIC},
        {"phone": "1", "visibility": Visibility.PUBLIC},
        {"mailbox": "", "function": "nobody"},
    ],
)
def test_the_database_refuses_a_person_in_public_without_a_basis(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_contact(**fields)


@pytest.mark.django_db
def test_a_person_with_a_basis_and_a_role_mailbox_are_public():
    make_contact(**PERSON, **ON_BASIS, mail="aigul@example.org")
    make_contact(**PERSON, **ON_BASIS | {"basis": Basis.PUBLICATION})
    make_contact(mailbox="cart@example.org", visibility=Visibility.PUBLIC)
    make_contact(person="Hidden")

    assert Contact.objects.public().count() == 3


@pytest.mark.django_db
def test_the_indexes_of_the_lists_exist():
    catalogue = {"sqlite": "SELECT name FROM sqlite_master", "postgresql": "SELECT indexname FROM pg_indexes"}
    with connection.cursor() as cursor:
        cursor.execute(catalogue[connection.vendor])
        found = {name for (name,) in cursor.fetchall()}

    assert {index.name for index in Institution._meta.indexes} <= found


def test_every_text_field_is_guarded():
    """A field without a validator of its own must be a slug, a code or choices."""
    unguarded = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("partners").get_models()
        if not model.__name__.startswith(("Historical", "Logged", "LogEpoch"))
        for field in model._meta.get_fields()
        if isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, models.SlugField | models.EmailField)
        and field.editable
        and not field.choices
        and not field._validators
    ]

    assert unguarded == []


@pytest.mark.parametrize("text", ["a\x00b", "a\u202eb", "a\u200bb", "a\ud800b", "\ufeffa", "a\x1bb", "\u2066a"])
def test_invisible_characters_are_refused(text):
    with pytest.raises(ValidationError):
        validate_text(text)


@pytest.mark.parametrize("text", ["Казань", "Қазан", "喀山联邦大学", "می‌خواهم", "Kazan’ – “x”", "👩‍🔬"])
def test_what_people_write_is_accepted(text):
    validate_line(text)


@pytest.mark.parametrize("line_break", ["\n", "\r", "\t", "\u2028", "\u2029"])
def test_a_line_has_no_break(line_break):
    validate_text(f"one{line_break}two")
    with pytest.raises(ValidationError):
        validate_line(f"one{line_break}two")
    assert clean_line(f"one{line_break}two{line_break}") == "one two"


@pytest.mark.parametrize("filler", ["\u034f", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u3164", "\uffa0"])
def test_a_letter_that_nobody_sees_is_refused_and_cleaned_away(filler):
    for text in [filler, f"Ka{filler}zan"]:
        with pytest.raises(ValidationError):
            validate_text(text)
    assert clean_line(f"Ka{filler}zan") == "Kazan"


@pytest.mark.parametrize(
    "name", [" ", "\u3000", "\u200d", "\ufe0f", "\U000e0100", "\u180f", "\u2800", "\U0001d159", "\u2800 \u200c\ufe0f"]
)
def test_a_name_of_which_nothing_can_be_seen_is_none(name):
    with pytest.raises(ValidationError):
        validate_line(name)
    assert clean_line(name) == ""
    validate_line(f"a{name}b")


@pytest.mark.parametrize("name", ["葛\U000e0100城市", "❤\ufe0f", "⠅\u2800⠋", "—", "\ue000"])
def test_what_shapes_a_name_stays_in_it(name):
    validate_line(name)
    assert clean_line(name) == name


@given(st.text(max_size=50))
@example("0\r\x1b 0")
def test_a_cleaned_line_is_accepted_and_stays_as_it_is(text):
    cleaned = clean_line(text)
    validate_line(cleaned)
    assert clean_line(cleaned) == cleaned


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "//example.org",
        "https://user:pw@example.org/",
        "ftp://example.org",
        "https://",
        "https://exa mple.org",
        "https://example.org/\u202e",
        "data:text/html,x",
    ],
)
def test_a_dangerous_address_is_refused(address):
    with pytest.raises(ValidationError):
        validate_web_address(address)


@pytest.mark.parametrize("address", ["https://kpfu.ru", "http://example.org/a?b=c#d", "https://президент.рф/"])
def test_a_web_address_is_accepted(address):
    validate_web_address(address)


@pytest.mark.parametrize(
    "ror_id",
    [
        "05256ym39",
        "https://ror.org/05256ym38",
        "https://ror.org/05256ym3",
        "http://ror.org/05256ym39",
        "https://ror.org/05256im39",
    ],
)
def test_a_wrong_ror_id_is_refused(ror_id):
    with pytest.raises(ValidationError):
        validate_ror_id(ror_id)


@given(st.text(max_size=400))
def test_a_sort_key_is_plain(text):
    key = sort_key(text)
    assert len(key) <= 300
    assert key.isascii()
    assert key == key.lower().strip()
