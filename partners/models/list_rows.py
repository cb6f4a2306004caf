"""The rows of the lists' pages, read by primary key as plain values: a fifth of the time of model instances."""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from django.urls import reverse

from .choices import Kind, NameKind, Standing, State
from .institution import Institution
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
    verified_on: date | None
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
    verified_on: date | None
    why: object = None


def institution_rows(keys):
    """Return the InstitutionRow of each key, in the order of the keys; three queries, in another language five."""
    columns = ["pk", "slug", "name", "kind", "country", "country__label", "city", "city__name", "standing"]
    columns += ["verified_on"]
    found = _by_key(Institution, keys, columns)
    names, roles = _names(keys), _roles(Participation.objects.filter(institution__among=keys), "institution")
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
    columns = ["pk", "slug", "name", "native_name", "institution__name", "institution__slug", COUNTRY, CITY]
    columns += ["verified_on"]
    found = _by_key(Lab, keys, columns)
    roles, prefix = _roles(Participation.objects.filter(lab__among=keys), "lab"), reverse("partners:institution-list")
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


def _by_key(model, keys, columns):
    return {key: row for key, *row in model.objects.filter(pk__among=keys).order_by().values_list(*columns)}


def _names(keys):
    """Return {institution: its names of rows, in their order}."""
    grouped = defaultdict(list)
    names = InstitutionName.objects.of_rows().filter(institution__among=keys).order_by("pk")
    for key, *name in names.values_list("institution", "value", "kind", "language"):
        grouped[key].append(NameInLanguage(*name))
    return grouped


def _roles(participations, owner):
    """Return {owner: each RoleInState once, in the order of the roles}."""
    grouped, states, role_texts = defaultdict(dict), _labels(State), texts_by_row(RoleText)
    rows = participations.order_by(*Participation.ORDER).values_list(owner, "role", "role__name", "state")
    for key, role, name, state in rows:
        grouped[key][role, state] = RoleInState(_in_language(role_texts, role, "name", name), state, states[state])
    return defaultdict(list, {key: list(roles.values()) for key, roles in grouped.items()})


def _labels(choices):
    return {code: str(label) for code, label in choices.choices}


def _in_language(texts, key, field, otherwise):
    return getattr(texts.get(key), field, "") or otherwise
