"""What the one search finds of audits: rounds, question sets, and returns by the name of their organisation."""

from django.urls import reverse

from audits.figures.findings import sent_out, year_words
from audits.models import AuditReturn, QuestionSet, Round
from partnership.access.reach import reach_of
from partnership.access.rows import allowing
from partnership.access.searching import Hit, Source, cut_of, holding, register_search
from partnership.people.matching import searched
from partnership.people.models import Agency
from partnership.people.roles import Perm
from partnership.people.words import Words


def find_rounds(user, query, cut):
    """Every round for whoever runs audits; for readers of figures those that were sent out, which lead to these."""
    runs = reach_of(user).holds_wide(Perm.AUDIT_RUN)
    rows = allowing(Round, user, Perm.AUDIT_RUN) if runs else sent_out(user)
    found, total = cut_of(holding(rows, query, words=Words("title")).order_by("-year", "title", "pk"), cut)
    page = "audits:audit_round" if runs else "audits:round_figures"
    return [Hit(row.title, reverse(page, args=[row.pk]), where=_round(row)) for row in found], total


def _round(row) -> tuple:
    return year_words(row), row.get_status_display()


def find_returns(user, query, cut):
    """By the row rule: one's own organisation's, and all of them for the business unit."""
    rows = AuditReturn.objects.visible_to(user).select_related("round", "agency")
    rows = rows.filter(agency__in=searched(Agency.objects.all(), " ".join(query.words)).order_by().values("pk"))
    found, total = cut_of(rows.order_by("-round__year", "round__title", "agency__name", "pk"), cut)
    return [_return(row) for row in found], total


def _return(row):
    where = (row.round.title, row.get_status_display(), *(("Invented",) if row.invented else ()))
    return Hit(row.agency.name, reverse("audits:audit_return", args=[row.pk]), where=where)


def find_sets(user, query, cut):
    """By title and purpose, for those who build them."""
    rows = holding(allowing(QuestionSet, user, Perm.AUDIT_SETS), query, words=Words("title", "about"))
    found, total = cut_of(rows.order_by("title", "pk"), cut)
    return [_set(row) for row in found], total


def _set(row):
    return Hit(row.title, reverse("audits:question_set", args=[row.pk]), row.about, where=(row.get_duty_display(),))


def register():
    register_search(Source("audits", "Audits", 84, Perm.AUDIT_FIGURES, find_rounds))
    register_search(Source("audit_returns", "Returns of audits", 86, Perm.ANSWERS_VIEW, find_returns))
    register_search(Source("question_sets", "Question sets", 88, Perm.AUDIT_SETS, find_sets))
