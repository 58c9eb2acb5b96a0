from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("boards", "0004_editions_stay")]
    operations = [
        migrations.AddField(
            model_name="meeting",
            name="month_only",
            field=models.BooleanField(default=False, verbose_name="the source gives the month alone"),
        ),
        migrations.AddIndex(
            model_name="attendance",
            index=models.Index(fields=["place"], name="attendance_of_place"),
        ),
    ]
