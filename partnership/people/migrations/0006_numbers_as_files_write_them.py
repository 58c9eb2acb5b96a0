from django.db import migrations


def plain(apps, schema_editor):
    """Numbers in capitals without blanks. Where another record has that number already, two are the same organisation:
    the one that is written otherwise stays as it is, until people have merged them."""
    using = schema_editor.connection.alias
    rows = apps.get_model("people", "Registration").objects.using(using)
    agencies = apps.get_model("people", "Agency").objects.using(using)
    kept = set(rows.values_list("register", "number"))
    for row in rows.order_by("pk").iterator():
        number = "".join(row.number.split()).upper()
        if number == row.number or (row.register, number) in kept:
            continue
        kept.add((row.register, number))
        found = agencies.get(pk=row.agency_id)
        # The search's words are small letters: only the blanks are news to it.
        found.words = found.words.replace(f" {' '.join(row.number.casefold().split())}", f" {number.casefold()}")
        agencies.filter(pk=found.pk).update(words=found.words)
        row.number = number
        row.save(update_fields=["number"])


class Migration(migrations.Migration):
    """Files of registers are matched by number to the letter; people had typed them as they liked."""

    dependencies = [("people", "0005_words_after_a_blank")]

    operations = [migrations.RunPython(plain, migrations.RunPython.noop)]
