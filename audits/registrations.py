"""What the wing tells the floors: its place in the navigation, its sentences, what is held, what runs."""

from audits import merging
from audits.answering import registering as answering
from audits.chasing import registering as chasing
from audits.rounds import registrations as rounds
from audits.sets import registering as sets


def register():
    merging.register()
    answering.register()
    rounds.register()
    chasing.register()
    sets.register()
