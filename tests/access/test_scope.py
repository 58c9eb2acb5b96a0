"""Guarded rows cannot be fetched past the row rule inside a request: every way of asking a queryset is tried."""

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import Count, F, Prefetch

from partnership.access import scope
from partnership.access.models import Folder
from partnership.access.querysets import Unscoped
from partnership.people.models import User
from partnership.people.roles import Perm
from reviews.models import AgencyReturn, Child, Review

GUARDED = [model for model in apps.get_models() if getattr(getattr(model, "access", None), "guarded", False)]
EVALUATIONS = {
    "all": lambda rows: list(rows.all()),
    "filter": lambda rows: list(rows.filter(pk__isnull=False)),
    "get": lambda rows: rows.get(pk="00000000-0000-0000-0000-000000000000"),
    "first": lambda rows: rows.first(),
    "last": lambda rows: rows.order_by("pk").last(),
    "latest": lambda rows: rows.latest("pk"),
    "count": lambda rows: rows.count(),
    "exists": lambda rows: rows.exists(),
    "contains": lambda rows: rows.contains(rows.model(pk="00000000-0000-0000-0000-000000000000")),
    "len": lambda rows: len(rows.all()),
    "bool": lambda rows: bool(rows.all()),
    "slice": lambda rows: list(rows.all()[:1]),
    "index": lambda rows: rows.order_by("pk")[0],
    "values": lambda rows: list(rows.values()),
    "values_list": lambda rows: list(rows.values_list("pk", flat=True)),
    "iterator": lambda rows: list(rows.iterator()),
    "aggregate": lambda rows: rows.aggregate(n=Count("pk")),
    "in_bulk": lambda rows: rows.in_bulk(),
    "in_bulk of none": lambda rows: rows.in_bulk(["00000000-0000-0000-0000-000000000000"]),
    "update": lambda rows: rows.update(pk=F("pk")),
    "delete": lambda rows: rows.filter(pk__isnull=True).delete(),
    "union": lambda rows: list(rows.all().union(rows.all())),
    "union of a scoped and an unscoped": lambda rows: list(rows.unscoped("half").union(rows.all())),
    "or": lambda rows: list(rows.all() | rows.all()),
    "or of a scoped and an unscoped": lambda rows: list(rows.unscoped("half") | rows.all()),
    "difference of a scoped and an unscoped": lambda rows: list(rows.all().difference(rows.unscoped("half"))),
    "get_or_create": lambda rows: rows.get_or_create(pk="00000000-0000-0000-0000-000000000000"),
    "update_or_create": lambda rows: rows.update_or_create(pk="00000000-0000-0000-0000-000000000000"),
    "bulk_update": lambda rows: rows.all().bulk_update(
        [rows.model(pk="00000000-0000-0000-0000-000000000000")], [_key(rows.model)]
    ),
    "dates": lambda rows: list(rows.datetimes(_moment(rows.model), "day")) if _moment(rows.model) else rows.count(),
}


def _key(model):
    """A field that every row of the model has; bulk_update asks for one."""
    return next(
        field.name
        for field in model._meta.fields
        if (field.is_relation or field.name == "title") and not field.primary_key
    )


def _moment(model):
    names = {field.name for field in model._meta.fields if field.get_internal_type() == "DateTimeField"}
    return sorted(names)[0] if names else None


def test_there_is_something_to_guard():
    assert {Folder, Review, AgencyReturn, Child} <= set(GUARDED)


def refused(way, model) -> bool:
    try:
        with transaction.atomic():
            EVALUATIONS[way](model.objects)
    except Unscoped:
        return True
    return False


@pytest.mark.parametrize("model", GUARDED, ids=lambda model: model.__name__)
def test_unscoped_rows_are_refused_inside_a_request(db, model):
    with scope.entered():
        assert [way for way in EVALUATIONS if not refused(way, model)] == []


@pytest.mark.parametrize("model", GUARDED, ids=lambda model: model.__name__)
def test_outside_a_request_the_portal_works_for_itself(world, model):
    for way in ("all", "count", "first", "aggregate", "exists", "values", "union", "or"):
        assert EVALUATIONS[way](model.objects) == EVALUATIONS[way](model._base_manager), way


def test_the_other_side_of_a_key_is_refused_too(world):
    review = world.ours.review
    with scope.entered():
        for rows in (review.returns, review.folder.children_of_review, review.decisions, world.author.agency_returns):
            with pytest.raises(Unscoped):
                list(rows.all())
            with pytest.raises(Unscoped):
                rows.count()


def test_a_prefetch_is_refused_unless_its_own_rows_are_scoped(world):
    user = world.officer
    with scope.entered():
        with pytest.raises(Unscoped):
            list(Review.objects.visible_to(user).prefetch_related("returns"))
        with pytest.raises(Unscoped):
            list(User.objects.filter(pk=world.author.pk).prefetch_related("agency_returns"))
        rows = Prefetch("returns", AgencyReturn.objects.visible_to(user))
        (review,) = Review.objects.visible_to(user).prefetch_related(rows)
        assert len(review.returns.all()) == 2


def test_what_follows_from_scoped_rows_stays_scoped(world):
    user = world.officer
    with scope.entered():
        mine = Review.objects.visible_to(user)
        assert mine.filter(status="decided").order_by("pk").count() == 1
        assert list(mine.values_list("pk", flat=True)[:5]) == [world.ours.review.pk]
        assert (mine | Review.objects.allowing(user, Perm.SEND)).get().pk == world.ours.review.pk
        assert mine.aggregate(n=Count("pk")) == {"n": 1}


def test_unscoped_must_say_why():
    with pytest.raises(ValueError, match="why"):
        Review.objects.unscoped("")
