"""Whether a text names somebody of a case's identity records: nobody is named in what leaves the portal."""

import re

from partnership.identities.services import open_identities
from reviews.partners import names_of
from reviews.report.reads import sections

NAME = re.compile(r"[^\W\d_]{3,}")


def words_of_identities(folder_id) -> set:
    """The names and birth dates of the case, against which texts that leave are checked; they are shown to nobody."""
    known = set()
    for person in open_identities(
        folder_id, why="what leaves must name none of them: the words are compared, not shown"
    ):
        known |= {word.casefold() for text in (person.name, person.other_names) for word in NAME.findall(text)}
        if born := person.date_of_birth:
            known |= {f"{born:%d/%m/%Y}", f"{born:%d.%m.%Y}", f"{born.day} {born:%B %Y}".casefold(), born.isoformat()}
    return known


def names_somebody(text, known) -> bool:
    """Whether a text has one of these words, as a whole word, or one of these dates."""
    lowered = text.casefold()
    return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", lowered) for word in known)


def in_report(user, review) -> list:
    """A warning where sections of the report hold such a word; it blocks nothing, for the word may be another's too."""
    known = words_of_identities(review.folder_id)
    found = [
        f"{each.number} ‘{each.title}’"
        for each in sections(user, review.folder, review=review)
        if names_somebody(f"{each.row.text}\n{each.draft or ''}", known)
    ]
    if not found:
        return []
    return [f"A name or a date of birth of an identity record stands in the report, in section {names_of(found)}."]
