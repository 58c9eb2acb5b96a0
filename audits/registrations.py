"""What the wing tells the floors: each area registers its own."""

from audits import merging, searching
from audits.answering import registering as answering
from audits.beside import registering as beside
from audits.chasing import registering as chasing
from audits.figures import registering as figures
from audits.past import registering as past
from audits.rounds import registrations as rounds
from audits.sets import registering as sets
from audits.signing import registering as signing


def register():
    merging.register()
    searching.register()
    answering.register()
    beside.register()
    signing.register()
    rounds.register()
    chasing.register()
    figures.register()
    sets.register()
    past.register()
