from django.db import migrations

REPORT_TITLE = "Rapid review report"


def go_out(apps, schema_editor):
    """Every document so far is a report that the portal made; it may be had as it is sent."""
    documents = apps.get_model("documents", "Document").objects.using(schema_editor.connection.alias)
    documents.filter(title=REPORT_TITLE).update(goes_out=True)


class Migration(migrations.Migration):
    dependencies = [("reviews", "0004_around_a_case"), ("documents", "0002_uploads")]
    operations = [migrations.RunPython(go_out, migrations.RunPython.noop)]
