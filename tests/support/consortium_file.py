"""A small file of a consortium, and what is there after it was loaded."""

from io import StringIO

from django.core.management import call_command

from partners.models import (
    City,
    CityName,
    Consortium,
    Contact,
    Country,
    Institution,
    InstitutionName,
    Lab,
    Participation,
    Role,
)

MODELS = [Consortium, Role, City, CityName, Institution, InstitutionName, Lab, Participation, Contact]

SMALL = """
targets = ["KZ"]
country_labels = { KZ = "Land of steppes", CZ = "Czech lands" }
consortium = { name = "Small Consortium", short_name = "Small" }
role = [{ code = "vector", group = "chain", position = 1, name = "Vector production" }]

[[city]]
slug = "kz-almaty"
name = "Almaty"
country = "KZ"
geonames_id = 1526384
latitude = 43.25
longitude = 77
names = { kk = "Алматы" }

[[institution]]
slug = "clinic"
name = "Clinic"
kind = "hospital"
parents = ["university"]

[[institution]]
slug = "university"
name = "University"
kind = "university"
country = "KZ"
city = "kz-almaty"
founded = 1934
standing = "signed"
signed_on = 2026-01-31
is_published = false
other_name = [{ value = "Университет", kind = "native", language = "kk" }]
lab = [{ slug = "unit", name = "Unit", city = "kz-almaty" }]
participation = [{ role = "vector", lab = "unit", state = "planned", since = 2026-02-01 }]
contact = [{ function = "Office", mailbox = "office@university.example", lab = "unit" }]
"""


def start(file, **options):
    """Run the command and return what it printed."""
    printed = StringIO()
    call_command("start_consortium", file, stdout=printed, **options)
    return printed.getvalue()


def written():
    """Return the models that have rows, and the countries that a file has touched."""
    touched = Country.objects.filter(is_target=True) | Country.objects.exclude(label="")
    return [model.__name__ for model in MODELS if model.objects.exists()], list(touched)
