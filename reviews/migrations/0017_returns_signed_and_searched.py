from django.db import migrations, models


class Migration(migrations.Migration):
    """Why a return was declared by its author alone where others of the body sign in; the period to search, in dates."""

    dependencies = [("reviews", "0016_a_return_a_subject")]

    operations = [
        migrations.AddField(
            model_name=name,
            name="sole_reason",
            field=models.TextField(
                blank=True, default="", max_length=1000, verbose_name="why nobody else of the body signed"
            ),
            preserve_default=False,
        )
        for name in ("agencyreturn", "returnversion")
    ] + [
        migrations.AddField(model_name="agencyreturn", name=name, field=models.DateField(null=True))
        for name in ("search_from", "search_to")
    ]
