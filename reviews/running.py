"""Pages of a rapid review that was begun: they have its notification, its clock and its report to show."""

from functools import wraps

from django.shortcuts import redirect


def running(view):
    """Under @page: a case that is only considered, noted or closed leads to its consideration instead."""

    @wraps(view)
    def wrapper(request, review):
        if not review.runs:
            return redirect("reviews:consideration", review.pk)
        return view(request, review)

    return wrapper
