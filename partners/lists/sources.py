"""What finds a row beside its name, for each list: {key: [(label, text)]}, where of two equal reasons the first counts.

The texts are those of the model's `texts()`, and of what its facets offer.
"""

from collections import defaultdict
from functools import cache

from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ..index.cached import cached_for_shared_rows, cached_until_an_edit
from ..models import (
    CityName,
    Contact,
    Country,
    Institution,
    InstitutionName,
    Kind,
    Lab,
    NameKind,
    Participation,
    Role,
    RoleText,
)
from ..models.choices import words_in
from ..models.keys import PlainRows
from ..models.lab import CITY, COUNTRY

_institutions = PlainRows(
    lambda keys: (
        Institution.objects.filter(pk__among=keys)
        .order_by()
        .values_list("pk", "kind", "ror_id", "city", "city__name", "country")
    )
)
_labs = PlainRows(
    lambda keys: (
        Lab.objects.filter(pk__among=keys)
        .order_by()
        .values_list(
            *("pk", "native_name", "institution", "institution__name", "institution__ror_id"),
            *(CITY, Coalesce("city__name", "institution__city__name"), COUNTRY),
        )
    )
)


def _further_names(keys):
    """Return the query for further names, among them those of replaced entries, which are former ones of the heirs."""
    names = InstitutionName.objects.filter(institution__among=keys).order_by()
    replaced = Institution.objects.filter(pk__among=keys).replaced()
    former = Value(NameKind.FORMER.value)
    return names.values_list("institution", "kind", "value").union(
        replaced.values_list("heir", former, "name"),
        replaced.filter(names__isnull=False).values_list("heir", former, "names__value"),
        all=True,
    )


_names = PlainRows(_further_names)
_names_of_labs = PlainRows(lambda keys: Lab.objects.filter(institution__among=keys).values_list("institution", "name"))
_names_of_cities = PlainRows(lambda keys: CityName.objects.filter(city__among=keys).values_list("city", "value"))


def _participations(owner):
    return PlainRows(
        lambda keys: (
            Participation.objects.filter(**{f"{owner}__among": keys})
            .order_by(*Participation.ORDER)
            .values_list(owner, "role")
        )
    )


def _persons(owner):
    rows = PlainRows(
        lambda _keys: (
            Contact.objects.public()
            .exclude(person="")
            .filter(**{f"{owner}__isnull": False})
            .values_list(owner, "person")
        )
    )

    def persons():
        of_rows = defaultdict(list)
        for key, person in rows():
            of_rows[key].append(person)
        return dict(of_rows)

    return cached_until_an_edit(persons)


_participations_of = {owner: _participations(owner) for owner in ("institution", "lab")}
# Functions that read {key: names} of all public persons; one query, none until an edit, because a basis may end.
persons_of = {owner: _persons(owner) for owner in ("institution", "lab")}


def of_institutions(keys):
    """Return the sources of institutions; five queries, none for none, and three once a change of shared rows.

    Who searches has read the persons.
    """
    rows = _institutions(keys) if keys else ()
    names, cities, roles = _names_by_row(keys), _names_by_city(row[3] for row in rows), _roles("institution", keys)
    labs, persons = _texts(_("lab"), _names_of_labs, keys), persons_of["institution"]() if keys else {}
    return {
        key: [
            *names[key],
            (_("ROR id"), ror_id[-9:]),
            *_of_place(city, city_name, country, cities),
            *labs[key],
            *_of_kind(kind),
            *((_("person"), person) for person in persons.get(key, ())),
            *roles[key],
        ]
        for key, kind, ror_id, city, city_name, country in rows
    }


def of_labs(keys):
    """Return the sources of labs; four queries, none for none, and the same three."""
    rows = _labs(keys) if keys else ()
    names, cities = _names_by_row({row[2] for row in rows}), _names_by_city(row[5] for row in rows)
    persons, roles = persons_of["lab"]() if keys else {}, _roles("lab", keys)
    return {
        key: [
            (_("native name"), native_name),
            (_("institution"), institution_name),
            *names[institution],
            (_("ROR id"), ror_id[-9:]),
            *_of_place(city, city_name, country, cities),
            *((_("person"), person) for person in persons.get(key, ())),
            *roles[key],
        ]
        for key, native_name, institution, institution_name, ror_id, city, city_name, country in rows
    }


def _texts(label, read, keys):
    """Return {key: [(label, text)]}; one query, none for none."""
    texts = defaultdict(list)
    for key, text in read(keys) if keys else ():
        texts[key].append((label, text))
    return texts


def _names_by_row(institutions):
    """Return {institution: its further names}; one query, none for none."""
    names, words = defaultdict(list), words_in(NameKind, get_language())
    for institution, kind, name in _names(institutions) if institutions else ():
        names[institution].append((words[kind], name))
    return names


def _names_by_city(cities):
    """Return {city: its names in other languages}; one query, none for none."""
    return _texts(_("city"), _names_of_cities, set(cities) - {None})


def _of_place(city, city_name, country, names_of_cities):
    return [
        *([(_("city"), city_name), *names_of_cities[city]] if city_name else []),
        *((_("country"), text) for text in _texts_of_countries().get(country, ())),
    ]


@cached_for_shared_rows
def _texts_of_countries():
    """Read {code: what finds a country}; one query."""
    return {country.code: [*country.codes(), *country.texts()] for country in Country.objects.order_by()}


def _of_kind(kind):
    return [(_("kind"), text) for text in _words_of_kinds().get(kind, ())]


@cache
def _words_of_kinds():
    """Return {kind: its code, and its words in every language}."""
    words = defaultdict(list)
    for kind, text, _is_name in Kind.texts():
        words[kind].append(text)
    return words


def _roles(owner, keys):
    """Return {row: names and codes of its roles, their names in other languages, then definitions}; one query."""
    known, codes = _texts_of_roles(), defaultdict(list)
    for key, role in _participations_of[owner](keys) if keys else ():
        codes[key].append(role)
    labels = (_("role"), _("role"), _("definition"), _("definition"))
    return defaultdict(list) | {
        key: [(label, text) for at, label in enumerate(labels) for role in of_row for text in known[role][at]]
        for key, of_row in codes.items()
    }


@cached_for_shared_rows
def _texts_of_roles():
    """Read {code: (name and code, names in other languages, the definition, those in other languages)}; two queries."""
    roles = {role.code: ([role.name, role.code], [], [role.definition], []) for role in Role.objects.order_by()}
    for text in RoleText.objects.filter(role__in=roles):
        _own, names, _definition, definitions = roles[text.role_id]
        names.append(text.name)
        definitions.append(text.definition)
    return roles
