"""The rating of partnership.actions.rag as SQL, so that lists can be filtered, sorted and counted by it.

tests/actions/test_rag_rows.py proves, for every combination of facts, that both say the same.
"""

from django.db.models import (
    Case,
    CharField,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from partnership.actions import rag
from partnership.actions.models import Action, Outlook, RagOverride, Update
from partnership.actions.reads import RIDES
from partnership.ui.dates import midnight

S = Action.Status
WORST_FIRST = (rag.RED, rag.AMBER, rag.GREEN, rag.GREY, rag.BLUE)


def colour_on(day: rag.Day):
    """The colour of each action on `day`: `rag.standing(facts, day).colour`. At most two look-ups a live action."""
    return Case(
        When(status=S.DONE, then=Value(rag.BLUE)),
        When(status__in=(S.CANCELLED, S.TAKEN_BACK, S.PARKED), then=Value(rag.GREY)),
        default=Coalesce(_by_hand(day), _computed(day)),
        output_field=CharField(),
    )


def worst_first():
    """0 for red to 4 for closed, of rows annotated with `colour`: to sort by."""
    return Case(
        *(When(colour=colour, then=Value(place)) for place, colour in enumerate(WORST_FIRST)),
        default=Value(len(WORST_FIRST)),
    )


def overdue_on(day: rag.Day) -> Q:
    """`rag.overdue`."""
    return past_its_day(day.today)


def past_its_day(today) -> Q:
    """`rag.overdue`, for who counts nothing else of the day: it takes no rule and no calendar."""
    return Q(status=S.OPEN, due_on__lt=today)


def wants_update_on(day: rag.Day) -> Q:
    """`rag.wants_update`: nothing was said since the morning of `day.since`, and it is not new."""
    said = Update.objects.unscoped(RIDES).filter(action=OuterRef("pk"))
    lately = said.filter(recorded_at__gte=midnight(day.since))
    old = Q(due_on__lt=day.today) | Q(added_at__lt=midnight(day.new)) | Exists(said)
    return Q(status=S.OPEN, due_on__lte=day.near) & old & ~Exists(lately)


def _by_hand(day):
    """The newest rating by hand while it counts; NULL without one."""
    later = Update.objects.unscoped(RIDES).filter(action=OuterRef("action"), recorded_at__gte=OuterRef("at"))
    rows = RagOverride.objects.unscoped(RIDES).filter(action=OuterRef("pk")).order_by("-at", "-id")
    return Subquery(
        rows.values(counts=Case(When(~Exists(later), until__gte=day.today, then=F("colour")), default=None))[:1]
    )


def _computed(day):
    """By the newest update; where nothing was ever said, by the day alone."""
    newest = Update.objects.unscoped(RIDES).filter(action=OuterRef("pk")).order_by("-recorded_at", "-id")
    due = ExpressionWrapper(OuterRef("due_on"), output_field=DateField())  # the action's, without a join to it
    by_update = Case(
        When(outlook=Outlook.OFF_TRACK, then=Value(rag.RED)),
        When(outlook=Outlook.AT_RISK, then=Value(rag.AMBER)),
        When(recorded_at__lt=midnight(day.since), due__lte=day.near, then=Value(rag.AMBER)),
        default=Value(rag.GREEN),
    )
    return Case(
        When(status=S.TO_APPROVE, then=Value(rag.GREEN)),
        When(due_on__lt=day.today, then=Value(rag.RED)),
        default=Coalesce(
            Subquery(newest.annotate(due=due).values(colour=by_update)[:1]),
            Case(
                When(due_on__lte=day.near, added_at__lt=midnight(day.new), then=Value(rag.AMBER)),
                default=Value(rag.GREEN),
            ),
        ),
        output_field=CharField(),
    )
