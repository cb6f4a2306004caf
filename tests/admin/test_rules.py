"""An editor is told which rule a form breaks: each constraint of the database, and what `clean()` adds."""

import datetime

import pytest
from django.contrib.messages import get_messages
from django.utils import timezone

from partners.models import City, Consortium, Contact, Country, Institution, InstitutionName, Lab, Participation, Role
from tests.support import factories
from tests.support.editor import EDITED, address, inline, messages_of, post

pytestmark = pytest.mark.django_db
ROR_ID = "https://ror.org/05256ym39"
TOMORROW = timezone.localdate() + datetime.timedelta(days=2)

NEW_INSTITUTION = {"name": "New", "slug": "new", "kind": "hospital"}
NEW_ROLE = {"code": "new", "name": "New", "group": "chain", "position": 900}
NEW_CITY = {"country": "KZ", "slug": "kz-new", "name": "New"}
NOT_A_CHOICE = "Select a valid choice. nonsense is not one of the available choices."
REQUIRED = "This field is required."
WHOLE_POINT = "A point needs both latitude and longitude, or neither."
POINT_RANGE = "Latitude lies between -90 and 90 degrees, longitude between -180 and 180."
AGREEMENT_DATES = "A signing or last day belongs to an agreement that is signed, suspended or former."
ON_A_BASIS = (
    "A person is shown to everybody only with a basis, its date and its source. A publication allows"
    " name and function only: keep mail and phone in another contact, for editors."
)
OTHER_LAB = "This lab belongs to another institution."

# Constraint -> model, what is posted into a correct form, what the editor reads. "$x" is the key of a row of `rows`.
RULES = {
    "institution_has_name": (Institution, {"name": ""}, REQUIRED),
    "institution_has_slug": (
        Institution,
        {"slug": "none"},
        "An institution needs an address of its own; “none” is taken.",
    ),
    "institution_ror_id_once": (Institution, {"ror_id": ROR_ID}, "Another institution has this ROR id."),
    "institution_ror_id_is_address": (
        Institution,
        {"ror_id": "05256ym39"},
        "Write the whole ROR address, for example https://ror.org/05256ym39.",
    ),
    "institution_kind_known": (Institution, {"kind": "nonsense"}, NOT_A_CHOICE),
    "institution_standing_known": (Institution, {"standing": "nonsense"}, NOT_A_CHOICE),
    "institution_status_known": (Institution, {"status": "nonsense"}, NOT_A_CHOICE),
    "institution_founded_in_range": (
        Institution,
        {"founded": 499},
        "Ensure this value is greater than or equal to 500.",
    ),
    "institution_expected_on_needs_standing": (
        Institution,
        {"expected_on": "2027-01-01"},
        "A date is expected for an agreement: choose its standing.",
    ),
    "institution_dates_need_agreement": (
        Institution,
        {"standing": "prospect", "signed_on": "2026-01-01"},
        AGREEMENT_DATES,
    ),
    "institution_agreement_ends_after_start": (
        Institution,
        {"standing": "signed", "signed_on": "2026-01-02", "valid_until": "2026-01-01"},
        "The agreement's last day lies before its signature.",
    ),
    "institution_point_is_whole": (Institution, {"latitude": "55.8"}, WHOLE_POINT),
    "institution_point_in_range": (Institution, {"latitude": "91", "longitude": "0"}, POINT_RANGE),
    "institution_name_not_empty": (InstitutionName, {"value": ""}, REQUIRED),
    "institution_name_kind_known": (InstitutionName, {"kind": "nonsense"}, NOT_A_CHOICE),
    "institution_name_once": (
        InstitutionName,
        {"value": "КФУ", "language": "ru", "kind": "native"},
        "The institution has this name already.",
    ),
    "lab_has_name_and_slug": (Lab, {"name": ""}, REQUIRED),
    "lab_slug_once_in_institution": (Lab, {"slug": "taken"}, "Another lab of this institution has this address."),
    "participation_state_known": (Participation, {"state": "nonsense"}, NOT_A_CHOICE),
    "participation_ends_after_start": (
        Participation,
        {"since": "2026-01-02", "until": "2026-01-01"},
        "The last day lies before the first.",
    ),
    "participation_of_institution_once": (
        Participation,
        {"lab": None, "role": "vector"},
        "The institution has this role already: change that entry.",
    ),
    "participation_of_lab_once": (
        Participation,
        {"lab": "$lab", "role": "vector"},
        "The lab has this role already: change that entry.",
    ),
    "contact_not_empty": (Contact, {"mailbox": ""}, "Enter a role mailbox or a person."),
    "contact_person_public_on_a_basis": (Contact, {"person": "A. Person", "visibility": "public"}, ON_A_BASIS),
    "country_has_code": (Country, {"code": ""}, REQUIRED),
    "city_has_name": (City, {"name": ""}, REQUIRED),
    "city_has_slug": (City, {"slug": "none"}, "A city needs an address of its own; “none” is taken."),
    "city_point_is_whole": (City, {"longitude": "49.1"}, WHOLE_POINT),
    "city_point_in_range": (City, {"latitude": "0", "longitude": "181"}, POINT_RANGE),
    "city_name_not_empty": (City, inline("names", {"value": "", "language": "ru"}), REQUIRED),
    "city_name_once": (
        City,
        inline("names", {"value": "Казань", "language": "ru"}, {"value": "Казань", "language": "ru"}),
        "Please correct the duplicate values below.",
        "Please correct the duplicate data for language and value, which must be unique.",
    ),
    "role_has_code_and_name": (Role, {"name": ""}, REQUIRED),
    "role_code_not_reserved": (
        Role,
        {"code": "none"},
        "The code “none” means “no role” in addresses: choose another.",
    ),
    "role_group_known": (Role, {"group": "nonsense"}, NOT_A_CHOICE),
    "role_position_once": (
        Role,
        {"group": "chain", "position": 1},
        "Another role of this group stands at this position.",
    ),
    "role_text_once_a_language": (
        Role,
        inline("texts", {"language": "ru", "name": "Роль"}, {"language": "ru", "name": "Роль"}),
        "Please correct the duplicate values below.",
        "Please correct the duplicate data for language.",
    ),
    "consortium_text_once_a_language": (
        Consortium,
        inline("texts", {"language": "ru", "name": "Имя"}, {"language": "ru", "name": "Имя"}),
        "Please correct the duplicate values below.",
        "Please correct the duplicate data for language.",
    ),
}
# The first has a test of its own; the other rules are about what no form offers.
NOT_BY_ADDING = {
    "institution_not_replaced_by_itself",
    "consortium_is_one_row",
    "former_slug_of_one_institution",
    "former_slug_of_one_lab",
    "institution_key_fits_bitmap",
    "lab_key_fits_bitmap",
}


CORRECT = {
    Institution: NEW_INSTITUTION,
    InstitutionName: {"institution": "$institution", "value": "New", "kind": "alias"},
    Lab: {"institution": "$institution", "name": "New", "slug": "new"},
    Participation: {"institution": "$institution", "lab": "$lab", "role": "clinic", "state": "planned"},
    Contact: {"institution": "$institution", "mailbox": "cart@example.org"},
    Country: {"code": "AQ"},
    City: NEW_CITY,
    Role: NEW_ROLE,
    Consortium: {"name": "New", "short_name": "New"},
}


def test_rules_table_names_every_constraint():
    named = {one.name for model in EDITED for one in model._meta.constraints}
    assert named == RULES.keys() | NOT_BY_ADDING


@pytest.mark.parametrize("rule", RULES)
def test_form_says_which_rule_is_broken(rule, admin_client, rows):
    model, changes, *messages = RULES[rule]
    before = model.objects.count()
    posted = {name: rows.get(value, value) for name, value in (CORRECT[model] | changes).items()}
    assert messages_of(post(admin_client, model, **posted)) == messages
    assert model.objects.count() == before


@pytest.mark.parametrize("model", CORRECT)
def test_correct_form_is_saved(model, admin_client, rows):
    Country.objects.filter(code="AQ").delete()  # a migration has written every code there is
    before = model.objects.count()
    posted = {name: rows.get(value, value) for name, value in CORRECT[model].items()}
    response = post(admin_client, model, **posted)
    assert (response.status_code, model.objects.count()) == (302, before + 1)


# What `clean()` says, where a constraint cannot.


def test_institution_form_refuses_city_of_another_country(admin_client):
    city = factories.make_city(country_id="KZ")
    response = post(admin_client, Institution, **NEW_INSTITUTION, country="RU", city=city.pk)
    assert messages_of(response) == ["This city lies in another country than the one chosen."]


@pytest.mark.parametrize("model", [Institution, Lab])
def test_form_refuses_confirmation_in_the_future(model, admin_client, rows):
    posted = {name: rows.get(value, value) for name, value in CORRECT[model].items()}
    response = post(admin_client, model, **posted, verified_on=TOMORROW.isoformat())
    assert messages_of(response) == ["The day of the confirmation lies in the future."]


def test_institution_form_refuses_replacement_by_itself_and_in_a_circle(admin_client):
    first = factories.make_institution()
    second = factories.make_institution(replaced_by=first)
    message = "That entry is itself replaced by this one."
    assert messages_of(post(admin_client, Institution, first, replaced_by=first.pk)) == [message]
    assert messages_of(post(admin_client, Institution, first, replaced_by=second.pk)) == [message]


def test_editor_is_told_of_entries_with_the_same_name(admin_client):
    kazan = factories.make_city(name="Kazan")
    factories.make_institution(name="Центр онкологии", city=kazan, country=kazan.country)

    def warnings_of(**fields):
        institution = factories.make_institution(name="Other")
        assert post(admin_client, Institution, institution, **fields).status_code == 302
        return [str(message) for message in get_messages(admin_client.get("/admin/").wsgi_request)]

    [_saved, warning] = warnings_of(name="Tsentr Onkologii")
    assert "Another entry has this name: Центр онкологии · Kazan" in warning
    assert len(warnings_of(name="Centre")) == 1
    assert len(warnings_of(website="https://other.example/")) == 1


def test_institution_form_refuses_former_address_of_another(admin_client):
    factories.make_former_slug(slug="new")
    response = post(admin_client, Institution, **NEW_INSTITUTION)
    assert messages_of(response) == ["This address led to another institution before: choose a new one."]


def test_lab_moves_with_its_roles_and_contacts(admin_client):
    lab = factories.make_participation(lab=factories.make_lab()).lab
    factories.make_contact(lab=lab)
    home = factories.make_institution()
    assert post(admin_client, Lab, lab, institution=home.pk).status_code == 302
    lab.refresh_from_db()
    assert (lab.institution, lab.participations.get().institution, lab.contacts.get().institution) == (home,) * 3


@pytest.mark.parametrize("above", [0, 1, 2])
def test_institution_form_refuses_parents_in_a_circle(above, admin_client):
    chain = [factories.make_institution() for _number in range(3)]
    chain[1].parents.add(chain[0])
    chain[2].parents.add(chain[1])
    [message] = messages_of(post(admin_client, Institution, chain[0], parents=[chain[above].pk]))
    assert "belong" in message
    assert post(admin_client, Institution, chain[2], parents=[chain[0].pk]).status_code == 302


def test_city_changes_the_country_of_its_institutions_only_when_told_to(admin_client):
    city = factories.make_city()
    institution = factories.make_institution(city=city)
    [message] = messages_of(post(admin_client, City, city, country="RU"))
    assert "1 institution is in this city" in message
    assert post(admin_client, City, city, country="RU", takes_along="on").status_code == 302
    institution.refresh_from_db()
    assert (institution.country_id, institution.history.latest().country_id) == ("RU", "RU")


@pytest.mark.parametrize("make", [factories.make_city, factories.make_role, factories.make_country])
def test_a_code_that_addresses_name_never_changes(make, admin_client):
    row = make()
    [code] = {"code", "slug"}.intersection(field.name for field in row._meta.fields)
    before = getattr(row, code)
    assert code not in admin_client.get(address(type(row), row)).context["adminform"].form.fields
    assert post(admin_client, type(row), row, **{code: "other"}).status_code == 302
    assert list(type(row).objects.filter(pk=row.pk).values_list(code, flat=True)) == [before]


@pytest.mark.parametrize(("name", "years"), [("signed_on", 1), ("expected_on", 10), ("valid_until", 100)])
def test_institution_form_refuses_a_day_too_far_ahead(name, years, admin_client):
    day = timezone.localdate() + datetime.timedelta(days=366 * years + 1)
    [message] = messages_of(
        post(admin_client, Institution, **NEW_INSTITUTION, standing="signed", **{name: day.isoformat()})
    )
    assert f"more than {years} years ahead" in message


@pytest.mark.parametrize("code", ["EU", "QQ", "ZZ"])
def test_country_form_refuses_what_is_no_code_of_iso(code, admin_client):
    assert messages_of(post(admin_client, Country, code=code)) == ["ISO 3166-1 has no such code."]


@pytest.mark.parametrize(
    ("model", "fields"), [(Participation, {"role": "clinic"}), (Contact, {"mailbox": "cart@example.org"})]
)
def test_form_refuses_lab_of_another_institution(model, fields, admin_client, rows):
    other = factories.make_lab()
    response = post(admin_client, model, institution=rows["$institution"], lab=other.pk, state="planned", **fields)
    assert messages_of(response) == [OTHER_LAB]
