"""From a recommendation to actions: who does what by when, in words that say nothing else of the case."""

from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from partnership.access.flow import Stale, lock
from partnership.access.rows import can
from partnership.actions import rag, services
from partnership.actions.answering.reads import Rating
from partnership.actions.models import Action, Origin
from partnership.actions.reads import standing_of, with_facts
from partnership.actions.sources import Source
from partnership.people.roles import Perm
from reviews.findings.services import REMOVED
from reviews.models import Recommendation

KIND = Recommendation._meta.label_lower


@dataclass
class Made:
    """An action of a recommendation as the page of findings shows it, with those of its parts that its reader sees."""

    row: Action
    rating: Rating
    parts: list = field(default_factory=list)


def made_of(user, recommendations) -> dict:
    """recommendation id -> its actions that this person may see, each with its parts; one query for all."""
    rows = Action.objects.visible_to(user).filter(source_kind=KIND, source_id__in=[row.pk for row in recommendations])
    rows = list(with_facts(rows).select_related("owner", "agency").order_by("added_at", "pk"))
    day = rag.day() if rows else None
    made = {row.pk: Made(row, Rating(standing_of(row, day))) for row in rows}
    found = {}
    for each in made.values():
        if whole := made.get(each.row.parent_id):
            whole.parts.append(each)
        else:
            found.setdefault(each.row.source_id, []).append(each)
    return found


def tell(user, ids) -> dict:
    """id -> (words, address) of those of these recommendations that `user` may see."""
    rows = Recommendation.objects.visible_to(user).filter(pk__in=ids).select_related("folder")
    return {
        row.pk: (f"A recommendation of {row.folder.reference}", reverse("reviews:findings", args=[row.review_id]))
        for row in rows
    }


SOURCE = Source("Recommendation of a review", Recommendation, tell)


@transaction.atomic
def make(row, *, by, folder, what, due_on, parts, **facts) -> Action:
    """Make a recommendation an action: of one organisation, or split over several at once.

    folder: the case's, or a group's in which `by` may add. parts: as services.split. Returns the action, the whole
    where it was split. Raises Stale when the recommendation was taken off, PermissionDenied for who adds no action in
    its case.
    """
    row = lock(row)
    if by is not None and not can(by, Perm.ACTION_ADD, row):
        raise PermissionDenied("recommendation.action")
    if row.removed_at:
        raise Stale(REMOVED)
    shared = facts | {"by": by, "source": row, "origin": Origin.REVIEW}
    if len(parts) == 1:
        (one,) = parts
        words, day = one["what"] or what, one["due_on"] or due_on
        return services.add(folder, what=words, due_on=day, owner=one["owner"], agency=one["agency"], **shared)
    whole = services.add(folder, what=what, due_on=due_on, whole=True, **shared)
    services.split(whole, by=by, version=whole.version, parts=parts)
    return whole
