"""Who is shown which contact of an organisation."""

from partnership.people.models import Shown


def shown_to(internal: bool) -> list:
    """The `shown` of contacts that a signed-in person may see. internal: whether she holds DIRECTORY_INTERNAL."""
    return [Shown.PUBLIC, Shown.PARTNERS, Shown.INTERNAL] if internal else [Shown.PUBLIC, Shown.PARTNERS]
