"""How a facet filters and counts; knows no model of ours.

A facet is a filter whose values carry counts. Several values in one facet mean *or*, facets mean *and*. A value's
count is the length of the list that has the facet set to that value alone (`FacetValue.url`), everything else equal.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import Filter

NONE = "none"  # the code of "not stated" in addresses
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
    """A filter whose values are counted."""

    field_class = FacetField

    def __init__(self, *, options, label, empty_label="", proper=False):
        super().__init__(label=label, options=options, empty_label=empty_label)
        self.options = options
        self.empty_label = empty_label
        self.proper = proper  # its values are proper names and keep their capitals in a sentence

    def others(self):
        """Return the names of the filters that are left out when this one is counted."""
        return {self.field_name}

    def offered(self, queryset):
        """Return the codes that stay visible with a count of zero; `queryset` is the unfiltered one."""
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

    def offered(self, queryset):
        """Return what always stays visible and all that occurs in the unfiltered queryset; two queries at most."""
        if isinstance(self.options, Choices):
            return super().offered(queryset)
        return [*super().offered(queryset), *(code for code in self.counts(queryset) if code != NONE)]


class ConditionFacet(FacetFilter):
    """A facet whose few values are conditions, each made when it is asked for (what is recent depends on today)."""

    def __init__(self, conditions: Mapping[str, tuple[str, Callable[[], Q]]], **kwargs):
        options = Choices(tuple((code, label) for code, (label, _condition) in conditions.items()))
        super().__init__(options=options, **kwargs)
        self.conditions = {code: condition for code, (_label, condition) in conditions.items()}

    def filter(self, queryset, codes):
        """Keep rows that meet one of the conditions."""
        if not codes:
            return queryset
        condition = Q()
        for code in codes:
            condition |= self.conditions[code]()
        return queryset.filter(condition)

    def counts(self, queryset):
        """Return {code: number of rows}; one query."""
        return queryset.order_by().aggregate(
            **{code: Count("pk", filter=condition()) for code, condition in self.conditions.items()}
        )


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


class ParticipationFacet(FacetFilter):
    """What the facets of role and state share: both are judged on the same participation."""

    def others(self):
        """Leave the whole condition on participations out; the count judges it anew."""
        return {"role", "state"}

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
        if match_all and NONE in roles and len(roles) > 1:
            return {}
        return counts

    def url_codes(self, code, selected):
        """Return the code alone, or added to the ticked ones where each of them is asked for."""
        if self.chosen()[2]:
            return list(dict.fromkeys([*selected, code]))
        return [code]


class StateFacet(ParticipationFacet):
    """The states of the ticked roles."""

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


ANY_OR_ALL = [("any", gettext_lazy("any of them")), ("all", gettext_lazy("each of them"))]
