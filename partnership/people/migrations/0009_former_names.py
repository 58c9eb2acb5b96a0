from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0008_front_door")]

    operations = [
        migrations.AddField(model_name="alias", name="former", field=models.BooleanField(default=False)),
    ]
