"""The page behind the link of a reminder. Looking uses nothing up; nothing else of the portal is shown."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render

from partnership.access.flow import Stale
from partnership.access.links import link
from partnership.access.replies import conflict_page, form_page
from partnership.actions.by_link import services
from partnership.actions.by_link.forms import AnswerForm
from partnership.actions.by_link.reads import of_link


@link("actions")
def answer_by_link(request, row):
    if request.user.is_authenticated and request.user.pk != row.acts_as_id:
        return render(request, "actions/link_of_another.html", status=403)
    about = (request.POST if request.method == "POST" else request.GET).get("about", "")
    found = of_link(row)
    action = found.named(about)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    valid = form.is_valid()
    if request.method == "POST" and action is None:  # what was typed is shown, so that it can be said in the portal
        return conflict_page(request, Stale(services.why_not(row, about)), form, request.path)
    if valid:
        try:
            services.answer(row, about, **form.cleaned_data)
        except Stale as stale:
            return conflict_page(request, stale, form, request.path)
        except ValidationError as error:
            _put(form, error)
        else:
            messages.success(request, f"Thank you. What you said of {about} is kept.")
            return redirect(request.path)
    shown = {"found": found, "action": action, "owner": row.acts_as, "until": row.expires_at}
    return form_page(request, "actions/answer_by_link.html", form, **shown)


NAMES = {"reason": "words", "closing_words": "words"}


def _put(form, error):
    for name, errors in error.update_error_dict({}).items():
        field = NAMES.get(name, name)
        form.add_error(field if field in form.fields else None, errors)
