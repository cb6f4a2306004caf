"""Rows in order, after any of them changed, came or went, stand as if all were put in order anew."""

import random

import pytest
from pyroaring import BitMap

from partners.index.orders import BY_NAME, NO_ROWS, Order, Orders

WORDS = ["a", "b", "c", "d"]  # few, so that many tie


def orders(rows, descends):
    """Return Orders of {key: (name, rank)}."""
    keys = sorted(rows)
    names, ranks = ([rows[key][at] for key in keys] for at in (0, 1))
    return Orders(NO_ROWS._replace(keys=keys, names=names, ranks={"rank": (ranks, descends)}))


def row(choose):
    return choose.choice(WORDS), choose.choice([None, *WORDS])


@pytest.mark.parametrize("descends", [False, True])
@pytest.mark.parametrize("seed", range(40))
def test_changed_rows_stand_where_all_rows_anew_would_have_them(seed, descends):
    choose = random.Random(seed)
    before = {key: row(choose) for key in range(20)}
    touched = choose.sample(range(30), 8)  # some are new
    newer = {key: choose.choice([before.get(key), row(choose)]) or row(choose) for key in touched if key % 5}
    now = {key: value for key, value in before.items() if key not in touched} | newer
    outdated = BitMap(touched) & BitMap(before)

    for name in (BY_NAME, "rank"):
        base, layer = orders(before, descends), orders(newer, descends)
        order = Order.of(name, base, outdated, layer, stayed=BitMap())
        assert list(order.keys) == list(orders(now, descends).in_order[name])
        assert sorted(now, key=order.place) == list(order.keys)
        again = Order.of(name, base, outdated, layer, stayed=BitMap(list(order.staying)[::2]))
        assert (again.keys, again.staying) == (order.keys, order.staying)


def test_rows_whose_places_stay_are_put_in_order_no_second_time():
    rows = {key: (WORDS[key], None) for key in range(4)}
    base = orders(rows, descends=False)
    order = Order.of(BY_NAME, base, BitMap([1, 2]), orders({1: rows[1], 2: rows[2]}, descends=False), BitMap())
    assert order.keys is base.in_order[BY_NAME]
