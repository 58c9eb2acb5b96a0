"""How old somebody was at the incident: in words beside the date of birth, and whether it agrees with the age band."""

from datetime import date

from partnership.identities.age import age_words
from partnership.ui.dates import plain
from reviews.models import Child, Notification

Band = Child.AgeBand
UNTIL = (
    (1, Band.UNDER_1),
    (5, Band.FROM_1),
    (10, Band.FROM_5),
    (15, Band.FROM_10),
    (18, Band.FROM_15),
    (25, Band.FROM_18),
)


def band_at(born: date, on: date) -> str:
    """The age band on a day; '' from the 25th birthday on, when nobody is a child or a care leaver of a review."""
    if on < born:
        return Band.UNBORN
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return next((str(band) for limit, band in UNTIL if years < limit), "")


def disagreement(band, born: date | None, on: date | None) -> str:
    """What is wrong between an age band and a date of birth, for whoever typed them; '' where they agree or are not
    known."""
    if not (band and born and on) or band_at(born, on) == band:
        return ""
    return (
        f"Born on {plain(born)}, the child was {_old(born, on)} at the incident on {plain(on)}, but the age is "
        f"given as ‘{Band(band).label}’. Correct the one that is wrong"
    )


def _old(born, on):
    words = age_words(born, on)
    return words if words == "unborn" else f"{words} old"


def say_ages(people, on: date):
    """Gives each person with a date of birth `age`: '5 months at the incident'. Returns them."""
    for person in people:
        if person.date_of_birth:
            person.age = f"{age_words(person.date_of_birth, on)} at the incident"
    return people


def of_request(row) -> date:
    """The day of the incident, for the age beside a date of birth that the author of this return reads."""
    rows = Notification.objects.unscoped("nothing of it is shown but how old somebody was")
    return rows.values_list("incident_on", flat=True).get(review=row.review_id)
