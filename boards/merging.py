"""What becomes of seats and challenges when two records of one organisation, or of one person, are put together."""

from django.utils import timezone

from boards.models import Challenge, Seat
from partnership.directory.merging.rows import register_agency_rows
from partnership.directory.requests.moves import ENDS, MOVES, STAYS, decide, simply

# Who wrote, checked, asked and answered then.
MINUTES = (
    "Correction.by",
    "Edition.made_by",
    "Meeting.checked_by",
    "Publication.published_by",
    "SentUp.answered_by",
    "SentUp.changed_by",
    "SentUp.sent_by",
)


def follow_agencies():
    register_agency_rows("boards.Seat", "agency", moves=True, why="the seat is the one’s that is kept")
    for name in ("agency", "challenged"):
        register_agency_rows("boards.Challenge", name, moves=True, why="its person belongs to the one that is kept")
    register_agency_rows("boards.ChallengeStage", "answer_agency", moves=False, why="it says who answered then")


def decide_about_doubles():
    decide(
        "boards.Seat.user", MOVES, what="seats on groups", move=_move_seats,
        count=lambda double: Seat.objects.filter(user=double).count(),
    )  # fmt: skip
    decide("boards.MinutesPrint.made_by", ENDS)
    decide("boards.Challenge.raiser", MOVES, what="challenges that they raised", **simply(Challenge, "raiser"))
    decide("boards.Challenge.answerer", MOVES, what="challenges to answer", **simply(Challenge, "answerer"))
    for key in MINUTES:
        decide(f"boards.{key}", STAYS)
    for key in ("Group.changed_by", "Seat.changed_by", "Challenge.recorded_by", "ChallengeStage.answered_by"):
        decide(f"boards.{key}", STAYS)


def _move_seats(double, kept):
    """One seat a person a group: where both sit on one, the double's ends. Their grants move by their own decision."""
    sits = Seat.objects.filter(user=kept, ends=None).values("group_id")
    for seat in Seat.objects.filter(user=double, ends=None, group_id__in=sits):
        seat.ends = max(timezone.localdate(), seat.starts or timezone.localdate())
        seat.save(update_fields=["ends"])
    Seat.objects.filter(user=double).update(user=kept)
