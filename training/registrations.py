"""What the wing tells the floors: each area registers its own."""

from training import merging
from training.booking import registering as booking
from training.catalogue import registering as catalogue
from training.events import registering as events


def register():
    merging.register()
    booking.register()
    catalogue.register()
    events.register()
