"""The card of a link: a picture of the size that others ask for, with the directory's figures, in every language."""

from io import BytesIO

import pytest
from django.core.management import call_command
from PIL import Image

from partners.views import card
from tests.support.factories import make_consortium, make_institution

pytestmark = pytest.mark.django_db


def picture(client, address):
    answer = client.get(address)
    assert answer["Content-Type"] == "image/png"
    assert len(answer.content) <= 100_000
    return Image.open(BytesIO(answer.content))


@pytest.mark.parametrize("prefix", ["", "/kk", "/zh-hans"])
def test_every_page_names_a_card_of_the_usual_size(client, prefix):
    call_command("start_consortium", "partners/seeds/cart.toml", verbosity=0)

    assert f'property="og:image" content="http://testserver{prefix}/card.png"' in client.get(f"{prefix}/roles/").text
    assert picture(client, f"{prefix}/card.png").size == (1200, 630)


def test_a_card_follows_the_figures_and_tells_nothing_of_a_draft(client):
    make_consortium()
    before = client.get("/card.png").content
    make_institution(standing="signed", is_published=False)
    assert client.get("/card.png").content == before

    make_institution(standing="signed")

    assert client.get("/card.png").content != before


def test_a_card_of_an_empty_directory_and_one_of_long_names_are_drawn(client):
    assert picture(client, "/card.png").size == (1200, 630)
    make_consortium(name="中文" + "Ы" * 290, short_name="W" * 60)

    assert picture(client, "/ru/card.png").size == (1200, 630)


def test_a_card_is_drawn_once_whatever_is_added_to_its_address(client):
    make_consortium()
    card._png.cache_clear()
    cards = {client.get(f"/card.png?{number}").content for number in range(3)}

    drawn = card._png.cache_info()
    assert (len(cards), drawn.misses, drawn.hits) == (1, 1, 2)


def test_the_second_line_of_a_label_is_drawn_and_a_third_one_announced():
    def drawn(label):
        return card._drawn(card.Words("", "", (("1", label),) * 4, ""), ()).tobytes()

    assert drawn("соглашений подписано") != drawn("соглашений ожидается")
    assert card._wrapped("соглашений, подписание которых ожидается", 24, 248, card.LINES_OF_LABEL)[1:] == [
        "подписание …"
    ]


@pytest.mark.parametrize(("name", "is_drawn"), [("Łódź, Қазақстан, Беларусь ў", True), ("喀山联邦大学", False)])
def test_letters_that_our_fonts_lack_are_known(name, is_drawn):
    assert card.Words("", name, (), "").can_be_drawn() is is_drawn
