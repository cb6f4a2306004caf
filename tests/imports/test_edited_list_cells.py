"""`import_list`: cells that say more than a value: formulas, points, countries, roles."""

import pytest

from partners.models import Institution, NameKind, Participation, Role
from tests.support.factories import (
    make_city,
    make_country,
    make_institution,
    make_lab,
    make_name,
    make_participation,
    make_role,
)
from tests.support.list_file import edited, export, facts, load, refusal

pytestmark = pytest.mark.django_db
UNCHANGED = ["Changed: 0"]


def test_a_formula_that_somebody_types_is_a_text_and_guarded_again():
    make_institution(slug="a", name="A")
    load(b"slug,name\na,=1+1\n")
    assert Institution.objects.get().name == "=1+1"
    assert b"\r\n'=1+1,,," in export()


def test_a_guard_that_a_spreadsheet_takes_away_is_not_missed():
    institution = make_institution(slug="a", name="=A")
    make_name(institution, value="@a", kind=NameKind.ACRONYM)
    make_lab(institution, name="-1; +2")
    content = export()
    bare = content.replace(b"'=A", b"=A").replace(b"'@a", b"@a").replace(b"'-1", b"-1")
    assert len(bare) == len(content) - 3
    assert load(bare)[2:] == UNCHANGED


def test_a_coordinate_that_a_spreadsheet_has_rounded_is_the_same():
    make_institution(slug="a", latitude=55.790123456789, longitude=-0.00000001)
    assert load(b"slug,latitude,longitude\na,55.79012346,0\n")[2:] == UNCHANGED


def test_a_coordinate_takes_the_city_s_other_one_along():
    make_institution(slug="kfu", city=make_city(latitude=55.79, longitude=49.12))
    load(edited("kfu", latitude="55,8"))
    institution = Institution.objects.get()
    assert (institution.latitude, institution.longitude) == (55.8, 49.12)
    assert load(edited("kfu"))[2:] == UNCHANGED
    assert refusal(edited("kfu", latitude="", longitude="")) == [
        "line 2, latitude “”, longitude “”: without a point the city's is shown: delete it in the admin"
    ]
    assert refusal(b"slug,latitude\nkfu,1\n") == [
        "line 2, latitude “1”: both columns of a point are needed: download the list anew"
    ]


def test_a_point_is_taken_away_where_its_city_has_none():
    make_institution(slug="kfu", city=make_city(), latitude=1, longitude=2)
    load(edited("kfu", latitude="", longitude=""))
    assert Institution.objects.get().point is None


def test_a_country_s_name_may_follow_its_code():
    make_institution(slug="kfu", country=make_country("KZ"))
    content = edited("kfu", country="RU", country_name="Russia")
    load(content)
    assert facts(export()) == facts(content)
    assert refusal(edited("kfu", country_name="Kazakhstan")) == [
        "line 2, country_name “Kazakhstan”: this follows from “country”: write a code there, and put back “Russia”"
    ]


def test_roles_of_the_institution_are_added_changed_and_taken_away():
    institution = make_institution(slug="kfu")
    vector, clinic, funder = (make_role(code=code) for code in ("vector", "clinic", "funder"))
    vectors = make_participation(institution, vector, state="planned", note="Since a long time")
    make_participation(institution, clinic, state="paused")
    load(edited("kfu", roles="funder (not_stated);vector (operational)"))
    vectors.refresh_from_db()
    assert (vectors.state, vectors.note) == ("operational", "Since a long time")
    assert set(institution.participations.values_list("role", "state", "lab")) == {
        ("vector", "operational", None),
        (funder.code, "not_stated", None),
    }
    records = Participation.history.filter(history_change_reason="Imported from list.csv")
    assert set(records.values_list("role", "history_type")) == {("vector", "~"), ("clinic", "-"), ("funder", "+")}
    assert load(edited("kfu"))[2:] == UNCHANGED
    assert load(edited("kfu", roles="funder (not_stated);vector (operational)"))[2:] == UNCHANGED


def test_roles_that_no_lab_has_are_told_apart_from_those_of_labs():
    institution = make_institution(slug="kfu")
    lab = make_lab(institution)
    for code in ("vector", "clinic", "funder"):
        make_role(code=code)
    make_participation(institution, Role(code="vector"), state="planned")
    make_participation(institution, Role(code="vector"), lab, state="planned")
    make_participation(institution, Role(code="clinic"), state="planned")
    load(edited("kfu", roles="vector (planned); funder (planned); clinic (paused)"))
    own = institution.participations.filter(lab=None).values_list("role", "state")
    assert set(own) == {("vector", "planned"), ("clinic", "paused"), ("funder", "planned")}
    doubt = "a lab has this role too, so it is edited in the admin: put back what stood here of vector"
    for cell in ("funder (planned); clinic (paused)", "vector (paused); clinic (paused); funder (planned)"):
        assert refusal(edited("kfu", roles=cell)) == [f"line 2, roles “{cell}”: {doubt}"]
