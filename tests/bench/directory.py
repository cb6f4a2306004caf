"""Write a directory of any size into the database of the environment.

The records of a registry release are repeated with mixed names, addresses of their own and no ROR id. The same file
and number give the same rows on the same day.
"""

import datetime
import random
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from partners.imports.cities import Cities
from partners.imports.record import Record, SkippedRecordError, read_record
from partners.imports.release import stream_records
from partners.imports.slugs import as_slug
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

BATCH = 5_000  # institutions
ROLES_EACH = {0: 20, 1: 30, 2: 27, 3: 16, 4: 7}  # number of roles -> how often in a hundred; 1.6 on average
MOST_FREQUENT = 8  # values of a long facet that questions draw from


def write_directory(file: Path, number: int) -> None:
    """Write a number of published institutions with names, cities, labs and roles; triggers rest meanwhile."""
    records = _active_records(file)
    cities, draw = Cities(), random.Random(number)
    cities.add_missing(record.place for record in records if record.place and record.place.geonames_id)
    roles = list(Role.objects.values_list("pk", flat=True))
    rows = (_institution(records, position, cities, draw) for position in range(number))
    drop_triggers()
    with transaction.atomic():
        position = 0
        while batch := list(islice(rows, BATCH)):
            stored = Institution.objects.bulk_create(batch)
            _write_names(stored, position, records)
            _write_labs_and_roles(stored, roles, draw)
            position += len(batch)
    create_triggers()
    begin_epoch()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _active_records(file: Path) -> list[Record]:
    """Return the active records of known countries, by ROR id."""
    known = set(Country.objects.values_list("pk", flat=True))
    records = []
    for raw in stream_records(file):
        try:
            record = read_record(raw)
        except SkippedRecordError:
            continue
        if record.is_active and (record.place is None or record.place.country in known):
            records.append(record)
    return sorted(records, key=lambda record: record.ror_id)


def _institution(records: list[Record], position: int, cities: Cities, draw: random.Random) -> Institution:
    copy, at = divmod(position, len(records))
    record = records[at]
    name = record.name if copy == 0 else _mixed(record.name, records[(at * 7_919 + copy) % len(records)].name)
    place = record.place
    city = place.geonames_id if place and not cities.lies_elsewhere(place) else None
    standing = draw.choice([*Standing.values, *[""] * 20])
    verified = draw.choice([None, draw.randrange(1, 1_200)])  # days ago
    today = timezone.localdate()
    signed = today - datetime.timedelta(days=draw.randrange(2_000))
    return Institution(
        name=name,
        slug=f"{as_slug(name)[:90]}-{position}",
        sort_key=sort_key(name),
        kind=record.kind,
        country_id=place and place.country,
        city_id=cities.pk(city),
        website=record.website,
        founded=record.founded,
        funds_research=record.funds_research,
        standing=standing,
        signed_on=signed if standing == Standing.SIGNED else None,
        verified_on=verified and today - datetime.timedelta(days=verified),
    )


def _mixed(name: str, other: str) -> str:
    """Return the first half of one name's words and the second half of another's."""
    words, others = name.split(), other.split()
    return " ".join([*words[: (len(words) + 1) // 2], *others[len(others) // 2 :]])[:300]


def _write_names(institutions: list[Institution], position: int, records: list[Record]) -> None:
    InstitutionName.objects.bulk_create(
        InstitutionName(institution=institution, value=value, kind=kind, language=language, source="ROR")
        for at, institution in enumerate(institutions, start=position)
        for value, (kind, language) in records[at % len(records)].names.items()
    )


def _write_labs_and_roles(institutions: list[Institution], roles: list[str], draw: random.Random) -> None:
    Lab.objects.bulk_create(
        Lab(institution=institution, name=f"Laboratory {institution.pk}", slug="laboratory", sort_key="laboratory")
        for institution in institutions[::10]
    )
    Participation.objects.bulk_create(
        Participation(institution=institution, role_id=role, state=draw.choice(State.values))
        for institution in institutions
        for role in draw.sample(roles, draw.choices([*ROLES_EACH], [*ROLES_EACH.values()])[0])
    )


def facts() -> dict:
    """Return what the questions are made of, and how much there is."""
    listed = Institution.objects.published()
    countries, cities = (Counter(listed.values_list(name, flat=True)) for name in ("country", "city__slug"))
    return {
        "institutions": listed.count(),
        "participations": Participation.objects.count(),
        "names": InstitutionName.objects.count(),
        "countries": dict(_frequent(countries)),
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
