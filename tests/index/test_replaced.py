"""The names of a replaced entry find what stands in its place, as long as it does and everybody may read them."""

import pytest

from partners.index import current
from partners.models import Institution, InstitutionName, NameKind
from tests.lists.test_search import slugs, why
from tests.support.factories import make_institution, make_name
from tests.support.index import read

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def chain():
    """Write three entries, of which each but the last was replaced by the next one."""
    last = make_institution(slug="takeda", name="Takeda")
    between = make_institution(slug="baxalta", name="Baxalta", replaced_by=last)
    first = make_institution(slug="immuno", name="Immuno", replaced_by=between, status="withdrawn")
    make_name(first, value="Österreichisches Werk", kind=NameKind.NATIVE, language="de")
    make_name(first, value="東京研究所", kind=NameKind.NATIVE, language="ja")
    return [Institution.objects.filter(pk=entry.pk) for entry in (first, between, last)]


def test_names_of_replaced_entries_find_the_last_one_and_the_row_says_why(client, chain):
    reasons = {
        "immuno": "former name Immuno",
        "österreichisches": "former name Österreichisches Werk",
        "東京研究所": "former name 東京研究所",
        "baxalta": "former name Baxalta",
    }
    for text, reason in reasons.items():
        assert read(q=[text]) == ["takeda"]
        page = client.get("/institutions/", {"q": text})
        assert (slugs(page), why(page)) == (["takeda"], {"takeda": f"matched: {reason}"})


def test_every_edit_of_a_replaced_entry_is_in_the_next_answer(chain):
    first, between, last = chain
    make_institution(slug="sanquin", name="Sanquin")
    read(q=["immuno"])
    layer = current._indexes["institution"].corpus.layer

    InstitutionName.objects.filter(language="de").update(value="Wienerwerk")
    assert (read(q=["österreichisches"]), read(q=["wienerwerk"])) == ([], ["takeda"])
    first.update(name="Serotherapeutisches")
    assert (read(q=["immuno"]), read(q=["serotherapeutisches"])) == ([], ["takeda"])
    between.update(replaced_by=Institution.objects.get(slug="sanquin"))
    assert (read(q=["serotherapeutisches"]), read(q=["baxalta"])) == (["sanquin"], ["sanquin"])
    between.update(replaced_by=None)
    assert (read(q=["serotherapeutisches"]), read(q=["baxalta"])) == (["baxalta"], ["baxalta"])
    between.update(replaced_by=last.get())
    assert read(q=["wienerwerk"]) == ["takeda"]
    first.update(replaced_by=None)
    assert (read(q=["serotherapeutisches"]), read(q=["wienerwerk"]), read(q=["baxalta"])) == ([], [], ["takeda"])
    first.update(replaced_by=last.get())
    assert read(q=["serotherapeutisches"]) == ["takeda"]
    first.delete()
    assert read(q=["serotherapeutisches"]) == []

    assert current._indexes["institution"].corpus.layer is layer


def test_names_of_a_draft_find_nothing_and_what_it_replaced_is_found(chain):
    first, between, _last = chain
    read(q=["immuno"])

    between.update(is_published=False)
    assert (read(q=["baxalta"]), read(q=["immuno"])) == ([], ["takeda"])
    first.update(is_published=False)
    assert [read(q=[text]) for text in ("immuno", "österreichisches", "東京研究所")] == [[], [], []]
    between.update(is_published=True)
    assert (read(q=["baxalta"]), read(q=["immuno"])) == (["takeda"], [])


def test_a_circle_that_only_sql_could_write_finds_nothing_and_ends(chain):
    first, between, _last = chain
    read(q=["immuno"])

    between.update(replaced_by=first.get())
    assert (read(q=["baxalta"]), read(q=["immuno"])) == ([], [])
