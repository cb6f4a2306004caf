"""Let the groups edit the texts in other languages, each as it may edit the row that they belong to."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

EVERYTHING = ["add", "change", "delete", "view"]
GROUPS = {
    "Editors": {"roletext": EVERYTHING, "consortiumtext": ["view"]},
    "Coordinators": {"roletext": EVERYTHING, "consortiumtext": EVERYTHING},
}


def let_groups_edit_texts(apps, schema_editor):
    # Django writes permissions only after the last migration; a fresh database has none yet.
    partners = apps.get_app_config("partners")
    partners.models_module = True
    create_permissions(partners, verbosity=0, using=schema_editor.connection.alias, apps=apps)
    partners.models_module = None
    Permission = apps.get_model("auth", "Permission")
    for name, allowed in GROUPS.items():
        codenames = [f"{action}_{model}" for model, actions in allowed.items() for action in actions]
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        group.permissions.add(*Permission.objects.filter(content_type__app_label="partners", codename__in=codenames))


class Migration(migrations.Migration):
    dependencies = [("partners", "0008_texts")]
    operations = [migrations.RunPython(let_groups_edit_texts, migrations.RunPython.noop)]
