"""The TOML file that fills an empty directory: its tables become rows, and every mistake is named.

The comments in `partners/seeds/cart.toml` explain each table and key.
"""

import tomllib
from collections import Counter
from datetime import date
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction
from django.db.backends.base.operations import BaseDatabaseOperations

from ..models import (
    City,
    CityName,
    Consortium,
    ConsortiumText,
    Contact,
    Country,
    Institution,
    InstitutionName,
    Lab,
    Participation,
    Role,
    RoleText,
)

# Django would turn a list into text and 5.7 into 5: each field takes only the TOML type that is meant.
TYPES = (
    (models.BooleanField, "true or false", lambda value: type(value) is bool),
    (models.DateField, "a date without quotes, such as 2026-11-22,", lambda value: type(value) is date),
    # NaN, which SQLite would store as NULL, fails the comparison too.
    (models.FloatField, "a number of degrees", lambda value: type(value) in {int, float} and abs(value) <= 360),
    (models.Field, "text in quotes", lambda value: type(value) is str),
)

# The ranges that every database accepts; Django would accept larger numbers on SQLite than on PostgreSQL.
RANGES = BaseDatabaseOperations.integer_field_ranges

TABLE = dict, "one table", lambda value: isinstance(value, dict)
TABLES = list, "one or more tables, each under [[two brackets]],", lambda value: _is_list_of(dict, value)
TEXTS = list, 'a list such as ["a", "b"]', lambda value: _is_list_of(str, value)

TITLES = ("name", "value", "role", "code", "slug", "function", "mailbox")  # the first that a table has names it


class ConsortiumFileError(Exception):
    """The refusal of a consortium file: `mistakes` holds one sentence for each mistake, with its place."""

    def __init__(self, mistakes):
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


def read(path):
    """Return the tables of a file.

    :raises ConsortiumFileError: when the file is not TOML in UTF-8, or is nested too deeply to be parsed.
    :raises OSError: when it cannot be read.
    """
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))  # some editors begin a file with a BOM
    except ValueError as error:  # of the encoding or of TOML
        raise ConsortiumFileError([f"the file is not TOML in UTF-8: {error}"]) from error
    except RecursionError as error:
        mistake = "lists or tables are nested too deeply: write them as partners/seeds/cart.toml shows"
        raise ConsortiumFileError([mistake]) from error


@transaction.atomic
def load(tables):
    """Write all rows or none; return how many were written, by model.

    Each row passes `full_clean()`, which asks the database about each constraint: some 14 statements a row.

    :raises ConsortiumFileError: naming everything that is wrong; nothing is written then.
    """
    loader = _Loader()
    loader.load(dict(tables))
    if loader.mistakes:
        raise ConsortiumFileError(loader.mistakes)
    return loader.written


class _Loader:
    """The state of one load: the rows read so far, by code or slug, and the mistakes.

    A row with a mistake is not saved; the rows that refer to it are still checked, so that one run names every
    mistake.
    """

    def __init__(self):
        self.written = Counter()
        self.mistakes = []
        self.countries = Country.objects.in_bulk()
        self.roles, self.cities, self.institutions = {}, {}, {}

    def load(self, tables):
        self.write_with_texts("consortium", Consortium(), self.take("", tables, "consortium", TABLE), ConsortiumText)
        self.mark_countries(self.take("", tables, "targets", TEXTS), self.take("", tables, "country_labels", TABLE))
        for where, table in self.each("", tables, "role"):
            role = self.write_with_texts(where, Role(), table, RoleText)
            self.roles[role.code] = role
        for where, table in self.each("", tables, "city"):
            self.write_city(where, table)
        parents = [self.write_institution(where, table) for where, table in self.each("", tables, "institution")]
        self.refuse_circles(parents)
        for where, institution, slugs in parents:  # last, because a parent may follow its child
            self.write_parents(where, institution, slugs)
        self.mistakes += [f'unknown key "{key}"' for key in tables]

    def mark_countries(self, targets, labels):
        for code in dict.fromkeys([*targets, *labels]):
            where = f'country "{code}"'
            if code in self.countries:
                changes = {"is_target": code in targets, "label": labels.get(code, "")}
                self.write(where, self.countries[code], changes)
            else:
                self.mistakes.append(f"{where}: ISO 3166-1 has no such code")

    def write_with_texts(self, where, row, table, model):
        own = dict(table)
        texts = self.take(where, own, "texts", TABLE)
        self.write(where, row, own)
        for language in texts:
            place = f"{where}, texts"
            text = self.take(place, dict(texts), language, TABLE) | {"language": language}
            self.write(f'{place} "{language}"', model(), text, **{model.owner: row})
        return row

    def write_city(self, where, table):
        names = self.take(where, table, "names", TABLE)
        city = self.write(where, City(), table, **self.links(where, table, country=self.countries))
        self.cities[city.slug] = city
        for language, value in names.items():
            self.write(f'{where}, name "{language}"', CityName(), {"language": language, "value": value}, city=city)

    def write_institution(self, where, table):
        parents = self.take(where, table, "parents", TEXTS)
        inner = {key: list(self.each(where, table, key)) for key in ("other_name", "lab", "participation", "contact")}
        links = self.links(where, table, country=self.countries, city=self.cities)
        institution = self.write(where, Institution(), table, **links)
        self.institutions[institution.slug] = institution
        labs = {}
        for place, lab_table in inner["lab"]:
            links = self.links(place, lab_table, city=self.cities)
            lab = self.write(place, Lab(), lab_table, institution=institution, **links)
            labs[lab.slug] = lab
        for place, name in inner["other_name"]:
            self.write(place, InstitutionName(), name, institution=institution)
        for place, participation in inner["participation"]:
            links = self.links(place, participation, role=self.roles, lab=labs)
            self.write(place, Participation(), participation, institution=institution, **links)
        for place, contact in inner["contact"]:
            self.write(place, Contact(), contact, institution=institution, **self.links(place, contact, lab=labs))
        return where, institution, parents

    def refuse_circles(self, parents):
        """Record every chain of parents that leads back to its start as a mistake."""
        places = {institution.slug: where for where, institution, _slugs in parents}
        graph = {institution.slug: list(slugs) for _where, institution, slugs in parents}
        while circle := _circle(graph):
            child, parent = circle[:2]
            chain = " in ".join(f'"{slug}"' for slug in circle)
            self.mistakes.append(f"{places[child]}, parents: it belongs to itself, {chain}: leave one of them out")
            graph[child] = [slug for slug in graph[child] if slug != parent]

    def write_parents(self, where, institution, slugs):
        for slug in slugs:
            parent = self.links(where, {"parents": slug}, parents=self.institutions)["parents"]
            if parent and not parent._state.adding and not institution._state.adding:
                institution.parents.add(parent)

    def write(self, where, row, table, **links):
        """Fill a row and save it, unless it or a row that it refers to has a mistake; return it either way."""
        unusable = {attribute for attribute, linked in links.items() if linked is None or linked._state.adding}
        for attribute, linked in links.items():
            setattr(row, attribute, linked)
        unusable |= self.fill(where, row, table)
        try:
            row.full_clean(exclude=unusable)
        except ValidationError as error:
            for field, messages in error.message_dict.items():
                place = where if field == NON_FIELD_ERRORS else f"{where}, {field}"
                self.mistakes += [f"{place}: {message}" for message in messages]
        else:
            if not unusable:
                row.save()
                self.written[type(row)] += 1
        return row

    def fill(self, where, row, table):
        """Give a row the values of a table; return the names of the fields whose value does not fit."""
        unusable = set()
        fields = {field.name: field for field in row._meta.concrete_fields if _is_written(field)}
        for key, value in table.items():
            if key not in fields:
                self.mistakes.append(f'{where}: unknown key "{key}"')
                continue
            expected, fits = _taken_by(fields[key])
            if fits(value):
                setattr(row, key, value.strip() if isinstance(value, str) else value)
            else:
                self.mistakes.append(f"{where}, {key}: {expected} is expected")
                unusable.add(key)
        return unusable

    def links(self, where, table, **rows):
        """Take the references out of a table; return {attribute: row}, with None for an unknown row."""
        links = {}
        for key in [key for key in rows if key in table]:
            code = table.pop(key)
            links[key] = rows[key].get(code) if isinstance(code, str) else None
            if not isinstance(code, str):  # not shown, because it may have any size and depth
                self.mistakes.append(f"{where}, {key}: text in quotes is expected")
            elif links[key] is None:
                self.mistakes.append(f'{where}, {key}: there is no "{code}"')
        return links

    def each(self, where, table, key):
        """Take the tables under a key out of a table; yield each as (its place, a copy of it)."""
        for number, inner in enumerate(self.take(where, table, key, TABLES), start=1):
            title = next((f'"{inner[name]}"' for name in TITLES if isinstance(inner.get(name), str)), number)
            yield _joined(where, f"{key} {title}"), dict(inner)

    def take(self, where, table, key, shape):
        """Take a value out of a table; return an empty one of its shape when it is missing or misshapen."""
        empty, expected, fits = shape
        value = table.pop(key, empty())
        if fits(value):
            return value
        self.mistakes.append(f"{_joined(where, key)}: {expected} is expected")
        return empty()


def _is_written(field):
    """Say whether a file may fill a field; a generated key may not, because it could be another row's."""
    return field.editable and not field.auto_created and not field.is_relation


def _taken_by(field):
    """Return what a field accepts, as (words, test of a value)."""
    if isinstance(field, models.IntegerField):
        least, most = RANGES[field.get_internal_type()]
        return f"a whole number from {least} to {most}", lambda value: type(value) is int and least <= value <= most
    return next((words, fits) for kind, words, fits in TYPES if isinstance(field, kind))


def _circle(parents):
    """Return a chain of slugs that ends where it began, each a parent of the one before; [] if there is none."""
    try:
        TopologicalSorter(parents).prepare()
    except CycleError as error:
        return error.args[1][::-1]
    return []


def _is_list_of(kind, value):
    return isinstance(value, list) and all(isinstance(item, kind) for item in value)


def _joined(where, what):
    return f"{where}, {what}" if where else what
