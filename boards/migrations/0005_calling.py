from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("boards", "0004_editions_stay")]
    operations = [
        migrations.AddField("invitee", "called_for", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("invitee", "bounced_at", models.DateTimeField(blank=True, null=True)),
    ]
