"""What the wing tells the floors: its place in the navigation, its sentences, what is held, what runs."""

from audits.beside import registering as beside


def register():
    beside.register()
