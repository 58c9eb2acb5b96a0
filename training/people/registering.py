"""What the people of organisations tell the floors."""

from partnership.access.context import add_to_navigation
from partnership.access.story import register_sentences
from partnership.people.roles import Perm
from training.booking.mine import Section, register_section
from training.people import reads
from training.people.sentences import SENTENCES


def register():
    register_sentences(SENTENCES)
    register_section(section)
    add_to_navigation("People trained", "training:people", Perm.LEARNER_EDIT, order=38, group="Training")


def section(user):
    """What somebody's role asks for and how they stand, at each organisation."""
    rows = reads.own(user)
    if not rows:
        return None
    wanted = reads.standings(user, rows)
    found = {"records": [(row, wanted[row.pk]) for row in rows]}
    return Section("What is asked for, and when it falls due", "training/_own_record.html", found, order=10)
