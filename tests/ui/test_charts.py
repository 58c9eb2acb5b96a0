"""Bars: what their words say together."""

from django.template.loader import render_to_string

from partnership.ui.charts import stack

ROUNDED = "Each is rounded by itself"


def words(*many):
    parts = [(name, name, "good", number) for name, number in zip("ABC", many, strict=True)]
    return render_to_string("ui/stacked_bar.html", {"segments": stack(parts)})


def test_parts_that_do_not_come_to_a_hundred_say_why():
    assert ROUNDED not in words(1, 1, 2)
    said = words(113, 30, 57)
    assert "57 %" in said and "15 %" in said and "29 %" in said
    assert f"{ROUNDED}, so together they come to 101 %" in said
