"""What the wing tells the floors: each area registers its own."""

from training import merging
from training.catalogue import registering as catalogue
from training.figures import registering as figures
from training.past import registering as past


def register():
    merging.register()
    catalogue.register()
    figures.register()
    past.register()
