"""Owners to name: what came in with an owner in words, until somebody says who that is, for all that say the same."""

from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q

from partnership.access.reads import organisations_of
from partnership.actions import services
from partnership.actions.importing.who import can_be_asked, parts_of
from partnership.actions.models import Action, Risk
from partnership.actions.risks import services as risks
from partnership.people.finding import fold
from partnership.people.models import Agency, Membership
from partnership.people.roles import Perm

MOST = 8  # people who are suggested


@dataclass
class Words:
    """What stands for an owner, with the actions and risks that say so; `first` leads to the page of all of them."""

    said: str
    actions: list = field(default_factory=list)
    risks: list = field(default_factory=list)

    @property
    def first(self):
        return (self.actions or self.risks)[0]

    @property
    def count(self):
        return len(self.actions) + len(self.risks)


def actions_without(user):
    """Live actions that `user` manages, whose owner is known in words alone."""
    rows = Action.objects.allowing(user, Perm.ACTION_MANAGE).filter(owner=None, status__in=Action.LIVE)
    return rows.exclude(owner_words="").select_related("agency", "folder").order_by("due_on", "reference")


def risks_without(user):
    """The same of open risks."""
    rows = Risk.objects.allowing(user, Perm.RISK_EDIT).filter(owner=None, status=Risk.Status.OPEN)
    return rows.exclude(owner_words="").select_related("agency", "folder").order_by("reference")


def to_name(user) -> list[Words]:
    """Those with the most rows first."""
    found = {}
    for rows, name in ((actions_without(user), "actions"), (risks_without(user), "risks")):
        for row in rows:
            same = found.setdefault(fold(row.owner_words), Words(row.owner_words))
            getattr(same, name).append(row)
    return sorted(found.values(), key=lambda each: (-each.count, each.said.casefold()))


def same_words(user, row) -> Words:
    """All rows with the words of this one. Empty where somebody has said meanwhile who it is."""
    key = fold(row.owner_words)
    empty = Words(row.owner_words)
    return next((each for each in to_name(user) if fold(each.said) == key), empty) if key else empty


def suggested(user, said) -> list[tuple]:
    """[(person, where they work)] whose name begins as one of the words does, of those whom `user` may see."""
    rule = Q(pk__in=[])
    for part in parts_of(said):
        for word in [fold(part), *fold(part).split()]:
            if len(word) > 1:
                rule |= Q(name__istartswith=f"{word} ") | Q(name__iendswith=f" {word}")
    people = list(can_be_asked(user).filter(rule).order_by("name", "pk")[:MOST])
    where = organisations_of([each.pk for each in people])
    return [(each, ", ".join(where.get(each.pk, []))) for each in people]


def name_owner(rows, *, by, owner) -> tuple[list, list]:
    """Give each row to `owner`, in the name of its organisation, else of the only one to which `owner` belongs.

    Returns (given, [(row, why not)]): one that cannot be given stays as it is and says why.
    """
    mine = list(Agency.objects.filter(memberships__in=Membership.objects.live().filter(user=owner)).distinct()[:2])
    only = mine[0] if len(mine) == 1 else None
    given, left = [], []
    for row in rows:
        service = services.give if isinstance(row, Action) else risks.name_owner
        try:
            with transaction.atomic():
                service(row, by=by, owner=owner, agency=row.agency or only)
            given.append(row)
        except ValidationError as refused:
            left.append((row, refused.messages[0]))
        except PermissionDenied:
            left.append((row, "You may not give this one."))
    return given, left
