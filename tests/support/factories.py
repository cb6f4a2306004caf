"""One plain function a model: a saved row with the fewest fields it needs; keyword arguments set the others.

Names, slugs and codes are unique by a counter, so that a test may ask for any number of rows.
"""

from io import BytesIO
from itertools import count

from PIL import Image

from partners.models import (
    City,
    CityName,
    Consortium,
    ConsortiumText,
    Contact,
    Country,
    FormerSlug,
    Institution,
    InstitutionName,
    Kind,
    Lab,
    Logo,
    NameKind,
    Participation,
    Role,
    RoleGroup,
    RoleText,
    State,
)

_numbers = count(1)


def make_consortium(**fields):
    """Write the one row."""
    return Consortium.objects.create(**{"name": "Test Consortium", "short_name": "Test"} | fields)


def make_consortium_text(consortium=None, **fields):
    """Write the consortium's texts in Russian unless told otherwise."""
    texts = {"language": "ru", "name": "Проверочный консорциум", "short_name": "Проверка"}
    return ConsortiumText.objects.create(consortium=consortium or make_consortium(), **texts | fields)


def make_country(code="KZ", **fields):
    """Change a country of the migration, or write it where a test has emptied the table."""
    return Country.objects.update_or_create(code=code, defaults=fields)[0]


def make_city(**fields):
    """Write a city, in Kazakhstan unless told otherwise."""
    number = next(_numbers)
    if "country" not in fields:
        fields = {"country_id": "KZ"} | fields
    return City.objects.create(**{"name": f"City {number}", "slug": f"city-{number}"} | fields)


def make_city_name(city=None, **fields):
    """Write a city's name in another language."""
    number = next(_numbers)
    return CityName.objects.create(city=city or make_city(), **{"value": f"Город {number}", "language": "ru"} | fields)


def make_institution(**fields):
    """Write a published institution known from a registry only; its country is its city's, or not stated."""
    number = next(_numbers)
    if fields.get("city") and not {"country", "country_id"} & fields.keys():
        fields["country"] = fields["city"].country
    defaults = {"name": f"Institution {number}", "slug": f"institution-{number}", "kind": Kind.UNIVERSITY}
    return Institution.objects.create(**defaults | fields)


def make_name(institution=None, **fields):
    """Write another name of an institution, a native one unless told otherwise."""
    number = next(_numbers)
    return InstitutionName.objects.create(
        institution=institution or make_institution(),
        **{"value": f"Институт {number}", "kind": NameKind.NATIVE, "language": "ru"} | fields,
    )


def make_former_slug(institution=None, **fields):
    """Write an address that an institution, or a lab of it, had before."""
    fields = {"slug": f"former-{next(_numbers)}"} | fields
    return FormerSlug.objects.create(institution=institution or make_institution(), **fields)


def make_lab(institution=None, **fields):
    """Write a lab, of an institution of its own unless told otherwise."""
    number = next(_numbers)
    return Lab.objects.create(
        institution=institution or make_institution(), **{"name": f"Lab {number}", "slug": f"lab-{number}"} | fields
    )


def make_role(**fields):
    """Write a role of the chain, at a position of its own."""
    number = next(_numbers)
    defaults = {"code": f"role-{number}", "group": RoleGroup.CHAIN, "position": number, "name": f"Role {number}"}
    return Role.objects.create(**defaults | fields)


def make_role_text(role=None, **fields):
    """Write a role's name in Russian unless told otherwise."""
    return RoleText.objects.create(role=role or make_role(), **{"language": "ru", "name": "Роль"} | fields)


def make_participation(institution=None, role=None, lab=None, **fields):
    """Write an operational participation: of the institution as a whole, or of the lab and its institution."""
    return Participation.objects.create(
        institution=institution or (lab.institution if lab else make_institution()),
        role=role or make_role(),
        lab=lab,
        **{"state": State.OPERATIONAL} | fields,
    )


def make_logo(institution=None, **fields):
    """Write a logo that is one pixel wide: the consortium's own unless an institution is given."""
    webp = BytesIO()
    Image.new("RGB", (1, 1), "#07525a").save(webp, "WEBP", lossless=True)
    picture = {"picture": webp.getvalue(), "width": 1, "height": 1, "digest": f"{next(_numbers):032x}"}
    return Logo.objects.create(institution=institution, **picture | fields)


def make_contact(institution=None, lab=None, **fields):
    """Write a contact that only editors see: a role mailbox unless a person is given."""
    if not fields.keys() & {"mailbox", "person", "mail", "phone"}:
        fields["mailbox"] = f"mailbox{next(_numbers)}@example.org"
    return Contact.objects.create(
        institution=institution or (lab.institution if lab else make_institution()), lab=lab, **fields
    )


def make_person(institution=None, lab=None, **fields):
    """Write a contact with a person whom everybody may see, because a publication names them."""
    basis = {"visibility": "public", "basis": "publication", "basis_on": "2026-01-01", "basis_source": "news"}
    return make_contact(institution, lab, **basis | {"person": "Ann Example"} | fields)
