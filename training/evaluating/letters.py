"""The letters that ask what training was worth; their words and links are made when they are sent."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from partnership.access import links
from partnership.access.models import Link
from partnership.notify.personal import SUBJECT, TO, LetterKind, Written, register_letter, write_all
from partnership.ui.dates import plain
from training import rules
from training.booking import notices, wording
from training.evaluating.standing import behind, by_link, earns, manager_of, rows, why_shut, written_to
from training.models import Booking, Evaluation

ASK, REMIND, MANAGER = "training_say", "training_say_remind", "training_manager"
Stage = Evaluation.Stage
SUBJECTS = {
    Stage.BEFORE: "Before your training: two questions",
    Stage.END: "Say what your training was worth",
    Stage.LATER: "Three months after your training",
    Stage.MANAGER: "What has training changed?",
}
REMINDED = "A reminder: {}"


def register() -> None:
    register_letter(LetterKind(ASK, "Say what training was worth", _ask, elsewhere=True))
    register_letter(LetterKind(REMIND, "Say what training was worth: a reminder", _remind, elsewhere=True))
    register_letter(LetterKind(MANAGER, "What has training changed?", _ask, elsewhere=True))


def owe_asked(asked, turn="") -> None:
    """turn: of a second time that the same is asked."""
    for code in (ASK, MANAGER):
        mine = [row for row in asked if (code == MANAGER) == (row.stage == Stage.MANAGER)]
        write_all(code, [Written(_recipient(row).pk, row.pk, turn) for row in mine])


def owe_reminders(asked) -> None:
    """One for each last day."""
    write_all(REMIND, [Written(_recipient(row).pk, row.pk, f"{row.due_on:%Y%m%d}") for row in asked if _recipient(row)])


def _recipient(row):
    booking = row.booking
    return behind(booking) if by_link(booking, row.stage) else booking.learner.user


def link_of(row) -> Link | None:
    return links.live(Link.Purpose.AFTER_TRAINING).filter(object_id=row.pk).first()


def _wanted(outgoing) -> Evaluation | None:
    row = rows().filter(pk=outgoing.about_id, answered_at=None).first()
    return None if row is None or why_shut(row) else row


def _about(row) -> dict | None:
    booking, event = row.booking, row.booking.event
    alone = by_link(booking, row.stage)
    url = links.address_of(link_of(row), "training:evaluation_by_link") if alone else (
        settings.PORTAL_URL + reverse("training:evaluation", args=[row.pk])
    )  # fmt: skip
    if not url or not written_to(booking, row.stage):
        return None
    asks_manager = row.stage == Stage.MANAGER
    return {
        TO: written_to(booking, row.stage),
        SUBJECT: SUBJECTS[row.stage],
        "name": (manager_of(booking)[1] or "Good morning") if asks_manager else booking.name,
        "person": booking.name,
        "course": event.course.title,
        "when": wording.when(event),
        "where": wording.where(event),
        "stage": row.stage,
        "certificate": row.stage == Stage.END and earns(booking),
        "until": "it begins" if row.stage == Stage.BEFORE else f"the end of {plain(row.due_on)}",
        "url": url,
        "by_link": alone,
    }


def _ask(outgoing):
    row = _wanted(outgoing)
    return _about(row) if row else None


def _remind(outgoing):
    said = _ask(outgoing)
    return said and said | {SUBJECT: REMINDED.format(said[SUBJECT])}


def to_remind(today) -> list[Evaluation]:
    """Those who have not answered whose reminder is due: by the rule so many days before the last day, and not where
    they were asked on that day or later."""
    found = rows().filter(answered_at=None, due_on__gte=today, due_on__lte=today + rules.LONGEST_REMINDER)
    return [
        row
        for row in found.filter(booking__status=Booking.Status.BOOKED)
        if timezone.localdate(row.asked_at) < rules.day_of(rules.REPLY_REMINDER, row.due_on) <= today
    ]


def came_back(outgoing, letters) -> None:
    """Registered with `register_bounced`: whoever booked is told to look at the address."""
    if outgoing.template in (ASK, REMIND, MANAGER):
        row = rows().filter(pk=outgoing.about_id).first()
        if row is not None and row.booking.booked_by_id:
            notices.tell_came_back(row.booking, manager=row.stage == Stage.MANAGER)
