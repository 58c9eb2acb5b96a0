"""A place at an event: who asks for it, who has it, what became of it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from partnership.access.models import Folder
from partnership.access.querysets import GuardedManager
from partnership.people.models import Agency, User
from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Person, Retention
from training.models.events import Event
from training.models.people import Learner

OF_THE_ORGANISATION = frozenset({Perm.BOOKING_VIEW, Perm.BOOKING_MAKE})
ONES_OWN = (Person(frozenset({Perm.BOOKING_VIEW, Perm.BOOKING_MAKE})),)


class Booking(models.Model):
    """One person and one event. name, agency: as they were when it was made; the row carries its own words.

    key: the folded address, empty where there is none: nobody has two places at one event, through whichever
    organisation. turn: its number on the waiting list. offered_until: until when an offered place is kept.
    approver_*: the manager whose word it waits for. needs: what the trainer should know, in the person's own words.
    attended: what the register says, empty until it was kept. why_ended: what became of one that ended before the day.
    instead_of: the booking whose place it took over, by hand-over or by moving. unexpected: came without a place.
    """

    class Status(models.TextChoices):
        ASKED = "asked", "Waits for the manager"
        WAITING = "waiting", "On the waiting list"
        OFFERED = "offered", "A place is offered"
        BOOKED = "booked", "Booked"
        ENDED = "ended", "Given up"

    class Ended(models.TextChoices):
        CANCELLED = "cancelled", "Cancelled in time"
        LATE = "late", "Cancelled after the last day"
        REFUSED = "refused", "Not approved"
        UNANSWERED = "unanswered", "Not approved in time"
        LAPSED = "lapsed", "Offer not taken up"
        LEFT = "left", "Left the waiting list"
        NO_ROOM = "no_room", "Still on the waiting list when the event came"
        MOVED = "moved", "Moved to another event"
        HANDED_ON = "handed", "Handed to a colleague"
        EVENT = "event", "The event was cancelled"
        MISTAKE = "mistake", "Put on the register by mistake"

    class Attended(models.TextChoices):
        PRESENT = "present", "Present"
        LATE = "late", "Came late"
        LEFT_EARLY = "early", "Left early"
        ABSENT = "absent", "Did not come"

    LIVE = (Status.ASKED, Status.WAITING, Status.OFFERED, Status.BOOKED)
    HOLDS = (Status.ASKED, Status.OFFERED, Status.BOOKED)  # a place; a constraint of the event counts them
    CAME = (Attended.PRESENT, Attended.LATE, Attended.LEFT_EARLY)

    access = Access(
        view=Perm.BOOKING_VIEW, folder="folder", agency={"agency": OF_THE_ORGANISATION},
        person={"learner__user": ONES_OWN},
    )  # fmt: skip
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="bookings")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="bookings")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="bookings")
    learner = models.ForeignKey(Learner, on_delete=models.PROTECT, related_name="bookings")
    name = models.CharField(max_length=200)
    key = models.CharField(max_length=254, blank=True, editable=False)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    turn = models.PositiveIntegerField(null=True, blank=True)
    offered_until = models.DateTimeField(null=True, blank=True)
    needs = models.CharField(max_length=500, blank=True)
    approver_name = models.CharField(max_length=200, blank=True)
    approver_email = models.EmailField(blank=True)
    approve_by = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.CharField(max_length=500, blank=True)
    booked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    why_ended = models.CharField(max_length=10, choices=Ended.choices, blank=True)
    instead_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="taken_over")
    attended = models.CharField(max_length=10, choices=Attended.choices, blank=True)
    unexpected = models.BooleanField(default=False)
    marked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    marked_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = GuardedManager()

    class Meta:
        ordering = ["event", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "learner"], condition=~Q(status="ended"), name="one_live_booking_a_person"
            ),
            models.UniqueConstraint(
                fields=["event", "key"], condition=~Q(status="ended") & ~Q(key=""), name="one_live_booking_an_address"
            ),
            models.UniqueConstraint(fields=["event", "turn"], name="a_turn_is_ones_own"),
            models.CheckConstraint(condition=~Q(status="waiting") | Q(turn__isnull=False), name="who_waits_has_a_turn"),
            models.CheckConstraint(
                condition=~Q(status="offered") | Q(offered_until__isnull=False), name="an_offer_has_its_end"
            ),
            models.CheckConstraint(
                condition=Q(status="ended", why_ended__gt="") | (~Q(status="ended") & Q(why_ended="")),
                name="what_ended_says_why",
            ),
            models.CheckConstraint(condition=Q(attended="") | Q(status="booked"), name="who_came_was_booked"),
        ]
        indexes = [
            models.Index(fields=["folder", "status"], name="booking_folder"),
            models.Index(fields=["agency", "status"], name="booking_agency"),
            models.Index(fields=["offered_until"], condition=Q(status="offered"), name="booking_offers"),
        ]

    def __str__(self):
        return "booking"


class Charge(models.Model):
    """What an organisation owes for a place that nobody used: a register and an export, no payment.

    words: which tariff, as it read on that day.
    """

    class Status(models.TextChoices):
        DUE = "due", "To be charged"
        WAIVED = "waived", "Waived"

    access = Access(view=Perm.CHARGE_VIEW, folder="folder", agency={"agency": frozenset({Perm.CHARGE_VIEW})})
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="training_charges")
    booking = models.OneToOneField(Booking, on_delete=models.PROTECT, related_name="charge")
    amount = models.DecimalField("pounds", max_digits=8, decimal_places=2)
    words = models.CharField(max_length=300)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DUE)
    made_at = models.DateTimeField(default=timezone.now)
    why_waived = models.CharField(max_length=500, blank=True)
    waived_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    waived_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = GuardedManager()

    class Meta:
        ordering = ["-made_at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(status="waived") | ~Q(why_waived=""), name="a_waiver_says_why")
        ]

    def __str__(self):
        return "charge"
