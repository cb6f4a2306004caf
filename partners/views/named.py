"""What the words of a text name beside rows: roles, countries and cities, each with where it leads."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .. import search
from ..addresses import address_of
from ..boards.coverage import COVERING
from ..models import City, Country, Role, RoleGroup
from .figures import institutions

NAMED_AT_MOST = 5  # of each
PLACES_AND_ROLES = ("role", "country", "city")


@dataclass(frozen=True)
class Named:
    """A role, a country or a city."""

    label: str
    what: str  # “a link of the chain, nobody yet”
    url: str
    board_url: str = ""  # of a role: where the board shows it
    is_gap: bool = False


def named(results):
    """Return (roles and countries, cities, whether they are all that a text names), as Named; a query for each kind.

    Cities lead to their institutions; one without any may be that of a draft, and is left out. Numbers are of the whole
    directory, by the questions of the pages that they lead to.
    """
    values, are_all = search.named(results.searched, PLACES_AND_ROLES)
    codes = {name: [_code(value) for facet, value in values if facet == name] for name in PLACES_AND_ROLES}
    roles = [_role(role) for role in _rows(Role.objects, codes["role"])]
    countries = [_country(country) for country in _rows(Country.objects, codes["country"])]
    cities = [_city(city) for city in _rows(City.objects.select_related("country"), codes["city"], "slug")]
    return [*roles, *countries], [city for city in cities if not city.is_gap], are_all


def _code(value):
    return value[0] if isinstance(value, tuple) else value


def _rows(rows, codes, key="pk"):
    """Return the first rows of some codes in their order; no query for none."""
    codes = codes[:NAMED_AT_MOST]
    found = {getattr(row, key): row for row in rows.filter(**{f"{key}__in": codes})} if codes else {}
    return [found[code] for code in codes if code in found]


def _role(role):
    number = institutions(role=[role.code], **COVERING).results.count()
    what = _("a link of the chain") if role.group == RoleGroup.CHAIN else _("a role")
    covered = ngettext("covered by %(number)d institution", "covered by %(number)d institutions", number)
    return Named(
        label=str(role),
        what=f"{what}, {covered % {'number': number} if number else _('nobody yet')}",
        url=role.get_absolute_url(),
        board_url=f"{address_of('partners:coverage')}?role={role.code}" if role.group == RoleGroup.CHAIN else "",
        is_gap=not number,
    )


def _country(country):
    number = institutions(partner=["partner"], country=[country.code]).results.count()
    partners = ngettext("a country with %(number)d partner", "a country with %(number)d partners", number)
    what = partners % {"number": number} if number else _("a country without a partner")
    return Named(country.name, what, country.get_absolute_url(), is_gap=not number)


def _city(city):
    filterset = institutions(city=[city.slug])
    number = filterset.results.count()
    what = ngettext("a city with %(number)d institution", "a city with %(number)d institutions", number)
    return Named(
        f"{city.spoken_name}, {city.country.name}", what % {"number": number}, filterset.list_url(), is_gap=not number
    )
