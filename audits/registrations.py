"""What the wing tells the floors: its place in the navigation, its sentences, what is held, what runs."""

from audits.answering import registering as answering
from audits.figures import registering as figures


def register():
    answering.register()
    figures.register()
