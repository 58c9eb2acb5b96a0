"""What becomes of the directory's own rows that name a person, when two records of one person are put together."""

from django.db.models import Q
from django.utils import timezone

from partnership.directory.joining.services import withdraw
from partnership.directory.models import Cover, HandOver, Invitation
from partnership.directory.models.joining import OPEN
from partnership.directory.requests.moves import MOVES, STAYS, decide, simply

# Who did what then, and what was said of whom. Nobody is put together while they are leaving (doubles.why_not).
STAY = (
    "AccessRequest.decided_by",
    "AgencyMerge.made_by",
    "AgencyMerge.undone_by",
    "Answer.by",
    "Answer.user",
    "Confirmation.answered_by",
    "Confirmation.extended_by",
    "Cover.made_by",
    "Departure.confirmed_by",
    "Departure.started_by",
    "Departure.user",
    "DutyAsk.asked_by",
    "HandOver.decided_by",
    "ImportBatch.taken_by",
    "ImportBatch.uploaded_by",
    "Invitation.approved_by",
    "Invitation.invited_by",
    "Invitation.refused_by",
    "Invitation.withdrawn_by",
)


def _invitations(double):
    return Invitation.objects.unscoped("two records of one person are put together").filter(OPEN, user=double)


def _withdraw(double, kept):
    """Their links end with the double: whoever invited sees it, and invites the record that is kept."""
    for row in _invitations(double):
        withdraw(row, by=None)


def _covers(field, other):
    """A cover that goes on; the one between the two records themselves says nothing any more and stays behind."""

    def rows(double):
        return Cover.objects.filter(ended_at=None, ends__gt=timezone.localdate(), **{field: double})

    def move(double, kept):
        rows(double).exclude(**{other: kept}).update(**{field: kept})

    return {"move": move, "count": lambda double: rows(double).count()}


def decide_about_ours():
    decide(
        "directory.Invitation.user",
        MOVES,
        what="invitations that wait, which are withdrawn",
        move=_withdraw,
        count=lambda double: _invitations(double).count(),
    )
    decide("directory.Cover.absent", MOVES, what="times of being covered", **_covers("absent", "by"))
    decide("directory.Cover.by", MOVES, what="times of covering", **_covers("by", "absent"))
    decide(
        "directory.HandOver.to",
        MOVES,
        what="hand-overs to them",
        **simply(HandOver, "to", extra=Q(done_at__isnull=True)),
    )
    for key in STAY:
        decide(f"directory.{key}", STAYS)
