"""How a facet filters and counts; knows no model of ours.

A facet is a filter whose values carry counts. Several values in one facet mean *or*, facets mean *and*. A value's
count is the length of the list that has the facet set to that value alone (`FacetValue.url`), everything else equal.
"""

import datetime
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import Filter
from pyroaring import BitMap

NONE = "none"  # the code of "not stated" in addresses
NEVER = "never"
NEVER_ORDINAL = 0  # no day of the calendar
RECENT = datetime.timedelta(days=365)
CODES_AT_MOST = 100  # values a visitor may tick in one facet
CODE = re.compile(r"[A-Za-z0-9_-]{1,120}\Z")


@dataclass(frozen=True)
class FacetValue:
    """One value that can be ticked."""

    code: str
    label: str
    count: int
    is_selected: bool
    url: str  # the list that `count` counts


@dataclass(frozen=True)
class Facet:
    """One question with the values to show, in order."""

    name: str  # of the query parameter
    label: str
    values: tuple[FacetValue, ...]
    hidden: int  # values that are not shown
    more_url: str  # the page that shows them, or nothing


@dataclass(frozen=True)
class Chip:
    """One ticked value, with the list that lacks it."""

    label: str
    url: str


@dataclass(frozen=True)
class Figure:
    """A number in words, with the list it counts."""

    label: str
    count: int
    url: str
    code: str = ""  # of the value that is counted, where it is one of a facet


@dataclass(frozen=True)
class Download:
    """A file of the list."""

    label: str
    url: str


@dataclass(frozen=True)
class Choices:
    """Options that code knows: all of them are always offered, in their order."""

    labelled: tuple[tuple[str, str], ...]
    in_vocabulary_order = True

    def known(self, codes):
        """Return those of the codes that exist; no query."""
        return set(codes).intersection(dict(self.labelled))

    def labels(self, codes):
        """Return {code: label} in vocabulary order; no query."""
        return {code: str(label) for code, label in self.labelled if code in codes}

    def offered(self):
        """Return the codes that stay visible with a count of zero; no query."""
        return [code for code, _label in self.labelled]


@dataclass(frozen=True)
class Rows:
    """Options that are rows: those that occur are offered, and those that `always` names."""

    rows: Callable  # -> queryset in vocabulary order
    key: str  # the unique field that stands in addresses
    always: Q | None = None
    in_vocabulary_order: bool = False  # else the most frequent first

    def known(self, codes):
        """Return those of the codes that exist; one query."""
        return set(self.rows().filter(**{f"{self.key}__in": codes}).values_list(self.key, flat=True))

    def labels(self, codes):
        """Return {code: label} in vocabulary order; one query."""
        return {getattr(row, self.key): str(row) for row in self.rows().filter(**{f"{self.key}__in": codes})}

    def offered(self):
        """Return the codes that stay visible with a count of zero; one query at most."""
        return [] if self.always is None else list(self.rows().filter(self.always).values_list(self.key, flat=True))


class FacetField(forms.Field):
    """Codes of one facet, each known."""

    widget = forms.SelectMultiple

    def __init__(self, *, options, empty_label="", **kwargs):
        self.options = options
        self.empty_label = empty_label
        super().__init__(**kwargs)

    def to_python(self, value):
        """Return the codes once each, in the order given, without empty ones."""
        return list(dict.fromkeys(code for code in value or [] if code))

    def validate(self, value):
        """Refuse codes that do not exist; one query at most.

        :raises ValidationError: naming the first of them.
        """
        if len(value) > CODES_AT_MOST:
            raise ValidationError(_("Choose at most %(most)d values."), params={"most": CODES_AT_MOST})
        well_formed = [code for code in value if CODE.match(code)]
        known = self.options.known(well_formed) if well_formed else set()
        if self.empty_label:
            known.add(NONE)
        for code in value:
            if code not in known:
                raise ValidationError(_("“%(code)s” is not a known value."), params={"code": code[:40]})


class FacetFilter(Filter):
    """A filter whose values are counted: by SQL, and by the postings of an index in memory."""

    field_class = FacetField

    def __init__(self, *, options, label, empty_label="", proper=False):
        super().__init__(label=label, options=options, empty_label=empty_label)
        self.options = options
        self.empty_label = empty_label
        self.proper = proper  # its values are proper names and keep their capitals in a sentence

    @property
    def posted_as(self):
        """Return the name of its postings in the index."""
        return self.field_name

    def keys_in(self, index, codes):
        """Return the keys of an index that pass this filter, or nothing where all do."""
        return self.having(index.facets[self.posted_as], codes) if codes else None

    def others(self):
        """Return the names of the filters that are left out when this one is counted."""
        return frozenset([self.field_name])

    def offered(self):
        """Return the codes that stay visible with a count of zero, wherever they occur; one query at most."""
        return [*self.options.offered(), *([NONE] if self.empty_label else [])]

    def labels(self, codes):
        """Return {code: label} in the order of the vocabulary; one query at most."""
        labels = self.options.labels([code for code in codes if code != NONE])
        if NONE in codes:
            labels[NONE] = str(self.empty_label)
        return labels

    def url_codes(self, code, selected):
        """Return the codes of the list that the count of `code` counts."""
        return [code]


class GroupFacet(FacetFilter):
    """A facet over one value of each row: a column, or an expression."""

    def __init__(self, expression, **kwargs):
        super().__init__(**kwargs)
        self.expression = F(expression) if isinstance(expression, str) else expression

    def filter(self, queryset, codes):
        """Keep rows whose value is one of the codes; no join that multiplies rows."""
        if not codes:
            return queryset
        condition = Q(facet_value__in=[code for code in codes if code != NONE])
        if NONE in codes:
            condition |= Q(facet_value__isnull=True) | Q(facet_value="")
        return queryset.alias(facet_value=self.expression).filter(condition)

    def counts(self, queryset):
        """Return {code: number of rows}; one query."""
        rows = queryset.order_by().values(facet_value=self.expression).annotate(number=Count("pk"))
        return {row["facet_value"] or NONE: row["number"] for row in rows}

    def entries(self, queryset):
        """Yield (pk, value) for the index; one query."""
        for pk, value in queryset.order_by().values_list("pk", self.expression).iterator():
            yield pk, value or NONE

    def having(self, postings, codes):
        """Return the keys with one of the codes."""
        return postings.having(codes)

    def counts_among(self, postings, keys):
        """Return {code: number of the keys}."""
        return {code: postings.count(keys, code) for code in postings.keys}


class FreshnessFacet(FacetFilter):
    """A facet over a date: within the last 12 months, before, or never. Today is asked for each time."""

    def __init__(self, day, **kwargs):
        options = Choices(
            (
                ("recent", gettext_lazy("within 12 months")),
                ("older", gettext_lazy("longer ago")),
                (NEVER, gettext_lazy("never")),
            )
        )
        super().__init__(options=options, **kwargs)
        self.day = day

    def filter(self, queryset, codes):
        """Keep rows whose date is in one of the ranges."""
        condition = Q()
        for code in codes:
            condition |= self._range(code)
        return queryset.filter(condition)

    def counts(self, queryset):
        """Return {code: number of rows}; one query."""
        return queryset.order_by().aggregate(
            **{code: Count("pk", filter=self._range(code)) for code in self.options.offered()}
        )

    def entries(self, queryset):
        """Yield (pk, day or never) for the index; one query. What is recent is judged when it is asked."""
        for pk, day in queryset.order_by().values_list("pk", self.day).iterator():
            yield pk, day.toordinal() if day else NEVER_ORDINAL

    def having(self, postings, codes):
        """Return the keys whose day is in one of the ranges."""
        return postings.having(day for day in postings.keys if self._code(day) in codes)

    def counts_among(self, postings, keys):
        """Return {code: number of the keys}."""
        counts = Counter()
        for day in postings.keys:
            counts[self._code(day)] += postings.count(keys, day)
        return counts

    def _range(self, code):
        first = timezone.localdate() - RECENT
        return {
            "recent": Q(**{f"{self.day}__gt": first}),
            "older": Q(**{f"{self.day}__lte": first}),
            NEVER: Q(**{f"{self.day}__isnull": True}),
        }[code]

    def _code(self, day):
        if day == NEVER_ORDINAL:
            return NEVER
        return "recent" if day > (timezone.localdate() - RECENT).toordinal() else "older"


def takes_part(model, roles, states, match_all):
    """Return the condition on participations, each of which is judged by its role and its state together.

    Without states any state fits; without roles any role. The role `none` means no participation at all, so it
    never fits together with a state. `match_all` asks the condition of each role.
    """

    def has(**participation):
        return Q(pk__in=model._default_manager.filter(**participation).order_by().values("pk"))

    of_state = {"participations__state__in": states} if states else {}
    nothing = Q(pk__in=[]) if states else ~has(participations__isnull=False)
    if not roles:
        return has(**of_state) if states else Q()
    if match_all:
        condition = Q()
        for role in roles:
            condition &= nothing if role == NONE else has(participations__role=role, **of_state)
        return condition
    condition = has(participations__role__in=[role for role in roles if role != NONE], **of_state)
    return condition | nothing if NONE in roles else condition


def takes_part_among(postings, roles, states, match_all):
    """Return the keys that meet `takes_part`, from postings of (role, state); all values where nothing is asked."""

    def having(asked):
        return postings.having(
            (role, state)
            for role, state in postings.keys
            if (role in asked if asked else role != NONE) and (not states or state in states)
        )

    if match_all and roles:
        return BitMap.intersection(*(having([role]) for role in roles))
    return having(roles)


class ParticipationFacet(FacetFilter):
    """What the facets of role and state share: both are judged on the same participation."""

    posted_as = "role"

    def others(self):
        """Leave the whole condition on participations out; the count judges it anew."""
        return frozenset(["role", "state"])

    def chosen(self):
        """Return the roles and states that are ticked, and whether each role is asked for."""
        data = self.parent.form.cleaned_data
        return data["role"], data["state"], data["role_match"] == "all"


class RoleFacet(ParticipationFacet):
    """The roles somebody has, with the ticked states."""

    def filter(self, queryset, codes):
        """Keep rows with one of the roles, or with all of them, in one of the ticked states."""
        _roles, states, match_all = self.chosen()
        return queryset.filter(takes_part(queryset.model, codes, states, match_all))

    def counts(self, queryset):
        """Return {code: number of rows}; one query."""
        roles, states, match_all = self.chosen()
        if match_all:
            queryset = queryset.filter(takes_part(queryset.model, roles, states, match_all=True))
        if states:
            queryset = queryset.filter(participations__state__in=states)
        rows = queryset.order_by().values("participations__role").annotate(number=Count("pk", distinct=True))
        counts = {row["participations__role"] or NONE: row["number"] for row in rows}
        return {} if match_all and NONE in roles and len(roles) > 1 else counts

    def keys_in(self, index, codes):
        """Return the keys of an index that take part as asked, or nothing where neither role nor state is."""
        _roles, states, match_all = self.chosen()
        asked = codes or states
        return takes_part_among(index.facets["role"], codes, states, match_all) if asked else None

    def entries(self, queryset):
        """Yield (pk, (role, state)) for the index, with `none` for both where nobody takes part; one query."""
        rows = queryset.order_by().values_list("pk", "participations__role", "participations__state")
        for pk, role, state in rows.iterator():
            yield pk, (role or NONE, state or NONE)

    def counts_among(self, postings, keys):
        """Return {code: number of the keys}."""
        roles, states, match_all = self.chosen()
        if match_all and roles:
            keys = keys & takes_part_among(postings, roles, states, match_all)
        codes = {role for role, _state in postings.keys}
        return {
            code: keys.intersection_cardinality(takes_part_among(postings, [code], states, match_all)) for code in codes
        }

    def url_codes(self, code, selected):
        """Return the code alone, or added to the ticked ones where each of them is asked for."""
        if self.chosen()[2]:
            return list(dict.fromkeys([*selected, code]))
        return [code]


class StateFacet(ParticipationFacet):
    """The states of the ticked roles; its postings are those of the roles."""

    def keys_in(self, index, codes):
        """Pass everything: the facet of roles has judged role and state together."""
        return

    def filter(self, queryset, codes):
        """Keep everything: the facet of roles has judged role and state together."""
        return queryset

    def counts(self, queryset):
        """Return {code: number of rows}; one query."""
        roles, _states, match_all = self.chosen()
        return queryset.order_by().aggregate(
            **{
                state: Count("pk", filter=takes_part(queryset.model, roles, [state], match_all))
                for state in self.options.offered()
            }
        )

    def counts_among(self, postings, keys):
        """Return {code: number of the keys}."""
        roles, _states, match_all = self.chosen()
        return {
            state: keys.intersection_cardinality(takes_part_among(postings, roles, [state], match_all))
            for state in self.options.offered()
        }


ANY_OR_ALL = [("any", gettext_lazy("any of them")), ("all", gettext_lazy("each of them"))]
