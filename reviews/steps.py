"""The steps of a rapid review as its page lists them: what is done, what is next, what cannot start yet."""

from dataclasses import replace

from django.urls import reverse

from partnership.people.roles import Perm
from partnership.ui.parts import Task
from reviews.clocks import MEETING
from reviews.models import AgencyReturn, SignOff
from reviews.partners import names_of
from reviews.report.reads import progress


def steps(page) -> list[Task]:
    """page: reads.ReviewPage. A step that this person cannot take has no link."""
    pk = page.review.pk
    may = frozenset() if page.review.settled else page.held
    identified = all(child.identity_id for child in page.children)
    asked = [row for row in page.returns if row.status != AgencyReturn.Status.WITHDRAWN]
    came_in = [row for row in asked if row.stands]
    waiting = [seat.label.lower() for seat in page.seats if not seat.let_in]
    listed = [
        Task("Notification", status="Completed", hint=f"{page.notification.sent_at:%-d %B %Y}"),
        _step("Identities", identified, Perm.IDENTITY_SEARCH in page.held, reverse("reviews:identities", args=[pk])),
        _step(
            "People",
            not waiting,
            Perm.FOLDER_GRANT in may,
            reverse("reviews:let_in_partners", args=[pk]),
            hint=f"Not let in yet: {names_of(waiting)}" if waiting else "All three partners can sign",
        ),
        _requests(asked, Perm.RETURN_REQUEST in may, reverse("reviews:ask_agencies", args=[pk])),
        _step(
            "Agency returns",
            bool(asked) and len(came_in) == len(asked),
            False,
            "",
            hint=f"{len(came_in)} of {len(asked)} in" if asked else "",
        ),
        *_meeting(page, reverse("reviews:meeting", args=[pk]), Perm.REVIEW_MANAGE in may),
        _step(
            "Report by section",
            bool(page.sections) and all(state == "written" for _, state in page.sections),
            Perm.REVIEW_MANAGE in may,
            reverse("reviews:report_sections", args=[page.review.folder_id]),
            hint=progress([state for _, state in page.sections]),
        ),
        _step("Decision", page.decision is not None, Perm.DECIDE in may, reverse("reviews:decide", args=[pk])),
        _step(
            "Signatures",
            all(seat.spoken for seat in page.seats),
            page.may_sign,
            reverse("reviews:sign_off", args=[pk]),
            hint=signatures(page.seats) if page.decision else "",
        ),
        _step(
            "Sent to the Panel",
            page.sending is not None,
            Perm.SEND in may,
            reverse("reviews:record_sending", args=[pk]),
        ),
    ]
    if not page.review.settled:
        return listed
    # What the Panel has does not change, nor what was withdrawn: what is missing can no longer be done.
    return [replace(task, status="Not done") if task.status == "To do" and not task.href else task for task in listed]


def _requests(asked, may, url):
    """Not done while somebody outside the directory was not rung or not invited: nothing has reached them yet."""
    to_reach = [f"{row.to_reach.lower()} {row.body}" for row in asked if row.to_reach]
    hint = f"Still {names_of(to_reach)}" if to_reach else ""
    return _step("Requests to agencies", bool(asked) and not to_reach, may, url, hint=hint)


def _meeting(page, url, may):
    """The meeting, where the local dates have it; the clock's own step says whether it was held."""
    for each in page.days:
        if each.code == MEETING:
            yield _step("Meeting", each.done_at is not None, may, url)


def signatures(seats) -> str:
    """'2 agree, 1 disagrees'; a recorded silence is told apart: it is no signature."""
    stances = [seat.sign_off.stance if seat.sign_off else "" for seat in seats]
    words = (
        (SignOff.Stance.AGREES, "agrees", "agree"),
        (SignOff.Stance.DISAGREES, "disagrees", "disagree"),
        (SignOff.Stance.SILENT, "has not answered", "have not answered"),
        ("", "still to sign", "still to sign"),
    )
    counted = [(stances.count(stance), one, many) for stance, one, many in words]
    return ", ".join(f"{n} {one if n == 1 else many}" for n, one, many in counted if n)


def _step(title, done, may, url, hint=""):
    href = url if may else ""
    if done:
        return Task(title, href=href, status="Completed", hint=hint)
    return Task(title, href=href, status="To do", colour="blue" if href else "", hint=hint)
