"""Whom a log means by 'Sarah', 'JS/Police' or 'S Hughes and T Ali': somebody only where exactly one can be meant.

Only people whom the importer may see are ever offered, and of those only who belongs to an organisation today. A first
name is looked for in the organisation that the row names, else among the people of the group; a whole name everywhere.
"""

import re
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q

from partnership.access.models import Conflict, FolderGrant
from partnership.access.rows import allowing
from partnership.people.finding import fold
from partnership.people.matching import called_exactly
from partnership.people.models import Membership, User
from partnership.people.roles import Perm
from partnership.people.services import signs_in

BETWEEN = re.compile(r"\s*(?:[/,;&+|\n]|\band\b)\s*", re.I)
NOBODY = {"", "-", "–", "n/a", "na", "none", "?"}
MOST = 200  # characters of the words that are kept of an owner


@dataclass(frozen=True)
class Found:
    """owner: a User or None. agency: (id, name) or None. words: what is kept where nobody was found."""

    owner: User | None
    agency: tuple | None
    words: str
    remark: str = ""


def parts_of(words) -> list:
    """'JS/Police' is two."""
    return [part for part in BETWEEN.split(words.strip().strip("()")) if part]


def can_be_asked(user):
    """The people to whom an action can be given, of those whom `user` may see."""
    people = allowing(User, user, Perm.DIRECTORY_VIEW)
    live = Membership.objects.live().values("user")
    return people.filter(**signs_in(), pk__in=live)


class Who:
    """Knows whom the rows of one log can mean. written: (owner, agency) of each row, as they were written."""

    def __init__(self, user, folder, written):
        words = {part for owner, agency in written for part in (*parts_of(owner), agency, owner) if part}
        self.agencies = called_exactly(words)
        named = {part for owner, _ in written for part in (owner, *parts_of(owner)) if self._may_be_person(part)}
        barred = Conflict.objects.live().filter(folder__in=folder.path).values("user")
        self.people = self._called(user, named, barred)
        self.at = defaultdict(dict)
        ids = [each.pk for each in self.people]
        live = Membership.objects.live().filter(user__in=ids, agency__isnull=False)
        for pk, agency, name in live.values_list("user_id", "agency_id", "agency__name"):
            self.at[pk][agency] = name
        grants = FolderGrant.objects.live().filter(content_object=folder, user__in=ids)
        self.of_group = set(grants.values_list("user_id", flat=True))

    def _may_be_person(self, part):
        return part.casefold() not in self.agencies and len(fold(part)) > 1

    def _called(self, user, named, barred):
        rule = Q()
        for first in sorted({fold(each).split()[0] for each in named if fold(each)}):
            rule |= Q(name__istartswith=f"{first} ") | Q(name__iexact=first)
        return list(can_be_asked(user).filter(rule).exclude(pk__in=barred).order_by("name", "pk")) if named else []

    def of(self, owner, agency) -> Found:
        """What is meant by the two cells of a row."""
        parts = parts_of(owner)
        known = [self.agencies[part.casefold()] for part in parts if self._agency(part)]
        body = self._agency(agency) or (known[0] if len(known) == 1 else None)
        people = [part for part in parts if not self._agency(part)]
        unknown = agency if agency and not self._agency(agency) and agency.casefold() not in NOBODY else ""
        one = None
        if len(people) == 1 and people[0].casefold() not in NOBODY:
            one = self._person(people[0], body, whole=bool(unknown and not body))
        if one is not None:
            mine = self.at[one.pk]
            body = body or (next(iter(mine.items())) if len(mine) == 1 else None)
            return Found(one, body, "", f"The directory has no organisation ‘{unknown[:60]}’." if unknown else "")
        said = "" if owner.casefold() in NOBODY or (not people and body) else owner
        words = f"{said} ({unknown})" if said and unknown else said or unknown
        remark = (
            f"The directory has no organisation ‘{unknown[:60]}’: it stays in the words of the owner."
            if unknown
            else ""
        )
        return Found(None, body, words, remark)

    def _agency(self, words):
        found = self.agencies.get(words.casefold())
        return found if found and found[0] else None

    def _person(self, words, body, *, whole):
        """The one whom these words mean. whole: a first name does not do, for the row names a place nobody knows."""
        said = fold(words).split()
        if not said:
            return None
        if len(said) > 1 and len(said[-1]) > 1:
            rows = [each for each in self.people if fold(each.name).split() == said]
        elif whole:
            rows = []
        else:
            near = {each.pk for each in self.people if body[0] in self.at[each.pk]} if body else self.of_group
            rows = [each for each in self.people if each.pk in near and _begins(fold(each.name).split(), said)]
        if body:
            rows = [each for each in rows if body[0] in self.at[each.pk]]
        return rows[0] if len(rows) == 1 else None


def _begins(name, said):
    """'sarah' or 'sarah h' of 'sarah hughes'."""
    return name[:1] == said[:1] and (len(said) == 1 or (len(name) > 1 and name[-1].startswith(said[-1])))
