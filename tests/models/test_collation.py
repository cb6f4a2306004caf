"""Words stand in the order in which readers of a language look for them."""

import random

import pytest
from django.utils.translation import override

from partners.models.collation import in_reading_order

# Each as a dictionary of the language has it, and as Unicode CLDR orders it.
ORDERS = {
    "en": ["Åland Islands", "Armenia", "Belarus", "China", "Côte d’Ivoire", "Kazakhstan"],
    "ru": ["Jordan", "Армения", "Беларусь", "Ёмкость", "Енот", "Казахстан", "Китай", "Новая Зеландия", "Норвегия"],
    "be": ["Беларусь", "Ерэван", "Ёсць", "Жлобін", "Індыя", "Казахстан", "Кітай", "Узбекістан", "Ўсход", "Францыя"],
    "kk": ["Алматы", "Әзербайжан", "Беларусь", "Ғабит", "Дания", "Қазақстан", "Латвия", "Өзбекстан", "Үндістан"],
    "zh-hans": ["阿尔巴尼亚", "白俄罗斯", "俄罗斯", "哈萨克斯坦", "乌兹别克斯坦", "中国"],
}


@pytest.mark.parametrize("language", ORDERS)
def test_words_are_ordered_as_their_readers_expect(language):
    words = ORDERS[language]

    with override(language):
        assert in_reading_order(random.sample(words, len(words)), str) == words


def test_case_and_marks_decide_nothing_but_a_tie():
    with override("ru"):
        assert in_reading_order(["елка б", "Ёлка а", "ёлка"], str) == ["ёлка", "Ёлка а", "елка б"]
