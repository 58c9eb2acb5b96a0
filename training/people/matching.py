"""Who is who: an address folded, and the learner of an organisation that it finds. A name alone finds nobody."""

import unicodedata

from training.models import Learner

WHY = "one row is looked for within one organisation, by an address that the caller has already"


def key_of(email: str) -> str:
    """An address as it is compared: composed, without blanks around it, in small letters. Dots and plus signs stay,
    because only the provider knows what they mean."""
    return unicodedata.normalize("NFC", email or "").strip().casefold()


def found(agency, email) -> Learner | None:
    """The learner of an organisation with this address; None without one, and for an empty address."""
    key = key_of(email)
    if not key:
        return None
    return Learner.objects.unscoped(WHY).filter(agency=agency, key=key).first()
