"""SQL that is made once a process asks for the values of the moment, and says when it could not."""

from datetime import date

import pytest
from django.db import connection
from django.db.models.functions import JSONObject
from django.test.utils import CaptureQueriesContext

from partnership.access.prepared import Prepared, as_array
from partnership.people.models import Agency

NAMES = Prepared(
    lambda kind, day: Agency.objects.filter(kind=kind, starts__lt=day).order_by("name").values_list("name", flat=True),
    kind="\N{WHITE SQUARE}",
    day=date.max,
)


def names(**values):
    with connection.cursor() as cursor:
        cursor.execute(*NAMES.statement(**values))
        return [row[0] for row in cursor.fetchall()]


def test_each_asking_has_its_own_values(db):
    day = date(2016, 7, 1)
    for kind, starts in (("provider", date(2016, 1, 1)), ("school", date(2016, 1, 1)), ("school", day)):
        Agency.objects.create(slug=f"{kind}-{starts}", name=f"{kind} of {starts}", kind=kind, starts=starts)
    for kind in ("provider", "school"):
        rows = Agency.objects.filter(kind=kind, starts__lt=day).order_by("name")
        assert names(kind=kind, day=day) == [row.name for row in rows] != []
    assert "school of 2016-07-01" in names(kind="school", day=date(2016, 7, 2))


def test_a_question_that_leaves_a_value_out_is_refused():
    careless = Prepared(lambda kind, day: Agency.objects.filter(kind=kind), kind="\N{WHITE SQUARE}", day=date.max)
    with pytest.raises(ValueError, match="does not ask for day"):
        careless.statement(kind="school", day=date(2016, 7, 1))


def test_it_rides_on_another_question_as_a_list(db):
    council = Agency.objects.filter(partner_seat="la").first()
    facts = Prepared(
        lambda ids: Agency.objects.filter(pk__among=ids).values_list(JSONObject(name="name")), ids=as_array([])
    )
    with CaptureQueriesContext(connection) as asked:
        (row,) = Agency.objects.filter(pk=council.pk).annotate(others=facts.array(ids=as_array([council.pk])))
    assert (row.others, len(asked)) == ([{"name": council.name}], 1)
