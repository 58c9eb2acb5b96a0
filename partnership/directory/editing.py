"""What every page that changes the directory does: check, call one service, keep what was typed when it is refused."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import ModelChoiceField, ModelMultipleChoiceField
from django.shortcuts import redirect, render

from partnership.access.flow import Stale
from partnership.directory.services import version_of
from partnership.ui.dates import plain


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
        theirs = shown(bound.field, now.get(name))
        mine = shown(bound.field, bound.field.to_python(bound.data) if name == "ends" else form.cleaned_data.get(name))
        if theirs != mine:
            found.append((bound.label, theirs, mine))
    return found


def shown(field, value) -> str:
    if isinstance(field, ModelMultipleChoiceField):
        rows = value if value is not None else ()
        return ", ".join(sorted(str(getattr(each, "name", each)) for each in rows)) or "nothing"
    if value in (None, ""):
        return "nothing"
    if isinstance(field, ModelChoiceField):
        return str(field.label_from_instance(value))
    if hasattr(field, "choices"):
        return str(dict(field.choices).get(value, value))
    return plain(value) if hasattr(value, "year") else str(value)
