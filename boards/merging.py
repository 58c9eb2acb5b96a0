"""What becomes of seats and challenges when two records of one organisation, or of one person, are put together."""

from django.utils import timezone

from boards.models import Challenge, Seat
from partnership.directory.merging.rows import register_agency_rows
from partnership.directory.requests.moves import MOVES, STAYS, decide, simply


def follow_agencies():
    register_agency_rows("boards.Seat", "agency", moves=True, why="the seat is the one’s that is kept")
    register_agency_rows("boards.Quorum", "all_of", moves=True, why="whose being there is asked for")
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
    for name in ("Arrangement", "Terms", "Quorum", "Rotation", "OtherBody"):
        decide(f"boards.{name}.changed_by", STAYS)
    for key in ("Group.changed_by", "Seat.changed_by", "Challenge.recorded_by", "ChallengeStage.answered_by"):
        decide(f"boards.{key}", STAYS)


def _move_seats(double, kept):
    """Where both hold one seat of a group, or one is the other's deputy, what is left over ends. Their grants move by
    their own decision."""
    today = timezone.localdate()
    seats = Seat.objects.filter(ends=None)
    held = {_which(seat) for seat in seats.filter(user=kept)}
    doubled = [seat for seat in seats.filter(user=double) if _which(seat) in held]
    own = seats.filter(user=double, deputy_for__user=kept) | seats.filter(user=kept, deputy_for__user=double)
    for seat in [*doubled, *own]:
        seat.ends = max(today, seat.starts or today)
        seat.save(update_fields=["ends"])
    Seat.objects.filter(user=double).update(user=kept)


def _which(seat):
    return seat.group_id, seat.agency_id, seat.organisation, seat.post
