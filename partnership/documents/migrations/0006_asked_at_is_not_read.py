from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("documents", "0005_renditions")]

    operations = [migrations.RemoveField("rendition", "asked_at")]
