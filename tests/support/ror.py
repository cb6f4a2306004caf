"""Records of the Research Organization Registry, made up for one test, and files of them."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command

SLICE = Path(__file__).parents[1] / "data" / "ror-slice.json"
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


def ror_id(number: int) -> str:
    """Return the ROR id of a number, with its check digits."""
    letters = "".join(_CROCKFORD[number >> shift & 31] for shift in range(25, -1, -5))
    return f"https://ror.org/0{letters}{98 - number * 100 % 97:02d}"


def name(value: str, *types: str, lang: str | None = None) -> dict[str, Any]:
    return {"value": value, "types": list(types), "lang": lang}


def location(country: str = "KZ", geonames_id: int | None = 1526273, city: str = "Astana", **details: Any) -> dict:
    point = {"lat": 51.1801, "lng": 71.44598}
    return {"geonames_id": geonames_id, "geonames_details": {"country_code": country, "name": city, **point, **details}}


def relation(kind: str, number: int) -> dict[str, str]:
    return {"type": kind, "id": ror_id(number), "label": f"Organisation {number}"}


def record(number: int = 1, shown: str | None = None, *names: dict[str, Any], **parts: Any) -> dict[str, Any]:
    """Return a whole record of schema v2; keyword arguments replace its parts."""
    shown = f"Organisation {number}" if shown is None else shown
    return {
        "id": ror_id(number),
        "status": "active",
        "types": ["education"],
        "names": [name(shown, "ror_display", "label", lang="en"), *names],
        "locations": [location()],
        "links": [],
        "relationships": [],
        "established": None,
        "domains": [],
        "external_ids": [],
        "admin": {},
    } | parts


def write_release(folder: Path, *records: Any) -> Path:
    """Write a release in JSON."""
    path = folder / "release.json"
    path.write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")
    return path


def load(path: Path, **options: Any) -> list[str]:
    """Import a file and return what the command says, line by line."""
    out = StringIO()
    call_command("import_ror", path, stdout=out, **options)
    return out.getvalue().splitlines()
