from django.db import migrations


class Migration(migrations.Migration):
    # The move of the meetings of reviews writes the column that goes here.
    dependencies = [("boards", "0006_publication_words"), ("reviews", "0002_meetings_move")]

    operations = [
        migrations.RemoveConstraint("item", "an_item_serves_something"),
        migrations.RemoveField("item", "standing_business"),
    ]
