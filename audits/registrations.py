"""What the wing tells the floors: its place in the navigation, its sentences, what is held, what runs."""

from audits.answering import registering as answering


def register():
    answering.register()
