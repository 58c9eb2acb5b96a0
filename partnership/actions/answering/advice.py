"""Words for an action of a sealed folder are looked at before they are saved: its owner, who may be outside, reads
them. Of other words of a sealed folder, a meeting's, its wing is asked by `sentences` when they are saved.

The code word is refused, and what the wing has to say of them (a case's, that they name somebody) is asked about first.
Only whoever may see the folder is told of its code word: to anybody else the refusal would say that this is one.
"""

import re
from collections.abc import Callable

from django import forms

from partnership.access.rows import can
from partnership.actions.sources import source_folder
from partnership.people.roles import Perm

AS_WRITTEN = "as_written"
CODE_WORD = "Take the code word of the case out: its owner is not to know it"
TAKE_THEM = "These words name nobody of the case: take them as they are"
WORD = re.compile(r"\w+")
_advisers: list[Callable] = []


def register_adviser(advise) -> None:
    """advise(user, folder, texts) -> sentences about (label, words) that were typed for an action of a sealed folder,
    or for one that arose in it, or for a meeting of it."""
    if advise not in _advisers:
        _advisers.append(advise)


def sentences(user, folder, texts) -> list[str]:
    """What the wing of a sealed folder has to say to `user` about texts: (label, words) that were typed."""
    return [words for advise in _advisers for words in advise(user, folder, texts)]


def texts_of(form) -> list:
    """(label, words) of what was typed in a bound form; what was chosen from a list is nobody's own word."""
    return [(bound.label, words) for bound in _typed(form) if (words := form.cleaned_data.get(bound.name))]


def _typed(form) -> list:
    return [bound for bound in form.visible_fields() if isinstance(bound.field, forms.CharField)]


def hold_back(form, user, folders) -> None:
    """Refuse, in a bound form, the code word of each sealed folder of `folders`, and ask about what its wing says.

    The question is a tick that the form has from then on, so whoever means another word sends it again with that.
    """
    typed, texts = _typed(form), texts_of(form)
    found = []
    for folder in folders if texts else ():
        if not folder.sealed:
            continue
        found += sentences(user, folder, texts)
        if can(user, Perm.FOLDER_VIEW, folder):
            for bound in typed:
                if _says(form.cleaned_data.get(bound.name) or "", folder.reference):
                    form.add_error(bound.name, CODE_WORD)
    if not found:
        return
    form.fields[AS_WRITTEN] = forms.BooleanField(label=TAKE_THEM, required=False)
    if not form.data.get(AS_WRITTEN):
        form.add_error(AS_WRITTEN, f"{' '.join(found)} Or tick this if it is another word.")


def folders_of(row) -> list:
    """The folders whose words an action must not carry: its own, and the one in which it arose."""
    return [row.folder, *filter(None, [source_folder(row)])]


def _says(text, code_word) -> bool:
    return _plain(code_word) in _plain(text)


def _plain(text) -> str:
    return f" {' '.join(WORD.findall(text.casefold()))} "
