"""The description of the API (OpenAPI 3.1), made from the lists' parameters and columns; its page shows the same."""

import datetime
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db.models import SlugField
from django.utils.translation import gettext_lazy as _

from ...boards.coverage import Board
from ...boards.filters import BoardFilter
from ...facets import NONE, Choices
from ...facets.options import FacetField
from ...lists import LISTS
from ...lists.cursor import CursorField
from ...models.text import is_web_address
from ..coverage import board_columns
from ..files import consortium, origin
from .boards import PARAMETERS as OF_BOARD
from .changes import ChangesForm, SinceField
from .endpoint import LANGUAGES, content, endpoint
from .lists import FieldNames, asked_by_programs

SLUG = "^[-a-zA-Z0-9_]+$"
TYPES = {
    str: {"type": ["string", "null"]},
    int: {"type": ["integer", "null"]},
    float: {"type": ["number", "null"]},
    datetime.date: {"type": ["string", "null"], "format": "date"},
    list: {"type": "array", "items": {"type": "string"}},
}
TEXT, NUMBER = {"type": "string"}, {"type": "integer"}
LANG = {"name": "lang", "in": "query", "schema": TEXT | {"enum": LANGUAGES}}
EMPTY_BOARD = Board(places=(), everywhere=None, rows=(), sentences=(), total=0, url="")


@dataclass(frozen=True)
class Operation:
    """An address of the API: what it asks, and the schema of what it answers."""

    path: str  # below /api/v1/
    summary: Any
    parameters: list[dict]
    answer: dict
    is_of_one: bool = False  # there may be nothing, or it may have moved


def operations() -> list[Operation]:
    """Return every address in the order of the page."""
    slug, lab_slug = _in_path("slug"), _in_path("lab_slug")
    institutions, labs = (listing.rows for listing in LISTS[:2])
    return [
        *(
            Operation(
                listing.plural, listing.title, _parameters(asked_by_programs(listing)), _list_of(_row(listing.rows))
            )
            for listing in LISTS
        ),
        Operation(
            "institutions/{slug}", _("One institution, whole"), [slug, LANG], _entry(institutions), is_of_one=True
        ),
        Operation(
            "institutions/{slug}/labs/{lab_slug}",
            _("One lab, whole"),
            [slug, lab_slug, LANG],
            _entry(labs),
            is_of_one=True,
        ),
        Operation("labs/{lab_slug}", _("Leads to the lab of this address"), [lab_slug, LANG], {}, is_of_one=True),
        Operation("roles", _("The roles"), [LANG], _all_of("code", "name", "group", "definition", "url")),
        Operation("countries", _("The countries"), [LANG], _all_of("code", "name", "url")),
        Operation("cities", _("The cities"), [LANG], _all_of("code", "name", "country")),
        Operation("coverage", _("Who covers which role where"), _of_fields(_board_fields()), _list_of(_cell())),
        Operation(
            "changes", _("What changed since a moment"), _of_fields(ChangesForm.base_fields), _list_of(_change())
        ),
    ]


@endpoint()
def openapi(request):
    """Send the description."""
    ours = consortium()
    info = {"title": ours.name, "version": "1"}
    if ours.licence:
        web = {"url": ours.licence_url} if is_web_address(ours.licence_url) else {}
        info["license"] = {"name": ours.licence} | web
    description = {
        "openapi": "3.1.0",
        "info": info,
        "servers": [{"url": f"{origin(request)}/api/v1"}],
        "paths": {f"/{one.path}": {"get": _operation(one)} for one in operations()},
        "components": {
            "schemas": {
                "problem": _object(dict.fromkeys(("type", "title", "detail", "parameter"), TEXT) | {"status": NUMBER}),
            },
            "responses": {
                "unchanged": {"description": "The answer with this ETag still holds."},
                "elsewhere": {"description": "It stands at another address now."},
                "problem": {
                    "description": "What is wrong (RFC 9457).",
                    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/problem"}}},
                },
            },
        },
    }
    return content(description)


def _operation(one):
    answers = {"304": "unchanged", "400": "problem", "404": "problem", "429": "problem", "503": "problem"}
    if one.is_of_one or one.path == "changes":
        answers["410"] = "problem"
    if one.is_of_one:
        answers["308"] = "elsewhere"
    told = {code: {"$ref": f"#/components/responses/{name}"} for code, name in answers.items()}
    if one.answer:
        told["200"] = {"description": "The answer.", "content": {"application/json": {"schema": one.answer}}}
    return {
        "summary": str(one.summary),
        "operationId": one.path.translate(str.maketrans("/", "-", "{}")),
        "parameters": one.parameters,
        "responses": dict(sorted(told.items())),
    }


def _parameters(filterset_class):
    fields = filterset_class.get_form_class(filterset_class({})).base_fields
    return _of_fields({name: fields[name] for name in filterset_class.parameters()})


def _of_fields(fields):
    described = [
        {"name": name, "in": "query", "required": True} | _described(field)
        if field.required
        else {"name": name, "in": "query"} | _described(field)
        for name, field in fields.items()
    ]
    return described if "lang" in fields else [*described, LANG]


def _described(field):
    """Return what is said of a parameter that a form's field reads."""
    label = {"description": str(field.label)} if field.label else {}
    if isinstance(field, FacetField):
        return label | {"schema": {"type": "array", "items": _codes(field), "maxItems": 100}, "explode": True}
    if isinstance(field, FieldNames):
        return label | {"schema": {"type": "array", "items": {"enum": field.names}}, "explode": False}
    if isinstance(field, forms.ChoiceField):
        return label | {"schema": TEXT | {"enum": [code for code, _label in field.choices]}}
    if isinstance(field, forms.IntegerField):
        return label | {"schema": NUMBER | {"minimum": field.min_value, "maximum": field.max_value}}
    if isinstance(field, SinceField):
        return label | {"schema": TEXT | {"pattern": r"^(\d{4}-\d{2}-\d{2}|\d{1,19}-\d{1,19})$"}}
    if isinstance(field, CursorField):
        return label | {"schema": TEXT | {"pattern": "^[A-Za-z0-9_~-]+$"}}
    if isinstance(field, forms.DateField):
        return label | {"schema": TEXT | {"format": "date"}}
    most = {"maxLength": field.max_length} if getattr(field, "max_length", None) else {}
    return label | {"schema": TEXT | {"minLength": 1} | most}


def _codes(field):
    """Return the schema of a facet's codes: all of them where they are declared in code, else their form."""
    if isinstance(field.options, Choices):
        return TEXT | {"enum": [*field.options.offered(), *([NONE] if field.empty_label else [])]}
    column = field.options.rows().model._meta.get_field(field.options.key)
    patterns = [one.regex.pattern for one in column.validators if isinstance(one, RegexValidator)]
    pattern = (
        SLUG if isinstance(column, SlugField) or not patterns else patterns[0].replace(r"\A", "^").replace(r"\Z", "$")
    )
    return TEXT | {"pattern": f"({pattern})|(^{NONE}$)" if field.empty_label else pattern}


def _row(rows):
    return {"type": "object", "properties": {column.name: _column(rows.model, column) for column in rows.file_columns}}


def _column(model, column):
    schema = TYPES[column.holds] | {"description": str(column.help)}
    field = next((field for field in model._meta.fields if field.name == column.name), None)
    return schema | {"enum": [*dict(field.choices), None]} if field is not None and field.choices else schema


def _entry(rows):
    row, objects = _row(rows), {"type": "array", "items": {"type": "object"}}
    further = {"summary": TEXT, "source_note": TEXT, "participations": objects}
    if rows is LISTS[0].rows:
        further |= {"identifiers": objects, "names": objects, "labs": objects, "parents": objects}
        further |= {"children": objects, "replaces": objects, "funds_research": {"type": "boolean"}}
    return _object(row["properties"] | further)


def _change():
    row = _row(LISTS[0].rows)
    return row | {"properties": row["properties"] | {"gone": {"const": True}, "heir": TYPES[str]}, "required": ["slug"]}


def _cell():
    columns = board_columns(EMPTY_BOARD, "")
    return {"type": "object", "properties": {column.name: {"description": str(column.help)} for column in columns}}


def _board_fields():
    fields = BoardFilter.get_form_class(BoardFilter({})).base_fields
    return {name: fields[name] for name in OF_BOARD}


def _list_of(row):
    envelope = {"count": NUMBER, "filter": TEXT, "url": TEXT, "next": TYPES[str]}
    return {
        "type": "object",
        "properties": envelope | {"results": {"type": "array", "items": row}},
        "required": ["count", "results"],
    }


def _all_of(*names):
    return _list_of(_object(dict.fromkeys(names, TYPES[str])))


def _object(properties):
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name != "parameter"],
    }


def _in_path(name):
    return {"name": name, "in": "path", "required": True, "schema": TEXT | {"pattern": SLUG}}
