"""Words in one text are found as among words in a list."""

from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyroaring import BitMap

from partners.search import texts
from partners.search.texts import LAST, ROWS_A_SEARCH, STEP, Layer, WordList

WORDS = st.text("abя大\U0001f600", min_size=1, max_size=4)
FEW_LETTERS = "a大\U0001f600"
MANY_WORDS = {"".join(letters) for number in range(1, 7) for letters in product(FEW_LETTERS, repeat=number)}


@pytest.fixture(scope="module", autouse=True)
def _few_words_are_many():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(texts, "SCANNED_AT_MOST", 2 * STEP)
        yield


@given(st.sets(WORDS, max_size=4 * STEP), WORDS)
def test_a_list_of_words_finds_what_a_look_at_each_would(words, part):
    words, listed = sorted(words), WordList(words)

    assert list(listed) == words
    assert [listed.at(word) for word in words] == list(range(len(words)))
    assert (listed.at(part) is None) == (part not in words)
    assert list(listed.beginning(part)) == [word for word in words if word.startswith(part)]
    assert set(listed.containing(part)) == {word for word in words if part in word}
    for letters in range(1, 5):
        for are_ascii in (True, False):
            those = [word for word in words if len(word) == letters and word.isascii() == are_ascii]
            assert listed.of_length(letters, are_ascii) == those


@given(st.sets(st.sampled_from(sorted(MANY_WORDS))), st.text(FEW_LETTERS, min_size=1, max_size=7))
@example(set(), 3 * LAST)
@example(set(), "aa" + LAST)
def test_a_part_of_many_words_is_found_wherever_it_stands(left_out, part):
    words = sorted(MANY_WORDS - left_out)
    listed = WordList(words)

    for one in (part, words[0], words[STEP - 1], words[STEP], words[-1]):
        assert list(listed.containing(one)) == [word for word in words if one in word]


ROWS = 4 * ROWS_A_SEARCH


@given(st.sets(st.integers(0, ROWS + 2), max_size=6), st.booleans())
def test_rows_with_a_word_are_found_among_few_and_among_many(keys, are_many):
    layer = Layer(BitMap(range(ROWS)), [(key, "Every other" if key % 2 else "Every") for key in range(ROWS)])
    keys = BitMap(keys | set(range(ROWS)) if are_many else keys)

    for word, step, first in (("every", 1, 0), ("other", 2, 1), ("nobody", 1, ROWS)):
        assert layer.having_among(word, keys) == keys & BitMap(range(first, ROWS, step))
