"""A list's question in words: for pages, chips and the names of files."""

from urllib.parse import parse_qsl

from django.http import QueryDict
from django.utils.translation import gettext as _

from ..facets import Chip, FacetField, FacetFilter, Figure, IndexedFilter
from ..models.text import lower_first
from ..search import fold
from .search import has_word

UNKNOWN_AT_MOST = 5  # names that a page repeats
WAYS_OUT_AT_MOST = 10  # parts of a question


class Wording:
    """What a filterset says of itself, nearly all of it where it is valid."""

    def selection(self):
        """Return [(name, filter, {code: label})] of the facets where something is ticked; one query each at most."""
        chosen = ((name, filter_, self.form.cleaned_data[name]) for name, filter_ in self._facet_filters())
        return [(name, filter_, self.results.labels(name, codes)) for name, filter_, codes in chosen if codes]

    def sentence(self):
        """Return the filter in words, or nothing: “Country is Kazakhstan or Russia, and role is vector production”."""
        parts = [
            _("%(facet)s is %(values)s") % {"facet": filter_.label, "values": self._in_words(name, filter_, labels)}
            for name, filter_, labels in self.selection()
        ]
        parts += [words for _name, words, _rest in self._parts()]
        if has_word(self.form.cleaned_data["q"]):  # else every row passes
            parts.insert(0, _("Text contains “%(text)s”") % {"text": self.form.cleaned_data["q"]})
        return _(", and ").join(part if number == 0 else lower_first(part) for number, part in enumerate(parts))

    def chips(self):
        """Return a Chip for each ticked value and for the text, each leading to the list without it."""
        chips = [
            Chip(f"{filter_.label}: {label}", self.address(**{name: [other for other in labels if other != code]}))
            for name, filter_, labels in self.selection()
            for code, label in labels.items()
        ]
        chips += [Chip(words, self.address(**{name: rest})) for name, words, rest in self._parts()]
        text = self.form.cleaned_data["q"]
        return [Chip(_("Text: %(text)s") % {"text": text}, self.address(q=None)), *chips] if text else chips

    def ways_out(self):
        """Return a Figure for each part of the question without which there are rows; two queries each at most.

        Of a question with one part only there is none: without it there is the whole list.
        """
        chips = self.chips()[:WAYS_OUT_AT_MOST]
        if len(chips) < 2:
            return []
        questions = [type(self)(QueryDict(chip.url.partition("?")[2])) for chip in chips]
        numbers = [question.results.count() if question.is_valid() else 0 for question in questions]
        return [Figure(chip.label, number, chip.url) for chip, number in zip(chips, numbers, strict=True) if number]

    def slug(self):
        """Return the filter for a file name: its codes and words in Latin letters, between hyphens; no query."""
        codes = [code for name, _filter in self._facet_filters() for code in self.codes_in_slug(name)]
        codes += [code for name, filter_ in self._others() for code in filter_.codes(self.form.cleaned_data[name])]
        words = [spellings[-1] for spellings in fold(self.form.cleaned_data["q"])]
        return "-".join([*words, *codes]).lower()

    def codes_in_slug(self, name):
        """Return the codes of a facet that the name of a file says."""
        return self.form.cleaned_data[name]

    def _others(self):
        """Return (name, filter) of the filters beside facets and text."""
        return [
            (name, filter_)
            for name, filter_ in self.filters.items()
            if isinstance(filter_, IndexedFilter) and not isinstance(filter_, FacetFilter)
        ]

    def _parts(self):
        """Return (name, words, value without it) of all that is asked for beside facets and text."""
        return [
            (name, words, rest)
            for name, filter_ in self._others()
            for words, rest in filter_.parts(self.form.cleaned_data[name])
        ]

    def understood(self):
        """Return the query string without what could not be understood: a parameter, or some values of a facet."""
        data = self.data.copy()
        for name in self.errors:
            field, values = self.form.fields.get(name), data.pop(name, [])
            if isinstance(field, FacetField) and (codes := field.understood(values)):
                data.setlist(name, list(codes))
        rest = type(self)(data)
        return rest.address() if rest.is_valid() else "?"

    def understood_aside(self):
        """Return (name, value) of what could be understood and has no field on a page that refuses the rest."""
        pairs = parse_qsl(self.understood().removeprefix("?"))
        return [(name, value) for name, value in pairs if name not in self.form.beside_filter]

    @property
    def not_understood(self):
        """Return the names in the address that are no parameters of this page, as a page repeats them."""
        return unknown_names(self.data, self.form.fields)

    def _in_words(self, name, filter_, labels):
        word = _(" and ") if name == "role" and self.form.cleaned_data["role_match"] == "all" else _(" or ")
        return word.join(label if filter_.proper else lower_first(label) for label in labels.values())

    def _facet_filters(self):
        return [(name, filter_) for name, filter_ in self.filters.items() if isinstance(filter_, FacetFilter)]


def unknown_names(query, parameters):
    """Return the names in an address that are none of the parameters, the first few and not at full length."""
    names = [name for name in query if name not in parameters][:UNKNOWN_AT_MOST]
    return ["".join(filter(str.isprintable, name[:40])) for name in names]
