from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("reviews", "0002_meetings_move")]

    operations = [
        migrations.DeleteModel(name="Invitee"),
        migrations.DeleteModel(name="Meeting"),
    ]
