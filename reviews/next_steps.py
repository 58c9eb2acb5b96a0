"""What is next for the reader of a review's page: what, why, and by when. No query: the page has all of it."""

from django.urls import reverse
from django.utils import timezone

from partnership.people.roles import Perm
from partnership.ui.dates import plain
from partnership.ui.parts import Next
from reviews.clocks import DRAFT, MEETING, REQUESTS_OUT, SIGNED
from reviews.models import AgencyReturn
from reviews.partners import names_of

# A step of reviews.steps, in the words of what is to be done, why, and by which local day.
STEPS = {
    "Identities": ("Enter who the children are", "Those who are asked search their records by it.", REQUESTS_OUT),
    "People": ("Let the safeguarding partners in", "", SIGNED),
    "Requests to agencies": ("Ask the agencies for their returns", "No agency has been asked yet.", REQUESTS_OUT),
    "Meeting": ("Plan the meeting, and record when it was held", "It is not recorded that it was held.", MEETING),
    "Report by section": ("Write the report", "", DRAFT),
    "Decision": ("Record the decision", "The safeguarding partners sign what is recorded.", SIGNED),
    "Sent to the Panel": ("Record that the report was sent", "It is not recorded that the Panel has it.", ""),
}
OWN_STEPS = ("Signatures",)  # said by `_own`, with whose signature it is


def next_for(page, user, tasks) -> Next | None:
    """The first thing that this reader can do. page: reads.ReviewPage; tasks: its steps, as steps.steps made them."""
    if page.stopped:
        return None
    return next(_all(page, user, tasks), None)


def _all(page, user, tasks):
    yield from _own(page, user)
    if page.review.settled:
        return
    late_on = page.clock.due_on
    if Perm.SEND in page.held and late_on <= timezone.localdate():
        why = "What is missing is said in it: a missing view or return does not hold it up."
        yield Next("Send the report to the Panel", _to(page, "record_sending"), why, late_on)
    if Perm.RETURN_REQUEST in page.held:
        yield from _stuck(page)
        yield from _more_time(page)
    for task in tasks:
        if task.title == "Report by section" and Perm.RETURN_REQUEST in page.held:
            yield from _late(page)
        if task.href and task.status == "To do" and task.title not in OWN_STEPS:
            what, why, code = STEPS[task.title]
            yield Next(what, task.href, why or f"{task.hint}.", _day(page, code) or late_on)


def _own(page, user):
    """What this person owes by name: a return, its signature, a partner's word."""
    for row in page.returns:
        if row.author_id == user.pk and row.status == AgencyReturn.Status.ASKED:
            why = "You are its named author. You read the others’ accounts when it is in."
            yield Next(
                f"Write the return of {row.body}", reverse("reviews:agency_return", args=[row.pk]), why, row.due_on
            )
        if row.signer_id == user.pk and row.status == AgencyReturn.Status.TO_SIGN:
            why = "Its author has finished it and asks for your signature."
            yield Next(f"Sign the return of {row.body}", reverse("reviews:sign_return", args=[row.pk]), why, row.due_on)
    if page.may_sign:
        names = names_of([seat.label.lower() for seat in page.own_seats if not seat.spoken])
        why = f"A decision is recorded, and the {names} has not spoken."
        yield Next("Sign the decision", _to(page, "sign_off"), why, _day(page, SIGNED) or page.clock.due_on)


def _stuck(page):
    for row in page.returns:
        if row.owed and row.agency_id and not row.author_can:
            why = f"{row.author.name} can no longer open it. Withdraw the request first."
            href = reverse("reviews:agency_return", args=[row.pk])
            yield Next(f"Ask somebody else for the return of {row.body}", href, why, row.due_on)


def _more_time(page):
    for row in page.returns:
        if row.asks_until:
            why = f"Its author asks for time until {plain(row.asks_until.wanted_on)}."
            href = reverse("reviews:answer_extension", args=[row.asks_until.pk])
            yield Next(f"Say whether {row.body} has more time", href, why, row.due_on)


def _late(page):
    late = [row for row in page.returns if row.owed and not row.stands and row.due_on < timezone.localdate()]
    if late:
        why = f"Overdue: {names_of([row.body for row in late])}."
        yield Next(
            "Ask after the returns that are late", _to(page, "outstanding"), why, min(row.due_on for row in late)
        )


def _to(page, name):
    return reverse(f"reviews:{name}", args=[page.review.pk])


def _day(page, code):
    return next((each.on for each in page.days if each.code == code), None)


def why_nothing(page) -> str:
    """What is said where `next_for` found nothing to do; nothing once the review is done with."""
    if page.review.settled or page.stopped:
        return ""
    if Perm.SIGN_OFF not in page.held:
        return "There is nothing for you to do on this review now."
    if not page.own_seats:
        return "You hold no duty of a safeguarding partner today, so there is nothing for you to sign."
    if page.decision is None:
        day = _day(page, SIGNED)
        asked = f", by {plain(day)} by the local dates" if day else ""
        return f"There is nothing for you to do yet. You are asked to sign when the decision is recorded{asked}."
    seat = page.own_seats[0]
    return f"There is nothing for you to do: {seat.sign_off.signer.name} has signed for the {seat.label.lower()}."
