from django.db import migrations, models

from partners.models.log.triggers import drop_triggers


def forget_triggers(_apps, schema_editor):
    """Let the table be altered; `post_migrate` makes the triggers again."""
    drop_triggers(schema_editor.connection.alias)


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0010_keys_and_city_slug'),
    ]

    operations = [
        migrations.RunPython(forget_triggers, migrations.RunPython.noop),
        migrations.AddField(
            model_name='loggedchange',
            name='shared',
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(migrations.RunPython.noop, forget_triggers),
    ]
