from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("boards", "0004_editions_stay")]
    operations = [migrations.RemoveField(model_name="meeting", name="attendance_version")]
