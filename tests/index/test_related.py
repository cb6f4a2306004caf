"""A list whose facet goes by other institutions follows their edits, whoever makes them."""

from itertools import pairwise

import pytest

from partners.facets import Rows
from partners.index import current, labels
from partners.lists.index_results import IndexResults
from partners.lists.sql_results import SqlResults
from partners.models import Institution
from tests.support.facets import ManyFacets, ManyLabFacets
from tests.support.factories import make_institution, make_lab

pytestmark = pytest.mark.django_db(transaction=True)


def read(filterset_class, **question):
    """Return the slugs of a list as the index gives them, after a look at what SQL says."""
    with current.in_snapshot():
        filterset = filterset_class.asking(**question)
        assert isinstance(filterset.results, IndexResults)
        assert filterset.results.keys() == SqlResults(filterset).keys()
        return list(filterset.in_order().values_list("slug", flat=True))


def is_known(filterset_class, **question):
    with current.in_snapshot():
        return filterset_class({name: [code] for name, code in question.items()}).is_valid()


def test_a_facet_over_parents_follows_links_and_the_parents_themselves():
    parent, child = make_institution(slug="ministry"), make_institution(slug="clinic")
    lab = make_lab(child, slug="lab")
    assert read(ManyFacets, parent=["none"]) == ["ministry", "clinic"]

    child.parents.add(parent)
    assert read(ManyFacets, parent=["ministry"]) == ["clinic"]
    assert read(ManyFacets, child=["clinic"]) == ["ministry"]
    assert read(ManyLabFacets, parent=["ministry"]) == [lab.slug]

    Institution.objects.filter(pk=parent.pk).update(slug="department")
    assert read(ManyFacets, parent=["department"]) == ["clinic"]
    assert read(ManyLabFacets, parent=["department"]) == [lab.slug]
    Institution.objects.filter(pk=child.pk).update(slug="hospital")
    assert read(ManyFacets, child=["hospital"]) == ["department"]

    Institution.objects.filter(pk=parent.pk).update(is_published=False)
    assert read(ManyFacets, parent=["none"]) == ["hospital"]
    assert read(ManyLabFacets, parent=["none"]) == [lab.slug]
    assert not is_known(ManyFacets, parent="department")
    Institution.objects.filter(pk=parent.pk).update(is_published=True)
    assert read(ManyFacets, parent=["department"]) == ["hospital"]

    child.parents.remove(parent)
    assert read(ManyFacets, parent=["none"]) == ["department", "hospital"]
    assert read(ManyFacets) == ["department", "hospital"]
    child.parents.add(parent)
    parent.delete()
    assert read(ManyFacets, parent=["none"]) == ["hospital"]


@pytest.mark.parametrize("few", [0, labels.FEW], ids=["all are in order", "few are sorted"])
@pytest.mark.parametrize("filterset_class", [ManyFacets, ManyLabFacets])
def test_after_an_edit_only_names_of_the_institutions_concerned_are_asked_anew(filterset_class, few, monkeypatch):
    monkeypatch.setattr(labels, "FEW", few)
    asked, read_labels = [], Rows.labels
    monkeypatch.setattr(Rows, "labels", lambda rows, codes: asked.extend(codes) or read_labels(rows, codes))
    homes = [make_institution(slug=f"home-{number}", name=f"Home {number}") for number in range(12)]
    for home, parent in pairwise(homes):
        make_lab(home)
        home.parents.add(parent)

    def shown():
        """Return the codes that were asked for names, after a look at what SQL says of the facets."""
        asked.clear()
        with current.in_snapshot():
            filterset = filterset_class.asking(institution=["home-11"])  # which no lab has
            facets, codes = filterset.facets(), {code for code in asked if code.startswith("home")}
            assert isinstance(filterset.results, IndexResults)
            filterset.results = SqlResults(filterset)
            assert facets == filterset.facets()
        return codes

    def edit(number, **values):
        Institution.objects.filter(pk=homes[number].pk).update(**values)

    everybody = shown()
    assert len(everybody) > 10
    edit(3, name="A new name")
    assert "home-3" in shown() < everybody
    edit(3, slug="moved")
    edit(4, slug="home-3")
    assert "home-3" in shown() < everybody
    edit(5, is_published=False)
    edit(11, name="Another name, of what no lab has")
    shown()
    edit(5, is_published=True, name="Back")
    homes[6].parents.clear()
    assert "home-5" in shown() < everybody
