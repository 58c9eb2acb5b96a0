"""How timely reviews are, in figures: no row and no word of one."""

from django.shortcuts import render

from partnership.access.page import page
from partnership.access.reach import reach_of
from partnership.people.roles import Perm
from reviews.timeliness import reads


@page(Perm.TIMELINESS_TOTALS, methods=("GET",))
def timeliness(request):
    context = {
        "years": reads.timeliness(request.user),
        "live": reach_of(request.user).holds(Perm.TIMELINESS_LIVE),
        "fewest": reads.FEWEST,
    }
    return render(request, "reviews/timeliness.html", context)
