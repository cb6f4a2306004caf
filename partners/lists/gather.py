"""What columns show of more than their own row: names, roles, places, words of codes; each gathered in one place."""

from collections import defaultdict
from typing import NamedTuple

from django.utils.translation import get_language

from ..addresses import address_of
from ..index.cached import cached_for_shared_rows
from ..models import City, CityName, Country, Institution, InstitutionName, Lab, NameKind, Participation, Role, State
from ..models.choices import words_in
from ..models.keys import Instances, PlainRows
from ..models.languages import tags_of, texts_by_row
from ..models.name import SPOKEN
from ..models.place import targets_first


class RoleInState(NamedTuple):
    """What a row does in the consortium."""

    role: str  # its name
    state: str
    state_label: str
    text: str  # as a file says it


# Names and roles are two queries. One UNION of both saved 2 to 8 % of reading 25 rows on PostgreSQL, a hundredth of
# their page, and cost 10 to 20 % on SQLite (2026-11-27, both in turn in one process).
_names = PlainRows(
    lambda keys: (
        InstitutionName.objects.of_rows()
        .filter(institution__among=keys)
        .order_by("-pk")
        .values_list("institution", "kind", "value", "language")
    )
)
_labs = PlainRows(lambda keys: Lab.objects.filter(institution__among=keys).values_list("institution", "name"))
_cities = PlainRows(
    lambda keys: City.objects.filter(pk__among=keys).order_by().values_list("pk", "name", "latitude", "longitude")
)
_cities_by_slug = Instances(City, lambda slugs: City.objects.filter(slug__among=slugs).order_by())
_names_by_slug = PlainRows(
    lambda slugs: Institution.objects.published().filter(slug__among=slugs).order_by().values_list("slug", "name")
)


def _participations(owner):
    return PlainRows(
        lambda keys: (
            Participation.objects.filter(**{f"{owner}__among": keys})
            .order_by()
            .values_list(owner, "pk", "role", "state")
        )
    )


_participations_of = {owner: _participations(owner) for owner in ("institution", "lab")}


# Names of institutions


def names_by_slug(slugs):
    """Return {slug: name} of listed institutions, of which a facet has thousands; one query."""
    return dict(_names_by_slug(slugs))


def native_names(chunk, names):
    """Return the name of each institution in the language, else its first native one."""
    return _values_of(chunk.once(_names_of_rows, chunk.keys, names)[0], chunk.keys)


def native_languages(chunk, names):
    """Return the language of each of the same names."""
    at_home, _acronyms = chunk.once(_names_of_rows, chunk.keys, names)
    return [row and row[-1] for row in map(at_home.get, chunk.keys)]


def acronyms(chunk, names):
    """Return the first acronym of each institution."""
    return _values_of(chunk.once(_names_of_rows, chunk.keys, names)[1], chunk.keys)


def _values_of(found, keys):
    return [row and row[2] for row in map(found.get, keys)]


def _names_of_rows(keys, names):
    """Return {institution: its name at home} and {institution: its first acronym}, as the query gives them; one query.

    The rules are those of `name_at_home()`; what is written last is the best.
    """
    rows, tags, shown = _names(keys), tags_of(get_language()), dict(zip(keys, names, strict=True))
    first = {NameKind.NATIVE: {}, NameKind.ACRONYM: {}}
    for row in rows:  # the last first
        if row[1] in first:
            first[row[1]][row[0]] = row
    at_home, acronyms = first.values()
    for kind in reversed(SPOKEN) if tags else ():
        at_home |= {row[0]: row for row in rows if row[1] == kind and row[3] in tags and row[2] != shown[row[0]]}
    return at_home, acronyms


# Roles


def roles_of(owner):
    """Return the values of a column with the roles of each institution or lab: lists of RoleInState, each once."""

    def values(chunk):
        grouped = _grouped_roles(_participations_of[owner](chunk.keys))
        return [grouped.get(key, []) for key in chunk.keys]

    return values


def role_texts(lists):
    """Return lists of roles as files say them."""
    return [[role.text for role in roles] for roles in lists]


def role_text(role, state):
    """Return how a cell says that somebody has a role, by the codes of both."""
    return f"{role} ({state})"


def _grouped_roles(rows):
    """Return {owner: [RoleInState]} in the order of the roles, of (owner, pk, role, state)."""
    known_roles, states = roles(), words_in(State, get_language())
    known = [row for row in rows if row[2] in known_roles]  # plain SQL can delete a role that is still referred to
    made, grouped = {}, {}
    # To sort here is sooner done than to let PostgreSQL join and sort.
    for owner, _pk, role, state in sorted(known, key=lambda row: (known_roles[row[2]].place, row[1])):
        if (role, state) not in made:
            made[role, state] = RoleInState(known_roles[role].name, state, states[state], role_text(role, state))
        grouped.setdefault(owner, {})[role, state] = made[role, state]
    return {owner: list(of_owner.values()) for owner, of_owner in grouped.items()}


class RoleRow(NamedTuple):
    """What pages say of a role; as a text it is its name."""

    code: str
    name: str
    group: str
    meaning: str
    place: int  # in the order of roles
    url: str

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return self.url


@cached_for_shared_rows
def roles():
    """Read {code: RoleRow} in their order; one query, in another language two."""
    return {
        role.code: RoleRow(role.code, str(role), role.group, role.meaning, place, role.get_absolute_url())
        for place, role in enumerate(Role.objects.all())
    }


def roles_in(group):
    """Return the roles of a group in their order; the queries of roles()."""
    return [role for role in roles().values() if role.group == group]


# Labs


def names_of_labs(chunk):
    """Return the names of each institution's labs, in their order; one query."""
    grouped = defaultdict(list)
    for institution, name in _labs(chunk.keys):
        grouped[institution].append(name)
    return [grouped.get(key, []) for key in chunk.keys]


# Places


def country_names(_chunk, codes):
    """Return the name of each country: the editor's label, else CLDR's in the language."""
    return list(map(names_of_countries().get, codes))


class CountryRow(NamedTuple):
    """What pages say of a country."""

    code: str
    name: str
    is_target: bool

    @property
    def url(self):
        return address_of("partners:country-detail", self.code)

    def get_absolute_url(self):
        return self.url


@cached_for_shared_rows
def countries():
    """Read {code: CountryRow} in the order of targets_first(); one query."""
    rows = Country.objects.values_list("code", "label", "is_target")
    named = [CountryRow(code, label or Country.cldr_name_of(code), is_target) for code, label, is_target in rows]
    return {country.code: country for country in targets_first(named)}


@cached_for_shared_rows
def names_of_countries():
    """Return {code: name}; the query of countries()."""
    return {country.code: country.name for country in countries().values()}


def city_names(chunk, cities):
    """Return the name of each city, in the language where it has one."""
    places = chunk.once(_places, cities)
    return [places[city][0] for city in cities]


def cities_by_slug(slugs):
    """Return {slug: City} of some cities; one query."""
    return {city.slug: city for city in _cities_by_slug(slugs)}


def names_of_cities(keys):
    """Return {key: name} of some cities; one query for those that no row has shown, with a language two."""
    places = _places(keys)
    return {key: places[key][0] for key in keys if key in places}


def latitudes(chunk, own, cities):
    """Return the latitude of each row: its own, else its city's."""
    return _own_or_of_city(chunk.once(_places, cities), own, cities, 1)


def longitudes(chunk, own, cities):
    """Return the longitude of each row: its own, else its city's."""
    return _own_or_of_city(chunk.once(_places, cities), own, cities, 2)


def _own_or_of_city(places, own, cities, place):
    return [
        places[city][place] if coordinate is None else coordinate for coordinate, city in zip(own, cities, strict=True)
    ]


@cached_for_shared_rows
def _met_cities():
    """Return {key: (name, latitude, longitude)} of the cities that rows have shown; `_places` fills it."""
    return {None: (None, None, None)}


def _places(keys):
    """Return the same for these cities, among others; one query for those that no row has shown, with a language two.

    Rows are in the same cities again and again, and a join would read them each time.
    """
    places = _met_cities()
    if new := {key for key in keys if key not in places}:
        texts = texts_by_row(CityName)
        places |= {key: (getattr(texts.get(key), "value", "") or name, *point) for key, name, *point in _cities(new)}
    return places


# Words and addresses


def words_of(choices):
    """Return the values of a column with the words for codes of choices; nothing for none."""

    def values(_chunk, codes):
        return list(map(words_in(choices, get_language()).get, codes))

    return values


def institution_addresses(chunk, slugs):
    """Return the address of each institution's page."""
    prefix = chunk.origin + address_of("partners:institution-list")
    return [f"{prefix}{slug}/" for slug in slugs]


def lab_addresses(chunk, institutions, slugs):
    """Return the address of each lab's page, by the slugs of both."""
    prefix = chunk.origin + address_of("partners:institution-list")
    return [f"{prefix}{institution}/labs/{slug}/" for institution, slug in zip(institutions, slugs, strict=True)]
