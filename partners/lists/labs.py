"""What a row of the list of labs says; files have the columns in this order. Add at the end, never rename.

An edited file may change the columns without `elsewhere`. Where a lab belongs and where it is are changed in the admin;
a new one may name its city. `slug` and `institution_slug` say whose the row is.
"""

from django.db.models import Case, When
from django.utils.translation import gettext_lazy as _

from ..models import Lab
from ..models.lab import CITY, COUNTRY
from . import cells, gather
from .as_of import as_of
from .column import AS_OF, AS_OF_HELP, IN_ADMIN, Column, ListRows, day, known


def _own(coordinate):
    """Read what the institution says of its point, which is nothing for a lab in another city."""
    return Case(When(city__isnull=True, then=f"institution__{coordinate}"))


COLUMNS = [
    Column("name", _("the name shown first, in English or Latin letters"), on_pages=True),
    Column("native_name", _("its name at home"), (known("native_name"),), on_pages=True),
    Column("native_language", reads=(known("native_language"),), on_pages=True),
    Column("slug", _("its key within its institution")),
    Column(
        "url",
        _("its page; the address is kept when it changes"),
        ("institution__slug", "slug"),
        gather.lab_addresses,
        on_pages=True,
        read_back=cells.read_address,
        elsewhere=IN_ADMIN,
    ),
    Column(
        "institution", _("the institution it belongs to"), ("institution__name",), on_pages=True, elsewhere=IN_ADMIN
    ),
    Column("institution_url", "", ("institution__slug",), gather.institution_addresses, on_pages=True),
    Column("institution_slug", _("that institution's key in this directory"), ("institution__slug",)),
    Column("country", _("ISO 3166-1 alpha-2 code, or XK"), (COUNTRY,), elsewhere=IN_ADMIN),
    Column(
        "country_name",
        _("the country's name in English"),
        (COUNTRY,),
        gather.country_names,
        on_pages=True,
        elsewhere=IN_ADMIN,
    ),
    Column("city", _("the city's name in English"), (CITY,), gather.city_names, on_pages=True, elsewhere=IN_ADMIN),
    Column(
        "latitude",
        _("degrees north, WGS 84"),
        (_own("latitude"), CITY),
        gather.latitudes,
        holds=float,
        read_back=cells.read_degrees,
        elsewhere=IN_ADMIN,
    ),
    Column(
        "longitude",
        _("degrees east, WGS 84"),
        (_own("longitude"), CITY),
        gather.longitudes,
        holds=float,
        read_back=cells.read_degrees,
        elsewhere=IN_ADMIN,
    ),
    Column(
        "roles",
        _("codes of the roles, each with its state in brackets"),
        values=gather.roles_of("lab"),
        in_files=gather.role_texts,
        holds=list,
        on_pages=True,
        read_back=cells.read_roles,
    ),
    Column("website", _("its own pages"), (known("website"),)),
    day("verified_on", _("the day somebody confirmed the entry; empty for never"), on_pages=True),
    Column(AS_OF, AS_OF_HELP, ("institution",), as_of(Lab)),
]

LAB_ROWS = ListRows(Lab, COLUMNS)
