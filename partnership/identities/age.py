"""An exact age in words; it is shown inside a case only, beside the identity it comes from."""

from datetime import date


def age_words(born: date, on: date) -> str:
    """'5 months', '3 years', '12 days', 'unborn': the age on a day, in whole units."""
    if on < born:
        return "unborn"
    months = (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)
    if months >= 24:
        return f"{months // 12} years"
    if months >= 1:
        return f"{months} month{'s' * (months != 1)}"
    days = (on - born).days
    return f"{days} day{'s' * (days != 1)}"
