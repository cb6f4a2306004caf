"""A list is registered once: a third one, of a table that is there already, has pages, counts, map and files.

Written here are its queryset, filterset, columns, registry entry, the template of its rows and that of its page: six of
the eight places that a list may cost. A page for each row, the admin and the change log are there already.
"""

import csv
import io
import json
import re
from http import HTTPStatus
from importlib import reload

import openpyxl
import pytest
from django.db.models import F, QuerySet, Value
from django.urls import clear_url_caches
from django.utils.translation import ngettext_lazy

import consortium.urls
import partners.urls
from partners.exports import FORMATS
from partners.facets import Choices, FacetFilter, GroupFacet
from partners.index import current
from partners.lists import LISTS, DirectoryList, gather
from partners.lists.column import Column, ListRows
from partners.lists.filters import CITIES, COUNTRIES, ROLES
from partners.lists.filterset import DirectoryFilter
from partners.lists.forms import ListForm
from partners.models import Institution, Kind, Participation, State
from partners.models.orders import Rank, order_terms
from partners.models.text import TextOfRow
from tests.support.directory import make_directory

pytestmark = pytest.mark.django_db(transaction=True)

ORDERS = {
    "name": None,
    "country": Rank(F("institution__country__sort_key")),
    "verified": Rank(F("institution__verified_on"), descending=True),
    "newest": Rank(F("institution__created_at"), descending=True, nullable=False),
}
TEMPLATES = {
    "includes/participation_table.html": """{% macro participation_table(participations, caption) %}
  {% for row in participations %}<a href="{{ row.url }}">{{ row.name }}: {{ row.role }}</a>{% endfor %}
{% endmacro %}
""",
    "participation_list.html": """{% extends "partners/list.html" %}
{% from "partners/includes/participation_table.html" import participation_table %}
{% block title %}Participations{% endblock %}
{% block heading %}Participations{% endblock %}
{% block rows %}{{ participation_table(page.object_list, "Participations") }}{% endblock %}
""",
}


class ParticipationQuerySet(QuerySet):
    def texts(self):
        listed, name, other = self.order_by(), Value(TextOfRow.NAME), Value(TextOfRow.OTHER)
        return listed.values_list("pk", "institution__name", name).union(
            listed.values_list("pk", "role__name", other), all=True
        )

    def in_order(self, order):
        return self.order_by(*order_terms(ORDERS[order]))


def listed():
    rows = ParticipationQuerySet(Participation).filter(institution__in=Institution.objects.published())
    return rows.annotate(sort_key=F("institution__sort_key"))


class ParticipationFilter(DirectoryFilter):
    work = GroupFacet("role", options=ROLES, label="Work")
    state = GroupFacet("state", options=Choices(tuple(State.choices)), label="State")
    kind = GroupFacet("institution__kind", options=Choices(tuple(Kind.choices)), label="Kind")
    country = GroupFacet("institution__country", options=COUNTRIES, label="Country", empty_label="not stated")
    city = GroupFacet("institution__city__slug", options=CITIES, label="City", empty_label="not stated")

    thing = "participation"
    listed = staticmethod(listed)
    owner = "institution"
    orders = ORDERS

    class Meta:
        model = Participation
        fields = []
        form = ListForm


COLUMNS = [
    Column("name", "whose it is", ("institution__name",), on_pages=True),
    Column("url", "its page", ("institution__slug",), gather.institution_addresses, on_pages=True),
    Column("role", "the code of the role", on_pages=True),
    Column("state", "how far it is"),
    Column("country_name", "the country", ("institution__country",), gather.country_names, on_pages=True),
]
PARTICIPATION_LIST = DirectoryList(
    filterset=ParticipationFilter,
    plural="participations",
    title="Participations",
    count=ngettext_lazy("%(number)d participation", "%(number)d participations", "number"),
    rows=ListRows(Participation, COLUMNS),
)


@pytest.fixture
def third_list(settings, tmp_path):
    (tmp_path / "partners" / "includes").mkdir(parents=True)
    for name, text in TEMPLATES.items():
        (tmp_path / "partners" / name).write_text(text)
    pages, *others = settings.TEMPLATES
    settings.TEMPLATES = [pages | {"DIRS": [tmp_path, *pages["DIRS"]]}, *others]
    LISTS.append(PARTICIPATION_LIST)
    make_addresses()
    yield PARTICIPATION_LIST
    LISTS.remove(PARTICIPATION_LIST)
    make_addresses()
    current._indexes.pop("participation", None)


def make_addresses():
    """Read the registry anew, as a server does that starts."""
    reload(partners.urls)
    reload(consortium.urls)
    clear_url_caches()


def content(response):
    return b"".join(response) if response.streaming else response.content


def test_a_third_list_has_a_page_whose_counts_are_those_of_the_lists_they_lead_to(third_list, client):
    make_directory(seed=5, institutions=25)

    page = client.get("/participations/")

    number = listed().count()
    assert number > 0
    assert page.context["total_label"] == f"{number} participations"
    assert [facet.name for facet in page.context["filterset"].facets()] == ["work", "state", "kind", "country", "city"]
    for facet in page.context["filterset"].facets():
        assert sum(value.count for value in facet.values) == number
        for value in facet.values:
            assert client.get(f"/participations/{value.url}").context["page"].paginator.count == value.count


@pytest.mark.parametrize("is_indexed", [True, False])
def test_a_third_list_is_counted_alike_by_index_and_sql(third_list, is_indexed, monkeypatch):
    make_directory(seed=6, institutions=25)
    if not is_indexed:
        monkeypatch.setattr(current, "index_of", lambda *_, **__: None)

    with current.in_snapshot():
        filterset = ParticipationFilter.asking(state=["planned", "operational"])
        assert type(filterset.results).__name__ == ("IndexResults" if is_indexed else "SqlResults")
        for name, filter_ in filterset.filters.items():
            if isinstance(filter_, FacetFilter):
                for code, number in filterset.counts(name).items():
                    question = {"state": ["planned", "operational"]} | {name: [code]}
                    assert number == ParticipationFilter.asking(**question).qs.count()


def test_a_third_list_has_the_rows_of_its_pages_on_paper_and_in_three_files(third_list, client):
    make_directory(seed=7, institutions=25)
    question = {"state": ["planned", "paused"], "sort": ["country"], "size": ["100"]}

    page = client.get("/participations/", question)
    shown = [(row.name, row.role) for row in page.context["page"].object_list]
    files = {name: content(client.get(f"/participations.{name}", question)) for name in FORMATS}

    assert [download.url.partition("?")[0] for download in page.context["downloads"]] == [
        *(f"/participations.{name}" for name in FORMATS),
        "/print/participations/",
    ]
    paper = client.get("/print/participations/", question)
    for text in (page.text, paper.text):
        assert re.findall('<a href="/institutions/[^"]*/">([^<]*): ([^<]*)</a>', text) == shown
    in_csv = list(csv.DictReader(io.StringIO(files["csv"].decode("utf-8-sig"))))
    assert list(in_csv[0]) == [column.name for column in COLUMNS]
    header, *in_xlsx = openpyxl.load_workbook(io.BytesIO(files["xlsx"])).worksheets[0].iter_rows(values_only=True)
    for rows in (
        in_csv,
        json.loads(files["json"])["results"],
        [dict(zip(header, row, strict=True)) for row in in_xlsx],
    ):
        assert [(row["name"], row["role"]) for row in rows] == shown


def test_a_third_list_is_searched_drawn_and_explained_in_words(third_list, client):
    make_directory(seed=8, institutions=25)

    assert {row.name for row in client.get("/participations/?q=kazan").context["page"].object_list} >= {"Kazan Center"}
    assert client.get("/map/participations/").context["total"] == listed().count()
    about = client.get("/about/").content.decode()
    assert "Participations (CSV)" in about
    assert "<code>state</code>" in about
    for refused in ("/participations/?state=nonsense", "/participations.csv?page=x"):
        assert client.get(refused).status_code == HTTPStatus.BAD_REQUEST


def test_rows_of_a_third_list_are_suggested(third_list, client):
    make_directory(seed=5, institutions=25)

    page = client.get("/suggest/?q=kazan").content.decode()

    assert 'role="presentation" id="suggestions-of-3">Participations<' in page
