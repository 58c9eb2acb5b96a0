"""The system check of the rules that ship: a rule that cannot be counted or told must not reach a portal."""

from django.core.checks import Error, register

from partnership.deadlines.rule_files import problems
from partnership.deadlines.rules import RULES
from partnership.people.roles import Perm


@register("deadlines")
def the_rules_make_sense(app_configs=None, **kwargs):
    return [
        Error(text, hint="partnership/deadlines/data/rules: docs/deadlines.md has the words.", id="deadlines.E001")
        for text in problems(RULES, perms={str(each) for each in Perm})
    ]
