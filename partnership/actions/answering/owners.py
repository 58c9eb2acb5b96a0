"""Who can be given an action: a person together with the organisation in whose name they do it."""

from dataclasses import dataclass

from django import forms

from partnership.access.reads import WHOLE_PARTNERSHIP, is_barred
from partnership.access.rows import allowing
from partnership.people.models import Agency, Membership, User
from partnership.people.roles import Perm
from partnership.people.services import signs_in


@dataclass(frozen=True)
class Owner:
    """Either may be None: nobody yet at an organisation, or somebody of the partnership as a whole."""

    user: User | None
    agency: Agency | None

    def __str__(self):
        where = self.agency.name if self.agency else WHOLE_PARTNERSHIP
        return f"{self.user.name}, {where}" if self.user else f"Nobody yet at {where}"

    @property
    def key(self):
        return f"{self.agency.pk if self.agency else ''}:{self.user.pk if self.user else ''}"


class OwnerField(forms.ChoiceField):
    """A person, offered under each organisation that they belong to today; cleaned to an Owner, None for nothing.

    `offer` must be called by the form. nobody: each organisation can be chosen without a person too.
    """

    def __init__(self, *, nobody=False, empty="Choose one", **kwargs):
        self.nobody, self.empty, self.owners = nobody, empty, {}
        super().__init__(**kwargs)

    def offer(self, user, *, agency=None, also=()):
        """Fill in who `user` may choose; agency: only its people. also: organisations to offer without a person."""
        people = possible(user, agency=agency)
        groups = {}
        for each in also if self.nobody else ():
            groups.setdefault(each, [])
        for each in people:
            groups.setdefault(each.agency, []).append(each)
        choices = [("", self.empty)]
        for where in sorted(groups, key=lambda each: (each is not None, each.name.lower() if each else "")):
            offered = [Owner(None, where)] if self.nobody and where is not None else []
            offered += groups[where]
            self.owners |= {each.key: each for each in offered}
            name = where.name if where is not None else WHOLE_PARTNERSHIP
            choices.append((name, [(each.key, _label(each)) for each in offered]))
        self.choices = choices

    def clean(self, value):
        return self.owners.get(super().clean(value))

    def prepare_value(self, value):
        return value.key if isinstance(value, Owner) else value


def _label(each) -> str:
    if each.user is None:
        return f"Nobody yet at {each.agency.name}"
    return f"{each.user.name}, {each.user.job_title or 'no post given'}"


def possible(user, *, agency=None) -> list[Owner]:
    """Everybody who can be given an action today, once an organisation; one query."""
    rows = allowing(Membership, user, Perm.DIRECTORY_VIEW).live().filter(**signs_in("user__"))
    if agency is not None:
        rows = rows.filter(agency=agency)
    rows = rows.select_related("user", "agency").order_by("agency__name", "user__name", "pk")
    return list(dict.fromkeys(Owner(row.user, row.agency) for row in rows))


def owner_of(row) -> Owner | None:
    """Who has an action now, as the field shows it; None while nobody does."""
    return Owner(row.owner, row.agency) if row.owner_id or row.agency_id else None


def has_gone(row) -> bool:
    """Whether the owner of an action can no longer open it: the account is closed, they left the organisation, or are
    barred from its folder."""
    if row.owner_id is None:
        return False
    here = Membership.objects.live().filter(user=row.owner_id)
    if row.agency_id:
        here = here.filter(agency=row.agency_id)
    return (
        not row.owner.is_active
        or row.owner.closed_at is not None
        or not here.exists()
        or is_barred(row.owner, row.folder)
    )
