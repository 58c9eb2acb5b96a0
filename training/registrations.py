"""What the wing tells the floors: each area registers its own."""

from training.catalogue import registering as catalogue
from training.events import registering as events


def register():
    catalogue.register()
    events.register()
