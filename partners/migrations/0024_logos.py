"""Logos, which both groups edit."""

import django.db.models.deletion
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

ACTIONS = ["add", "change", "delete", "view"]


def of_logos(apps):
    return apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="partners", codename__in=[f"{action}_logo" for action in ACTIONS]
    )


def groups(apps):
    return apps.get_model("auth", "Group").objects.filter(name__in=["Editors", "Coordinators"])


def take_back(apps, schema_editor):
    for group in groups(apps):
        group.permissions.remove(*of_logos(apps))


def let_groups_edit_logos(apps, schema_editor):
    # Django writes permissions only after the last migration; a fresh database has none yet.
    partners = apps.get_app_config("partners")
    partners.models_module = True
    create_permissions(partners, verbosity=0, using=schema_editor.connection.alias, apps=apps)
    partners.models_module = None
    for group in groups(apps):
        group.permissions.add(*of_logos(apps))


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0023_history_of_links'),
    ]

    operations = [
        migrations.CreateModel(
            name='Logo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('picture', models.BinaryField(max_length=100000, verbose_name='picture')),
                ('width', models.PositiveSmallIntegerField(editable=False, verbose_name='width')),
                ('height', models.PositiveSmallIntegerField(editable=False, verbose_name='height')),
                ('digest', models.CharField(db_index=True, editable=False, max_length=32, verbose_name='digest')),
                ('institution', models.OneToOneField(blank=True, help_text="Whose logo it is; empty for the consortium's own.", null=True, on_delete=django.db.models.deletion.CASCADE, related_name='logo', to='partners.institution', verbose_name='institution')),
            ],
            options={
                'verbose_name': 'logo',
                'verbose_name_plural': 'logos',
            },
        ),
        migrations.RunPython(let_groups_edit_logos, take_back),
    ]
