"""Keep the history of what visitors see."""

from itertools import islice

import django.core.validators
import django.db.models.deletion
import partners.models.registry
import partners.models.text
import simple_history.models
from django.conf import settings
from django.db import migrations, models

CREATED_AT = {"Institution": "created_at", "Lab": "created_at", "Participation": "institution__created_at"}
BATCH_SIZE = 500  # rows


def record_present_rows(apps, schema_editor):
    """Begin the history of each row with what it holds now, dated by its entry's creation.

    Else the first change of a row would have nothing to be told against.
    """
    using = schema_editor.connection.alias
    for name, created_at in CREATED_AT.items():
        rows = apps.get_model("partners", name).objects.using(using).annotate(history_date=models.F(created_at))
        records = apps.get_model("partners", f"Historical{name}")
        copied = {field.attname for field in records._meta.concrete_fields if not field.name.startswith("history_")}
        begun = (
            records(history_date=row.history_date, history_type="+", **{name: getattr(row, name) for name in copied})
            for row in rows.iterator(chunk_size=BATCH_SIZE)
        )
        while batch := list(islice(begun, BATCH_SIZE)):
            records.objects.using(using).bulk_create(batch)


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0006_change_log'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalInstitution',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('name', models.CharField(help_text='The name shown first, in English or Latin letters. Other names go below.', max_length=300, validators=[partners.models.text.validate_line])),
                ('slug', models.SlugField(db_index=False, help_text="The last part of the page's address. After a change the old address leads here.", max_length=120)),
                ('kind', models.CharField(choices=[('university', 'university or school'), ('institute', 'research institute'), ('hospital', 'hospital'), ('company', 'company'), ('government', 'government'), ('foundation', 'foundation'), ('nonprofit', 'nonprofit'), ('other', 'other')], max_length=12)),
                ('latitude', models.FloatField(blank=True, help_text="Only where the institution's own point is known; else the city's is used.", null=True)),
                ('longitude', models.FloatField(blank=True, help_text='Degrees east.', null=True)),
                ('website', models.URLField(blank=True, max_length=500, validators=[partners.models.text.validate_web_address])),
                ('founded', models.PositiveSmallIntegerField(blank=True, help_text='The year. Empty: not known.', null=True, validators=[django.core.validators.MinValueValidator(500), django.core.validators.MaxValueValidator(2100)])),
                ('summary', models.TextField(blank=True, help_text='What it does for the consortium. Everybody sees it.', validators=[partners.models.text.validate_text])),
                ('ror_id', models.CharField(blank=True, help_text='The whole address, for example https://ror.org/05256ym39. Empty: none known.', max_length=30, validators=[partners.models.registry.validate_ror_id], verbose_name='ROR id')),
                ('funds_research', models.BooleanField(default=False, help_text='The registry names it as a funder of research.')),
                ('status', models.CharField(choices=[('active', 'active'), ('inactive', 'no longer active'), ('withdrawn', 'withdrawn from the registry')], default='active', help_text='Only active institutions stand in the lists; the page of another one says what became of it.', max_length=9, verbose_name='registry status')),
                ('standing', models.CharField(blank=True, choices=[('prospect', 'prospect'), ('expected', 'agreement expected'), ('signed', 'agreement signed'), ('suspended', 'suspended'), ('former', 'former partner')], help_text='Where the agreement with it is. Empty: none.', max_length=9)),
                ('expected_on', models.DateField(blank=True, help_text='The day the signature is expected. Empty: unknown, and the page says so.', null=True)),
                ('signed_on', models.DateField(blank=True, help_text='The day of the signature. Empty: unknown.', null=True)),
                ('valid_until', models.DateField(blank=True, help_text="The agreement's last day. Empty: unknown.", null=True)),
                ('is_published', models.BooleanField(default=True, help_text='Unticked, only editors see the entry, its labs and its contacts.', verbose_name='published')),
                ('source_note', models.TextField(blank=True, help_text='Where these facts come from. Everybody sees it.', validators=[partners.models.text.validate_text])),
                ('verified_on', models.DateField(blank=True, help_text='The day somebody confirmed that the entry is right. Empty: never.', null=True)),
                ('history_id', models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('city', models.ForeignKey(blank=True, db_constraint=False, db_index=False, help_text='Empty: not stated.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='partners.city')),
                ('country', models.ForeignKey(blank=True, db_constraint=False, db_index=False, help_text='Empty: not stated.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='partners.country')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replaced_by', models.ForeignKey(blank=True, db_constraint=False, db_index=False, help_text='The entry that took its place: visitors are led there, and this one leaves the lists.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='partners.institution')),
            ],
            options={
                'verbose_name': 'historical institution',
                'verbose_name_plural': 'historical institutions',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
                'default_permissions': (),
                'indexes': [
                    models.Index(condition=models.Q(('is_published', False)), fields=['id', 'history_date'], name='record_of_draft'),
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalLab',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('name', models.CharField(help_text='In English or Latin letters.', max_length=300, validators=[partners.models.text.validate_line])),
                ('native_name', models.CharField(blank=True, help_text='As the lab writes itself at home.', max_length=300, validators=[partners.models.text.validate_line])),
                ('slug', models.SlugField(db_index=False, help_text="The last part of the page's address. After a change the old address leads here.", max_length=120)),
                ('website', models.URLField(blank=True, max_length=500, validators=[partners.models.text.validate_web_address])),
                ('summary', models.TextField(blank=True, help_text='What the lab does for the consortium. Everybody sees it.', validators=[partners.models.text.validate_text])),
                ('source_note', models.TextField(blank=True, help_text='Where these facts come from. Everybody sees it.', validators=[partners.models.text.validate_text])),
                ('verified_on', models.DateField(blank=True, help_text='The day somebody confirmed that the entry is right. Empty: never.', null=True)),
                ('history_id', models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('city', models.ForeignKey(blank=True, db_constraint=False, db_index=False, help_text="Only where it is another city than the institution's.", null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='partners.city')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('institution', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='partners.institution')),
            ],
            options={
                'verbose_name': 'historical lab',
                'verbose_name_plural': 'historical labs',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
                'default_permissions': (),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalParticipation',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('state', models.CharField(choices=[('operational', 'operational'), ('planned', 'planned'), ('paused', 'paused'), ('ended', 'ended'), ('not_stated', 'not stated')], default='not_stated', max_length=11)),
                ('since', models.DateField(blank=True, help_text='First day. Empty: not known.', null=True)),
                ('until', models.DateField(blank=True, help_text='Last day. Empty: open or not known.', null=True)),
                ('note', models.CharField(blank=True, help_text='Shown beside the role. Everybody sees it.', max_length=300, validators=[partners.models.text.validate_line])),
                ('history_id', models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('institution', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='partners.institution')),
                ('lab', models.ForeignKey(blank=True, db_constraint=False, db_index=False, help_text='The lab that does it. Empty: the institution as a whole.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='partners.lab')),
                ('role', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='partners.role')),
            ],
            options={
                'verbose_name': 'historical participation',
                'verbose_name_plural': 'historical participations',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
                'default_permissions': (),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.RunPython(record_present_rows, migrations.RunPython.noop),
    ]
