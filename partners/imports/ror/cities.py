"""Cities of the directory, by their GeoNames id."""

from collections.abc import Iterable

from ...models import City, CityName
from ...models.text import sort_key
from .record import Place
from .slugs import Slugs


class Cities:
    """Every city by GeoNames id; missing ones are added, and a name of the registry's follows it.

    A dry run gives missing cities keys that no row has.
    """

    def __init__(self, *, dry_run: bool = False):
        self._dry_run = dry_run
        self._named: dict[int, City] = {}  # by GeoNames id; popped when the first place has named it
        self._renamed: list[City] = []
        self._former: list[CityName] = []
        self._by_geonames_id: dict[int, tuple[int, str]] = {}  # primary key, slug
        self._country: dict[int, str] = {}  # by GeoNames id
        self._mark: dict[int | None, int | str | None] = {None: None}  # by primary key
        slugs = []
        for city in City.objects.all():
            self._remember(city)
            if city.geonames_id:
                self._named[city.geonames_id] = city
            slugs.append(city.slug)
        self._slugs = Slugs(slugs)

    def lies_elsewhere(self, place: Place) -> bool:
        """Say whether the city is known in another country; for a new city, the first place decides."""
        return (
            place.geonames_id is not None
            and self._country.setdefault(place.geonames_id, place.country) != place.country
        )

    def add_missing(self, places: Iterable[Place]) -> None:
        """Store the cities that are not there yet; one insert for all."""
        new: dict[int, City] = {}
        for place in places:
            if place.geonames_id is None:  # its city is left out
                continue
            if place.geonames_id not in self._by_geonames_id and place.geonames_id not in new:
                new[place.geonames_id] = City(
                    country_id=place.country,
                    slug=self._slugs.take(f"{place.country} {place.city}", [str(place.geonames_id)]),
                    name=place.city,
                    sort_key=sort_key(place.city),
                    registry_name=place.city,
                    geonames_id=place.geonames_id,
                    latitude=place.latitude,
                    longitude=place.longitude,
                )
        if self._dry_run:
            for number, city in enumerate(new.values(), start=len(self._mark)):
                city.pk = -number
        else:
            City.objects.bulk_create(new.values())
        for city in new.values():
            self._remember(city)

    def follow(self, place: Place) -> str:
        """Rename a city as the registry does, unless an editor named it; return what changes, in words.

        The first place of a release decides. The former name still finds it.
        """
        city = self._named.pop(place.geonames_id, None)
        if city is None or city.registry_name == place.city:
            return ""
        old, is_ours = city.name, city.name == city.registry_name
        city.registry_name = place.city if is_ours or old == place.city else city.registry_name
        if is_ours:
            city.name, city.sort_key = place.city, sort_key(place.city)
            self._former.append(CityName(city=city, value=old, language="en"))
        self._renamed.append(city)
        return f"{old} → {place.city} ({city.slug})" if is_ours else ""

    def save(self) -> None:
        """Write what was renamed; two statements."""
        if not self._dry_run:
            City.objects.bulk_update(self._renamed, ["name", "sort_key", "registry_name"])
            CityName.objects.bulk_create(self._former, ignore_conflicts=True)

    def _remember(self, city: City) -> None:
        if city.geonames_id:
            self._by_geonames_id[city.geonames_id] = (city.pk, city.slug)
            self._country[city.geonames_id] = city.country_id
        self._mark[city.pk] = city.geonames_id or city.slug

    def pk(self, geonames_id: int | None) -> int | None:
        return self._by_geonames_id[geonames_id][0] if geonames_id else None

    def slug(self, geonames_id: int) -> str:
        return self._by_geonames_id[geonames_id][1]

    def mark(self, pk: int | None) -> int | str | None:
        """Return a city's GeoNames id, or the slug of a city that has none."""
        return self._mark[pk]
