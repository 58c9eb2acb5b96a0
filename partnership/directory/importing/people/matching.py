"""Whom and what a row of a list of people means: nobody and nothing is taken for another without saying so."""

from collections import defaultdict
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from partnership.directory.importing.entries import Odd
from partnership.people.finding import fold, plain_number
from partnership.people.models import (
    Agency,
    Alias,
    Membership,
    NamedDuty,
    Registration,
    School,
    Site,
    Succession,
    User,
)
from partnership.people.models.dated import last_day
from partnership.ui.dates import plain

NEAREST = 3
LIKE = 0.6


@dataclass(slots=True)
class Organisation:
    pk: object
    name: str
    kind: str
    starts: object
    ends: object


class Organisations:
    """Every organisation of the directory by name, other name and number; read once, in four queries."""

    def __init__(self):
        fields = ("pk", "name", "kind", "starts", "ends")
        self.by_id = {
            row[0]: Organisation(*row) for row in Agency.objects.filter(merged_into=None).values_list(*fields)
        }
        self.names, self.numbers, self.words = defaultdict(set), {}, defaultdict(set)
        for each in self.by_id.values():
            self._call(each.pk, each.name)
        for pk, name in Alias.objects.values_list("agency_id", "name"):
            self._call(pk, name)
        for pk, number in Registration.objects.values_list("agency_id", "number"):
            self.numbers[plain_number(number)] = pk
        for pk, number in School.objects.values_list("agency_id", "urn"):
            self.numbers[str(number)] = pk

    def _call(self, pk, name):
        if pk in self.by_id:
            folded = fold(name)
            self.names[folded].add(pk)
            for word in folded.split():
                if len(word) > 2:
                    self.words[word].add(folded)

    def find(self, said) -> tuple:
        """(Organisation, remark). Raises Odd with the nearest names, or what tells two of one name apart."""
        number = said.number or (said.organisation if said.organisation.isdecimal() else "")
        if number:
            return self._numbered(number, said.organisation)
        pks = self.names.get(fold(said.organisation), set())
        open_ones = [pk for pk in pks if self.by_id[pk].ends is None or _covers(self.by_id[pk], said)]
        if len(open_ones) == 1:
            return self.by_id[open_ones[0]], ""
        if open_ones:
            raise Odd(
                f"There are {len(open_ones)} organisations of this name: {self._apart(open_ones)}. Give the number."
            )
        if pks:
            raise Odd(self._ended(self.by_id[next(iter(pks))]))
        near = self._nearest(fold(said.organisation))
        words = f" The nearest are: {'; '.join(near)}." if near else ""
        raise Odd(f"The directory has no organisation ‘{said.organisation[:80]}’.{words}")

    def _numbered(self, number, name):
        pk = self.numbers.get(plain_number(number))
        if pk not in self.by_id:
            raise Odd(f"The directory has no organisation with the number {number}.")
        found = self.by_id[pk]
        if not name or name.isdecimal() or pk in self.names.get(fold(name), ()):
            return found, ""
        mine, theirs = set(fold(found.name).split()), set(fold(name).split())
        if not {word for word in mine & theirs if len(word) > 2} - {"school", "primary", "the", "nursery", "academy"}:
            raise Odd(f"The number {number} is that of ‘{found.name}’, not of ‘{name[:80]}’.")
        return found, f"The number {number} is that of ‘{found.name}’ in the directory."

    def _apart(self, pks):
        towns = dict(Site.objects.filter(agency__in=pks).order_by("-name").values_list("agency_id", "town"))
        numbers = {pk: number for number, pk in self.numbers.items() if pk in set(pks)}
        told = [
            f"{towns.get(pk) or 'town not known'} ({numbers.get(pk, 'without a number')})"
            for pk in sorted(pks, key=str)[:5]
        ]
        return ", ".join(told)

    def _ended(self, each):
        words = f"‘{each.name}’ ended on {plain(last_day(each.ends))}."
        follows = Succession.objects.filter(predecessor=each.pk).values_list("successor__name", flat=True)
        return f"{words} It was carried on by {', '.join(follows)}." if follows else words

    def _nearest(self, folded):
        near = set()
        for word in folded.split():
            near |= self.words.get(word, set())
        ranked = sorted(((SequenceMatcher(None, folded, name).ratio(), name) for name in near), reverse=True)
        found = []
        for share, name in ranked[: 3 * NEAREST]:
            shown = self.by_id[next(iter(self.names[name]))].name
            if share >= LIKE and shown not in found:
                found.append(shown)
        return found[:NEAREST]


def _covers(each, said):
    """Whether an organisation that ended was there in the time of the row."""
    return bool(said.ends and each.ends and said.ends <= each.ends)


@dataclass(slots=True)
class Person:
    """pk None: not known yet; then `key` tells the people of one file apart."""

    pk: object
    name: str
    email: str = ""
    telephone: str = ""
    job_title: str = ""
    known_only: bool = True
    key: tuple = ()
    remark: str = ""
    sure: bool = True


@dataclass
class People:
    """Everybody known, by address, and who holds or does something at an organisation."""

    users: dict = field(default_factory=dict)
    by_email: dict = field(default_factory=dict)
    by_name: dict = field(default_factory=lambda: defaultdict(list))
    at: dict = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def known(cls, agency_ids):
        found = cls()
        for user in User.objects.filter(guest=False):  # a case's guest is known to that case alone
            found.users[user.pk] = user
            if user.email:
                found.by_email[user.email.casefold()] = user
            if not user.closed_at and not user.merged_into_id:
                found.by_name[fold(user.name)].append(user)
        for model, who in ((NamedDuty, "holder_id"), (Membership, "user_id")):
            rows = model.objects.filter(agency__in=agency_ids).exclude(**{who.removesuffix("_id"): None})
            for agency_id, pk in rows.values_list("agency_id", who):
                found.at[agency_id].add(pk)
        return found

    def find(self, said, organisation) -> Person:
        """Raises Odd where the address is somebody else's."""
        name = fold(said.name)
        if said.email and (user := self.by_email.get(said.email.casefold())):
            if user.closed_at or user.merged_into_id:
                raise Odd("The account with this address was closed. Open it again by hand, or use another address.")
            if fold(user.name) != name:
                raise Odd(f"The address {said.email} belongs to somebody else.")
            return _person(user)
        here = [user for user in self.by_name[name] if user.pk in self.at[organisation.pk]]
        if not said.email and len(here) == 1:
            return _person(here[0])
        if said.email and len(here) == 1 and not here[0].email and not here[0].is_active:
            return _person(here[0])
        remark, sure = "", True
        if here:
            remark = "Somebody of this name is known here already: look whether they are the same person."
            sure = False
        elif self.by_name[name]:
            remark = "Somebody of this name is known at another organisation and is not taken for the same person."
        key = (said.email.casefold(),) if said.email else (str(organisation.pk), name)
        return Person(None, said.name, key=key, remark=remark, sure=sure)


def _person(user):
    return Person(
        user.pk, user.name, user.email or "", user.telephone, user.job_title, user.known_only, key=(str(user.pk),)
    )
