from django.db import migrations, models


class Migration(migrations.Migration):
    """A body answers for itself and for another one on the same case: the health board for a practice."""

    dependencies = [("reviews", "0015_outcomes")]

    operations = [
        migrations.RemoveConstraint(model_name="agencyreturn", name="one_return_an_agency"),
        migrations.AddConstraint(
            model_name="agencyreturn",
            constraint=models.UniqueConstraint(
                condition=models.Q(models.Q(("status", "withdrawn"), _negated=True), ("agency__isnull", False)),
                fields=("review", "agency", "subject"),
                name="one_return_an_agency",
                nulls_distinct=False,
            ),
        ),
    ]
