"""The pages of a round and of a return, in the order in which people need them."""

from django.urls import reverse

from audits.models import Round
from partnership.people.roles import Perm
from partnership.ui.parts import SubNavItem

# (words, URL name, the power that it takes)
OF_A_ROUND: list[tuple[str, str, Perm]] = [
    ("Round", "audits:audit_round", Perm.AUDIT_RUN),
    ("Returns", "audits:round_returns", Perm.AUDIT_RUN),
    ("Returns not in", "audits:round_standing", Perm.AUDIT_RUN),
    ("Reminders", "audits:round_ladder", Perm.AUDIT_RUN),
    ("Grid", "audits:round_grid", Perm.AUDIT_RUN),
    ("Figures", "audits:round_figures", Perm.AUDIT_FIGURES),
    ("Actions", "audits:round_gaps", Perm.AUDIT_RUN),
    ("Who is asked", "audits:round_asked", Perm.AUDIT_RUN),
    ("Change it", "audits:round_edit", Perm.AUDIT_RUN),
]
OF_A_RETURN: list[tuple[str, str, Perm]] = [
    ("Return", "audits:audit_return", Perm.ANSWERS_VIEW),
    ("People", "audits:return_people", Perm.ANSWERS_VIEW),
    ("Left to do", "audits:return_unanswered", Perm.ANSWERS_VIEW),
    ("Evidence", "audits:evidence", Perm.ANSWERS_VIEW),
    ("Sign and submit", "audits:return_sign", Perm.ANSWERS_SIGN),
    ("Print and download", "audits:return_print", Perm.ANSWERS_VIEW),
    ("Gaps and actions", "audits:return_gaps", Perm.ANSWERS_VIEW),
    ("Benchmark", "audits:benchmark", Perm.ANSWERS_VIEW),
    ("More time", "audits:more_time", Perm.ANSWERS_VIEW),
    ("Reminders", "audits:return_reminders", Perm.ANSWERS_VIEW),
    ("Excuse, give back or move", "audits:return_stand", Perm.AUDIT_RUN),
]


def tabs_of_round(row, held, *, here) -> list[SubNavItem]:
    """The tabs that somebody who holds `held` on this round is shown; none of one that was discarded. here: the URL
    name of the page."""
    return _tabs(OF_A_ROUND, row, held, here) if row.status != Round.Status.DISCARDED else []


def tabs_of_return(row, held, *, here) -> list[SubNavItem]:
    return _tabs(OF_A_RETURN, row, held, here)


def _tabs(pages, row, held, here):
    return [SubNavItem(text, reverse(name, args=[row.pk]), name == here) for text, name, perm in pages if perm in held]
