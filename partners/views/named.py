"""What the words of a text name beside rows: roles, countries and cities, each with where it leads."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..addresses import address_of
from ..boards.coverage import COVERING
from ..lists.gather import countries, names_of_cities, names_of_countries, roles
from ..models import City, RoleGroup
from ..models.keys import PlainRows
from .figures import CURRENT_PARTNERS, institutions

NAMED_AT_MOST = 5  # of each
PLACES_AND_ROLES = ("role", "country", "city")

_cities_called = PlainRows(
    lambda slugs: City.objects.filter(slug__among=slugs).order_by().values_list("slug", "pk", "country")
)


@dataclass(frozen=True)
class Named:
    """A role, a country or a city."""

    label: str
    what: str  # “a link of the chain, nobody yet”
    url: str
    board_url: str = ""  # of a role: where the board shows it
    is_gap: bool = False


def roles_and_countries(values):
    """Return the roles and countries among what `search.named()` found, as Named; no query of their own.

    Numbers are of the whole directory, by the questions of the pages that they lead to.
    """
    codes, known = _codes(values, "role"), roles()
    takers = institutions(**COVERING).counts("role") if codes else {}
    named = [_role(known[code], takers.get(code, 0)) for code in codes if code in known]
    codes, known = _codes(values, "country"), countries()
    partners = institutions(**CURRENT_PARTNERS).results if codes else None
    return named + [_country(known[code], partners.count_of("country", code)) for code in codes if code in known]


def cities(values):
    """Return the cities among what `search.named()` found, as Named; they lead to their institutions. One query.

    One without any may be that of a draft, and is left out.
    """
    if not (slugs := _codes(values, "city")):
        return []
    found = {slug: place for slug, *place in _cities_called(slugs)}
    names, everybody = names_of_cities([city for city, _country in found.values()]), institutions()
    named = []
    for slug in slugs:
        if slug in found and (number := everybody.results.count_of("city", slug)):
            city, country = found[slug]
            label = f"{names[city]}, {names_of_countries()[country]}"
            what = ngettext("a city with %(number)d institution", "a city with %(number)d institutions", number)
            named.append(Named(label, what % {"number": number}, everybody.list_url(city=[slug])))
    return named


def _codes(values, facet):
    """Return the first codes of a facet, in their order."""
    codes = [value[0] if isinstance(value, tuple) else value for name, value in values if name == facet]
    return codes[:NAMED_AT_MOST]


def _role(role, number):
    is_link = role.group == RoleGroup.CHAIN
    what = _("a link of the chain") if is_link else _("a role")
    covered = ngettext("covered by %(number)d institution", "covered by %(number)d institutions", number)
    return Named(
        label=role.name,
        what=f"{what}, {covered % {'number': number} if number else _('nobody yet')}",
        url=role.url,
        board_url=f"{address_of('partners:coverage')}?role={role.code}" if is_link else "",
        is_gap=not number,
    )


def _country(country, number):
    partners = ngettext(
        "a country with %(number)d current partner", "a country with %(number)d current partners", number
    )
    what = partners % {"number": number} if number else _("a country without a current partner")
    return Named(country.name, what, country.url, is_gap=not number)
