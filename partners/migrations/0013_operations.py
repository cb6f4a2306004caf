"""Say of each record what brought it, and begin the history of names with their present state."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import partners.models.operation
import partners.models.text
import simple_history.models
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

COPIED = "id, value, kind, language, source, institution_id"


def record_present_names(apps, schema_editor):
    """Begin the history of each name with what it is now; three statements for any number of names."""
    using = schema_editor.connection.alias
    if not apps.get_model("partners", "InstitutionName").objects.using(using).exists():
        return
    moment = timezone.now()
    first = apps.get_model("partners", "Operation").objects.using(using).create(kind="first", moment=moment)
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO partners_historicalinstitutionname ({COPIED}, history_date, history_type, operation_id) "
            f"SELECT {COPIED}, %s, '+', %s FROM partners_institutionname",
            [schema_editor.connection.ops.adapt_datetimefield_value(moment), first.pk],
        )


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0012_names'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Operation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('form', 'form'), ('seed', 'consortium file'), ('import', 'import of a file'), ('registry', 'import of the registry'), ('bulk', 'change of several rows'), ('merge', 'merge'), ('delete', 'deletion'), ('restore', 'restoration'), ('first', 'state when its history began')], max_length=8, verbose_name='what')),
                ('label', models.CharField(blank=True, editable=False, max_length=200, verbose_name='by what')),
                ('moment', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='moment')),
                ('undone_at', models.DateTimeField(null=True, verbose_name='undone at')),
                ('changes', models.JSONField(null=True, verbose_name='changes')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='editor')),
            ],
            options={
                'verbose_name': 'operation',
                'verbose_name_plural': 'operations',
                'ordering': ['-moment', '-pk'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='HistoricalInstitutionName',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('value', models.CharField(max_length=300, validators=[partners.models.text.validate_line], verbose_name='name')),
                ('kind', models.CharField(choices=[('official', 'official name'), ('native', 'native name'), ('alias', 'alias'), ('acronym', 'acronym'), ('former', 'former name'), ('transliteration', 'transliteration')], max_length=15, verbose_name='kind')),
                ('language', models.CharField(blank=True, help_text='BCP 47, for example ru. Empty: unknown.', max_length=35, validators=[django.core.validators.RegexValidator('\\A[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\\Z', 'Write a BCP 47 language tag, for example ru, kk or zh-Hans.')], verbose_name='language')),
                ('source', models.CharField(blank=True, help_text='Who uses this name. Everybody sees it.', max_length=200, validators=[partners.models.text.validate_line], verbose_name='source')),
                ('history_id', models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('institution', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='partners.institution', verbose_name='institution')),
                ('operation', models.ForeignKey(default=partners.models.operation.current_operation, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.operation', verbose_name='operation')),
            ],
            options={
                'verbose_name': 'historical name',
                'verbose_name_plural': 'historical names',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
                'default_permissions': (),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddField(
            model_name='historicalinstitution',
            name='operation',
            field=models.ForeignKey(default=partners.models.operation.current_operation, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.operation', verbose_name='operation'),
        ),
        migrations.AddField(
            model_name='historicallab',
            name='operation',
            field=models.ForeignKey(default=partners.models.operation.current_operation, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.operation', verbose_name='operation'),
        ),
        migrations.AddField(
            model_name='historicalparticipation',
            name='operation',
            field=models.ForeignKey(default=partners.models.operation.current_operation, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.operation', verbose_name='operation'),
        ),
        migrations.RunPython(record_present_names, migrations.RunPython.noop),
    ]
