"""What nothing read goes; what was published can be searched; whom the portal itself took off a meeting is known."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models

from partnership.people.words import Words


class Migration(migrations.Migration):
    # The move of the meetings of reviews writes columns that go here.
    dependencies = [("boards", "0004_editions_stay"), ("reviews", "0002_meetings_move")]

    operations = [
        migrations.RemoveField("meeting", "attendance_version"),
        migrations.RemoveField("meeting", "called_at"),
        migrations.RemoveField("highlight", "written_at"),
        migrations.RemoveField("highlight", "written_by"),
        migrations.RemoveConstraint("item", "an_item_serves_something"),
        migrations.RemoveField("item", "standing_business"),
        migrations.AddField("invitee", "off_by_portal", models.BooleanField(default=False)),
        migrations.AddField("publication", "words", models.TextField("what it says", default="", editable=False)),
        migrations.AddIndex("publication", GinIndex(Words("words"), name="publication_words")),
    ]
