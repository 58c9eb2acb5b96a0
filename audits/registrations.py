"""What the wing tells the floors: its place in the navigation, its sentences, what is held, what runs."""

from audits.chasing import registering as chasing


def register():
    chasing.register()
