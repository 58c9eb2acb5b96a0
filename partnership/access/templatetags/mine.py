"""`{% load mine %}{% own_pages "its:name" %}`: the navigation between the pages of one's own account."""

from django import template

from partnership.access import mine

register = template.Library()


@register.inclusion_tag("ui/subnav.html")
def own_pages(here):
    return {"items": mine.own_pages(here), "label": "Your account"}
