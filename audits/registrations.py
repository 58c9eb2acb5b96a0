"""What the wing tells the floors: its place in the navigation, its sentences, what is held, what runs."""

from audits import merging
from audits.answering import registering as answering
from audits.figures import registering as figures
from audits.rounds import registrations as rounds


def register():
    merging.register()
    answering.register()
    figures.register()
    rounds.register()
