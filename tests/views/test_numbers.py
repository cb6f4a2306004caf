"""Every number that leads to a list is its length: all pages as visitors read them, over random data."""

import re
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from django.http import QueryDict
from django.urls import reverse

from partners.lists import LISTS
from partners.models import Institution, Lab
from partners.urls import pages
from tests.support.boards import make_gappy_directory

pytestmark = pytest.mark.django_db

LISTS_BY_PATH = {f"/{one.plural}/": one for one in LISTS}
NOT_OF_ROWS = {"show", "page"}  # “Show 12 more” values, “2” of a pager
QUESTIONS = {
    3: "",
    11: "?country=KZ&country=RU&role=vector&role=clinic&role_match=any",
}


class Links(HTMLParser):
    """The links of a page: (address, the text that is read)."""

    def __init__(self, page):
        super().__init__()
        self.found, self._address, self._text = [], None, ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        if tag == "a":
            self._address, self._text = dict(attributes).get("href", ""), ""

    def handle_data(self, data):
        self._text += data

    def handle_endtag(self, tag):
        if tag == "a":
            self.found.append((self._address, " ".join(self._text.split())))


def addresses(query):
    """Return the address of each public page, with a question, and those of some entries."""
    plain = [reverse(f"partners:{page.name}") + query for page in pages if not page.pattern.converters]
    entries = [*Institution.objects.published()[:4], *Lab.objects.published().select_related("institution")[:2]]
    roles, countries = ["/roles/vector/", "/roles/training/"], ["/countries/KZ/", "/countries/UZ/"]
    return [*plain, *(entry.get_absolute_url() for entry in entries), *roles, *countries]


def promises(page, content):
    """Yield (address of a list, the number that stands on the link) of a page."""
    for link, text in Links(content).found:
        address = urljoin(page, link)
        place, numbers = urlsplit(address), set(re.findall(r"\d+", text))
        is_list = place.path in LISTS_BY_PATH and not NOT_OF_ROWS.intersection(parse_qs(place.query))
        if is_list and len(numbers) == 1 and not text.startswith("Remove"):  # a chip may say a number of months
            yield address, int(*numbers)


def length(address):
    place = urlsplit(address)
    filterset = LISTS_BY_PATH[place.path].filterset(QueryDict(place.query))
    assert filterset.is_valid(), address
    return filterset.qs.count()


@pytest.mark.parametrize("seed", QUESTIONS)
def test_every_number_of_every_page_is_the_length_of_the_list_it_leads_to(client, one_index, seed):
    make_gappy_directory(seed)

    lengths, on_pages, wrong = {}, set(), []
    for page in addresses(QUESTIONS[seed]):
        response = client.get(page)
        assert response.status_code == 200, page
        if not response["Content-Type"].startswith("text/html"):
            continue
        for address, number in promises(page, response.content.decode()):
            if address not in lengths:
                lengths[address] = length(address)
            on_pages.add(urlsplit(page).path)
            if number != lengths[address]:
                wrong.append((page, address, number, lengths[address]))
    assert wrong == []
    assert len(lengths) > 50
    assert on_pages.issuperset({"/", "/institutions/", "/labs/", "/coverage/", "/pipeline/", "/map/", "/charts/"})
