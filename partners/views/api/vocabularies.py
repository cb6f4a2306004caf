"""The codes that rows and questions name: roles, countries, cities; each with the length of its lists."""

from ...addresses import address_of
from ...lists.filters import InstitutionFilter, LabFilter
from ...models import City, Country, Role
from ...models.place import targets_first
from ..files import origin
from .endpoint import content, endpoint


@endpoint()
def roles(request):
    """Send every role in the order of the vocabulary."""
    count, start = _counts("role"), origin(request)
    return _all(
        {
            "code": role.code,
            "name": str(role),
            "group": role.group,
            "position": role.position,
            "definition": role.meaning,
            "url": start + address_of("partners:role-detail", role.code),
        }
        | count(role.code)
        for role in Role.objects.all()
    )


@endpoint()
def countries(request):
    """Send the target countries and those where somebody is."""
    count, start = _counts("country"), origin(request)
    return _all(
        {
            "code": country.code,
            "name": country.name,
            "is_target": country.is_target,
            "url": start + address_of("partners:country-detail", country.code),
        }
        | count(country.code)
        for country in targets_first(Country.objects.all())
        if country.is_target or any(count(country.code).values())
    )


@endpoint()
def cities(_request):
    """Send the cities where somebody is: a city of drafts alone is told to nobody."""
    count = _counts("city")
    return _all(
        {
            "code": city.slug,
            "name": city.spoken_name,
            "country": city.country_id,
            "latitude": city.latitude,
            "longitude": city.longitude,
            "geonames_id": city.geonames_id,
        }
        | count(city.slug)
        for city in City.objects.all()
        if any(count(city.slug).values())
    )


def _counts(facet):
    """Return the function that gives {list: number of its rows with a code}; no query where there is an index."""
    of_lists = {
        "institutions": InstitutionFilter.asking().counts(facet),
        "labs": LabFilter.asking().counts(facet),
    }
    return lambda code: {plural: counts.get(code, 0) for plural, counts in of_lists.items()}


def _all(rows):
    results = list(rows)
    return content({"count": len(results), "results": results})
