"""What becomes of seats and challenges when two records of one organisation, or of one person, are put together."""

from django.utils import timezone

from boards.models import Challenge, Item, Paper, Seat
from partnership.directory.merging.rows import register_agency_rows
from partnership.directory.requests.moves import MOVES, STAYS, decide, simply


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
    decide("boards.Challenge.raiser", MOVES, what="challenges that they raised", **simply(Challenge, "raiser"))
    decide("boards.Challenge.answerer", MOVES, what="challenges to answer", **simply(Challenge, "answerer"))
    decide("boards.Item.presenter", MOVES, what="items that they present", **simply(Item, "presenter"))
    decide("boards.Paper.asked_of", MOVES, what="papers that are asked of them", **simply(Paper, "asked_of"))
    for key in ("Item.changed_by", "Paper.changed_by", "Pack.made_by"):
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
