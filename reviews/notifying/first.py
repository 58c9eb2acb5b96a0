"""What follows the first entry of a notification at once: the rest of the national form, the child, who the child is.

Each page goes on to the next by FIRST in its address; each can be left for later.
"""

from django.urls import reverse

from partnership.access.rows import can
from partnership.people.roles import Perm
from reviews.models import Child, Notification

FIRST = "first"


def begun(request) -> bool:
    return FIRST in request.GET


def rest_of_the_form(user, review) -> str:
    """The page of what the national form asks besides; the review's own where this reader changes nothing of it."""
    notice = Notification.objects.visible_to(user).filter(review=review).first()
    if notice is None or not can(user, Perm.REVIEW_MANAGE, notice):
        return reverse("reviews:review", args=[review.pk])
    return _on("change_notification", notice)


def the_child(user, review) -> str:
    return _on("change_child", Child.objects.visible_to(user).filter(review=review).order_by("pseudonym").first())


def who_it_is(user, child) -> str:
    """The page of its identity record; the notification's where there is one, or this reader writes none."""
    if child.identity_id or not can(user, Perm.IDENTITY_EDIT, child):
        return reverse("reviews:notification", args=[child.review_id])
    return reverse("reviews:identify_child", args=[child.pk])


def _on(name, row):
    return f"{reverse(f'reviews:{name}', args=[row.pk])}?{FIRST}=1"
