"""What every page that asks for a return says: by when, whom for, and when that is too late."""

from django.contrib import messages
from django.utils import timezone

from partnership.deadlines import calendars
from partnership.deadlines.models import Division
from partnership.deadlines.working_days import CalendarEnds, add_working_days
from partnership.ui.dates import plain
from reviews.models import Child


def dates_in_words(local, last) -> str:
    """The two days beside which a return's own stands: the partnership's step, and the statutory day."""
    days = (
        ("The partnership’s own step is to have all returns in by {}.", local),
        ("The review must be sent to the Panel by {}.", last),
    )
    return " ".join(words.format(plain(day)) for words, day in days if day)


def meeting_in_words(local, last) -> str:
    days = (
        ("The partnership’s own step for it is {}.", local),
        ("The review must be sent to the Panel by {}.", last),
    )
    return " ".join(words.format(plain(day)) for words, day in days if day)


def warn_of_late(request, due_on, local, last):
    if last and due_on > last:
        messages.warning(request, f"This return is due after {plain(last)}, when the review must be sent to the Panel.")
    elif local and due_on > local:
        words = "It is asked for by {}: later than the partnership’s own step of {}, which stays where it is."
        messages.warning(request, words.format(plain(due_on), plain(local)))


def late_meeting_in_words(day, local, last) -> str:
    """local: the partnership's own step for the meeting. The plan stands: it is warned about, never blocked."""
    if last and day > last:
        return f"The meeting is after {plain(last)}, when the review must be sent to the Panel."
    if local and day > local:
        return f"The meeting is later than the partnership’s own step for it, {plain(local)}."
    return ""


def nobody_yet(user, review) -> bool:
    """Whether no child has an identity record yet: an author would have nobody to search for."""
    return not Child.objects.visible_to(user).filter(review=review, identity__isnull=False).exists()


def proposed_day(local):
    """The local date by which returns are due; the next working day where that is past or there is none."""
    today = timezone.localdate()
    if local and local >= today:
        return local
    try:
        return add_working_days(today, 1, calendars.load(Division.ENGLAND_AND_WALES)).due
    except CalendarEnds:
        return None  # no day is proposed where the bank holidays are not known
