"""The people of an organisation, as the directory names them: confirmed before its return is signed."""

from django.core.exceptions import PermissionDenied

from audits.answering import services as answering
from audits.beside import people
from audits.beside.people_forms import PeopleForm
from audits.models import AuditReturn
from audits.tabs import tabs_of_return
from partnership.access.page import page
from partnership.access.replies import Clash, act_on, clash_page, conflict_page, posted
from partnership.access.rows import powers
from partnership.people.roles import Perm

TEMPLATE = "audits/return_people.html"


@page(Perm.ANSWERS_VIEW, AuditReturn, related=("agency", "round"))
def return_people(request, row):
    held = powers(request.user, [row])[row.pk]
    may = people.may_confirm(request.user, row, held)
    if request.method == "POST" and not may:
        raise PermissionDenied
    lines = people.lines_of(row.agency)
    form = PeopleForm(posted(request), user=request.user, lines=lines, read=people.mark_of(lines))
    shut = answering.why_shut(row)
    context = {
        "row": row, "lines": lines, "shut": shut, "may": may and not shut,
        "ask": [] if may else people.to_ask(row.agency), "tabs": tabs_of_return(row, held, here="audits:return_people"),
    }  # fmt: skip

    def act():
        return people.confirm(row, by=request.user, read=form.cleaned_data["read"], says=form.says())

    def stale(error):
        return _clash(request, form, error, context)

    said = (
        "Thank you: the people are confirmed, and the directory has what you put right.",
        "audits:audit_return",
        row.pk,
    )
    return act_on(request, form, act, TEMPLATE, said, on_stale=stale, **context)


def _clash(request, form, error, context):
    """The page again, with the people as they are now, and beside them what was said of those that changed; what was
    said alone, to be copied, where the return went meanwhile."""
    if context["shut"]:
        return conflict_page(request, error, form, request.path)
    lines = people.lines_of(context["row"].agency)
    clash = Clash(
        error.messages[0], form.against(lines), mine="What you said (not saved)", saved="What the directory has now",
        advice="Nothing of what you said was saved. Look at the people below again, then confirm them.",
    )  # fmt: skip
    now = PeopleForm(form.data, user=request.user, lines=lines, read=people.mark_of(lines))
    now.is_valid()
    return clash_page(
        request, TEMPLATE, now, clash, hidden={"read": people.mark_of(lines)}, **context | {"lines": lines}
    )
