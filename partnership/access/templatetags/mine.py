"""`{% load mine %}{% own_pages "its:name" %}`: the navigation between the pages of one's own account."""

from django import template

from partnership.access import mine

register = template.Library()


@register.inclusion_tag("ui/subnav.html", takes_context=True)
def own_pages(context, here):
    return {"items": mine.own_pages(context["user"], here), "label": "Your account"}
