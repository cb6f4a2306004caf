"""A list's question, whatever the list: its parameters, and what asks, counts and words it."""

from functools import partial
from urllib.parse import quote_plus

import django_filters
from django import forms
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..addresses import address_of, without_entities
from ..facets import Facet, FacetValue, IndexedFilter
from ..index import current
from ..models.text import sort_key
from .declared import refuse_orders_without_words, refuse_untrue_facets, ways_elsewhere
from .forms import DEFAULTS, FIND, copied, form_class, usual_sort
from .index_results import IndexResults
from .results import RELEVANCE
from .search import SearchFilter, few_words, find, has_word
from .sql_results import SqlResults
from .wording import Wording

SHOWN_AT_FIRST = 10  # values of a long facet
SHOWN_AT_MOST = 1000  # values of a facet that is opened


def quoted(code):
    """Return a code as an address writes it; most are written as they are."""
    return code if code.isascii() and code.replace("-", "").isalnum() else quote_plus(code)


def addresses(url, name, **changes):
    """Return a function of codes that gives the address with these in one facet; all else of it is made once.

    :param url: a method of a filterset that takes changes.
    """
    before, after = url(**{name: ["\0"]} | changes).split(f"{name}=%00")  # which no code holds
    return lambda codes: before + "&".join([f"{name}={quoted(code)}" for code in codes]) + after


class _Filters(dict):
    """The filters of a class: a filterset gives its copies a parent, and what they were declared with never changes."""

    def __deepcopy__(self, _memo):
        return {name: copied(filter_) for name, filter_ in self.items()}


class DirectoryFilter(Wording, django_filters.FilterSet):
    """A list's question: read from the address, answered as rows, as counts and in words."""

    q = SearchFilter(
        max_length=200,
        validators=[few_words],
        label=gettext_lazy("Text"),
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    tallies = {}  # {name: a function of rows that gives (key, number) of each, whose sums an index knows}

    def __init__(self, data):
        super().__init__(without_entities(data), queryset=self._meta.model.objects.all())
        del self.queryset  # so that it is only made for who asks the database

    @cached_property
    def queryset(self):
        """Return always all that is listed, because that is what the index holds."""
        return self.listed()

    def get_form_class(self):
        """Return the form of this class, made once."""
        return form_class(type(self))

    @cached_property
    def form(self):
        """Return the bound form; its facets ask the index first whether a code is known."""
        form = self.get_form_class()(self.data)
        if (index := self._index) is not None:
            for name, filter_ in self._facet_filters():
                form.fields[name].occurs = partial(filter_.occurs, index)
        return form

    @classmethod
    def parameters(cls):
        """Return the names of the query parameters that it reads."""
        return list(form_class(cls).base_fields)

    @classmethod
    def asking(cls, **question):
        """Return the filterset of a question that code asks: {parameter: [codes]}.

        :raises ValueError: when the question is not a valid one.
        """
        filterset = cls(MultiValueDict(question))
        if not filterset.is_valid():
            raise ValueError(filterset.errors.as_json())
        return filterset

    @classmethod
    def found_by(cls, text):
        """Return what a text finds in the whole list, as `Results.searched` does, without a form for all else.

        :raises ValidationError: for a text that is not a valid one.
        """
        text = cls.base_filters["q"].field.clean(text)
        if not has_word(text):
            return None
        return find(text, current.index_of(cls, has_text=True) or current.built_alone(cls), cls._meta.model)

    def filter_queryset(self, queryset, without=frozenset()):
        """Apply every filter but those named; the form is valid."""
        for name, filter_ in self.filters.items():
            if name not in without:
                queryset = filter_.filter(queryset, self.form.cleaned_data[name])
        return queryset

    @classmethod
    def get_filters(cls):
        """Return the filters by name; called once, when the class is made.

        :raises ImproperlyConfigured: where a facet is declared that index and SQL would not count alike, or an order
            without words.
        """
        filters = super().get_filters()
        if cls._meta.model is not None:
            refuse_untrue_facets(cls, filters)
            refuse_orders_without_words(cls)
        return _Filters(filters)

    @classmethod
    def concerned_by(cls, institutions):
        """Return some institutions, and those whose rows go by these; a query for each facet, if any, over parents."""
        rows = cls._meta.model.objects
        return set(institutions).union(
            *(
                rows.filter(**{f"{way}__pk__among": institutions}).order_by().values_list(cls.owner, flat=True)
                for way in ways_elsewhere(cls)
            )
        )

    @classmethod
    def indexed_facets(cls):
        """Return the names of the facets whose values an index holds."""
        facets = ((name, filter_) for name, filter_ in cls.base_filters.items() if isinstance(filter_, IndexedFilter))
        return [name for name, filter_ in facets if filter_.postings_name == name]

    @cached_property
    def results(self):
        """Return who counts and orders: the index at the snapshot's position where there is one, else SQL."""
        return SqlResults(self) if self._index is None else IndexResults(self, self._index)

    @cached_property
    def _index(self):
        # The database finds no text: who asks for one needs an index, and the one that is being built comes first.
        return current.index_of(type(self), has_text=self.has_text)

    @property
    def has_text(self):
        """Say whether a text is asked for that holds a word, so that only an index knows the rows."""
        return has_word(self.data.get("q", ""))

    def in_order(self):
        """Return the rows of `qs` in the order asked for; by name where that is relevance, which results know."""
        sort = self.form.cleaned_data["sort"]
        return self.qs.in_order("name" if sort == RELEVANCE else sort)

    def counts(self, name):
        """Return {code: number of rows} for one facet, itself left out of the question; no query, or those of SQL."""
        return self.results.counts(name)

    def facets(self):
        """Return a Facet for each facet filter; about three queries each, however many rows there are."""
        only = _("only")
        return [self._facet(name, filter_, only) for name, filter_ in self._facet_filters()]

    def held(self, kind, make):
        """Return what `make` makes of facets and form, the page's number aside; or made, while that is true.

        With a text it is made each time: texts find by more than facets. `kind` says what is made, in which language.
        """
        if self._index is None or self.has_text:
            return make()
        asked = ((name, *codes) for name, codes in self.data.lists() if name in self.form.fields and name != "page")
        return self._index.of_facets((kind, *asked, timezone.localdate()), make)

    def ticked_elsewhere(self, facets):
        """Return (name, code) of what is ticked in facets that a page does not show."""
        shown = {facet.name for facet in facets}
        return [
            (name, code) for name, _filter in self._facet_filters() if name not in shown for code in self.ticked(name)
        ]

    def address(self, **changes):
        """Return the query string of this list with some parameters changed; nothing that is empty or a default.

        The page number is never kept, nor what was looked for among values: another list begins anew.
        """
        asked = self._asked | changes
        usual = usual_sort(changes["q"]) if "q" in changes else self._usual_sort
        defaults = DEFAULTS | {"sort": usual}
        if asked["sort"] == RELEVANCE:
            asked["sort"] = None
        pairs = [(name, value) for name, value in asked.items() if value and value != defaults.get(name)]
        places = self._places
        pairs.sort(key=lambda pair: places.get(pair[0], len(places)))
        listed = [(name, value if isinstance(value, (list, tuple)) else [value]) for name, value in pairs]
        return "?" + "&".join([f"{name}={quoted(str(code))}" for name, codes in listed for code in codes])

    @cached_property
    def _asked(self):
        """Return {parameter: its value} of this list where it has one, the page number aside."""
        values = ((name, self.form.cleaned_data[name]) for name in self._places)
        return {name: value for name, value in values if value}

    @cached_property
    def _places(self):
        """Return {parameter: its place in addresses}."""
        names = dict.fromkeys([*self.filters, *self.form.fields])
        kept = (name for name in names if name != "page" and not name.startswith(FIND))
        return {name: place for place, name in enumerate(kept)}

    @cached_property
    def _usual_sort(self):
        return usual_sort(self.form.cleaned_data["q"])

    def value_url(self, **changes):
        """Return the address of the list that the count of a facet's value counts."""
        return self.address(**changes)

    def list_url(self, **changes):
        """Return the path of this list's page, with some parameters changed."""
        return address_of(f"partners:{self.thing}-list") + self.address(**changes)

    def ticked(self, name):
        """Return the codes of a facet that are shown as ticked."""
        return self.form.cleaned_data[name]

    def _facet(self, name, filter_, only):
        selected = self.ticked(name)
        is_open = name in self.form.cleaned_data["show"]
        most = SHOWN_AT_MOST if is_open else SHOWN_AT_FIRST
        if text := self.form.cleaned_data.get(FIND + name):
            counts, shown, number = self._found(name, text)
        elif filter_.options.in_vocabulary_order:
            counts, shown, number = self._in_vocabulary_order(name, most)
        else:
            counts, shown, number = self._most_frequent(name, most, selected)
        number += len([code for code in selected if not counts.get(code) and code not in shown])
        shown += [code for code in selected if code not in shown]
        labels, url = self.results.labels(name, shown), addresses(self.value_url, name, show=None)
        numbered = ((code, labels[code], counts.get(code, 0)) for code in shown)
        return Facet(
            name=name,
            label=str(filter_.label),
            values=tuple(
                FacetValue(
                    code=code,
                    label=label,
                    count=count,
                    is_selected=code in selected,
                    url=url(filter_.url_codes(code, selected)),
                    id=f"{name}-{quoted(code)}",
                    spoken=f"{only} {label}: {count}",
                )
                for code, label, count in numbered
            ),
            hidden=number - len(shown),
            more_url="" if is_open or len(shown) == number else self.address(show=[name]),
        )

    def _in_vocabulary_order(self, name, most):
        """Return ({code: number}, codes to show, how many there are): in the order of the vocabulary, zeros last."""
        counts = self.counts(name)
        order = sorted(self.results.offered(name), key=lambda code: not counts.get(code))
        return counts, order[:most], len(order)

    def _most_frequent(self, name, most, selected):
        """Return the same with the highest numbers first, equal ones by their words, and what stays with zero last."""
        found, number = self.results.most_frequent(name, most)
        counts = found | {code: self.results.count_of(name, code) for code in [*selected, *self.results.offered(name)]}
        zeros = [code for code in self.results.offered(name) if not counts[code]]
        shown = self.results.first(name, found | dict.fromkeys(zeros, 0), most)
        return counts, shown, number + len(zeros)

    def _found(self, name, text):
        """Return the same of the values whose names contain a text, marks and alphabet aside."""
        counts = {code: number for code, number in self.counts(name).items() if number}
        labels, part = self.results.labels(name, counts), sort_key(text)
        found = {code: counts[code] for code, label in labels.items() if part in sort_key(label)}
        return counts, self.results.first(name, found, SHOWN_AT_MOST), len(found)
