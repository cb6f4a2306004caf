"""Two entries become one, everything leads there, and undone it is as if nothing had happened."""

from itertools import count

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from partners.entries import merge as merging
from partners.entries.merge_preview import FIELDS, OTHER, moving
from partners.entries.undo import CannotUndoError, undo
from partners.models import Contact, FormerSlug, Institution, Logo, Participation, RegistryRecord, Role
from tests.support import factories
from tests.support.boards import RANDOM
from tests.support.tables import tables

pytestmark = pytest.mark.django_db
numbers = count(1)


def clinics(random=None):
    """Write two entries of one clinic; a random generator decides what each of them has."""
    has = random.choice if random else lambda options: options[-1]
    roles = [Role.objects.filter(code=code).first() or factories.make_role(code=code) for code in ("vector", "clinic")]
    common = factories.make_institution()
    pair = []
    for number in range(2):
        entry = factories.make_institution(
            name=f"Clinic {number}",
            city=factories.make_city() if has([False, True]) else None,
            website=f"https://{number}.example/" if has([False, True]) else "",
            is_published=has([False, True]),
            standing=has(["", "signed"]),
            ror_id=has(["", f"https://ror.org/{next(numbers)}"]),
        )
        if entry.ror_id:
            RegistryRecord.objects.create(institution=entry, values={"name": entry.name})
        for kind in has([[], ["native", "acronym"]]):
            factories.make_name(entry, kind=kind, value=has([f"Имя {number}", "Имя"]))
        for _lab in range(has([0, 2])):
            lab = factories.make_lab(entry, slug=f"lab-{_lab}")
            factories.make_participation(lab=lab, role=roles[0])
            factories.make_contact(lab=lab)
            factories.make_former_slug(entry, lab=lab)
        for role in roles[: has([0, 1, 2])]:
            factories.make_participation(entry, role, state=has(["planned", "operational"]))
        factories.make_contact(entry, person="Jane Roe")
        if has([True, False]):
            factories.make_logo(entry)
        factories.make_former_slug(entry)
        for link in (entry.parents, entry.children, entry.predecessors):
            for linked in has([[], [factories.make_institution(), common]]):
                link.add(linked)
        pair.append(entry)
    if has([False, True]):
        pair[0].parents.add(pair[1])
    return pair


@RANDOM
@given(st.randoms(use_true_random=False))
def test_merge_and_undo_leave_every_table_as_it_was(random):
    kept, other = clinics(random)
    everything = [names[0] for names in FIELDS] + ["role-vector", "role-clinic"]
    chosen = {key: random.choice(["kept", "other"]) for key in everything}
    if chosen["status"] == OTHER:
        chosen.pop("status")
    before = tables()
    done = merging.merge(kept, other, chosen, None)
    assert tables() != before
    undo(done, None)
    assert tables() == before


def test_merged_entry_has_what_both_had(client):
    kept, other = clinics()
    Institution.objects.filter(pk=kept.pk).update(website="", summary="Kept")
    lab = other.labs.get(slug="lab-0")
    done = merging.merge(kept, other, {"website": "other", "role-clinic": "other"}, None)

    kept.refresh_from_db()
    assert (kept.website, kept.summary) == ("https://1.example/", "Kept")
    assert set(kept.labs.values_list("slug", flat=True)) == {"lab-0", "lab-1", "lab-0-2", "lab-1-2"}
    assert kept.names.filter(value="Clinic 1", kind="alias").exists()
    assert Participation.objects.filter(institution=other).count() == Contact.objects.filter(institution=other).count()
    assert kept.participations.filter(lab=None).count() == 2
    assert kept.contacts.count() == 6
    assert list(kept.parents.filter(pk__in=[kept.pk, other.pk])) == []
    former = FormerSlug.objects.filter(institution=other, lab=None).get().slug
    for address, target in {
        f"/institutions/{other.slug}/": f"/institutions/{kept.slug}/",
        f"/institutions/{former}/": f"/institutions/{kept.slug}/",
        f"/institutions/{other.slug}/labs/lab-0/": f"/institutions/{kept.slug}/labs/lab-0-2/",
        f"/institutions/{former}/labs/lab-0/": f"/institutions/{kept.slug}/labs/lab-0-2/",
    }.items():
        answer = client.get(address, follow=True)
        assert answer.redirect_chain[-1][0] == target
        assert answer.status_code == 200
    assert {str(kept), "Clinic 1"} <= set(done.label.split(" → "))
    assert lab.history.latest().operation == done


def test_merge_moves_the_only_logo_and_what_was_refused_for_good():
    kept, other = factories.make_institution(), factories.make_institution(ror_id=f"https://ror.org/{next(numbers)}")
    RegistryRecord.objects.create(institution=other, values={}, held={"founded": 1900}, refused=["name"])
    factories.make_logo(other)
    assert dict(moving(kept, other))["Logo"] == ["1 × 1"]
    done = merging.merge(kept, other, {"ror_id": OTHER}, None)
    record = RegistryRecord.objects.get()
    assert (record.pk, record.held, record.refused) == (kept.pk, {"founded": 1900}, ["name"])
    assert Logo.objects.get().institution == kept

    again = factories.make_logo(other)
    assert "Logo" not in dict(moving(kept, other))
    undo(done, None)
    assert (RegistryRecord.objects.get().pk, Logo.objects.get(institution=other)) == (other.pk, again)


@pytest.mark.parametrize("what", ["lab", "role", "name", "other"])
def test_undo_says_what_was_edited_since_and_changes_nothing(what):
    kept, other = clinics()
    done = merging.merge(kept, other, {}, None)
    row = {
        "lab": kept.labs.get(slug="lab-0-2"),
        "role": kept.participations.filter(lab__slug="lab-0-2").first(),
        "name": kept.names.get(value="Clinic 1"),
        "other": Institution.objects.get(pk=other.pk),
    }[what]
    if what == "other":
        row.replaced_by = None
    field = {"lab": "summary", "role": "note", "name": "source", "other": "name"}[what]
    setattr(row, field, "Edited")
    row.save()
    before = tables()
    with pytest.raises(CannotUndoError, match="edited since"):
        undo(done, None)
    assert tables() == before


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("city", "its city is gone by now"),
        ("lab", "Another lab of this institution has this address"),
        ("role", "The institution has this role already"),
    ],
)
def test_undo_says_which_rule_broke_since_and_changes_nothing(what, told):
    kept, other = clinics()
    city, role = kept.city, factories.make_participation(other).role
    done = merging.merge(kept, other, {"country": OTHER}, None)
    if what == "city":
        city.delete()
    elif what == "lab":
        factories.make_lab(other, slug="lab-0")
    else:
        factories.make_participation(other, role)
    before = tables()
    with pytest.raises(ValidationError, match=told):
        undo(done, None)
    assert tables() == before


def test_undo_comes_twice_and_a_merged_entry_is_not_merged_again():
    kept, other = clinics()
    done = merging.merge(kept, other, {}, User.objects.create(username="ann"))
    third = factories.make_institution()
    with pytest.raises(merging.CannotMergeError, match="is replaced by Clinic 0"):
        merging.merge(third, other, {}, None)
    with pytest.raises(merging.CannotMergeError, match="replaced by Clinic 0"):
        merging.merge(other, third, {}, None)
    undo(done, None)
    with pytest.raises(CannotUndoError, match="already"):
        undo(done, None)


def test_a_contact_that_was_erased_does_not_stop_an_undo():
    kept, other = clinics()
    done = merging.merge(kept, other, {}, None)
    Contact.objects.all().delete()
    undo(done, None)
    assert other.labs.count() == 2
    assert not Contact.objects.exists()


def test_of_two_names_the_one_that_is_not_shown_is_an_alias_and_no_former_name():
    kept, other = clinics()
    names = {kept.name, other.name}
    merging.merge(kept, other, {"name": OTHER}, None)
    kept.refresh_from_db()
    [alias] = kept.names.filter(value__in=names)
    assert ({kept.name, alias.value}, alias.kind) == (names, "alias")
