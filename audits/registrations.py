"""What the wing tells the floors: its place in the navigation, its sentences, what is held, what runs."""

from audits.signing import registering as signing


def register():
    signing.register()
