"""What becomes of training records when two records of one organisation, or of one person, are put together."""

from partnership.directory.merging.rows import register_agency_rows
from partnership.directory.requests.moves import MOVES, STAYS, decide
from training.models import Learner, Trainer

# Who changed, booked, marked, said and revoked then.
PEOPLE = (
    *("Booking.booked_by", "Booking.marked_by", "Certificate.revoked_by", "Charge.waived_by", "Completion.said_by"),
    *("Course.changed_by", "Event.changed_by", "Headcount.said_by", "Learner.changed_by", "Requirement.changed_by"),
    *("Tariff.changed_by", "Upload.by", "Upload.taken_by"),
)


def register():
    # Where both know one address, each keeps that person with all that hangs on them: the unit puts them together.
    why = "its people belong to the one that is kept"
    register_agency_rows("training.Learner", "agency", moves=True, why=why)
    for name in ("Booking", "Certificate", "Completion"):
        why = "it goes with the person"
        register_agency_rows(f"training.{name}", "agency", moves=True, why=why, along="learner")
    register_agency_rows("training.Charge", "agency", moves=True, why="it goes with the booking", along="booking")
    register_agency_rows("training.Headcount", "agency", moves=True, why="the one that is kept has these people")
    register_agency_rows("training.Upload", "agency", moves=True, why="whose people it tells of")
    register_agency_rows("training.Reserved", "agency", moves=True, why="places are kept for the one that is kept")
    register_agency_rows("training.Trainer", "agency", moves=True, why="whose time it was")
    decide("training.Learner.user", MOVES, what="training records", **_once_each(Learner, "agency_id"))
    decide("training.Trainer.user", MOVES, what="events that they train at", **_once_each(Trainer, "event_id"))
    for key in PEOPLE:
        decide(f"training.{key}", STAYS)


def _once_each(model, field) -> dict:
    """(move, count) of a key to a person that the database allows once for each `field`: where both have one, the
    double's stays as it is."""

    def rows(double):
        return model._base_manager.filter(user=double)

    def move(double, kept):
        taken = model._base_manager.filter(user=kept).values(field)
        rows(double).exclude(**{f"{field}__in": taken}).update(user=kept)

    return {"move": move, "count": lambda double: rows(double).count()}
