"""The red banner of the operators, on any page: `{% load notify %}{% sweep_banner %}`."""

from django import template

from partnership.access.reach import reach_of
from partnership.notify.watch import stale
from partnership.people.roles import Perm

register = template.Library()


@register.inclusion_tag("notify/_sweep_banner.html", takes_context=True)
def sweep_banner(context, late=None):
    """Says which loop stands still, to those who hold OPERATIONS and to nobody else; asks nothing for others.

    late: where the page knows already (watch.stale).
    """
    request = context.get("request")
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not reach_of(user).holds(Perm.OPERATIONS):
        return {"loops": []}
    return {"loops": [loop for loop in (stale() if late is None else late) if loop.banner]}
