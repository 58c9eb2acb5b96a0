from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("boards", "0005_mendmatrix")]

    operations = [
        migrations.RemoveConstraint("item", "an_item_serves_something"),
        migrations.RemoveField("item", "standing_business"),
    ]
