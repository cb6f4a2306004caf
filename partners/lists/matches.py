"""Why the rows of a page were found, in words and marks."""

from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .. import search
from ..models import CityName, Institution, InstitutionName, RoleText

NAME_FIRST = ""  # the label of the name shown first: its marks say enough
Parts = tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Why:
    """Why one row was found: what else than the name shown first holds the words, and the marks of what is shown."""

    read_as: str  # the text on the other keyboard layout, where that is what found it
    reasons: tuple[search.Reason, ...]
    name: Parts
    native: Parts
    acronym: Parts = ()
    institution: Parts = ()  # of a lab


def explain(found, rows):
    """Return {key: Why} of rows that come from `for_display()`; three queries, where there are rows."""
    if not rows:
        return {}
    institutions = {row.pk: row if isinstance(row, Institution) else row.institution for row in rows}
    names, city_names, role_names = defaultdict(list), defaultdict(list), defaultdict(list)
    for name in InstitutionName.objects.filter(institution__in={one.pk for one in institutions.values()}):
        names[name.institution_id].append((name.get_kind_display(), name.value))
    for name in CityName.objects.filter(city__in={row.place.pk for row in rows if row.place}):
        city_names[name.city_id].append((_("city"), name.value))
    for text in RoleText.objects.filter(role__in={one.role_id for row in rows for one in row.participations.all()}):
        role_names[text.role_id].append((_("role"), text.name))
    why = {}
    for row in rows:
        institution = institutions[row.pk]
        is_lab = row is not institution
        sources = [
            (NAME_FIRST, row.name),
            *(_of_lab(row, institution) if is_lab else ()),
            *names[institution.pk],
            *_of_place(row, institution, city_names),
            *(() if is_lab else [(_("lab"), lab.name) for lab in institution.labs.all()]),
            *((_("role"), one.role.name) for one in row.participations.all()),
            *(name for one in row.participations.all() for name in role_names[one.role_id]),
        ]
        reading, reasons = search.reasons(found, sources)
        why[row.pk] = Why(
            read_as=reading.text if reading.text == found.read_as else "",
            reasons=tuple(reason for reason in reasons if reason.label != NAME_FIRST),
            name=search.marked(found, row.name),
            native=search.marked(found, row.native_name if is_lab else _value(institution.native_name)),
            acronym=() if is_lab else search.marked(found, _value(institution.acronym)),
            institution=search.marked(found, institution.name) if is_lab else (),
        )
    return why


def _of_lab(lab, institution):
    return [(_("native name"), lab.native_name), (_("institution"), institution.name)]


def _of_place(row, institution, city_names):
    country = institution.country if row is institution else row.country
    places = [(_("city"), row.place.name), *city_names[row.place.pk]] if row.place else []
    return [*places, *((_("country"), text) for text in (country.texts() if country else ()))]


def _value(name):
    return name.value if name else ""
