"""The rows of the lists' pages, read by primary key as plain values: a fifth of the time of model instances."""

from collections import defaultdict
from datetime import date
from functools import cache
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import get_language

from .choices import Kind, NameKind, Standing, State
from .institution import Institution
from .keys import PlainRows
from .lab import CITY, COUNTRY, Lab
from .languages import texts_by_row
from .name import InstitutionName, first_of_kind, name_at_home
from .participation import Participation
from .place import City, CityName, Country
from .role import RoleText


class NameInLanguage(NamedTuple):
    """A further name of an institution."""

    value: str
    kind: str
    language: str


class RoleInState(NamedTuple):
    """What a row does in the consortium."""

    role: str  # its name
    state: str
    state_label: str


class InstitutionRow(NamedTuple):
    """What a list shows of an institution; nothing where nothing is known."""

    key: int
    url: str
    slug: str
    name: str
    native_name: NameInLanguage | None
    acronym: NameInLanguage | None
    kind: str  # in words
    city: str | None
    country: str | None
    roles: list[RoleInState]
    standing: str
    standing_label: str
    verified_on: date | str | None  # a day, as the driver gives it
    why: object = None  # it was found, where a text was asked for


class LabRow(NamedTuple):
    """What a list shows of a lab."""

    key: int
    url: str
    name: str
    native_name: str
    institution: str
    institution_url: str
    city: str | None
    country: str | None
    roles: list[RoleInState]
    verified_on: date | str | None
    why: object = None


_institutions = PlainRows(
    lambda keys: (
        Institution.objects.filter(pk__among=keys)
        .order_by()
        .values_list(
            *("pk", "slug", "name", "kind", "country", "country__label", "city", "city__name", "standing"),
            "verified_on",
        )
    )
)
_labs = PlainRows(
    lambda keys: (
        Lab.objects.filter(pk__among=keys)
        .order_by()
        .values_list(
            *("pk", "slug", "name", "native_name", "institution__name", "institution__slug", COUNTRY, CITY),
            "verified_on",
        )
    )
)
_names = PlainRows(
    lambda keys: (
        InstitutionName.objects.of_rows()
        .filter(institution__among=keys)
        .order_by("pk")
        .values_list("institution", "value", "kind", "language")
    )
)
ROLE = ("role", "role__name", "state")
_roles_of_institutions = PlainRows(
    lambda keys: (
        Participation.objects.filter(institution__among=keys)
        .order_by(*Participation.ORDER)
        .values_list("institution", *ROLE)
    )
)
_roles_of_labs = PlainRows(
    lambda keys: Participation.objects.filter(lab__among=keys).order_by(*Participation.ORDER).values_list("lab", *ROLE)
)


def institution_rows(keys):
    """Return the InstitutionRow of each key, in the order of the keys; three queries, in another language five."""
    found = {key: row for key, *row in _institutions(keys)}
    names, roles = _grouped_names(_names(keys)), _grouped_roles(_roles_of_institutions(keys))
    kinds, standings, prefix = _labels(Kind), _labels(Standing), reverse("partners:institution-list")
    city_names = texts_by_row(CityName)
    rows = []
    for key in keys:
        slug, name, kind, country, label, city, city_name, standing, verified_on = found[key]
        rows.append(
            InstitutionRow(
                key=key,
                url=f"{prefix}{slug}/",
                slug=slug,
                name=name,
                native_name=name_at_home(names[key], name),
                acronym=first_of_kind(names[key], NameKind.ACRONYM),
                kind=kinds[kind],
                city=_in_language(city_names, city, "value", city_name),
                country=label or (country and Country.cldr_name_of(country)),
                roles=roles[key],
                standing=standing,
                standing_label=standings.get(standing, ""),
                verified_on=verified_on,
            )
        )
    return rows


def lab_rows(keys):
    """Return the LabRow of each key, in the order of the keys; four queries, in another language six."""
    found = {key: row for key, *row in _labs(keys)}
    roles, prefix = _grouped_roles(_roles_of_labs(keys)), reverse("partners:institution-list")
    city_names = texts_by_row(CityName)
    cities = dict(City.objects.filter(pk__in={row[6] for row in found.values() if row[6]}).values_list("pk", "name"))
    labels = dict(Country.objects.filter(code__in={row[5] for row in found.values()}).values_list("code", "label"))
    rows = []
    for key in keys:
        slug, name, native_name, institution, institution_slug, country, city, verified_on = found[key]
        rows.append(
            LabRow(
                key=key,
                url=f"{prefix}{institution_slug}/labs/{slug}/",
                name=name,
                native_name=native_name,
                institution=institution,
                institution_url=f"{prefix}{institution_slug}/",
                city=_in_language(city_names, city, "value", cities.get(city)),
                country=labels.get(country) or (country and Country.cldr_name_of(country)),
                roles=roles[key],
                verified_on=verified_on,
            )
        )
    return rows


def _grouped_names(rows):
    """Return {institution: its names of rows, in their order}."""
    grouped = defaultdict(list)
    for key, *name in rows:
        grouped[key].append(NameInLanguage(*name))
    return grouped


def _grouped_roles(rows):
    """Return {owner: each RoleInState once, in the order of the roles}."""
    grouped, states, role_texts = defaultdict(dict), _labels(State), texts_by_row(RoleText)
    for key, role, name, state in rows:
        grouped[key][role, state] = RoleInState(_in_language(role_texts, role, "name", name), state, states[state])
    return defaultdict(list, {key: list(roles.values()) for key, roles in grouped.items()})


def _labels(choices):
    return _labels_in(choices, get_language())


@cache
def _labels_in(choices, _language):
    return {code: str(label) for code, label in choices.choices}


def _in_language(texts, key, field, otherwise):
    return getattr(texts.get(key), field, "") or otherwise
