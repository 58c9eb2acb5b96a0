from django.db import migrations


def name_the_unit(apps, schema_editor):
    rows = apps.get_model("deadlines", "Deadline").objects.using(schema_editor.connection.alias)
    rows.filter(status__in=["open", "paused"], owner=None, owed_by="").update(owed_by="deadline_manage")


class Migration(migrations.Migration):
    """A running clock without an owner is owed by everybody of the business unit, as its form said."""

    dependencies = [("deadlines", "0004_longer_reason")]
    operations = [migrations.RunPython(name_the_unit, migrations.RunPython.noop)]
