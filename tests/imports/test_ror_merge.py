"""A newer release changes what the import wrote, and never what an editor wrote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partners.imports.ror.merge import merge_links, merge_names
from partners.models import Institution, InstitutionName, NameKind, RegistryStatus
from tests.support.factories import make_city, make_institution
from tests.support.ror import load as load_release
from tests.support.ror import location, name, record, relation, ror_id, write_release

pytestmark = pytest.mark.django_db

FIRST = {
    "names": [name("Old University", "ror_display", "label", lang="en"), name("OU", "acronym"), name("Old", "alias")],
    "links": [{"type": "website", "value": "https://old.kz/"}],
    "types": ["education"],
    "established": 1990,
}
SECOND = {
    "names": [name("New University", "ror_display", "label", lang="en"), name("NU", "acronym"), name("OU", "alias")],
    "links": [{"type": "website", "value": "https://new.kz/"}],
    "types": ["facility", "funder"],
    "established": 1991,
    "locations": [location("RU", 551487, "Kazan’", lat=55.78874, lng=49.12214)],
}


@pytest.fixture
def load(tmp_path):
    """Import records and return what the command says, line by line."""
    return lambda *records, **options: load_release(write_release(tmp_path, *records), **options)


def facts(institution):
    """Return an institution's values as a visitor sees them."""
    institution = Institution.objects.get(pk=institution.pk)
    city = institution.city and institution.city.name
    place = (institution.country_id, city)
    return (institution.name, institution.kind, institution.website, institution.founded, place)


def names(institution):
    return set(institution.names.values_list("value", "kind", "language", "source"))


def test_entry_that_nobody_edited_follows_the_registry_and_loses_no_name(load):
    load(record(1, **FIRST))
    institution = Institution.objects.get()
    assert load(record(1, **SECOND))[1:4] == ["Created: 0", "Updated: 1", "Unchanged: 0"]
    assert facts(institution) == ("New University", "institute", "https://new.kz/", 1991, ("RU", "Kazan’"))
    institution = Institution.objects.get()
    assert (institution.slug, institution.sort_key, institution.funds_research) == (
        "old-university",
        "new university",
        True,
    )
    assert names(institution) == {
        ("NU", "acronym", "", "ROR"),
        ("OU", "alias", "", "ROR"),
        ("Old", "former", "", "ROR"),
        ("Old University", "former", "", "ROR"),
    }
    assert load(record(1, **SECOND))[1:4] == ["Created: 0", "Updated: 0", "Unchanged: 1"]


def test_what_an_editor_changed_stays(load):
    load(record(1, **FIRST))
    institution = Institution.objects.get()
    institution.name = "The Editor's University"
    institution.kind = "hospital"
    institution.website = ""
    institution.founded = 1888
    institution.city = make_city(name="Almaty", slug="kz-almaty")
    institution.save()
    institution.names.get(value="OU").delete()
    InstitutionName.objects.create(institution=institution, value="Olduni", kind=NameKind.ALIAS, source="its rector")
    load(record(1, **SECOND))
    assert facts(institution) == ("The Editor's University", "hospital", "", 1888, ("KZ", "Almaty"))
    assert names(institution) == {
        ("New University", "official", "en", "ROR"),
        ("NU", "acronym", "", "ROR"),
        ("Old", "former", "", "ROR"),
        ("Old University", "former", "", ""),
        ("Olduni", "alias", "", "its rector"),
    }
    assert load(record(1, **SECOND))[1:4] == ["Created: 0", "Updated: 0", "Unchanged: 1"]


def test_editors_entry_with_the_ror_id_gives_only_its_empty_fields(load):
    institution = make_institution(
        name="Old University of the Editor", ror_id=ror_id(1), country_id="KZ", website="https://mine.kz/", standing=""
    )
    InstitutionName.objects.create(institution=institution, value="OU", kind=NameKind.OFFICIAL, source="the editor")
    assert load(record(1, **FIRST), standing="prospect")[1:4] == ["Created: 0", "Updated: 1", "Unchanged: 0"]
    assert facts(institution) == (
        "Old University of the Editor",
        "university",
        "https://mine.kz/",
        1990,
        ("KZ", "Astana"),
    )
    assert names(institution) == {
        ("Old University", "official", "en", "ROR"),
        ("OU", "official", "", "the editor"),
        ("Old", "alias", "", "ROR"),
    }
    institution.refresh_from_db()
    assert (institution.standing, institution.source_note) == ("", "")
    load(record(1, **SECOND))
    assert facts(institution) == (
        "Old University of the Editor",
        "university",
        "https://mine.kz/",
        1991,
        ("RU", "Kazan’"),
    )


def test_entry_without_ror_id_is_never_matched_but_reported(load):
    make_institution(name="Organisation 1", country_id="KZ")
    make_institution(name="Organisation 2", country_id="RU")
    lines = load(record(1), record(2))
    assert lines[1] == "Created: 2"
    assert lines[5:] == [
        f"Perhaps here twice, because an entry without ROR id may be the same: 1 (Organisation 1, KZ, {ror_id(1)})"
    ]
    assert Institution.objects.filter(name="Organisation 1").count() == 2


def test_parents_of_the_registry_come_and_go_and_an_editors_stay(load):
    load(
        record(1, relationships=[relation("parent", 2), relation("parent", 3), relation("parent", 9)]),
        record(2),
        record(3),
    )
    child = Institution.objects.get(ror_id=ror_id(1))
    assert set(child.parents.values_list("ror_id", flat=True)) == {ror_id(2), ror_id(3)}
    child.parents.add(make_institution(name="The editor's parent", slug="editors-parent"))
    child.parents.remove(Institution.objects.get(ror_id=ror_id(2)))
    load(record(1, relationships=[relation("parent", 2), relation("parent", 4)]), record(4))
    assert set(child.parents.values_list("slug", flat=True)) == {"editors-parent", "organisation-4"}


def test_standing_is_given_to_entries_of_the_registry_alone(load):
    load(record(1), record(2), record(3, status="inactive"))
    untouched, edited, _inactive = Institution.objects.order_by("ror_id")
    edited.standing = "signed"
    edited.save()
    load(record(1), record(2), record(3, status="inactive"), standing="prospect")
    standings = Institution.objects.order_by("ror_id").values_list("standing", flat=True)
    assert list(standings) == ["prospect", "signed", ""]
    untouched.refresh_from_db()
    untouched.standing = ""
    untouched.save()
    load(record(1), record(2), record(3, status="inactive"), standing="prospect")
    assert list(standings.all()) == ["", "signed", ""]
    assert load(record(1), record(2), record(3, status="inactive"))[3] == "Unchanged: 3"


def test_partner_that_leaves_the_lists_is_named(load):
    load(record(1), record(2), standing="prospect")
    lines = load(record(1, status="withdrawn"), record(2))
    assert lines[4:] == [
        "Set aside, stored but not listed: 1 (withdrawn 1)",
        f"Partners that left the lists: 1 (Organisation 1, KZ, {ror_id(1)})",
    ]
    load(record(1), record(2))
    assert set(Institution.objects.values_list("status", flat=True)) == {RegistryStatus.ACTIVE}


VALUES = st.sampled_from("abcdef")
LABELS = st.lists(st.sampled_from(["alias", "acronym", "native"]), min_size=1, max_size=1).map(lambda kind: [*kind, ""])
NAMES = st.dictionaries(VALUES, LABELS)


ROWS = st.sets(st.tuples(VALUES, st.sampled_from(["alias", "former"]), st.just("")))


def apply(stored, merged):
    """Return the rows after a merge; two of them must not become one, the database would refuse it."""
    changed = {(value, *merged.change.get((value, *label), label)) for value, *label in stored}
    assert len(changed) == len(stored)
    return changed - set(merged.remove) | {(value, *label) for value, label in merged.add.items()}


def values_of(rows):
    return {value for value, _kind, _language in rows}


@given(NAMES, NAMES, ROWS, ROWS, VALUES, VALUES)
def test_names_of_editors_survive_any_two_releases(first, second, before, between, old_shown, shown):
    merged = merge_names(before, {}, first, old_shown, old_shown)
    stored = apply(before, merged)
    edited = before | between - stored
    again = merge_names(stored | edited, merged.written, second | {shown: ["official", ""]}, old_shown, shown)
    result = apply(stored | edited, again)
    assert edited <= result
    assert values_of(stored) | second.keys() | {old_shown} <= values_of(result) | {shown}
    assert shown not in values_of(result - edited)
    assert not merge_names(result, again.written, second, shown, shown).changes


LINKS = st.sets(st.integers(1, 6))


@given(LINKS, LINKS, LINKS, LINKS)
def test_links_of_editors_survive_any_two_releases(edited, first, second, deleted):
    merged = merge_links(edited, set(), first)
    stored = (edited | merged.add) - merged.remove - (deleted - edited)
    again = merge_links(stored, set(merged.written), second)
    result = (stored | again.add) - again.remove
    assert edited <= result
    assert result == edited | second - (deleted & set(merged.written))
    assert not merge_links(result, set(again.written), second).changes
