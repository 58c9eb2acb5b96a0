"""The steps of a rapid review as its page lists them: what is done, what is next, what cannot start yet."""

from django.urls import reverse

from partnership.people.roles import Perm
from partnership.ui.parts import Task
from reviews.models import AgencyReturn


def steps(page) -> list[Task]:
    """page: reads.ReviewPage. A step that this person cannot take has no link."""
    pk = page.review.pk
    may = page.held if page.sending is None else frozenset()
    identified = all(child.identity_id for child in page.children)
    asked = [row for row in page.returns if row.status != AgencyReturn.Status.WITHDRAWN]
    came_in = [row for row in asked if row.status == AgencyReturn.Status.SUBMITTED]
    signed = [seat for seat in page.seats if seat.sign_off]
    return [
        Task("Notification", status="Completed", hint=f"{page.notification.sent_at:%-d %B %Y}"),
        _step("Identities", identified, Perm.IDENTITY_SEARCH in page.held, reverse("reviews:identities", args=[pk])),
        _step(
            "Requests to agencies", bool(asked), Perm.RETURN_REQUEST in may, reverse("reviews:ask_agency", args=[pk])
        ),
        _step(
            "Agency returns",
            bool(asked) and len(came_in) == len(asked),
            False,
            "",
            hint=f"{len(came_in)} of {len(asked)} in" if asked else "",
        ),
        _step(
            "Analysis",
            bool(page.analysis and page.analysis.saved_at),
            Perm.REVIEW_MANAGE in may,
            reverse("reviews:analysis", args=[page.analysis.pk]) if page.analysis else "",
        ),
        _step("Decision", page.decision is not None, Perm.DECIDE in may, reverse("reviews:decide", args=[pk])),
        _step(
            "Signatures",
            len(signed) == len(page.seats),
            Perm.SIGN_OFF in may and page.decision is not None,
            reverse("reviews:sign_off", args=[pk]),
            hint=f"{len(signed)} of {len(page.seats)}",
        ),
        _step(
            "Sent to the Panel",
            page.sending is not None,
            Perm.SEND in may,
            reverse("reviews:record_sending", args=[pk]),
        ),
    ]


def _step(title, done, may, url, hint=""):
    href = url if may else ""
    if done:
        return Task(title, href=href, status="Completed", hint=hint)
    return Task(title, href=href, status="To do", colour="blue" if href else "", hint=hint)
