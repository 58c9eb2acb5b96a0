"""The pages of an event, in the order in which people need them."""

from partnership.people.roles import Perm
from partnership.ui.parts import SubNavItem, tabs_held

# (words, URL name, the power that it takes)
OF_AN_EVENT: list[tuple[str, str, Perm]] = [
    ("Event", "training:event_run", Perm.TRAINING_RUN),
    ("Bookings", "training:event_bookings", Perm.TRAINING_RUN),
    ("Register", "training:register", Perm.TRAINING_RUN),
    ("Evaluation", "training:event_evaluation", Perm.TRAINING_RUN),
    ("Reserved places", "training:event_reserved", Perm.TRAINING_RUN),
    ("Trainers", "training:event_trainers", Perm.TRAINING_RUN),
    ("Change it", "training:event_edit", Perm.TRAINING_RUN),
]


def tabs_of_event(row, held, *, here) -> list[SubNavItem]:
    """The tabs that somebody who holds `held` on this event is shown. here: the URL name of the page."""
    return tabs_held(OF_AN_EVENT, row.pk, held, here=here)
