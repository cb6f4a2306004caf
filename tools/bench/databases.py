"""Scratch databases: an SQLite file, and where there is a server one of PostgreSQL."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

from tools.bench.site import run_python

SEED = "partners/seeds/cart.toml"
EDITS = {
    "edit": "UPDATE partners_institution SET founded = 1900 + {number} "
    "WHERE id = (SELECT id FROM partners_institution ORDER BY id LIMIT 1 OFFSET {number})",  # of a partner
    "facet": "UPDATE partners_institution SET kind = CASE kind WHEN 'hospital' THEN 'university' ELSE 'hospital' END "
    "WHERE id = (SELECT id FROM partners_institution ORDER BY id LIMIT 1 OFFSET {number})",
    "touch": "UPDATE partners_institution SET founded = 1901 WHERE id IN "
    "(SELECT id FROM partners_institution ORDER BY id LIMIT {number})",
    "rename": "UPDATE partners_role SET name = 'Role {number}' WHERE code = (SELECT min(code) FROM partners_role)",
}


def urls(folder: Path, name: str) -> dict[str, str]:
    """Return the address of a new, empty database of each kind; `DATABASE_URL` says where PostgreSQL is."""
    found = {"SQLite": f"sqlite:///{folder / name}.sqlite3"}
    if server := os.environ.get("DATABASE_URL"):
        with closing(psycopg2.connect(server)) as connection:
            connection.autocommit = True
            connection.cursor().execute(f"CREATE DATABASE {name}")
        found["PostgreSQL"] = urlsplit(server)._replace(path=f"/{name}").geturl()
    return found


def prepare(variables: dict[str, str]) -> None:
    """Write the tables, the roles and the consortium."""
    run_python(variables, "manage.py", "migrate", "--no-input", "--verbosity", "0")
    run_python(variables, "manage.py", "start_consortium", SEED)


@contextmanager
def editor(database_url: str, name: str) -> Iterator[Callable[[int], None]]:
    """Yield a function that does one of `EDITS`, differently for each number."""
    if database_url.startswith("sqlite"):
        connection = sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)
    else:
        connection = psycopg2.connect(database_url)
        connection.autocommit = True

    def edit(number: int) -> None:
        connection.cursor().execute(EDITS[name].format(number=number))

    with closing(connection):
        yield edit
