"""What finds a row beside its name, for each list: {key: [(label, text)]}, where of two equal reasons the first counts.

The texts are those of the model's `texts()`, and of what its facets offer.
"""

from collections import defaultdict

from django.utils.translation import gettext as _

from ..models import CityName, Contact, InstitutionName, Kind, RoleText


def of_institutions(institutions):
    """Return the sources of institutions; nine queries."""
    rows = list(institutions.for_display())
    names, cities, roles = _names_of(rows), _names_of_cities(rows), _roles_of(rows)
    persons, kinds = _persons_of("institution", rows), _words_of_kinds()
    return {
        row.pk: [
            *names[row.pk],
            (_("ROR id"), row.ror_id[-9:]),
            *_of_place(row.city, row.country, cities),
            *((_("lab"), lab.name) for lab in row.labs.all()),
            *kinds[row.kind],
            *persons[row.pk],
            *roles[row.pk],
        ]
        for row in rows
    }


def of_labs(labs):
    """Return the sources of labs; seven queries."""
    rows = list(labs.for_display())
    names = _names_of({row.institution for row in rows})
    cities, roles, persons = _names_of_cities(rows), _roles_of(rows), _persons_of("lab", rows)
    return {
        row.pk: [
            (_("native name"), row.native_name),
            (_("institution"), row.institution.name),
            *names[row.institution_id],
            (_("ROR id"), row.institution.ror_id[-9:]),
            *_of_place(row.place, row.country, cities),
            *persons[row.pk],
            *roles[row.pk],
        ]
        for row in rows
    }


def _names_of(institutions):
    """Return {institution: its further names}; one query."""
    names = defaultdict(list)
    for name in InstitutionName.objects.filter(institution__in=institutions):
        names[name.institution_id].append((name.get_kind_display(), name.value))
    return names


def _names_of_cities(rows):
    """Return {city: its names in other languages} of the places of rows; one query."""
    names = defaultdict(list)
    for name in CityName.objects.filter(city__in={row.place for row in rows if row.place}):
        names[name.city_id].append((_("city"), name.value))
    return names


def _of_place(city, country, names_of_cities):
    return [
        *([(_("city"), city.name), *names_of_cities[city.pk]] if city else []),
        *((_("country"), text) for text in ([country.code, *country.texts()] if country else ())),
    ]


def _roles_of(rows):
    """Return {row: names and codes of its roles, their names in other languages, then definitions}; one query."""
    roles = {row.pk: [participation.role for participation in row.participations.all()] for row in rows}
    names, definitions = defaultdict(list), defaultdict(list)
    for text in RoleText.objects.filter(role__in={role.pk for of_row in roles.values() for role in of_row}):
        names[text.role_id].append((_("role"), text.name))
        definitions[text.role_id].append((_("definition"), text.definition))
    return {
        key: [
            *((_("role"), text) for role in of_row for text in (role.name, role.code)),
            *(name for role in of_row for name in names[role.pk]),
            *((_("definition"), role.definition) for role in of_row),
            *(definition for role in of_row for definition in definitions[role.pk]),
        ]
        for key, of_row in roles.items()
    }


def _words_of_kinds():
    """Return {kind: its words in every language, and its code}; no query."""
    words = defaultdict(list)
    for kind, text, _is_name in Kind.texts():
        words[kind].append((_("kind"), text))
    return words


def _persons_of(owner, rows):
    """Return {row: the public persons of its contacts}; one query."""
    persons = defaultdict(list)
    public = Contact.objects.public().filter(**{f"{owner}__in": rows}).exclude(person="")
    for key, person in public.values_list(owner, "person"):
        persons[key].append((_("person"), person))
    return persons
