"""What the wing tells the floors: each area registers its own."""

from training.catalogue import registering as catalogue


def register():
    catalogue.register()
