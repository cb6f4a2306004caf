"""Indexes of countries and cities that say which institutions are published, instead of indexes of the keys alone."""

import django.db.models.deletion
from django.db import migrations, models

# As Django called them on both databases; PostgreSQL has another one, for beginnings of codes.
COUNTRY = "partners_institution_country_id_c6db3abd"
CITY = "partners_institution_city_id_b7214591"


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0025_lab_native_language'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='institution',
            index=models.Index(fields=['country', 'is_published', 'status', 'replaced_by'], name='institution_by_country'),
        ),
        migrations.AddIndex(
            model_name='institution',
            index=models.Index(fields=['city', 'is_published', 'status', 'replaced_by'], name='institution_by_city'),
        ),
        migrations.SeparateDatabaseAndState(
            # Django would write the whole table anew on SQLite.
            database_operations=[
                migrations.RunSQL(
                    f"DROP INDEX IF EXISTS {COUNTRY}_like", migrations.RunSQL.noop
                ),
                migrations.RunSQL(
                    f"DROP INDEX IF EXISTS {COUNTRY}",
                    f"CREATE INDEX {COUNTRY} ON partners_institution (country_id)",
                ),
                migrations.RunSQL(
                    f"DROP INDEX IF EXISTS {CITY}",
                    f"CREATE INDEX {CITY} ON partners_institution (city_id)",
                ),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name='institution',
                    name='country',
                    field=models.ForeignKey(blank=True, db_index=False, help_text='Empty: not stated.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='institutions', to='partners.country', verbose_name='country'),
                ),
                migrations.AlterField(
                    model_name='institution',
                    name='city',
                    field=models.ForeignKey(blank=True, db_index=False, help_text='Empty: not stated.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='institutions', to='partners.city', verbose_name='city'),
                ),
            ],
        ),
    ]
