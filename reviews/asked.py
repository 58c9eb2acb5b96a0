"""What every page that asks for a return says: by when, whom for, and when that is too late."""

from django.contrib import messages
from django.utils import timezone

from partnership.deadlines import calendars
from partnership.deadlines.models import Division
from partnership.deadlines.working_days import CalendarEnds, add_working_days
from partnership.ui.dates import plain
from reviews.models import Child


def dates_in_words(local, last) -> str:
    days = (("Returns are to be in", local), ("The review must be sent to the Panel", last))
    return " ".join(f"{what} by {plain(day)}." for what, day in days if day)


def warn_of_late(request, due_on, last):
    if last and due_on > last:
        messages.warning(request, f"This return is due after {plain(last)}, when the review must be sent to the Panel.")


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
