"""Requests and returns of the demo, each at its own time."""

from datetime import timedelta

from partnership.people.models import SharingAgreement
from partnership.trail.then import then
from reviews import returns
from reviews.answering import signing
from reviews.demo.days import at

PURPOSE = (
    "Please search your records for the child and the people named in the identity record, for the two years before "
    "the incident, and tell us what your agency did, why, and what you would now do differently."
)


ALONE = "Our safeguarding lead was on leave until after the day."


def ask(review, author, *, by, day, due_on, subject=None, cleared=None):
    """Ask the author's own organisation; one that has no sharing agreement gets one, made long ago."""
    agency = author.memberships.get().agency
    if not SharingAgreement.objects.live().filter(agency=agency).exists():
        SharingAgreement.objects.create(
            agency=agency,
            title="Information sharing agreement of the partnership",
            officer="Caldicott guardian or data protection officer",
            starts=day - timedelta(days=400),
            review_on=day + timedelta(days=300),
            source="Demonstration",
        )
    with then(at(day, 11, 10)):
        return returns.ask_agency(
            review, by=by, agency=agency, author=author, due_on=due_on, purpose=PURPOSE, subject=subject,
            cleared=cleared,
        )  # fmt: skip


def come_in(row, *, day, answers=None, signer=None):
    """The author finishes what was asked, in time, and a colleague signs it; without answers there is no record.

    signer: None where the author declares the return alone.
    """
    with then(at(day, 15, 20)):
        if answers is None:
            return signing.declare_nil(row, by=row.author, version=row.version, searched_on=day)
        whole = {"records_secured": True, "searched_on": day} | answers
        row = returns.save_return(row, by=row.author, version=row.version, answers=whole)
        if signer is None:
            return signing.submit_alone(row, by=row.author, version=row.version, sole_reason=ALONE)
        row = signing.finish(row, by=row.author, version=row.version, signer=signer)
    with then(at(day, 16, 5)):
        return signing.sign(row, by=signer, read=signing.as_read(row))
