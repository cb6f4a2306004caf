"""Everything public in one archive: the lists, and what their rows name."""

from datetime import date
from operator import itemgetter

from django.utils import timezone

from ..exports import Column, Resource, Table, each, in_chunks, write_archive
from ..index.current import snapshot_position
from ..lists import LISTS
from ..models import Country, Institution, InstitutionName, Participation, Role
from ..models.text import is_web_address
from .files import about, consortium, origin
from .lane import in_lane, send_written
from .public import public

NAME = "directory"
OF_INSTITUTION = ("institution", "the institution: its key in the directory")
REFERS = {"country": ("countries", "code"), "institution_slug": ("institutions", "slug")}
# In English, as every file.
OF_OTHERS = {
    "participations": [
        OF_INSTITUTION,
        ("lab", "its lab that has the role: the key within the institution; empty for the institution as a whole"),
        ("role", "the role's code"),
        ("state", "how far it is"),
        ("since", "the first day; empty for unknown"),
        ("until", "the last day; empty for open or unknown"),
        ("note", "what is said beside the role"),
    ],
    "names": [
        OF_INSTITUTION,
        ("value", "the name"),
        ("kind", "official, native, alias, acronym and so on"),
        ("language", "BCP 47; empty for unknown"),
        ("source", "who uses it"),
    ],
    "roles": [
        ("code", "the role's code"),
        ("group", "governance, chain or support"),
        ("position", "its place within the group"),
        ("name", "the role's name"),
        ("definition", "what a partner does who has it"),
    ],
    "countries": [
        ("code", "ISO 3166-1 alpha-2 code, or XK"),
        ("name", "the country's name in English"),
        ("is_target", "1 where the consortium wants partners"),
    ],
}


@in_lane
@public()
def dump(request):
    """Send the archive: the rows of all lists and all that is public of them but the people, of one moment."""
    results = [one.filterset.asking().results for one in LISTS]

    def make(wanted):
        return write_archive(NAME, _resources(request, results, wanted), _about())

    return send_written(request, results[0].count(), make)


def _resources(request, results, wanted):
    source = about(request, "", "/")
    lists = [_of_list(one, found, source, origin(request), wanted) for one, found in zip(LISTS, results, strict=True)]
    listed = Institution.objects.published()
    parts = Participation.objects.filter(institution__in=listed).order_by("institution__sort_key", "institution", "pk")
    names = InstitutionName.objects.filter(institution__in=listed).order_by(
        "institution__sort_key", "institution", "pk"
    )
    countries = [(one.code, one.name, int(one.is_target)) for one in Country.objects.all()]

    def other(name, rows, **options):
        columns = [Column(title, each(itemgetter(at)), text) for at, (title, text) in enumerate(OF_OTHERS[name])]
        return Resource(Table(name, columns, wanted(in_chunks(rows)), source), **options)

    day = {"since": date, "until": date}
    return [
        *lists,
        other(
            "participations",
            parts.values_list("institution__slug", "lab__slug", "role", "state", "since", "until", "note"),
            holds=day,
            refers={"institution": ("institutions", "slug"), "role": ("roles", "code")},
        ),
        other(
            "names",
            names.values_list("institution__slug", "value", "kind", "language", "source"),
            refers={"institution": ("institutions", "slug")},
        ),
        other(
            "roles",
            Role.objects.values_list("code", "group", "position", "name", "definition"),
            holds={"position": int},
            key=["code"],
        ),
        other("countries", countries, holds={"is_target": int}, key=["code"]),
    ]


def _of_list(listing, results, source, start, wanted):
    rows = listing.rows
    holds = {column.name: column.holds for column in rows.file_columns}
    return Resource(
        Table(listing.plural, rows.table_columns(), wanted(rows.chunks(results.keys(), start)), source),
        holds=holds,
        key=[name for name in ("institution_slug", "slug") if name in holds],
        refers={name: other for name, other in REFERS.items() if name in holds},
    )


def _about():
    """Return what the package says of itself: title, licence, day, and the position of the change log."""
    ours, position = consortium(), snapshot_position()
    said = {"title": ours.name, "created": timezone.now().isoformat()}
    if ours.licence:
        web = {"path": ours.licence_url} if is_web_address(ours.licence_url) else {}
        said["licenses"] = [{"title": ours.licence, **(web or {"name": "other"})}]
    if position:
        said["version"] = f"{position[0]}-{position[1]}"
    return said | {"day": timezone.localdate().isoformat()}
