"""Case reviews, for the one search: by their code word alone, as their list shows them."""

from django.urls import reverse
from django.utils import timezone

from partnership.access.searching import Hit, Source, cut_of, register_search
from partnership.people.roles import Perm
from partnership.ui.dates import plain
from reviews.models import Review


def find_reviews(user, query, cut):
    rows = Review.objects.visible_to(user).select_related("folder")
    for word in query.words:
        rows = rows.filter(folder__reference__icontains=word)
    found, total = cut_of(rows.order_by("-opened_at", "pk"), cut)
    return [_review(row) for row in found], total


def _review(row):
    url = reverse("reviews:review", args=[row.pk])
    opened = f"opened {plain(timezone.localdate(row.opened_at))}"
    return Hit(row.folder.reference, url, where=(row.get_status_display(), opened))


def register():
    register_search(Source("reviews", "Case reviews", 80, Perm.REVIEW_LIST, find_reviews))
