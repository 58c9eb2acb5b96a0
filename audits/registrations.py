"""What the wing tells the floors: its place in the navigation, its sentences, what is held, what runs."""

from audits.sets import registering as sets


def register():
    sets.register()
