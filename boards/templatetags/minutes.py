"""How the parts of minutes are said: the pages and the PDFs draw the same JSON."""

from datetime import date, time

from django import template

from boards.minutes import notices, publishing
from partnership.ui.dates import clock_time, plain

register = template.Library()


@register.filter
def called(meeting):
    """'Quality Group, 12 June 2026'; of a case its code word."""
    return notices.called(meeting)


@register.filter
def iso_day(value):
    """'12 June 2026' of '2026-06-12'."""
    return plain(date.fromisoformat(value)) if value else ""


@register.filter
def when_and_where(head):
    """'12 June 2026, 10am to 12pm, Civic Centre'."""
    hours = " to ".join(clock_time(time.fromisoformat(each)) for each in (head["from"], head["until"]) if each)
    return ", ".join(filter(None, (head["day_said"], hours, head["place"])))


@register.filter
def who_was_there(head):
    """[(title, people)] of the lists that hold somebody."""
    return [(title, head[name]) for name, title in publishing.TITLES.items() if head.get(name)]
