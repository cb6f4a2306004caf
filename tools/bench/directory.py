"""Write a directory of any size into the database of the environment.

The records of a registry release are repeated with mixed names, addresses of their own and no ROR id. The same file
and number give the same rows on the same day. As in a real directory some are partners, with standings and roles; most
were only loaded from the registry.
"""

import datetime
import pickle
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from partners.imports.ror.cities import Cities
from partners.imports.ror.record import Record, SkippedRecordError, read_record
from partners.imports.ror.release import stream_records
from partners.models import (
    Country,
    Institution,
    InstitutionName,
    Kind,
    Lab,
    Participation,
    Role,
    Standing,
    State,
    begin_epoch,
    create_triggers,
    drop_triggers,
)
from partners.models.text import sort_key
from tools.bench.rows import filling, write_rows

BATCH = 20_000  # institutions
PARTNERS = 1_200  # institutions at most, twenty times those of the first consortium; the rest has no standing, no role
ENTERED, CHECKED = 90, 1_200  # days: that institutions were entered on; that they signed or were verified on
ROLES_EACH = {0: 20, 1: 30, 2: 27, 3: 16, 4: 7}  # number of roles -> how often in a hundred; 1.6 on average
STANDINGS = [*Standing.values, ""]
STATES = State.values
SLUGS, SEARCHED = 1_500, 20  # institutions whose pages and names are asked for
MOST_FREQUENT = 8  # values of a long facet that questions draw from

INSTITUTION = ["id", "name", "slug", "sort_key", "kind", "country_id", "city_id", "website", "founded"]
INSTITUTION += ["funds_research", "standing", "signed_on", "verified_on", "created_at"]
NAME = ["institution_id", "value", "kind", "language", "source"]
LAB = ["institution_id", "name", "slug", "sort_key"]
PARTICIPATION = ["institution_id", "role_id", "state"]


def write_directory(records: Path, number: int) -> None:
    """Write a number of published institutions with names, cities, labs and roles; triggers rest meanwhile."""
    copies, draw = Copies(_of_known_countries(pickle.loads(records.read_bytes()))), random.Random(number)
    first = 1 + (Institution.objects.aggregate(Max("pk"))["pk__max"] or 0)
    roles = list(Role.objects.values_list("pk", flat=True))
    drop_triggers()
    with filling(Institution, InstitutionName, Lab, Participation):
        for start in range(0, number, BATCH):
            positions = range(start, min(start + BATCH, number))
            keys = range(first + positions.start, first + positions.stop)
            rows = (copies.institution(key, position, draw) for key, position in zip(keys, positions, strict=True))
            write_rows(Institution, INSTITUTION, rows)
            names = (copies.names(key, position) for key, position in zip(keys, positions, strict=True))
            write_rows(InstitutionName, NAME, chain.from_iterable(names))
            labs = ((key, f"Laboratory {key}", "laboratory", "laboratory") for key in keys[::10])
            write_rows(Lab, LAB, labs)
            partners = [key for key, position in zip(keys, positions, strict=True) if position < PARTNERS]
            write_rows(Participation, PARTICIPATION, chain.from_iterable(_roles(key, roles, draw) for key in partners))
    create_triggers()
    begin_epoch()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def read_records(file: Path, target: Path) -> None:
    """Read the active records of a release, by ROR id, once for all directories."""
    records = []
    for raw in stream_records(file):
        try:
            record = read_record(raw)
        except SkippedRecordError:
            continue
        if record.is_active:
            records.append(record)
    records.sort(key=lambda record: record.ror_id)
    target.write_bytes(pickle.dumps(records))


def _of_known_countries(records: list[Record]) -> list[Record]:
    known = set(Country.objects.values_list("pk", flat=True))
    return [record for record in records if record.place is None or record.place.country in known]


class Copies:
    """The records repeated: every copy but the first has half of its names from other records."""

    def __init__(self, records: list[Record]):
        self._records = records
        self._cities = Cities()
        self._cities.add_missing(record.place for record in records if record.place and record.place.geonames_id)
        self._today = datetime.datetime.combine(timezone.localdate(), datetime.time())
        self._days = [str(self._today.date() - datetime.timedelta(days=day)) for day in range(1, CHECKED)]
        self._alike = defaultdict(list)  # names by kind and language
        for record in records:
            for value, sort in record.names.items():
                self._alike[tuple(sort)].append(value)

    def institution(self, key: int, position: int, draw: random.Random) -> tuple:
        """Return the row of the institution at a position."""
        copy, at = divmod(position, len(self._records))
        record = self._records[at]
        name = record.name if copy == 0 else _mixed(record.name, self._other(self._records, at, copy).name)
        order = sort_key(name)
        place = record.place
        city = place.geonames_id if place and not self._cities.lies_elsewhere(place) else None
        standing = draw.choice(STANDINGS) if position < PARTNERS else ""
        created = self._today - datetime.timedelta(days=draw.random() * ENTERED)
        return (
            key,
            name,
            f"{order[:90].replace(' ', '-')}-{position}".strip("-"),
            order,
            record.kind,
            place and place.country,
            self._cities.pk(city),
            record.website,
            record.founded,
            record.funds_research,
            standing,
            draw.choice(self._days) if standing == Standing.SIGNED else None,
            draw.choice(self._days) if draw.random() < 0.5 else None,
            str(created),
        )

    def names(self, key: int, position: int) -> Iterator[tuple]:
        """Return the rows of its further names, each once."""
        copy, at = divmod(position, len(self._records))
        names = {}
        for value, (kind, language) in self._records[at].names.items():
            if copy > 0:
                value = _mixed(value, self._other(self._alike[kind, language], at, copy))
            names[value, kind, language] = None
        return ((key, *name, "ROR") for name in names)

    def _other(self, among: list, at: int, copy: int):
        return among[(at * 7_919 + copy) % len(among)]


def _mixed(name: str, other: str) -> str:
    """Return the first half of one name's words and the second half of another's; of single words, their letters."""
    parts, others, between = name.split(), other.split(), " "
    if len(parts) == len(others) == 1:  # acronyms, and scripts without spaces
        parts, others, between = name, other, ""
    return between.join([*parts[: (len(parts) + 1) // 2], *others[len(others) // 2 :]])[:300]


def _roles(key: int, roles: list[str], draw: random.Random) -> Iterator[tuple]:
    [number] = draw.choices([*ROLES_EACH], [*ROLES_EACH.values()])
    return ((key, role, draw.choice(STATES)) for role in draw.sample(roles, number))


def facts() -> dict:
    """Return what the questions are made of, and how much there is."""
    listed = Institution.objects.published().order_by("pk")  # partners first
    slugs = list(listed.values_list("slug", flat=True)[:SLUGS])
    countries, cities = (Counter(listed.values_list(name, flat=True)) for name in ("country", "city__slug"))
    return {
        "institutions": listed.count(),
        "participations": Participation.objects.count(),
        "names": InstitutionName.objects.count(),
        "countries": dict(_frequent(countries)),
        "slugs": slugs,
        "searched": list(listed.values_list("name", flat=True)[: 7 * SEARCHED : 7]),
        "labs": [lab.get_absolute_url() for lab in Lab.objects.published().select_related("institution")[:20]],
        "values": {
            "partner": ["partner", "registry"],
            "country": [code for code, _number in islice(_frequent(countries), MOST_FREQUENT)],
            "city": [code for code, _number in islice(_frequent(cities), MOST_FREQUENT)],
            "role": sorted(Role.objects.values_list("pk", flat=True)),
            "state": State.values,
            "kind": Kind.values,
            "standing": Standing.values,
            "verified": ["recent", "older", "never"],
        },
    }


def _frequent(counts: Counter) -> Iterator[tuple[str, int]]:
    return ((code, number) for code, number in counts.most_common() if code)
