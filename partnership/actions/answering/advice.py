"""What a wing says of words that were saved with an action of its folder: a case's, that they name somebody of it."""

from collections.abc import Callable

from django import forms
from django.contrib import messages

_advisers: list[Callable] = []


def register_adviser(advise) -> None:
    """advise(user, row, texts) -> sentences about (label, words) that stand on `row` of a sealed folder."""
    if advise not in _advisers:
        _advisers.append(advise)


def warn(request, row, form) -> None:
    """After a saving: what the wing of a sealed folder has to say of what was typed in `form`."""
    if not row.folder.sealed:
        return
    fields = [bound for bound in form.visible_fields() if isinstance(bound.field, forms.CharField)]
    texts = [(bound.label, form.cleaned_data.get(bound.name) or "") for bound in fields]
    if found := [words for advise in _advisers for words in advise(request.user, row, texts)]:
        messages.warning(request, " ".join(found))
