"""What the wing tells the floors: its place in the navigation, its sentences, what is held, what runs."""

from audits.answering import registering as answering
from audits.beside import registering as beside


def register():
    answering.register()
    beside.register()
from audits.sets import registering as sets


def register():
    sets.register()
