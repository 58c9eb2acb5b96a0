"""Words of a case's meeting that name somebody of the case: said to whoever may know it, when they were saved."""

from django.contrib import messages

from partnership.actions.answering.advice import sentences, texts_of


def advice(user, folder, form) -> str:
    """Sentences about what was typed; nothing of an open folder, or where nobody is named."""
    return " ".join(sentences(user, folder, texts_of(form)) if folder.sealed else ())


def warn(request, folder, form, then="") -> None:
    """then: what to do where it cannot be changed in its place."""
    if said := advice(request.user, folder, form):
        messages.warning(request, f"{said} {then}".strip())
