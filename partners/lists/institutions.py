"""What a row of the list of institutions says; files have the columns in this order. Add at the end, never rename.

An edited file may change what a cell says whole: the columns without `elsewhere`. The others may stand there as they
are. Names at home, acronyms and labs are rows of their own, of which a cell shows a part, and cities share their names;
`url` and `country_name` follow from other columns; and by the ROR id the registry finds its entry again. `slug` says
whose the row is, so a new one would be that of another institution. `as_of` is no fact: an import reads from it what
others edited since the file was written.
"""

from django.utils.translation import gettext_lazy as _

from ..models import Institution, Kind, Standing
from . import cells, gather
from .as_of import as_of
from .column import AS_OF, AS_OF_HELP, IN_ADMIN, Column, ListRows, day, known

FOLLOWS_SLUG = _("this follows from the slug, which is edited in the admin: put back “%(old)s”")
FOLLOWS_COUNTRY = _("this follows from “country”: write a code there, and put back “%(old)s”")
READ_KIND = cells.reader_of(Kind, _("write one of these: %(values)s"))
READ_STANDING = cells.reader_of(Standing, _("write one of these, or nothing: %(values)s"))

COLUMNS = [
    Column("name", _("the name shown first, in English or Latin letters"), on_pages=True),
    Column("native_name", _("its name at home"), ("name",), gather.native_names, on_pages=True, elsewhere=IN_ADMIN),
    Column("native_language", reads=("name",), values=gather.native_languages, on_pages=True),
    Column("acronym", _("the first of its acronyms"), ("name",), gather.acronyms, on_pages=True, elsewhere=IN_ADMIN),
    Column("slug", _("its key in this directory"), on_pages=True),
    Column(
        "url",
        _("its page; the address is kept when it changes"),
        ("slug",),
        gather.institution_addresses,
        on_pages=True,
        read_back=cells.read_address,
        elsewhere=FOLLOWS_SLUG,
    ),
    Column("ror_id", _("its address in the Research Organization Registry"), (known("ror_id"),), elsewhere=IN_ADMIN),
    Column("kind", _("university, institute, hospital, company and so on"), read_back=READ_KIND),
    Column("kind_label", reads=("kind",), values=gather.words_of(Kind), on_pages=True),
    Column("country", _("ISO 3166-1 alpha-2 code, or XK"), on_pages=True, read_back=cells.read_country),
    Column(
        "country_name",
        _("the country's name in English"),
        ("country",),
        gather.country_names,
        on_pages=True,
        elsewhere=FOLLOWS_COUNTRY,
    ),
    Column("city", _("the city's name in English"), ("city",), gather.city_names, on_pages=True, elsewhere=IN_ADMIN),
    Column(
        "latitude",
        _("degrees north, WGS 84"),
        ("latitude", "city"),
        gather.latitudes,
        holds=float,
        read_back=cells.read_degrees,
    ),
    Column(
        "longitude",
        _("degrees east, WGS 84"),
        ("longitude", "city"),
        gather.longitudes,
        holds=float,
        read_back=cells.read_degrees,
    ),
    Column(
        "roles",
        _("codes of the roles, each with its state in brackets"),
        values=gather.roles_of("institution"),
        in_files=gather.role_texts,
        holds=list,
        on_pages=True,
        read_back=cells.read_roles,
    ),
    Column(
        "labs",
        _("the names of its labs"),
        values=gather.names_of_labs,
        holds=list,
        read_back=cells.read_list,
        elsewhere=IN_ADMIN,
    ),
    Column(
        "standing",
        _("where its agreement is; empty for none"),
        (known("standing"),),
        on_pages=True,
        read_back=READ_STANDING,
    ),
    Column("standing_label", reads=(known("standing"),), values=gather.words_of(Standing), on_pages=True),
    day("expected_on", _("the day its signature is expected; empty for unknown"), on_pages=True),
    day("signed_on", _("the day of the signature; empty for unknown"), on_pages=True),
    day("valid_until", _("the agreement's last day; empty for unknown"), on_pages=True),
    Column("website", _("its own pages"), (known("website"),)),
    Column("founded", _("the year; empty for unknown"), holds=int, read_back=cells.read_year),
    day("verified_on", _("the day somebody confirmed the entry; empty for never"), on_pages=True),
    Column(AS_OF, AS_OF_HELP, ("pk",), as_of(Institution)),
]

INSTITUTION_ROWS = ListRows(Institution, COLUMNS)
