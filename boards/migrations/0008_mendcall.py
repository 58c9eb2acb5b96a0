from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("boards", "0007_mendpapers")]

    operations = [
        migrations.RemoveField("highlight", "written_at"),
        migrations.RemoveField("highlight", "written_by"),
        migrations.RemoveField("meeting", "called_at"),
        migrations.AddField("invitee", "off_by_portal", models.BooleanField(default=False)),
    ]
