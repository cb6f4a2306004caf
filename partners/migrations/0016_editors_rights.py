"""Let Editors add contacts, and leave roles, countries and targets to Coordinators.

Only where the group is still as it was shipped: a group that somebody changed is left alone.
"""

from django.db import migrations

APP = "partners"
CARE = ["add", "change", "view"]
EVERYTHING = [*CARE, "delete"]
SHIPPED = {
    "institution": CARE,
    "institutionname": EVERYTHING,
    "lab": CARE,
    "participation": EVERYTHING,
    "contact": ["change", "view"],
    "city": CARE,
    "cityname": EVERYTHING,
    "country": ["change", "view"],
    "role": CARE,
    "roletext": EVERYTHING,
    "formerslug": ["view"],
    "consortium": ["view"],
    "consortiumtext": ["view"],
}
TAKEN = {"country": ["change"], "role": ["add", "change"], "roletext": ["add", "change", "delete"]}
GIVEN = {"contact": ["add"]}


def codenames(rights):
    return {f"{action}_{model}" for model, actions in rights.items() for action in actions}


def change_rights(apps, taken, given, shipped):
    group = apps.get_model("auth", "Group").objects.filter(name="Editors").first()
    if group is None:
        return
    permissions = apps.get_model("auth", "Permission").objects.filter(content_type__app_label=APP)
    has_users = apps.get_model("auth", "User").objects.exists()  # else there is nobody to tell
    found = set(group.permissions.filter(content_type__app_label=APP).values_list("codename", flat=True))
    if found != shipped or group.permissions.exclude(content_type__app_label=APP).exists():
        if has_users:
            print("The group Editors is not as it was shipped: its rights are left alone.")
        return
    group.permissions.remove(*permissions.filter(codename__in=taken))
    group.permissions.add(*permissions.filter(codename__in=given))
    if has_users:
        print(f"The group Editors lost {', '.join(sorted(taken))} and got {', '.join(sorted(given))}.")


def forwards(apps, schema_editor):
    change_rights(apps, codenames(TAKEN), codenames(GIVEN), codenames(SHIPPED))


def backwards(apps, schema_editor):
    now = (codenames(SHIPPED) - codenames(TAKEN)) | codenames(GIVEN)
    change_rights(apps, codenames(GIVEN), codenames(TAKEN), now)


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0015_distinct_pairs"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [migrations.RunPython(forwards, backwards)]
