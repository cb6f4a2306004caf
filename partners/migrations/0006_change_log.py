"""Make the change log; its triggers come after every migration, and go before it does."""

from django.db import migrations, models

from partners.models.log.triggers import drop_triggers


def forget_triggers(apps, schema_editor):
    drop_triggers(schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("partners", "0005_registry_record")]
    operations = [
        migrations.CreateModel(
            name="LoggedChange",
            fields=[
                ("number", models.BigAutoField(primary_key=True, serialize=False)),
                ("institution", models.BigIntegerField(null=True)),
                ("lab", models.BigIntegerField(null=True)),
            ],
            options={"default_permissions": ()},
        ),
        migrations.CreateModel(
            name="LogEpoch",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ("value", models.BigIntegerField()),
            ],
            options={
                "default_permissions": (),
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="log_epoch_is_one_row")],
            },
        ),
        migrations.RunPython(migrations.RunPython.noop, forget_triggers),
    ]
