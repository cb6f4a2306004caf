"""`start_consortium`: what it writes, when it does, and what it says then."""

import datetime

import pytest
from django.core.management import CommandError

from partners.models import (
    Consortium,
    Country,
    Institution,
    Visibility,
)
from tests.support.consortium_file import SMALL, start, written
from tests.support.factories import make_consortium, make_institution, make_role


@pytest.mark.django_db
def test_command_writes_the_file_and_counts_it(write):
    file = write(SMALL)
    assert start(file) == (
        f"Loaded from {file}: 1 consortium, 2 countries, 1 role, 1 city, 1 name of the city, 2 institutions, 1"
        " lab, 1 name, 1 participation, 1 contact.\n"
    )
    countries = Country.objects.exclude(label="").values_list("code", "label", "is_target")
    assert set(countries) == {("KZ", "Land of steppes", True), ("CZ", "Czech lands", False)}
    university = Institution.objects.get(slug="university")
    assert (university.city.name, university.city.longitude, university.founded) == ("Almaty", 77.0, 1934)
    assert (university.signed_on, university.is_published) == (datetime.date(2026, 1, 31), False)
    assert list(university.children.values_list("slug", flat=True)) == ["clinic"]
    lab = university.labs.get()
    assert university.participations.values_list("role", "lab", "state", "since").get() == (
        *("vector", lab.pk, "planned"),
        datetime.date(2026, 2, 1),
    )
    assert university.contacts.values_list("lab", "mailbox", "visibility").get() == (
        *(lab.pk, "office@university.example"),
        Visibility.STAFF,
    )


@pytest.mark.django_db
def test_command_reads_a_file_from_a_windows_editor(tmp_path):
    file = tmp_path / "windows.toml"
    file.write_bytes(b"\xef\xbb\xbf" + SMALL.strip().replace("\n", "\r\n").encode())
    start(file)
    assert Institution.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("make", [make_consortium, make_institution, make_role])
def test_command_refuses_a_directory_that_is_not_empty(write, make):
    make()
    before = written()
    with pytest.raises(CommandError) as refusal:
        start(write(SMALL))
    assert str(refusal.value) == ("The directory is not empty: it has a consortium, an institution or a role already.")
    assert written() == before


@pytest.mark.django_db
def test_command_leaves_a_directory_alone_that_is_not_empty_when_told_so():
    make_role()
    before = written()
    assert start("no-such-file.toml", if_empty=True) == "The directory is not empty: left as it is.\n"
    assert written() == before


@pytest.mark.django_db
def test_command_loads_into_an_empty_directory_when_told_so(write):
    start(write(SMALL), if_empty=True)
    assert Consortium.objects.get().name == "Small Consortium"
