"""What every page that changes the directory does: check, call one service, keep what was typed when it is refused."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render

from partnership.access.flow import Stale
from partnership.directory.services import version_of
from partnership.ui.forms import in_words


def edited(request, template, *, form, act, agency, done, row=None, start=None):
    """The answer of an editing page.

    act: called with the form's facts (and the version that was read, when `row` is edited). start: the values of
    `row` now, by field. A refusal answers 422 with the words at their field, a stale edit 409 with both texts.
    """
    status, clash = (422 if request.method == "POST" else 200), ()
    if request.method == "POST" and form.is_valid():
        facts = form.facts() | ({"version": form.cleaned_data["version"]} if start is not None else {})
        try:
            result = act(**facts)
            messages.success(request, done)
            return redirect("directory:agency", pk=(agency or result).pk)
        except Stale:
            status, clash = 409, clashes(form, start)
            form.data = form.data.copy()
            form.data["version"] = version_of(row)
        except ValidationError as error:
            form.put_errors(error)
    return render(request, template, {"form": form, "agency": agency, "row": row, "clashes": clash}, status=status)


def clashes(form, now) -> list:
    """(label, in the directory now, typed here) of the fields that differ, as people read them."""
    found = []
    for name, bound in ((bound.name, bound) for bound in form.visible_fields()):
        theirs = in_words(bound.field, now.get(name))
        typed = bound.field.to_python(bound.data) if name == "ends" else form.cleaned_data.get(name)
        mine = in_words(bound.field, typed)
        if theirs != mine:
            found.append((bound.label, theirs, mine))
    return found
