"""The filters of a preview, for what it shows and for what 'choose all' means alike."""

from django.db.models import Q

from partnership.people.finding import plain_number

ONLY = {"chosen": Q(chosen=True), "not": Q(chosen=False), "remark": ~Q(problem="")}


def narrowed(rows, *, action="", q="", only=""):
    """only: a key of ONLY: 'chosen', 'not' or 'remark' (those with something to know)."""
    if action:
        rows = rows.filter(action=action)
    if q:
        rows = rows.filter(Q(label__icontains=q) | Q(number=plain_number(q)))
    return rows.filter(ONLY[only]) if only in ONLY else rows
