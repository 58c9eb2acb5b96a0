"""Facts about actions in bulk. Every function takes the user first and shows only what the row rule allows."""

from django.db.models import Count, DateField, DateTimeField, F, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse

from partnership.actions import rag
from partnership.actions.models import Action, DateChange, RagOverride, Update

RIDES = "it opens with its action, which the row rule let through"


def with_facts(rows):
    """Actions with what their rating and their list line need, in one query: `said_at`, `outlook` (of the newest
    update), `rated` (colour, until, at of the newest rating by hand), `slips` (how often its date moved to a later
    day), `wanted` (a date that is asked for), `part_count` and `parts_over` of one that was split."""
    updates = Update.objects.unscoped(RIDES).filter(action=OuterRef("pk")).order_by("-recorded_at", "-id")
    ratings = RagOverride.objects.unscoped(RIDES).filter(action=OuterRef("pk")).order_by("-at", "-id")
    dates = DateChange.objects.unscoped(RIDES).filter(action=OuterRef("pk")).order_by()
    slips = dates.filter(status=DateChange.Status.GRANTED, wanted__gt=F("was")).values("action")
    parts = Action.objects.unscoped(RIDES).filter(parent=OuterRef("pk")).order_by().values("parent")
    return rows.annotate(
        said_at=Subquery(updates.values("recorded_at")[:1], output_field=DateTimeField()),
        outlook=Subquery(updates.values("outlook")[:1]),
        rated=Subquery(ratings.values(data=JSONObject(colour="colour", until="until", at="at"))[:1]),
        slips=Subquery(slips.annotate(n=Count("pk")).values("n")),
        wanted=Subquery(dates.filter(status=DateChange.Status.WAITING).values("wanted")[:1], output_field=DateField()),
        part_count=Subquery(parts.annotate(n=Count("pk")).values("n")),
        parts_over=Subquery(parts.annotate(n=Count("pk", filter=Q(status__in=Action.OVER))).values("n")),
    )


def references(user, ids) -> dict:
    """id -> (reference, address) of those of these actions that `user` may see."""
    rows = Action.objects.visible_to(user).filter(pk__in=ids).values_list("pk", "reference")
    return {pk: (reference, reverse("actions:action", args=[pk])) for pk, reference in rows}


def facts_of(row) -> rag.Facts:
    """What the rating of a row of `with_facts` is made of."""
    return rag.Facts(row.status, row.due_on, row.outlook or "", row.said_at, rag.rated(row.rated), row.added_at)


def standing_of(row, day) -> rag.Standing:
    """The rating of a row of `with_facts` on a rag.Day."""
    return rag.standing(facts_of(row), day)
