"""An index of the few institutions that another one replaced, instead of one of all."""

import django.db.models.deletion
from django.db import migrations, models

NAME = "partners_institution_replaced_by_id_9973f051"  # as Django called it on both databases


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0017_country_codes'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            # Django would write the whole table anew on SQLite.
            database_operations=[
                migrations.RunSQL(
                    f"DROP INDEX IF EXISTS {NAME}",
                    f"CREATE INDEX {NAME} ON partners_institution (replaced_by_id)",
                ),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name='institution',
                    name='replaced_by',
                    field=models.ForeignKey(blank=True, db_index=False, help_text='The entry that took its place: visitors are led there, and this one leaves the lists.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaces', to='partners.institution', verbose_name='replaced by'),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name='institution',
            index=models.Index(condition=models.Q(('replaced_by__isnull', False)), fields=['replaced_by'], name='replaced_by_heir'),
        ),
    ]
