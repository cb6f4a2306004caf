"""The first labels of many are what sorting all of them says, before and after edits, and few of them are read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partners.index import labels
from partners.index.labels import Labels

CODES = "abcdefghij"
NAMES = st.sampled_from(["Ärna", "Astana", "Zagreb"])  # so that some are called the same
NAMED = st.dictionaries(st.sampled_from(CODES), NAMES)


class Directory:
    """What values are called now, and which of them anybody asked for."""

    def __init__(self, names):
        self.names, self.asked = dict(names), []

    def read(self, codes):
        self.asked += codes
        return {code: (self.names[code].casefold(), self.names[code]) for code in codes}

    def expected(self, codes, most):
        return sorted(codes, key=lambda code: (self.names[code].casefold(), self.names[code], code))[:most]


@pytest.fixture(params=[0, 2**32], ids=["all are in order", "few are sorted"])
def _way(request, monkeypatch):
    monkeypatch.setattr(labels, "FEW", request.param)


@pytest.mark.usefixtures("_way")
@pytest.mark.parametrize("most", [1, 3, 20])
def test_the_first_labels_are_those_of_all_in_order_after_any_edit(most):
    @given(NAMED, st.lists(NAMED, max_size=3), st.data())
    def check(names, edits, data):
        directory, known = Directory(names), Labels()
        for renamed in [{}, *edits]:
            directory.names |= renamed
            known = known.changed(renamed.keys(), directory.names, are_renamed=True)
            codes = data.draw(st.sets(st.sampled_from(sorted(directory.names)))) if directory.names else set()
            found = known.first(codes, most, directory.names, directory.read)
            assert found == directory.expected(codes, most)
            assert known.collated(CODES[:0], directory.read) == {}
            assert known.collated(found, directory.read) == directory.read(found)

    check()


def test_after_an_edit_a_page_reads_what_it_concerns_and_what_comes_to_be_shown(monkeypatch):
    monkeypatch.setattr(labels, "FEW", 3)
    directory, known = Directory(zip(CODES, "ABCDEFGHIJ", strict=True)), Labels()
    everybody = set(CODES)

    def first():
        directory.asked.clear()
        return known.first(everybody, 3, directory.names, directory.read), set(directory.asked)

    assert first() == ([*"abc"], everybody)
    assert first() == ([*"abc"], set())
    directory.names["j"] = "0"
    known = known.changed({"j"}, directory.names, are_renamed=True)
    assert first() == ([*"jab"], {"j"})
    everybody.remove("a")
    del directory.names["a"]
    known = known.changed({"a"}, directory.names, are_renamed=True)
    assert first() == ([*"jbc"], {"d"})
    directory.names["a"] = "a"
    everybody.add("a")
    known = known.changed({"a"}, directory.names, are_renamed=True)
    assert first() == ([*"jab"], {"a"})


def test_what_no_edit_renames_is_read_once_and_what_came_since_stands_in_its_place(monkeypatch):
    monkeypatch.setattr(labels, "FEW", 0)
    directory, known = Directory({"b": "B", "c": "C"}), Labels()
    assert known.first({"b", "c"}, 2, directory.names, directory.read) == ["b", "c"]

    directory.names["a"] = "A"
    known = known.changed({"a", "b"}, directory.names, are_renamed=False)
    directory.asked.clear()

    assert known.first({"a", "b", "c"}, 2, directory.names, directory.read) == ["a", "b"]
    assert directory.asked == ["a"]
