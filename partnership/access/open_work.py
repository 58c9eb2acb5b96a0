"""What a person holds that somebody else must take on when they go: a registry that floors and wings fill.

A leaving asks it (partnership.directory.leaving); it names no wing. What is said of an item never names a case: its
code word is added for whoever may see the folder (`code_words`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Model

from partnership.access.models import Folder
from partnership.people.models import User


def _nobody():
    return User.objects.none()


@dataclass(frozen=True)
class Held:
    """One thing that a person holds.

    key:            the same for the same thing for ever ("return:<uuid>"), at most 80 characters.
    what:           without a word of a case or a folder: "a return for a rapid review", "Action A-12". It is kept.
    row, words:     what is said besides to whoever may see this row, by the row rule of the moment; kept nowhere.
    due_on:         by when it is owed, if it is.
    folder_id:      the folder that it belongs to; its code word is shown to those who may see that folder.
    agency_id:      the organisation in whose name the person holds it; None: not by any one organisation.
    must_hand_over: somebody has to decide about it before the person can go: it is never ended unseen.
    candidates:     by -> the people whom `by` may give it to; None where `by` may not hand it over.
    hand_over:      (to, by=) -> None. Raises ValidationError that says why `to` cannot take it.
    vacate:         (by=) -> None, where it may be left to nobody; None where it may not.
    may_vacate:     by -> whether `by` may leave it to nobody, where it may be.
    vacant:         what leaving it to nobody is called: "Leave vacant", "Ends with the leaving".
    who_can:        () -> the people who may hand it over, where whoever asks may not.
    invite_helps:   whether somebody who is invited to the organisation now could take it.
    may_keep:       by -> whether the person may keep it when they move to another organisation, by the word of `by`.
    """

    key: str
    what: str
    candidates: Callable
    hand_over: Callable
    row: Model | None = None
    words: str = ""
    due_on: date | None = None
    folder_id: UUID | None = None
    agency_id: UUID | None = None
    must_hand_over: bool = True
    vacate: Callable | None = None
    may_vacate: Callable = field(default=lambda by: True)
    vacant: str = "Leave vacant"
    who_can: Callable = field(default=_nobody)
    invite_helps: bool = False
    may_keep: Callable = field(default=lambda by: False)


_sources: list[tuple[int, Callable]] = []


def register_open_work(source: Callable, *, order: int) -> None:
    """source(user) -> iterable of Held. Called once from an AppConfig.ready.

    order: what is handed over first: duties (10) before what their holders are let in for (30), access last (90).
    """
    if source not in [each for _, each in _sources]:
        _sources.append((order, source))
        _sources.sort(key=lambda pair: pair[0])


def open_work_of(user) -> list[Held]:
    """Everything that `user` holds, in the order in which it is handed over. No word of a case stands in it."""
    return [held for _, source in _sources for held in source(user)]


def code_words(user, items: Iterable[Held]) -> dict:
    """folder id -> the code word of those folders of these items that `user` may see; one query."""
    ids = {held.folder_id for held in items if held.folder_id}
    rows = Folder.objects.visible_to(user).filter(pk__in=ids) if ids else Folder.objects.none()
    return dict(rows.values_list("pk", "reference")) if ids else {}


def words_of(user, items: Iterable[Held]) -> dict:
    """key -> the words of those items whose rows `user` may see; one query a kind of row."""
    kinds = {}
    for held in items:
        if held.row is not None:
            kinds.setdefault(type(held.row), {})[held.row.pk] = held
    found = {}
    for model, here in kinds.items():
        seen = model.objects.visible_to(user).filter(pk__in=here).values_list("pk", flat=True)
        found |= {here[pk].key: here[pk].words for pk in seen}
    return found
