"""Words in one text are found as among words in a list."""

from hypothesis import given
from hypothesis import strategies as st

from partners.search.texts import STEP, WordList

WORDS = st.text("abя\U0001f600", min_size=1, max_size=4)


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
