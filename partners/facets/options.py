"""Which values a facet knows, and the form field that accepts them."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

NONE = "none"  # the code of "not stated" in addresses
CODES_AT_MOST = 100  # values a visitor may tick in one facet
CODE = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]{1,500}\Z")  # no database is asked for anything else


def _nowhere(_codes):
    """Return {}: no code has moved."""
    return {}


@dataclass(frozen=True)
class Choices:
    """Options declared in code: all of them are always offered, in their order."""

    labelled: tuple[tuple[str, str], ...]
    texts: Callable = tuple  # as those of `Rows`
    in_vocabulary_order = True
    moved = staticmethod(_nowhere)
    stand_in_lists = False

    def refusal(self, path):
        """Return why the values of a Path are no codes of these options, or an empty text."""
        return f"“{NONE}” is the code of no value: call the choice otherwise." if NONE in dict(self.labelled) else ""

    def known(self, codes):
        """Return those of the codes that exist; no query."""
        return set(codes).intersection(dict(self.labelled))

    def labels(self, codes):
        """Return {code: label}; no query."""
        return {code: str(label) for code, label in self.labelled if code in codes}

    def offered(self):
        """Return the codes that stay visible with a count of zero; no query."""
        return [code for code, _label in self.labelled]


@dataclass(frozen=True)
class Rows:
    """Options that are rows: those that occur are offered, and those that `always` selects."""

    rows: Callable  # -> queryset in vocabulary order
    key: str  # the unique field that stands in addresses
    always: Q | None = None
    in_vocabulary_order: bool = False  # else the most frequent first
    # Yields (code, text, whether it is a name) for each text by which its values are found; only whole words of codes
    # and prose find.
    texts: Callable = tuple
    stand_in_lists: bool = False  # they change one by one, and not for the whole directory at once
    # codes -> {code: what is called so}, perhaps of others too: where that is known, or read by a query compiled once.
    named: Callable | None = None
    now_at: Callable = _nowhere  # codes -> {former code: row that has taken its place}

    def refusal(self, path):
        """Return why the values of a Path are no codes of these options, or an empty text."""
        return _other_column(path, self.rows().model, self.key)

    def known(self, codes):
        """Return those of the codes that exist; one query."""
        return set(self.rows().filter(**{f"{self.key}__in": codes}).values_list(self.key, flat=True))

    def moved(self, codes):
        """Return {former code: the one that has taken its place}; the queries of `now_at`."""
        return {code: getattr(row, self.key) for code, row in self.now_at(codes).items()}

    def labels(self, codes):
        """Return {code: label}; one query, or those of `named`."""
        if self.named is not None:
            named = self.named(codes)
            return {code: str(named[code]) for code in codes if code in named}
        return {getattr(row, self.key): str(row) for row in self.rows().filter(**{f"{self.key}__in": codes})}

    def offered(self):
        """Return the codes that stay visible with a count of zero; one query at most."""
        return [] if self.always is None else list(self.rows().filter(self.always).values_list(self.key, flat=True))


@dataclass(frozen=True)
class Values:
    """Options that are the texts of a column: those that occur are offered, the most frequent first."""

    rows: Callable  # -> queryset
    key: str  # the column, whose texts stand in addresses
    label: Callable[[str], str] = str
    in_vocabulary_order = False
    texts = tuple  # nobody looks for them by words
    moved = staticmethod(_nowhere)
    stand_in_lists = False

    def refusal(self, path):
        """Return why the values of a Path are no codes of these options, or an empty text."""
        return _other_column(path, self.rows().model, self.key)

    def known(self, codes):
        """Return those of the codes that exist; one query."""
        rows = self.rows().filter(**{f"{self.key}__in": codes}).order_by()
        return set(rows.values_list(self.key, flat=True).distinct())

    def labels(self, codes):
        """Return {code: label}; no query."""
        return {code: str(self.label(code)) for code in codes}

    def offered(self):
        """Return no code: one that does not occur is not shown."""
        return []


def _other_column(path, model, key):
    expected = model._meta.get_field(key)
    return "" if path.column == expected else f"it reads {path.column}, but its options are those of {expected}."


class FacetField(forms.Field):
    """The codes of one facet, each of which must be known."""

    widget = forms.SelectMultiple
    occurs = staticmethod(lambda _code: False)  # whether the form's index has a code, without a query

    def __init__(self, *, options, empty_label="", **kwargs):
        self.options = options
        self.empty_label = empty_label
        super().__init__(**kwargs)

    def to_python(self, value):
        """Return the codes once each, in the order given, without empty ones."""
        return list(dict.fromkeys(code for code in value or [] if code))

    def clean(self, value):
        """Return the codes, each replaced by the one that stands for it now; the queries of `understood`.

        :raises ValidationError: naming the first code that leads nowhere.
        """
        if len(value or ()) > CODES_AT_MOST:  # as they were given, because the API says so
            raise ValidationError(_("Choose at most %(most)d values."), params={"most": CODES_AT_MOST})
        understood = self.understood(value)
        for code in self.to_python(value):
            if code not in understood:
                raise ValidationError(_("“%(code)s” is not a known value."), params={"code": code[:40]})
        return list(dict.fromkeys(understood.values()))

    def understood(self, value):
        """Return {code: the one that stands for it now} of the first codes that lead somewhere, in the order given.

        A former code leads to the one that has taken its place, and one in other case to that of the vocabulary: people
        write `kz` for KZ. One query at most, none where all of them occur; if one is unknown, one more and those of
        `moved`.
        """
        codes = self.to_python(value)[:CODES_AT_MOST]
        sure = {code for code in codes if (code == NONE and self.empty_label) or self.occurs(code)}
        doubtful = [code for code in codes if code not in sure and CODE.match(code)]
        known = sure | (self.options.known(doubtful) if doubtful else set())
        unknown = [code for code in doubtful if code not in known]
        moved = (self._in_other_case(unknown) | self.options.moved(unknown)) if unknown else {}
        return {code: moved.get(code, code) for code in codes if code in known or code in moved}

    def _in_other_case(self, codes):
        """Return {code: the known one that differs from it in case alone}; ß in capitals is another word."""
        others = {
            code: {other for other in (code.lower(), code.upper()) if other != code and len(other) == len(code)}
            for code in codes
        }
        known = self.options.known({other for of_code in others.values() for other in of_code})
        known |= {NONE} if self.empty_label else set()
        return {code: min(of_code & known) for code, of_code in others.items() if of_code & known}
