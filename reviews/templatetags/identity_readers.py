"""Who reads identities, in words drawn from the roles and the return's own rule, so that no page promises otherwise."""

from django import template

from partnership.people.roles import FOLDER_ROLES, LABELS, POWERS, Perm
from reviews.models import AgencyReturn

register = template.Library()
# What an author's return must be for its author to read them, in words; any other rule needs other words.
WHILE = {("asked",): "until they finish that return"}


@register.simple_tag
def identity_readers():
    """'the case leads and case officers of the review, and …'. Raises KeyError where the rule has no words yet."""
    *others, last = [f"{LABELS[role].lower()}s" for role in FOLDER_ROLES if Perm.IDENTITY_SEARCH in POWERS[role]]
    roles = f"{', '.join(others)} and {last}" if others else last
    gift = next(each for each in AgencyReturn.access.person["author"] if Perm.IDENTITY_SEARCH in each.perms)
    return f"the {roles} of the review, and by the named author of an agency return {WHILE[gift.where['status']]}"
