"""What the wing tells the floors: its place in the navigation, its sentences, what is held, what runs."""

from audits.answering import registering as answering
from audits.signing import registering as signing


def register():
    answering.register()
    signing.register()
