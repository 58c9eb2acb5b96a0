"""Leavings that were made ready before the roles that they shortened were kept: what each took is read from history.

Without it ‘They stay after all’ would give nothing back. A role that ends on the day after the last day, and was saved
with another end before, had that end; one that was to begin later was taken away wholly, and its history has it.
"""

from datetime import timedelta

from django.db import migrations, models


AROUND = timedelta(minutes=1)


def _end(day):
    return day.isoformat() if day else None


def _facts(row, pk):
    return {
        "id": str(pk),
        "role": row.role,
        "partnership": str(row.partnership_id),
        "agency": str(row.agency_id) if row.agency_id else None,
        "starts": _end(row.starts),
        "ends": _end(row.ends),
    }


def keep_what_was_shortened(apps, schema_editor):
    alias = schema_editor.connection.alias
    departures = apps.get_model("directory", "Departure")._base_manager.using(alias)
    memberships = apps.get_model("people", "Membership")._base_manager.using(alias)
    versions = apps.get_model("people", "HistoricalMembership")._base_manager.using(alias)
    events = apps.get_model("trail", "Event")._base_manager.using(alias)
    for row in departures.filter(status="planned", shortened=[]).order_by("pk"):
        ends = row.last_day + timedelta(days=1)
        planned = events.filter(verb="leaving_planned", object_id=row.pk).order_by("-recorded_at").first()
        if planned is None:
            continue
        # What was saved then, in that transaction; what somebody ended at another time was not ended by the leaving.
        moment = {"history_date__range": (planned.recorded_at - AROUND, planned.recorded_at + AROUND)}
        here = {"user_id": row.user_id} | ({} if row.altogether else {"agency_id": row.agency_id})
        found = []
        for each in memberships.filter(**here, ends=ends).order_by("pk"):
            ended = versions.filter(id=each.pk, ends=ends, **moment).order_by("history_id").first()
            if ended is None:
                continue
            before = versions.filter(id=each.pk, history_id__lt=ended.history_id).order_by("-history_id").first()
            if before is not None and before.ends != ends:
                found.append(_facts(before, each.pk))
        gone = versions.filter(**here, **moment, history_type="-", starts__gte=ends)
        found += [_facts(each, each.id) for each in gone.order_by("history_id")]
        if found:
            row.shortened = found
            row.save(update_fields=["shortened"])


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0007_departure_shortened"),
        ("people", "0008_front_door"),
        ("trail", "0003_event_event_lists"),
    ]

    operations = [
        migrations.AlterField(
            model_name="departure",
            name="status",
            field=models.CharField(
                choices=[
                    ("draft", "Being prepared"),
                    ("planned", "Ready: ends at the end of the last day"),
                    ("done", "Finished"),
                    ("cancelled", "Given up"),
                ],
                default="draft",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="handover",
            name="choice",
            field=models.CharField(
                choices=[("to", "Handed over"), ("vacant", "Nobody takes it over"), ("keep", "Kept")], max_length=10
            ),
        ),
        migrations.RunPython(keep_what_was_shortened, migrations.RunPython.noop, elidable=True),
    ]
