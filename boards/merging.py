"""What becomes of seats and challenges when two records of one organisation, or of one person, are put together."""

from functools import partial

from django.db.models import Q
from django.utils import timezone

from boards.groups.services import lean_on
from boards.groups.writing import save
from boards.models import Assistant, Challenge, Invitee, Item, Paper, Proposal, Seat
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
    register_agency_rows("boards.Quorum", "all_of", moves=True, why="whose being there is asked for")
    for name in ("agency", "challenged"):
        register_agency_rows("boards.Challenge", name, moves=True, why="its person belongs to the one that is kept")
    register_agency_rows("boards.Highlight", "agency", moves=False, why="it says whose word it was at that meeting")
    register_agency_rows("boards.Attendance", "agency", moves=False, why="it says whom somebody came for then")
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
    for name in ("Arrangement", "Terms", "Quorum", "Rotation", "OtherBody"):
        decide(f"boards.{name}.changed_by", STAYS)
    decide(
        "boards.Invitee.user", MOVES, what="invitations to meetings", move=_move_invitations,
        count=lambda double: Invitee.objects.unscoped(WHY).filter(user=double).count(),
    )  # fmt: skip
    decide("boards.Invitee.deputy", MOVES, what="meetings where they stand in", **simply(Invitee, "deputy"))
    decide(
        "boards.Proposal.user", MOVES, what="items that they proposed", move=_move_proposals,
        count=lambda double: Proposal.objects.unscoped(WHY).filter(user=double).count(),
    )  # fmt: skip
    for key, other in (("member", "assistant"), ("assistant", "member")):
        decide(
            f"boards.Assistant.{key}", MOVES, what=f"assistance, as {key}", move=partial(_move_assistance, key, other),
            count=lambda double, key=key: Assistant.objects.live().filter(**{key: double}).count(),
        )  # fmt: skip
    for key in ("Invitee.answered_by", "Invitee.invited_by", "Highlight.written_by", "Highlight.changed_by"):
        decide(f"boards.{key}", STAYS)
    for key in (
        "Attendance.user",
        "Attendance.stood_in",
        "Attendance.recorded_by",
        "Interest.user",
        "Interest.declared_by",
    ):
        decide(f"boards.{key}", STAYS)
    for key in (
        "Meeting.changed_by",
        "Series.changed_by",
        "StandingItem.changed_by",
        "Minute.changed_by",
        "Decision.changed_by",
        "Decision.made_by",
    ):
        decide(f"boards.{key}", STAYS)
    decide("boards.Item.presenter", MOVES, what="items that they present", **simply(Item, "presenter"))
    decide("boards.Paper.asked_of", MOVES, what="papers that are asked of them", **simply(Paper, "asked_of"))
    for key in ("Item.changed_by", "Paper.changed_by", "Pack.made_by"):
        decide(f"boards.{key}", STAYS)
    for key in ("Group.changed_by", "Seat.changed_by", "Challenge.recorded_by", "ChallengeStage.answered_by"):
        decide(f"boards.{key}", STAYS)


WHY = "two records of one person are put together"


def _move_invitations(double, kept):
    """One invitation a person a meeting: where both are called, the double's stays as it was answered."""
    there = Invitee.objects.unscoped(WHY).filter(user=kept).values("meeting_id")
    Invitee.objects.unscoped(WHY).filter(user=double).exclude(meeting_id__in=there).update(user=kept)


def _move_proposals(double, kept):
    there = Proposal.objects.unscoped(WHY).filter(user=kept).values("meeting_id")
    Proposal.objects.unscoped(WHY).filter(user=double).exclude(meeting_id__in=there).update(user=kept)


def _move_assistance(key, other, double, kept):
    """Where the kept record has the same, or would assist itself, the double's ends."""
    rows = Assistant.objects.live().filter(**{key: double})
    there = Assistant.objects.live().filter(**{key: kept}).values(other)
    same = rows.filter(Q(**{f"{other}__in": there}) | Q(**{other: kept}))
    same.update(ends=timezone.localdate())
    Assistant.objects.live().filter(**{key: double}).update(**{key: kept})


def _move_seats(double, kept):
    """Where both hold one seat of a group, or one is the other's deputy, what is left over ends; its deputies go to the
    one that stays. Their grants move by their own decision."""
    today = timezone.localdate()
    seats = Seat.objects.filter(ends=None)
    own = seats.filter(user=double, deputy_for__user=kept) | seats.filter(user=kept, deputy_for__user=double)
    over, goes_to = {seat.pk: seat for seat in own}, {}
    held = {_which(seat): seat for seat in seats.filter(user=kept)}
    for seat in seats.filter(user=double):
        if other := held.get(_which(seat)):
            goes, stays = (other, seat) if other.deputy_for_id and not seat.deputy_for_id else (seat, other)
            over[goes.pk], goes_to[goes.pk] = goes, stays
    for seat in over.values():
        seat.ends = max(today, seat.starts or today)
        save(seat, None, counted=True)
    for pk, stays in goes_to.items():
        lean_on(over[pk], stays, by=None)
    Seat.objects.filter(user=double).update(user=kept)


def _which(seat):
    return seat.group_id, seat.agency_id, seat.organisation, seat.post
