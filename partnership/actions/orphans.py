"""Live actions for which nobody answers any more. An action never dies with its source, its owner or its agency."""

from django.db.models import BooleanField, Case, CharField, Exists, F, Func, OuterRef, Q, Value, When
from django.utils import timezone

from partnership.access.models import Conflict
from partnership.actions.models import Action
from partnership.people.models import Membership
from partnership.people.roles import Perm, roles_with

OWNER, AGENCY, NOBODY, UNLED = "owner", "agency", "nobody", "unled"
WORDS = {
    OWNER: "Its owner can no longer open it",
    AGENCY: "Its organisation has ended",
    NOBODY: "It has no owner and no organisation",
    UNLED: "Nobody of its organisation can say who does it",
}
WHY = "the portal asks which actions have nobody; each reader is shown those of the row rule"


class IsAmong(Func):
    """Whether the first is an element of the second, an array."""

    arg_joiner, template, output_field = " = ANY(", "%(expressions)s)", BooleanField()


def owner_left() -> Q:
    """Whether the owner could be given this action no longer (services.can_own): closed, not of the organisation, or
    barred from its folder. Which of these is told to nobody here: a bar is the person's own matter."""
    bars = Conflict.objects.live().filter(IsAmong("folder_id", OuterRef("folder__path")), user=OuterRef("owner"))
    here = Membership.objects.live().filter(user=OuterRef("owner")).order_by()
    gone = Q(owner__is_active=False) | ~Exists(here)
    gone |= Q(agency__isnull=False) & ~Exists(here.filter(agency=OuterRef("agency")))
    gone |= Exists(bars)
    return Q(owner__isnull=False) & gone


def unled() -> Q:
    """Whether it waits for its organisation to say who does it, and nobody there can: no lead of it signs in, or it is
    of a case, which no lead sees."""
    leads = Membership.objects.live().filter(
        agency=OuterRef("agency"), user__is_active=True, role__in=roles_with(Perm.ACTION_GIVE)
    )
    return Q(owner__isnull=True, agency__isnull=False) & (Q(folder__sealed=True) | ~Exists(leads))


def orphaned(rows):
    """Those of `rows` that go on and have nobody, with `orphaned`: the key of WORDS that says why.

    An owner who belongs to no organisation today, or no longer to the action's, has left; one who is barred from its
    folder can open it no longer either. One whose account rests for a while has not left. A whole with parts that go
    on is answered for by them.
    """
    today = timezone.localdate()
    parts = Action.objects.unscoped(WHY).filter(parent=OuterRef("pk"), status__in=Action.LIVE)
    rows = rows.filter(status__in=Action.LIVE).filter(~Exists(parts))
    return rows.annotate(
        orphaned=Case(
            When(Q(agency__ends__lte=today), then=Value(AGENCY)),
            When(owner_left(), then=Value(OWNER)),
            When(owner__isnull=True, agency__isnull=True, then=Value(NOBODY)),
            When(unled(), then=Value(UNLED)),
            output_field=CharField(),
        )
    ).exclude(orphaned=None)


def orphans(user):
    """The actions that have nobody, of those that `user` manages: soonest first, with agency, owner and `orphaned`."""
    return _ordered(orphaned(Action.objects.allowing(user, Perm.ACTION_MANAGE)))


def without_owner(user):
    """What `user` may give to a colleague: of their organisation's, those without an owner or whose owner left."""
    here = Action.objects.allowing(user, Perm.ACTION_GIVE)
    left = orphaned(here).filter(orphaned=OWNER).values("pk")
    parts = Action.objects.unscoped(WHY).filter(parent=OuterRef("pk"), status__in=Action.LIVE)
    nobody = Q(owner__isnull=True, status__in=Action.LIVE) & ~Exists(parts)
    return _ordered(here.filter(Q(pk__in=left) | nobody))


def _ordered(rows):
    return rows.select_related("agency", "owner").order_by(F("due_on").asc(nulls_last=True), "reference")
