"""A recommendation of the review that went to the Panel became actions: for three agencies, each in another state."""

from datetime import timedelta

from django.utils import timezone

from partnership.actions import closing, services
from partnership.actions.answering.demo import group_named, groups
from partnership.actions.models import Action, Update
from partnership.people.models import Agency
from partnership.trail.then import then
from reviews.demo import sent_words as words
from reviews.findings import actions
from reviews.models import Recommendation

WHY = "the demo's own"
WHAT = "Keep one list of the children who are often missing, and look at it every week"
PARTS = (
    ("sotcc", "author_council", "Name a worker for each child on the list of those who are often missing"),
    ("staffs-police", "author_police", "Send each day’s missing reports to the shared list by nine in the morning"),
    ("mpft", "colleague_mpft", "Look each week whether a child on the shared list is known to our services"),
)
BY_LINK = "Every child on the list has a named worker since Monday. Holidays are covered from next week."
EVIDENCE = "The list of the last four weeks, with the time at which it came."
MISSING = "Two of the Sundays are missing. Please add what happens at weekends."


def fill_agreed(people) -> None:
    """Once: in the group that reviews practice, because the words carry nothing of the case; else in the case."""
    row = Recommendation.objects.unscoped(WHY).filter(words=words.RECOMMENDATION).first()
    if row is None or Action.objects.unscoped(WHY).filter(source_id=row.pk).exists():
        return
    officer, due_on = people["officer"], timezone.localdate() + timedelta(days=40)
    folder = group_named("Review", groups()) or row.folder
    parts = [
        {"agency": Agency.objects.get(slug=slug), "owner": people[key], "what": what, "due_on": None}
        for slug, key, what in PARTS
    ]
    with _on(-24):
        whole = actions.make(
            row, by=officer, folder=folder, what=WHAT, success=words.SUCCESS, due_on=due_on, parts=parts
        )
    made = Action.objects.unscoped(WHY).filter(parent=whole).select_related("agency", "owner")
    by_slug = {part.agency.slug: part for part in made}
    _by_link(by_slug["sotcc"])
    _sent_back(by_slug["staffs-police"], by=people["manager"])
    _closed(by_slug["mpft"], by=people["manager"])


def _on(days):
    return then(timezone.now() + timedelta(days=days))


def _by_link(part):
    """What is sensitive has no link: in the case it was said in the portal."""
    channel = Update.Channel.PORTAL if part.sensitive else Update.Channel.LINK
    with _on(-6):
        services.update(part, by=part.owner, words=BY_LINK, outlook="on_track", channel=channel)


def _sent_back(part, *, by):
    _done(part, -9)
    with _on(-7):
        closing.send_back(part, by=by, note=MISSING)


def _closed(part, *, by):
    _done(part, -8)
    with _on(-5):
        closing.approve(part, by=by)


def _done(part, days):
    with _on(days):
        services.add_evidence(part, by=part.owner, words=EVIDENCE)
        closing.ask_close(part, by=part.owner, closing_words="It is done each week, and the list is shared.")
