"""The rows of the lists' pages, read by primary key as plain values: a fifth of the time of model instances."""

from collections import defaultdict
from datetime import date
from functools import cache
from typing import NamedTuple

from django.db.models import CharField, Value
from django.utils.translation import get_language

from ..addresses import address_of
from ..index.current import kept_for_the_moment
from ..models import (
    City,
    Country,
    Institution,
    InstitutionName,
    Kind,
    Lab,
    NameKind,
    Participation,
    Role,
    Standing,
    State,
)
from ..models.keys import PlainRows
from ..models.lab import CITY, COUNTRY
from ..models.name import first_of_kind, name_at_home


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


# What PostgreSQL need not join it plans in half the time: roles, countries and cities are kept.
_institutions = PlainRows(
    lambda keys: (
        Institution.objects.filter(pk__among=keys)
        .order_by()
        .values_list("pk", "slug", "name", "kind", "country", "city", "standing", "verified_on")
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
# Both in one query: a round trip to PostgreSQL costs as much as what it brings. Roles have no language.
_names_and_roles = PlainRows(
    lambda keys: (
        InstitutionName.objects.of_rows()
        .filter(institution__among=keys)
        .order_by()
        .values_list("pk", "institution", "value", "kind", "language")
        .union(
            Participation.objects.filter(institution__among=keys)
            .order_by()
            .values_list("pk", "institution", "role", "state", Value(None, CharField())),
            all=True,
        )
    )
)
_roles_of_labs = PlainRows(
    lambda keys: Participation.objects.filter(lab__among=keys).order_by().values_list("pk", "lab", "role", "state")
)


@kept_for_the_moment
def _roles():
    """Read {code: (place in the order of roles, name)}; one query, in another language two."""
    return {role.code: (place, str(role)) for place, role in enumerate(Role.objects.all())}


@kept_for_the_moment
def _countries():
    """Read {code: name}; one query."""
    labels = Country.objects.order_by().values_list("code", "label")
    return {code: label or Country.cldr_name_of(code) for code, label in labels}


@kept_for_the_moment
def _met_cities():
    """Return {key: name} of the cities that rows have shown; `_cities` fills it."""
    return {}


def _cities(keys):
    """Return {key: name} of these cities, among others; no query for those met before.

    For others one query, in another language two.
    """
    names = _met_cities()
    if new := [key for key in keys if key is not None and key not in names]:
        names.update({city.pk: city.spoken_name for city in City.objects.filter(pk__among=new).order_by()})
    return names


def institution_rows(keys):
    """Return the InstitutionRow of each key, in the order of the keys; two queries.

    One more, in another language two, for cities that no row has shown. Two more, in another language three, where a
    shared row has changed.
    """
    found = {key: row for key, *row in _institutions(keys)}
    names_and_roles = _names_and_roles(keys)
    names = _grouped_names(row for row in names_and_roles if row[-1] is not None)
    roles = _grouped_roles(role for *role, language in names_and_roles if language is None)
    kinds, standings, prefix = _labels(Kind), _labels(Standing), address_of("partners:institution-list")
    countries, cities = _countries(), _cities({row[4] for row in found.values()})
    rows = []
    for key in keys:
        slug, name, kind, country, city, standing, verified_on = found[key]
        further = names.get(key, ())
        rows.append(
            InstitutionRow(
                key=key,
                url=f"{prefix}{slug}/",
                slug=slug,
                name=name,
                native_name=name_at_home(further, name) if further else None,
                acronym=first_of_kind(further, NameKind.ACRONYM),
                kind=kinds[kind],
                city=cities.get(city),
                country=countries.get(country),
                roles=roles.get(key, ()),
                standing=standing,
                standing_label=standings.get(standing, ""),
                verified_on=verified_on,
            )
        )
    return rows


def lab_rows(keys):
    """Return the LabRow of each key, in the order of the keys; two queries.

    One more, in another language two, for cities that no row has shown. Two more, in another language three, where a
    shared row has changed.
    """
    found = {key: row for key, *row in _labs(keys)}
    roles, prefix = _grouped_roles(_roles_of_labs(keys)), address_of("partners:institution-list")
    countries, cities = _countries(), _cities({row[6] for row in found.values()})
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
                city=cities.get(city),
                country=countries.get(country),
                roles=roles.get(key, ()),
                verified_on=verified_on,
            )
        )
    return rows


def _grouped_names(rows):
    """Return {institution: its names}, in the order of their keys, of (pk, institution, value, kind, language)."""
    grouped = defaultdict(list)
    for _pk, institution, *name in sorted(rows):
        grouped[institution].append(NameInLanguage(*name))
    return grouped


def _grouped_roles(rows):
    """Return {owner: each RoleInState once}, in the order of the roles, of (pk, owner, role, state)."""
    grouped, states, roles = defaultdict(dict), _labels(State), _roles()
    known = [row for row in rows if row[2] in roles]  # plain SQL can delete a role that is still referred to
    for _pk, owner, role, state in sorted(known, key=lambda row: (roles[row[2]], row[0])):
        grouped[owner][role, state] = RoleInState(roles[role][1], state, states[state])
    return {owner: list(of_owner.values()) for owner, of_owner in grouped.items()}


def _labels(choices):
    return _labels_in(choices, get_language())


@cache
def _labels_in(choices, _language):
    return {code: str(label) for code, label in choices.choices}
