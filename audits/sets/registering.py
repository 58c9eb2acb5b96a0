"""What question sets tell the floors."""

from audits.sets.sentences import SENTENCES
from partnership.access.context import add_to_navigation
from partnership.access.provision import register_setup
from partnership.access.story import register_sentences
from partnership.people.roles import Perm


def register():
    add_to_navigation("Question sets", "audits:sets", Perm.AUDIT_SETS, order=34, group="Audits")
    register_sentences(SENTENCES)
    register_setup("load_question_sets")
