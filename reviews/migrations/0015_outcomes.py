import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import partnership.trail.models


def carry_over(apps, schema_editor):
    """What was decided so far becomes the first row; each referral keeps the kind that its review has."""
    database = schema_editor.connection.alias
    Outcome = apps.get_model("reviews", "Outcome")
    for row in apps.get_model("reviews", "Consideration").objects.using(database).exclude(decided_at=None):
        Outcome.objects.using(database).create(
            folder_id=row.folder_id, review_id=row.review_id, code=row.outcome or "again", reason=row.reason,
            recorded_by_id=row.decided_by_id, recorded_at=row.decided_at,
        )  # fmt: skip
    for row in apps.get_model("reviews", "Referral").objects.using(database).select_related("review"):
        row.kind = row.review.kind
        row.save(update_fields=["kind"])


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0008_emergency"),
        ("reviews", "0014_report_and_packs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="referral",
            name="kind",
            field=models.CharField(
                choices=[
                    ("incident", "Serious incident"),
                    ("lac", "Death of a looked-after child"),
                    ("leaver", "Death of a care leaver up to and including 24"),
                ],
                default="incident",
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="Outcome",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("notified", "The council notified the Panel"),
                            ("not", "The council does not notify"),
                            ("declined", "The referral was not taken on"),
                            ("again", "It is considered again"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField(blank=True, max_length=20000)),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "folder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consideration_outcomes",
                        to="access.folder",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="outcomes", to="reviews.review"
                    ),
                ),
            ],
            options={"ordering": ["-recorded_at", "-id"]},
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop, elidable=True),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RemoveField(model_name="consideration", name="decided_at"),
        migrations.RemoveField(model_name="consideration", name="decided_by"),
        migrations.RemoveField(model_name="consideration", name="outcome"),
        migrations.RemoveField(model_name="consideration", name="reason"),
    ]
