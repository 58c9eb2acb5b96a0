"""Who asks for more time, and what was given: for one return, and for the unit of all open rounds."""

from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Value, When
from django.urls import reverse

from audits.models import Extension, Round
from partnership.access.reach import reach_of
from partnership.access.work import Work
from partnership.people.roles import Perm

A_PAGE = 50
WAITING = Extension.Outcome.WAITING
COLOURS = {
    WAITING: "yellow",
    Extension.Outcome.GIVEN: "green",
    Extension.Outcome.REFUSED: "red",
    Extension.Outcome.ENDED: "grey",
}


def of_return(user, row) -> list[Extension]:
    """All that was asked and given for a return, the newest first; one question."""
    rows = Extension.objects.visible_to(user).filter(audit_return=row)
    return list(rows.select_related("asked_by", "decided_by").order_by("-asked_at", "pk"))


def of_open_rounds(user, *, page=1):
    """A page of what was asked and given in open rounds: first what waits for an answer, the longest first. Two
    questions."""
    waits = Case(When(outcome=WAITING, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = Extension.objects.allowing(user, Perm.AUDIT_RUN).filter(audit_return__round__status=Round.Status.OPEN)
    rows = rows.select_related("agency", "audit_return__round", "asked_by", "decided_by")
    return Paginator(rows.order_by(waits, "asked_at", "pk"), A_PAGE).get_page(page)


def work(user):
    """For home: that organisations wait for an answer, as one line however many; for who gives time."""
    if not reach_of(user).holds(Perm.AUDIT_RUN):
        return
    rows = Extension.objects.allowing(user, Perm.AUDIT_RUN).filter(
        outcome=WAITING, audit_return__round__status=Round.Status.OPEN
    )
    found = list(rows.select_related("agency").order_by("asked_at", "pk")[:2])
    if len(found) == 1:
        what, url = f"More time is asked for: {found[0].agency.name}", reverse("audits:extension", args=[found[0].pk])
        yield Work(what, url)
    elif found:
        yield Work(f"More time is asked for by {rows.count()} organisations", reverse("audits:extensions"))
