"""Make the groups of the people who edit: Editors and Coordinators."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

EVERYTHING = ["add", "change", "delete", "view"]
CARE = ["add", "change", "view"]  # a row with a public address is corrected or unpublished, not deleted

GROUPS = {
    "Editors": {
        "institution": CARE,
        "institutionname": EVERYTHING,
        "lab": CARE,
        "participation": EVERYTHING,
        "contact": ["change", "view"],
        "city": CARE,
        "cityname": EVERYTHING,
        "country": ["change", "view"],
        "role": CARE,
        "formerslug": ["view"],
        "consortium": ["view"],
    },
    "Coordinators": {
        model: EVERYTHING
        for model in [
            "institution",
            "institutionname",
            "lab",
            "participation",
            "contact",
            "city",
            "cityname",
            "country",
            "role",
            "formerslug",
            "consortium",
        ]
    },
}


def make_groups(apps, schema_editor):
    # Django writes permissions only after the last migration; a fresh database has none yet.
    partners = apps.get_app_config("partners")
    partners.models_module = True
    create_permissions(partners, verbosity=0, using=schema_editor.connection.alias, apps=apps)
    partners.models_module = None
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for name, allowed in GROUPS.items():
        codenames = [f"{action}_{model}" for model, actions in allowed.items() for action in actions]
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(
            *Permission.objects.filter(content_type__app_label="partners", codename__in=codenames)
        )


def remove_groups(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=GROUPS).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0003_countries"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(make_groups, remove_groups)]
