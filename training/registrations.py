"""What the wing tells the floors: each area registers its own."""

from training.booking import registering as booking
from training.catalogue import registering as catalogue
from training.events import registering as events


def register():
    booking.register()
    catalogue.register()
    events.register()
