"""Links get models of their own, and a history that begins with their present state."""

import django.db.models.deletion
import partners.models.operation
import simple_history.models
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

COPIED = "id, from_institution_id, to_institution_id"
TABLES = {"parents": "partners_historicalinstitutionparent", "successors": "partners_historicalinstitutionsuccessor"}


def record_present_links(apps, schema_editor):
    """Begin the history of each link with what it is now; four statements for any number of links."""
    using = schema_editor.connection.alias
    institution = apps.get_model("partners", "Institution")
    links = {table: getattr(institution, name).through._meta.db_table for name, table in TABLES.items()}
    if not institution.objects.using(using).exists():
        return
    moment = timezone.now()
    first = apps.get_model("partners", "Operation").objects.using(using).create(kind="first", moment=moment)
    with schema_editor.connection.cursor() as cursor:
        for table, of_links in links.items():
            cursor.execute(
                f"INSERT INTO {table} ({COPIED}, history_date, history_type, operation_id) "
                f"SELECT {COPIED}, %s, '+', %s FROM {of_links}",
                [schema_editor.connection.ops.adapt_datetimefield_value(moment), first.pk],
            )


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0022_institution_by_name'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalInstitutionParent',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_id', models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('from_institution', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='partners.institution', verbose_name='institution')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('operation', models.ForeignKey(default=partners.models.operation.current_operation, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.operation', verbose_name='operation')),
                ('to_institution', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='partners.institution', verbose_name='parent organisation')),
            ],
            options={
                'verbose_name': 'historical parent organisation',
                'verbose_name_plural': 'historical parent organisations',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
                'default_permissions': (),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalInstitutionSuccessor',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_id', models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('from_institution', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='partners.institution', verbose_name='institution')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('operation', models.ForeignKey(default=partners.models.operation.current_operation, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.operation', verbose_name='operation')),
                ('to_institution', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='partners.institution', verbose_name='successor')),
            ],
            options={
                'verbose_name': 'historical successor',
                'verbose_name_plural': 'historical successors',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
                'default_permissions': (),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.SeparateDatabaseAndState(  # the tables are those that the fields made
            state_operations=[
                migrations.CreateModel(
                    name='InstitutionParent',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('from_institution', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partners.institution', verbose_name='institution')),
                        ('to_institution', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partners.institution', verbose_name='parent organisation')),
                    ],
                    options={
                        'verbose_name': 'parent organisation',
                        'verbose_name_plural': 'parent organisations',
                        'db_table': 'partners_institution_parents',
                        'default_permissions': (),
                        'unique_together': {('from_institution', 'to_institution')},
                    },
                ),
                migrations.AlterField(
                    model_name='institution',
                    name='parents',
                    field=models.ManyToManyField(blank=True, help_text='Organisations it belongs to.', related_name='children', through='partners.InstitutionParent', to='partners.institution', verbose_name='parent organisations'),
                ),
                migrations.CreateModel(
                    name='InstitutionSuccessor',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('from_institution', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partners.institution', verbose_name='institution')),
                        ('to_institution', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partners.institution', verbose_name='successor')),
                    ],
                    options={
                        'verbose_name': 'successor',
                        'verbose_name_plural': 'successors',
                        'db_table': 'partners_institution_successors',
                        'default_permissions': (),
                        'unique_together': {('from_institution', 'to_institution')},
                    },
                ),
                migrations.AlterField(
                    model_name='institution',
                    name='successors',
                    field=models.ManyToManyField(blank=True, help_text='Where several took its place: its page links to them.', related_name='predecessors', through='partners.InstitutionSuccessor', to='partners.institution', verbose_name='successors'),
                ),
            ],
        ),
        migrations.RunPython(record_present_links, migrations.RunPython.noop),
    ]
