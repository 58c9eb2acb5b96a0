"""What figures tell the floors."""

from audits.figures import benchmark, gaps
from audits.figures.sentences import SENTENCES
from partnership.access.context import add_to_navigation
from partnership.access.story import register_sentences
from partnership.actions.sources import register_source
from partnership.people.roles import Perm


def register():
    add_to_navigation("Figures of audits", "audits:audit_figures", Perm.AUDIT_FIGURES, order=34, group="Audits")
    register_sentences(SENTENCES)
    register_source(gaps.SOURCE)
    benchmark.register()
