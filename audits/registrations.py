"""What the wing tells the floors: its place in the navigation, its sentences, what is held, what runs."""


def register():
    pass
