"""What cover tells the floors below."""

from partnership.access.context import add_to_navigation
from partnership.access.story import register_sentences
from partnership.access.work import register_work
from partnership.directory.covering import notices
from partnership.directory.covering.reads import also_told, covered_by
from partnership.notify.telling import register_also
from partnership.people.roles import Perm

SENTENCES = {"cover_began": "let {user} cover for a colleague", "cover_ended": "ended a cover by {user}"}


def register():
    add_to_navigation("Colleagues", "directory:colleagues", Perm.COVER, order=66, group="People")
    register_sentences(SENTENCES)
    notices.register_notices()
    register_work(covered_by)
    register_also(also_told)
