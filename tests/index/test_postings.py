"""Which values are most frequent, found in three ways, is what counting one by one says."""

from collections import Counter, defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from partners.index import postings
from partners.index.postings import CACHED_UNIONS, SPARSE, Postings

VALUES_IN_ORDER = "abcdefgh"
VALUES = st.sampled_from(VALUES_IN_ORDER)
KEYS = st.integers(0, 60) | st.integers(0, 2**32 - 1)  # near each other, and with gaps
VALUE_OF = st.dictionaries(KEYS, VALUES, max_size=40)


def by_value(value_of):
    keys = defaultdict(list)
    for key, value in value_of.items():
        keys[value].append(key)
    return keys


def expected(value_of, keys, most):
    """Count one by one: the highest numbers with all that tie with them, and how many values there are."""
    numbers = Counter(value_of[key] for key in keys)
    least = min(sorted(numbers.values(), reverse=True)[:most], default=0)
    return {value: number for value, number in numbers.items() if number >= least}, len(numbers)


def found(counted, keys, most, **are_all):
    """Return the same of postings; what is higher than those that tie is less than was asked for."""
    higher, ties, number, occurring = counted.most_frequent(keys, most, **are_all)
    assert len(higher) < most or not ties
    assert len(ties) == len(set(ties)) == len([value for value in VALUES_IN_ORDER if value in ties])
    return higher | dict.fromkeys(ties, number), occurring


@pytest.fixture(params=[0, 2**32], ids=["values are tried", "keys say their values"])
def _way(request, monkeypatch):
    monkeypatch.setattr(postings, "FEW", request.param)
    monkeypatch.setattr(postings, "TRIED", 0)


@pytest.mark.usefixtures("_way")
class TestMostFrequent:
    """Both ways, of the same keys."""

    @pytest.mark.parametrize("most", [1, 3, 20])
    def test_values_of_keys(self, most):
        @given(VALUE_OF, st.data())
        def check(value_of, data):
            keys = BitMap(data.draw(st.sets(st.sampled_from(sorted(value_of)))) if value_of else [])
            counted = Postings.of(by_value(value_of), is_single_valued=True)
            assert found(counted, keys, most) == expected(value_of, keys, most)
            assert found(counted, BitMap(value_of), most, are_all=True) == expected(value_of, value_of, most)

        check()

    def test_values_of_keys_that_changed_twice(self):
        @given(VALUE_OF, VALUE_OF, VALUE_OF, st.data())
        def check(value_of, newer, newest, data):
            changed = Postings.of(by_value(value_of), is_single_valued=True)
            for came in (newer, newest):
                changed = changed.changed(BitMap(came) & BitMap(value_of), by_value(came))
                value_of = value_of | came
            keys = BitMap(data.draw(st.sets(st.sampled_from(sorted(value_of)))) if value_of else [])
            assert found(changed, keys, 3) == expected(value_of, keys, 3)
            assert found(changed, BitMap(value_of), 3, are_all=True) == expected(value_of, value_of, 3)

        check()


def test_numbers_are_true_after_changes_and_those_of_all_keys_the_same_mapping_while_none_moves():
    @given(VALUE_OF, VALUE_OF, st.data())
    def check(value_of, newer, data):
        counted = Postings.of(by_value(value_of), is_single_valued=True)
        assert counted.counts(BitMap(value_of)) == Counter(value_of.values())
        counted = counted.changed(BitMap(newer) & BitMap(value_of), by_value(newer))
        value_of = value_of | newer
        of_all = counted.counts(BitMap(value_of))
        assert of_all == Counter(value_of.values())
        part = BitMap(data.draw(st.sets(st.sampled_from(sorted(value_of)))) if value_of else [])
        for same in (counted, counted.changed(part, by_value({key: value_of[key] for key in part}))):
            assert Counter(same.counts(part)) == Counter(value_of[key] for key in part)
            assert same.counts(BitMap(value_of)) is of_all

    check()


def test_unions_of_days_that_passed_are_let_go():
    changed = Postings.of({"2020-01-01": [1], "2021-01-01": [2]}, is_single_valued=True)
    for day in range(20):
        assert changed.union(day, "2021".__le__) == BitMap([2])
        changed = changed.changed(BitMap([1]), {"2020-01-01": [1]})

    assert len(changed._unions) == CACHED_UNIONS


def test_keys_with_gaps_take_no_memory_for_the_gaps():
    near, far = (Postings.of({"a": [0], "b": [last]}, is_single_valued=True) for last in (2 * SPARSE - 1, 2**32 - 1))
    assert len(near.value_of.values) == 2 * SPARSE
    assert len(far.value_of.values) == 2
    assert far.most_frequent(BitMap([2**32 - 1]), 2) == near.most_frequent(BitMap([2 * SPARSE - 1]), 2)
