"""What a process caches from one request to the next, and when that is outdated."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import get_language, override

from partners.index import cached, current, index
from partners.lists import LISTS
from partners.lists.filters import InstitutionFilter, LabFilter
from partners.models import Institution, collation
from partners.models.keys import PlainRows
from tests.support.changes import edit
from tests.support.factories import (
    make_city,
    make_city_name,
    make_consortium,
    make_country,
    make_institution,
    make_lab,
    make_name,
    make_participation,
    make_person,
    make_role,
    make_role_text,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_is_read_is_cached_for_each_language_until_a_shared_row_changes():
    languages = []

    @cached.cached_for_shared_rows
    def read():
        languages.append(get_language())
        return get_language()

    def read_in(*several):
        for language in several:
            with current.in_snapshot(), override(language):
                assert read() == language

    read_in("en", "ru", "en", "ru")
    assert languages == ["en", "ru"]
    make_role()
    read_in("ru", "en", "ru")
    assert languages == ["en", "ru", "ru", "en"]


def test_what_is_the_same_in_every_language_is_read_once():
    languages = []

    def read():
        languages.append(get_language())
        return len(languages)

    read_once = cached.cached_for_shared_rows(read, by=lambda: None)

    def read_in_all():
        for language in ("en", "ru", "zh-hans"):
            with current.in_snapshot(), override(language):
                read_once()

    read_in_all()
    assert languages == ["en"]
    make_role()
    read_in_all()
    assert languages == ["en", "en"]


def test_few_changed_institutions_are_read_anew_and_one_more_makes_the_index_anew(monkeypatch):
    first, second, third = (make_institution() for _number in range(3))
    built, build = [], current.built
    monkeypatch.setattr(current, "LAYERED_AT_MOST", 2)
    monkeypatch.setattr(current, "built", lambda *arguments: built.append(arguments) or build(*arguments))

    numbers = []
    for edited in (None, first, second, first, third, third):
        Institution.objects.filter(pk=edited and edited.pk).update(name="Edited")
        with current.in_snapshot():
            assert current.index_of(InstitutionFilter) is not None
        numbers.append(len(built))
    assert numbers == [1, 1, 1, 1, 2, 2]


def test_texts_are_read_when_somebody_asks_for_them():
    kfu = make_institution(name="Kazan")

    def texts_read(**question):
        with current.in_snapshot(), CaptureQueriesContext(connection) as queries:
            assert InstitutionFilter.asking(**question).results.count() == 1
        return sum("partners_institutionname" in query["sql"] for query in queries)

    assert texts_read(q=["kazan"]) == 1
    Institution.objects.filter(pk=kfu.pk).update(name="Almaty")
    make_name(kfu, value="Алматы")
    assert [texts_read(), texts_read(q=["алматы"]), texts_read(q=["almaty"]), texts_read()] == [0, 1, 0, 0]


NAMES = ["Ёлка", "Ель", "Яна", "Аня"]


def test_labels_are_put_in_order_once_a_language_and_those_of_edited_rows_again(monkeypatch):
    homes = [make_institution(name=name) for name in NAMES[:3]]
    for home in homes:
        make_lab(home)
    keyed, key = [], collation.collation_key
    monkeypatch.setattr(collation, "collation_key", lambda text, language: keyed.append(text) or key(text, language))

    def labels():
        keyed.clear()
        with current.in_snapshot(), override("ru"):
            [facet] = [facet for facet in LabFilter.asking().facets() if facet.name == "institution"]
        # Names of countries are put in order, too, where no test of this process has asked for them in Russian.
        return [value.label for value in facet.values], [label for label in keyed if label in NAMES]

    assert labels() == (["Ёлка", "Ель", "Яна"], ["Ёлка", "Ель", "Яна"])
    assert labels() == (["Ёлка", "Ель", "Яна"], [])
    Institution.objects.filter(pk=homes[2].pk).update(name="Аня")
    assert labels() == (["Аня", "Ёлка", "Ель"], ["Аня"])


def test_rows_that_pages_have_shown_are_read_again_after_an_edit_that_concerns_them(monkeypatch):
    keys = [make_institution().pk for _number in range(3)]

    def read_anew(language="en"):
        read = []
        with current.in_snapshot(), override(language):
            current.index_of(InstitutionFilter)
            assert current.rows_shown("institution", "names", keys, lambda new: read.extend(new) or new) == keys
        return read

    assert [read_anew(), read_anew(), read_anew("ru"), read_anew("ru")] == [keys, [], keys, []]
    Institution.objects.filter(pk=keys[1]).update(name="New")
    assert [read_anew(), read_anew(), read_anew("ru")] == [[keys[1]], [], [keys[1]]]
    make_role()
    assert [read_anew(), read_anew()] == [keys, []]
    Institution.objects.filter(pk=keys[0]).update(is_published=False)
    assert [read_anew(), read_anew()] == [[keys[0]], [keys[0]]]  # of a row that is not listed no edit tells
    monkeypatch.setattr(index, "ROWS_HELD", 2)
    make_role()
    assert [read_anew("ru"), read_anew(), read_anew("ru")] == [keys, keys, keys]


def test_a_row_that_a_page_has_shown_is_after_any_edit_as_if_it_were_read_now():
    city, role = make_city(country=make_country("RU")), make_role()
    first, second = (make_institution(city=city) for _number in range(2))
    of_first, lab = make_participation(first, role), make_lab(first)

    def rows():
        with current.in_snapshot():
            keys = [(one, one.filterset.asking().results.keys()) for one in LISTS]
            found = []
            for language in ("en", "ru"):
                with override(language):
                    found += [listing.rows.of_page(of_list) for listing, of_list in keys]
            return found

    before = rows()
    for change in (
        lambda: Institution.objects.filter(pk=first.pk).update(name="New"),
        lambda: make_name(first, value="Новый"),
        lambda: make_participation(second, role, state="planned"),
        lambda: type(of_first).objects.filter(pk=of_first.pk).update(lab=lab),
        lambda: type(lab).objects.filter(pk=lab.pk).update(institution=second),
        lambda: type(city).objects.update(name="Yelabuga"),
        lambda: make_city_name(city, value="Елабуга"),
        lambda: make_country("RU", label="Tatarstan"),
        lambda: make_role_text(role, name="Аферез"),
    ):
        change()
        held = rows()
        current._indexes.clear()
        current._bases.clear()
        assert held == rows() != before
        before = held


def test_public_persons_are_read_once_until_an_edit(client, monkeypatch):
    kfu, asked, ask = make_institution(slug="kfu"), [], PlainRows.__call__
    monkeypatch.setattr(PlainRows, "__call__", lambda rows, *given: asked.append(rows) or ask(rows, *given))
    bulatov = make_person(kfu, person="Emil Bulatov")
    make_lab(kfu)

    def found(address):
        asked.clear()
        text = client.get(address).text
        return "Emil" in text, sum(
            '"partners_contact"' in str(rows._compiled) for rows in asked
        )  # of prepared ones, too

    assert found("/institutions/?q=bulatov") == (True, 1)
    assert [found("/institutions/?q=emil"), found("/institutions/?q=bulat")] == [(True, 0), (True, 0)]
    assert [found("/suggest/?q=bulatov"), found("/suggest/?q=emil")] == [(True, 1), (True, 0)]  # of labs, too
    edit(bulatov, visibility="staff")
    assert [found("/suggest/?q=bulatov"), found("/suggest/?q=bulat")] == [(False, 2), (False, 0)]


def test_the_consortium_is_read_once_for_all_pages_and_files(client):
    make_consortium(name="The Chain", correction_mailbox="cart@example.org")
    *before, last = (make_institution(standing="signed", expected_on="2030-01-01") for _number in range(3))
    for institution in before:
        client.get(institution.get_absolute_url())

    with CaptureQueriesContext(connection) as queries:
        page = client.get(last.get_absolute_url())
        others = [client.get(address) for address in ("/institutions.atom", "/pipeline.ics", "/site.webmanifest")]
        client.get("/card.png")
    assert "mailto:cart@example.org" in page.text
    assert [response.status_code for response in others] == [200, 200, 200]
    assert ["The Chain" in other.text for other in others] == [True, False, True]  # a calendar has the short name
    assert not [query["sql"] for query in queries if '"partners_consortium"' in query["sql"]]


@pytest.mark.parametrize("address", ["/institutions.atom", "/site.webmanifest", "/pipeline.ics"])
def test_before_there_is_a_consortium_the_directory_has_a_name(client, address):
    assert "Partner directory" in client.get(address).text
