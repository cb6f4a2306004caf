"""Reading a list from the database into an index: all of it, or the rows that changed since."""

import gc
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, partial

from pyroaring import BitMap

from ..facets import DerivedFacet
from ..models.deadline import unhurried
from ..models.keys import PlainRows
from ..models.text import TextOfRow
from ..search import Layer, Shared
from .index import Index
from .orders import Rows

ROWS, TEXTS = "rows", "texts"  # what is read beside facets


def built(filterset_class, epoch, number):
    """Return the index of a whole list, read from nothing: about ten queries."""
    queries = _queries(filterset_class)
    with _no_collection(), unhurried():
        # First what stays: between millions of objects that go, each one that stays would keep its surroundings too.
        shared = shared_texts(filterset_class)
        texts = _layer(_texts(filterset_class)())
        return Index.build(epoch, number, _rows(filterset_class, lambda name: queries[name]()), texts, shared)


def refreshed(filterset_class, index, number, institutions):
    """Return the index after some more institutions changed: only their rows are read, in three queries, and no texts.

    What the facets offer, and how they call it, is shared and therefore stays, but for values that stand in lists: of
    these, what rows of the institutions have is asked anew, and what no row has.
    """
    gone = {key for key, owner, *_columns in index.read.get(ROWS, ()) if owner in institutions}
    read = {name: [row for row in rows if row[0] not in gone] for name, rows in index.read.items()}
    read |= {name: read.get(name, []) + query(institutions) for name, query in _queries(filterset_class).items()}
    read[ROWS].sort()
    changed = index.changed(number, institutions, _rows(filterset_class, read.__getitem__))
    changed.read.update(read)
    owned = [one.owned_by(institutions) for one in (index, changed)]
    for (name, language), labels in list(index.labels.items()):
        filter_ = filterset_class.base_filters[name]
        before, after = (one.facets[filter_.postings_name] for one in (index, changed))
        concerned = before.values_of(owned[0]) | after.values_of(owned[1])
        changed.labels[name, language] = labels.changed(
            concerned, after.keys, are_renamed=filter_.options.stand_in_lists
        )
    changed.offered.update(index.offered)
    return replace(changed, made=index.made) if _has_facets_of(filterset_class, index, changed) else changed


def _has_facets_of(filterset_class, index, changed):
    """Say whether the same rows, each of which has some value, have the same ones after a change, called as before."""
    are_renamed = any(filterset_class.base_filters[name].options.stand_in_lists for name, _language in index.labels)
    is_same = all(changed.facets[name].keys is index.facets[name].keys for name in _filters(filterset_class))
    return is_same and not are_renamed


def with_texts(filterset_class, index):
    """Return the index with the texts of the rows that changed, as this snapshot has them; one query."""
    if not index.unread:
        return index
    texts = index.read.get(TEXTS, []) + _texts(filterset_class)(index.unread)
    return replace(index.with_texts(_layer(texts)), read=index.read | {TEXTS: texts})


def _query(filterset_class, read):
    """Return what reads something of all rows, or of those that some institutions have."""

    def queryset(institutions):
        concerned = {} if institutions is None else {f"{filterset_class.owner}__among": institutions}
        return read(filterset_class.listed().filter(**concerned))

    return PlainRows(queryset)


@cache
def _texts(filterset_class):
    """Return the query for the texts of rows: (key, text, `TextOfRow`)."""
    return _query(filterset_class, lambda listed: listed.texts())


@cache
def _queries(filterset_class):
    """Return {what: the query for it} of all else that an index is made of; rows begin with the key of a list's row."""
    query = partial(_query, filterset_class)
    columns = ["pk", filterset_class.owner, "sort_key"]
    columns += [rank.column() for rank in _ranks(filterset_class).values()]
    columns += [filter_.column for filter_ in _filters(filterset_class).values() if filter_.column is not None]
    return (
        {ROWS: query(lambda listed: listed.order_by("pk").values_list(*columns))}
        | {
            name: query(filter_.entries)
            for name, filter_ in _filters(filterset_class).items()
            if filter_.column is None and not isinstance(filter_, DerivedFacet)
        }
        | {name: query(read) for name, read in filterset_class.tallies.items()}
    )


def built_of(filterset_class, read, *, has_text):
    """Return the index of rows that are not those of the list; `read` gives what a query of the list would find.

    Without texts where none is asked for, which is most of the work, and without tallies.
    """
    shared = shared_texts(filterset_class) if has_text else Shared()
    rows = _rows(filterset_class, lambda what: [] if what in filterset_class.tallies else read(what))
    return Index.build(0, 0, rows, _layer(read(TEXTS) if has_text else []), shared)


def single_valued(filterset_class):
    """Return the names of the facets of which each row has one value that is read with it, in the order of `ROWS`."""
    return [name for name, filter_ in _filters(filterset_class).items() if filter_.column is not None]


def shared_texts(filterset_class):
    """Return the texts by which the values of facets are found; five queries."""
    by_kind = {True: [], False: []}
    for name, filter_ in _filters(filterset_class).items():
        for value, text, is_name in filter_.texts():
            by_kind[is_name].append(((name, value), text))
    return Shared(by_kind[True], by_kind[False])


def _filters(filterset_class):
    return {name: filterset_class.base_filters[name] for name in filterset_class.indexed_facets()}


def _ranks(filterset_class):
    return {name: rank for name, rank in filterset_class.orders.items() if rank is not None}


def _rows(filterset_class, read):
    """Return Rows of a list; `read` gives what a query of `_queries` found."""
    filters, ranks, of_one_value = _filters(filterset_class), _ranks(filterset_class), single_valued(filterset_class)
    columns = list(zip(*read(ROWS), strict=True)) or [()] * (3 + len(ranks) + len(of_one_value))
    keys, owners, sort_keys, *further = columns
    of_facets = dict(zip(of_one_value, further[len(ranks) :], strict=True))
    facets = {
        name: filter_.keys_by_value(zip(keys, of_facets[name], strict=True) if name in of_facets else read(name))
        for name, filter_ in filters.items()
        if not isinstance(filter_, DerivedFacet)
    }
    facets |= {name: filter_.derive(keys, facets) for name, filter_ in filters.items() if name not in facets}
    facets |= {name: _keys_by_number(read(name)) for name in filterset_class.tallies}
    return Rows(
        keys=keys,
        owners=owners,
        names=sort_keys,
        ranks={name: (column, rank.descending) for (name, rank), column in zip(ranks.items(), further, strict=False)},
        facets=facets,
        single_valued=of_one_value,
    )


def _keys_by_number(tally):
    """Return {number: keys} of (key, number)."""
    keys = defaultdict(list)
    for key, number in tally:
        keys[number].append(key)
    return keys


def _layer(texts):
    """Return the Layer of (key, text, `TextOfRow`)."""
    by_kind = [[] for _kind in TextOfRow]
    for key, text, kind in texts:
        by_kind[kind].append((key, text))
    return Layer(BitMap([key for key, _name in by_kind[TextOfRow.NAME]]), *by_kind)


@contextmanager
def _no_collection():
    """Keep the garbage collector from looking through millions of new objects again and again; none is a cycle."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
