from django.db import migrations


class Migration(migrations.Migration):
    """The search asks for a word by the blank before it, so the column begins with one."""

    dependencies = [("people", "0004_areas_source_and_phase")]

    operations = [
        migrations.RunSQL(
            "UPDATE people_agency SET words = ' ' || words WHERE words <> '' AND words NOT LIKE ' %'",
            "UPDATE people_agency SET words = ltrim(words) WHERE words LIKE ' %'",
        )
    ]
