"""Load the 249 countries of ISO 3166-1 and the user-assigned XK; their names come from Unicode CLDR."""

from babel import Locale
from django.db import migrations

from partners.models.text import sort_key

# Two-letter codes that CLDR names and ISO 3166-1 does not assign: reserved, grouping and test codes.
NOT_ASSIGNED = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}


def load_countries(apps, schema_editor):
    territories = Locale("en").territories
    codes = [code for code in territories if len(code) == 2 and code.isalpha() and code not in NOT_ASSIGNED]
    Country = apps.get_model("partners", "Country")
    Country.objects.bulk_create(Country(code=code, sort_key=sort_key(territories[code])) for code in sorted(codes))


class Migration(migrations.Migration):
    dependencies = [("partners", "0002_sort_key_collation")]
    operations = [migrations.RunPython(load_countries, migrations.RunPython.noop)]
