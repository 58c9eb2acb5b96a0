"""What runs beside a case. Every function takes the user first and shows what the row rule allows."""

from django.db.models import Q

from reviews.models import Interest, Proceeding, Review, ReviewLink


def proceedings(user, review):
    return Proceeding.objects.visible_to(user).filter(review=review).select_related("changed_by")


def interests(user, review):
    return Interest.objects.visible_to(user).filter(review=review).select_related("changed_by")


def linked(user, review) -> list:
    """(link or None, the other review) of those linked reviews that this person may see, made from either side.

    The link is there for whoever may take it off: it lies in the folder of the review that it was made on.
    """
    mine = ReviewLink.objects.visible_to(user).filter(review=review)
    links = {row.other_id: row for row in mine.select_related("made_by")}
    theirs = ReviewLink.objects.unscoped("only their ids; the reviews are asked for by the row rule").filter(
        other=review
    )
    ids = {*links, *theirs.values_list("review_id", flat=True)}
    rows = Review.objects.visible_to(user).filter(pk__in=ids).select_related("folder").order_by("folder__reference")
    return [(links.get(row.pk), row) for row in rows]


def linkable(user, review):
    """The other reviews that this person may see and work on."""
    taken = ReviewLink.objects.unscoped("only their ids").filter(Q(review=review) | Q(other=review))
    ids = {pk for pair in taken.values_list("review_id", "other_id") for pk in pair} | {review.pk}
    return Review.objects.visible_to(user).exclude(pk__in=ids)
