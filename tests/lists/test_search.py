"""A text in a list: one set and one order for page, counts, facets and files, and the reason beside each row."""

import html
import json
import pickle
import re
from http import HTTPStatus

import pytest

from partners.index import current
from partners.lists.filters import InstitutionFilter
from partners.lists.institutions import INSTITUTION_ROWS
from partners.lists.matches import explained
from partners.lists.search import find
from partners.lists.sources import of_institutions
from partners.models import Institution, NameKind, RoleText
from partners.search import Corpus
from tests.support.changes import edit
from tests.support.factories import (
    make_city,
    make_city_name,
    make_contact,
    make_country,
    make_institution,
    make_lab,
    make_name,
    make_participation,
    make_person,
    make_role,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def directory():
    """Write four institutions whose order by name is not their order by relevance for “kazan”."""
    kazan = make_city(slug="ru-kazan", name="Kazan", country=make_country("RU"))
    make_city_name(kazan, value="Казань")
    make_institution(slug="academy", name="Academy of Arts", city=kazan)
    make_institution(slug="clinic", name="Clinic of Kazan")
    kfu = make_institution(slug="kfu", name="Kazan Federal University", city=kazan)
    make_name(kfu, value="КФУ", kind=NameKind.ACRONYM)
    make_name(kfu, value="Kazan Imperial University", kind=NameKind.FORMER, language="en")
    make_institution(slug="other", name="National Hospital")


def content(response):
    return b"".join(response) if response.streaming else response.content


def slugs(response):
    return [row.url.split("/")[-2] for row in response.context["page"].object_list]


def why(response):
    """Return {slug: what stands below the name}."""
    rows = re.findall(r'<th scope="row">(.*?)</th>', response.content.decode(), re.DOTALL)
    shown = [re.search(r'<span class="why">(.*?)</span>', row, re.DOTALL) for row in rows]
    texts = [html.unescape(re.sub(r"<[^>]*>", "", match[1])).strip() if match else "" for match in shown]
    return dict(zip(slugs(response), texts, strict=True))


def test_a_text_orders_by_relevance_and_another_order_can_be_asked_for(client, directory):
    assert slugs(client.get("/institutions/?q=kazan")) == ["kfu", "clinic", "academy"]
    assert slugs(client.get("/institutions/?q=kazan&sort=relevance")) == ["kfu", "clinic", "academy"]
    assert slugs(client.get("/institutions/?q=kazan&sort=name")) == ["academy", "clinic", "kfu"]


@pytest.mark.parametrize("query", ["", "?sort=relevance", "?q=%22&sort=relevance"])
def test_without_a_word_the_order_is_by_name(client, directory, query):
    assert slugs(client.get(f"/institutions/{query}")) == ["academy", "clinic", "kfu", "other"]


def test_the_usual_order_stands_first_in_the_select_and_sends_nothing(client, directory):
    def sorts(address):
        return [
            (code, str(label))
            for code, label in client.get(address).context["filterset"].form["sort"].field.widget.choices
        ]

    assert sorts("/institutions/")[:2] == [("", "name"), ("country", "country")]
    assert sorts("/institutions/?q=kazan")[:2] == [("", "relevance"), ("name", "name")]


def test_an_address_names_no_order_that_is_usual(directory):
    by_relevance = InstitutionFilter.asking(q=["kazan"], sort=["relevance"])
    assert (by_relevance.address(), by_relevance.address(q=None)) == ("?q=kazan", "?")
    by_name = InstitutionFilter.asking(q=["kazan"], sort=["name"])
    assert (by_name.address(), by_name.address(q=None)) == ("?q=kazan&sort=name", "?")


@pytest.mark.parametrize(
    ("text", "match", "expected"),
    [
        ("kazan", "exact", ["kfu", "clinic", "academy"]),
        ("rae", "layout", ["kfu"]),
        ("hospitol", "nearest", ["other"]),
        ("kazan hospital", "nearest", ["other"]),
    ],
)
def test_the_step_that_answers_is_the_set_for_page_counts_and_files(client, directory, text, match, expected):
    page = client.get("/institutions/", {"q": text})
    file = json.loads(content(client.get("/institutions.json", {"q": text})))

    assert (page.context["found"].match, slugs(page)) == (match, expected)
    assert (file["match"], file["count"], [row["slug"] for row in file["results"]]) == (match, len(expected), expected)
    [kinds] = [facet for facet in page.context["filterset"].facets() if facet.name == "partner"]
    assert sum(value.count for value in kinds.values) == len(expected)


def test_a_file_without_a_text_names_no_match(client, directory):
    assert "match" not in json.loads(content(client.get("/institutions.json")))


def test_facets_and_pages_keep_the_order(client, directory):
    assert slugs(client.get("/institutions/?q=kazan&country=RU")) == ["kfu", "academy"]
    for number in range(30):
        make_institution(name=f"Center {number:02} of Kazan", slug=f"center-{number:02}")
    first, second = (slugs(client.get(f"/institutions/?q=kazan&page={page}")) for page in (1, 2))
    file = json.loads(content(client.get("/institutions.json?q=kazan")))
    assert [*first, *second] == [row["slug"] for row in file["results"]]
    assert first[0] == "kfu"


def test_each_row_says_why(client, directory):
    assert why(client.get("/institutions/?q=кфу")) == {"kfu": "matched: acronym КФУ"}
    assert why(client.get("/institutions/?q=rae")) == {"kfu": "read as: кфу; matched: acronym КФУ"}
    assert why(client.get("/institutions/?q=imperial")) == {"kfu": "matched: former name Kazan Imperial University"}
    assert why(client.get("/institutions/?q=kazan")) == {"kfu": "", "clinic": "", "academy": "matched: city Kazan"}


def test_what_finds_rows_is_read_for_those_whose_name_does_not_say_it_all(client, directory, django_assert_num_queries):
    keys = {one.slug: one.pk for one in Institution.objects.all()}
    found, asked = find("kazan", current.built_alone(InstitutionFilter), Institution), []
    rows = INSTITUTION_ROWS.of_page([keys[slug] for slug in ("kfu", "clinic", "academy")])
    explained(rows, found, lambda keys: asked.extend(keys) or {})
    assert asked == [keys["academy"]]
    with django_assert_num_queries(6 + 2):  # and those of countries and roles, that a server caches
        of_institutions(asked)


def test_a_row_says_its_place_lab_or_role(client, directory):
    kfu = Institution.objects.get(slug="kfu")
    make_participation(kfu, make_role(name="Vector production"), make_lab(kfu, name="Gene Lab"))
    shown = why(client.get("/institutions/?q=gene vector россия"))["kfu"]
    assert re.sub(r"\s+", " ", shown) == "matched: country Россия, lab Gene Lab, role Vector production"


def test_a_role_is_found_by_its_name_in_any_language(client, directory):
    role = make_role(name="Vector production")
    RoleText.objects.create(role=role, language="ru", name="Получение вектора")
    make_participation(Institution.objects.get(slug="kfu"), role)
    assert why(client.get("/institutions/?q=получение")) == {"kfu": "matched: role Получение вектора"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("RU", "country RU"),
        ("rare", "role rare"),
        ("carriers", "definition makes viral carriers"),
        ("05256ym39", "ROR id 05256ym39"),
        ("https://ror.org/05256YM39", "ROR id 05256ym39"),
        ("foundation", "kind foundation"),
        ("фонд", "kind фонд"),
        ("Булатов", "person Emil Bulatov"),
        ("emil kazan federal", "person Emil Bulatov"),
    ],
)
def test_the_box_knows_codes_kinds_definitions_ids_and_public_persons(client, directory, text, said):
    kfu = Institution.objects.get(slug="kfu")
    edit(kfu, ror_id="https://ror.org/05256ym39", kind="foundation")
    lab = make_lab(kfu, name="Gene Lab", slug="gene")
    make_participation(kfu, make_role(code="rare", name="Vector", definition="makes viral carriers"), lab)
    make_person(lab=lab, person="Emil Bulatov")
    make_institution(slug="elsewhere", name="Emil Clinic", country_id="KZ")

    page = client.get("/institutions/", {"q": text})
    assert why(page)["kfu"] == f"matched: {said}"
    of_labs = {"gene"} if not said.startswith("kind") else set()
    assert set(slugs(client.get("/labs/", {"q": text}))) == of_labs


def test_a_replaced_entry_is_found_by_its_former_id_and_an_unknown_id_finds_nobody(client, directory):
    make_institution(ror_id="https://ror.org/04qtnm446", replaced_by=Institution.objects.get(slug="kfu"))
    assert slugs(client.get("/institutions/?q=ror.org/04qtnm446")) == ["kfu"]
    assert slugs(client.get("/institutions/?q=04qtnm447")) == []


def test_the_words_of_a_kind_find_all_of_it(client, directory):
    edit(Institution.objects.get(slug="clinic"), kind="hospital")
    assert slugs(client.get("/institutions/?q=hospital")) == ["other", "clinic"]
    assert set(slugs(client.get("/institutions/?kind=hospital"))) == {"clinic"}


def test_a_person_is_found_as_long_as_the_basis_lasts_and_by_nothing_that_stays(client, directory):
    kfu = Institution.objects.get(slug="kfu")
    make_contact(kfu, person="Unseen Private")
    bulatov = make_person(kfu, person="Emil Bulatov")
    assert slugs(client.get("/institutions/?q=bulatov")) == ["kfu"]
    make_lab(kfu, name="Gene Lab")
    assert slugs(client.get("/labs/?q=bulatov")) == []  # of the institution, and of none of its labs
    index = current.built_alone(InstitutionFilter)
    assert list(find("bulatof kazan", index, Institution).keys) == [kfu.pk]
    assert [word in pickle.dumps(index) for word in (b"kazan", b"bulatov")] == [True, False]
    assert slugs(client.get("/institutions/?q=private")) == []

    edit(bulatov, visibility="staff")
    assert slugs(client.get("/institutions/?q=bulatov")) == []


def test_labs_say_why_too(client, directory):
    kfu = Institution.objects.get(slug="kfu")
    make_lab(kfu, name="Gene Lab", slug="gene")
    page = client.get("/labs/?q=federal lab")
    assert why(page) == {"gene": "matched: institution Kazan Federal University"}
    assert "<mark>Lab</mark>" in page.content.decode()


def test_matches_are_marked_in_the_row_and_escaped(client):
    make_institution(name="<b>Kazan</b>")
    page = client.get("/institutions/?q=kazan").content.decode()
    assert "&lt;b&gt;<mark>Kazan</mark>&lt;/b&gt;</a>" in page


def test_the_page_says_what_it_did_with_the_text(client, directory):
    assert "No exact match, nearest:" in client.get("/institutions/?q=hospitol").content.decode()
    assert "Read as: кфу" in client.get("/institutions/?q=rae").content.decode()
    assert "nearest" not in client.get("/institutions/?q=kazan").content.decode()


HOSTILE = [
    *("'", '"', "%", "_", "\\", "*", "a*", '"a" OR "b"', "NEAR(a b)", "a:b", "-a", "^a", "(", "--", "; DROP TABLE x"),
    *(
        "\u202ekazan",
        "\u200fقازان",
        "ка\u0301зань",
        "🧬",
        "ﷺ" * 10,
        "a" * 200,
        "a " * 40,
        "kazan " * 33,
        "清" * 200,
        "ӂ" * 200,
    ),
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("address", ["/institutions/", "/labs/", "/institutions.csv", "/suggest/"])
def test_a_hostile_text_is_an_ordinary_question(client, directory, address, text):
    response = client.get(address, {"q": text})
    content(response)
    assert response.status_code == HTTPStatus.OK


@pytest.mark.parametrize("query", ["q=%00", "q=%ED%A0%80", "q=" + "a+" * 100, "q=" + "a" * 4000, "q=%FF"])
@pytest.mark.parametrize("address", ["/institutions/", "/institutions.json", "/suggest/"])
def test_an_impossible_text_is_refused_or_read(client, directory, address, query):
    response = client.get(f"{address}?{query}")
    content(response)
    assert response.status_code in {HTTPStatus.OK, HTTPStatus.BAD_REQUEST}


@pytest.mark.parametrize("text", ["kazan", "kazzan", "zzzq"])
def test_a_word_that_is_said_again_is_looked_up_once(client, directory, monkeypatch, text):
    words = []
    containing = Corpus.containing
    monkeypatch.setattr(Corpus, "containing", lambda corpus, word: words.append(word) or containing(corpus, word))

    once = slugs(client.get("/institutions/", {"q": text}))
    number = len(words)
    assert set(slugs(client.get("/institutions/", {"q": f"{text} " * 20}))) == set(once)
    assert len(words) == 2 * number
