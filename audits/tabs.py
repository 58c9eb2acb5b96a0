"""The pages of a round and of a return, in the order in which people need them."""

from django.urls import reverse

from audits.models import AuditReturn, Round
from partnership.access.context import OF_EVERY_FOLDER
from partnership.people.roles import Perm
from partnership.ui.parts import SubNavItem, tabs_held

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


def _always(row) -> bool:
    return True


def _written(row) -> bool:
    return row.status in AuditReturn.WRITTEN and row.round.status == Round.Status.OPEN


def _owed(row) -> bool:
    return row.status in AuditReturn.OWES and row.round.status == Round.Status.OPEN


def _over(row) -> bool:
    return not _owed(row)


def _closed(row) -> bool:
    return row.round.status == Round.Status.CLOSED


MORE = "More of this return"
# (words, URL name, the power that it takes, the line on which it stands, of which returns)
OF_A_RETURN: list[tuple] = [
    ("Return", "audits:audit_return", Perm.ANSWERS_VIEW, "", _always),
    ("People", "audits:return_people", Perm.ANSWERS_VIEW, "", _always),
    ("Left to do", "audits:return_unanswered", Perm.ANSWERS_VIEW, "", _written),
    ("Evidence", "audits:evidence", Perm.ANSWERS_VIEW, "", _always),
    ("Sign and submit", "audits:return_sign", Perm.ANSWERS_SIGN, "", _owed),
    ("Signatures and receipt", "audits:return_sign", Perm.ANSWERS_SIGN, "", _over),
    ("Print and download", "audits:return_print", Perm.ANSWERS_VIEW, MORE, _always),
    ("Gaps and actions", "audits:return_gaps", Perm.ANSWERS_VIEW, MORE, _always),
    ("Benchmark", "audits:benchmark", Perm.ANSWERS_VIEW, MORE, _closed),
    ("More time", "audits:more_time", Perm.ANSWERS_VIEW, MORE, _owed),
    ("Reminders", "audits:return_reminders", Perm.ANSWERS_VIEW, MORE, _always),
    ("Excuse, give back or move", "audits:return_stand", Perm.AUDIT_RUN, MORE, _always),
]


def tabs_of_round(row, held, *, here) -> list[SubNavItem]:
    """The tabs that somebody who holds `held` on this round is shown, those of its folder too: who is barred is said
    there. None of one that was discarded. here: the URL name of the page."""
    if row.status == Round.Status.DISCARDED:
        return []
    return tabs_held([*OF_A_ROUND, *OF_EVERY_FOLDER], row.pk, held, here=here)


def tabs_of_return(row, held, *, here) -> list[SubNavItem]:
    """The tabs of a return, loaded with its round: those on which something can still be done or read."""
    return [
        SubNavItem(text, reverse(name, args=[row.pk]), name == here, group)
        for text, name, perm, group, of in OF_A_RETURN
        if perm in held and of(row)
    ]
