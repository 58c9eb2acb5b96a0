"""What a leaving shows: each thing that the person holds, who could take it, and what was decided."""

from dataclasses import dataclass, field

from django.core.exceptions import EmptyResultSet
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property

from partnership.access.open_work import Held, code_words, open_work_of, words_of
from partnership.access.reach import reach_of
from partnership.access.rows import allowing, can
from partnership.access.work import Work
from partnership.directory.leads import leads_of, unit
from partnership.directory.leaving.ending import with_case_roles
from partnership.directory.models import Departure, HandOver
from partnership.people.models import Membership, User
from partnership.people.roles import Perm
from partnership.ui.dates import plain


@dataclass
class Item:
    """One thing that the leaver holds, as `by` may see it. `case` is a code word, or nothing where by may not know it;
    so are `words`.

    choices: (value, label) pairs: people by id, and 'vacant' or 'keep' where that is possible. others: who can decide
    where `by` may not, as '{name}, {post}'. lists: the people that were asked for already, by the question; shared by
    the items of a leaving.
    """

    held: Held
    departure: Departure
    by: User | None
    case: str = ""
    words: str = ""
    decided: HandOver | None = None
    lists: dict = field(default_factory=dict)

    @property
    def key(self):
        return self.held.key

    @property
    def field(self):
        return "item_" + self.held.key.replace(":", "_").replace("-", "")

    @property
    def hidden(self):
        """Whether it is of a case of which `by` may neither see nor decide anything: then nothing is said of it."""
        return self.by is not None and bool(self.held.folder_id) and not self.case and not self.mine_to_give

    @property
    def what(self):
        if self.hidden:
            return "Something that others decide about"
        return f"{self.held.what}: {self.words}" if self.words else self.held.what

    @property
    def due_on(self):
        return None if self.hidden else self.held.due_on

    @cached_property
    def people(self):
        """Whom `by` may choose; None where `by` may not hand it over. The portal itself chooses nobody."""
        if self.by is None:
            return None
        rows = self.held.candidates(self.by)
        return None if rows is None else self._list(rows.order_by("name"))

    def _list(self, rows):
        """These people, asked for once where many things of one leaving go to the same ones."""
        try:
            asked = str(rows.query.sql_with_params())
        except EmptyResultSet:
            return []
        if asked not in self.lists:
            self.lists[asked] = list(rows)
        return self.lists[asked]

    @property
    def mine_to_give(self):
        return self.people is not None

    def may_go_to(self, user):
        return user.pk in {each.pk for each in self.people or ()}

    @cached_property
    def may_vacate(self):
        return self.held.vacate is not None and (self.by is None or self.held.may_vacate(self.by))

    @cached_property
    def choices(self):
        """What can be said besides a person's name."""
        found = []
        if self.departure.moves and self.by is not None and self.held.may_keep(self.by):
            found.append((HandOver.Choice.KEEP, f"{self.departure.user.name} keeps it at the new organisation"))
        if self.may_vacate:
            found.append((HandOver.Choice.VACANT, self.held.vacant))
        return found

    @property
    def offers(self):
        """Whether `by` has anything to choose here: what ends by itself needs no choice."""
        return bool(self.people) or any(self.held.must_hand_over or code == "keep" for code, _ in self.choices)

    @cached_property
    def others(self):
        """Who can decide, where `by` may not: by name and post, never by case."""
        if self.people:
            return []
        can = self.held.who_can().exclude(pk=self.by.pk) if self.by else self.held.who_can()
        return [f"{user.name}, {user.job_title or 'no post given'}" for user in self._list(can[:5])]

    @property
    def missing(self):
        """What is still to be done before the leaving can be finished; nothing where it is decided."""
        if self.decided is not None and not self._outdated:
            return ""
        if not self.held.must_hand_over:
            return ""
        nobody = f"choose ‘{self.held.vacant}’"
        if self.people:
            return f"choose who takes it over, or {nobody}" if self.may_vacate else "choose who takes it over"
        if self.may_vacate:
            return nobody
        if self.mine_to_give and self.held.invite_helps:
            return "nobody could take it over: invite a colleague first"
        if self.others:
            return f"{' or '.join(self.others)} can hand it over"
        of_the_unit = self.by is not None and reach_of(self.by).holds_wide(Perm.PEOPLE_APPROVE)
        whom = "whoever runs the portal" if of_the_unit else "the business unit"
        return f"nobody is left who could hand it over: ask {whom}"

    @property
    def told(self):
        """Whether those who can decide have been told of this leaving."""
        begun_alone = self.departure.started_by_id in (None, self.departure.user_id)
        return bool(self.others) and (bool(self.held.folder_id) or begun_alone)

    @property
    def _outdated(self):
        """A person who was chosen and has left since; nothing left to 'nobody' that must not be so."""
        if self.decided.choice == HandOver.Choice.TO:
            return self.decided.to is None or self.decided.to.closed_at is not None
        return self.decided.choice == HandOver.Choice.VACANT and self.held.vacate is None


def held_in(departure) -> list[Held]:
    """What goes with this departure: of one organisation what is held in its name, and every access to a folder."""
    rows = open_work_of(departure.user)
    if departure.altogether:
        return rows
    alone = not departure.user.memberships.live().exclude(agency=departure.agency_id).exists()
    return [
        held
        for held in rows
        if (held.agency_id and held.agency_id == departure.agency_id)
        or (held.agency_id is None and (alone or departure.moves))
    ]


def items_of(departure, by) -> list[Item]:
    """The items of a leaving as `by` may see them. by None: the portal itself, which may decide nothing."""
    rows = held_in(departure)
    cases, words = (code_words(by, rows), words_of(by, rows)) if by is not None else ({}, {})
    decided = {row.key: row for row in departure.decided.select_related("to", "decided_by")}
    lists = {}
    return [
        Item(held, departure, by, cases.get(held.folder_id, ""), words.get(held.key, ""), decided.get(held.key), lists)
        for held in rows
    ]


@dataclass(frozen=True)
class Done:
    """What became of one thing at a leaving that is finished. case: its code word, or nothing."""

    row: HandOver
    case: str

    @property
    def outcome(self):
        if self.row.choice == HandOver.Choice.TO:
            return f"Taken over by {self.row.to.name}"
        if self.row.choice == HandOver.Choice.KEEP:
            return "Kept"
        return "Nobody takes it over, as decided" if self.row.decided_by_id else "Ended with the leaving"


def done_in(departure, user) -> list[Done]:
    """What went to whom; of a case only what `user` may see there or decided about."""
    rows = list(departure.decided.exclude(done_at=None).select_related("to").order_by("what", "pk"))
    words = code_words(user, rows)
    return [
        Done(row, words.get(row.folder_id, ""))
        for row in rows
        if row.folder_id is None or row.folder_id in words or row.decided_by_id == user.pk
    ]


def departures_of(user):
    """The open leavings that `user` works on, soonest first, with their people and organisations."""
    rows = Departure.objects.visible_to(user).filter(status__in=Departure.OPEN)
    return rows.select_related("user", "agency", "to_agency", "started_by").order_by("last_day", "user__name")


def own_departures(user) -> list[Departure]:
    """One's own open leavings, one altogether first."""
    rows = Departure.objects.visible_to(user).filter(user=user, status__in=Departure.OPEN)
    return list(rows.select_related("agency").order_by("-altogether", "last_day", "pk"))


def still_to_leave(agencies, begun) -> dict:
    """Of one's organisations (by id as text) those that no leaving of `begun` is of; none beside one altogether."""
    if any(row.altogether for row in begun):
        return {}
    leaving = {str(row.agency_id) for row in begun}
    return {pk: agency for pk, agency in agencies.items() if pk not in leaving}


def who_else_acts(user, agencies) -> str:
    """Who works on the leaving of `user` from these organisations (ids; None: the partnership), in the user's words:
    never themselves, and no lead where a role opens cases."""
    ours = {pk for pk in agencies if pk}
    led = {} if with_case_roles({user.pk}) else leads_of(ours)
    of_the_unit = f"{'somebody else of ' if user.pk in unit() else ''}the business unit"
    if not ours or not set().union(*led.values()) - {user.pk}:
        return of_the_unit
    lead = "another lead of" if any(user.pk in people for people in led.values()) else "the lead of"
    return f"{lead} your organisation{'s' if len(ours) > 1 else ''} or {of_the_unit}"


def leavings(user, *, q="", state=""):
    """Every leaving that `user` may see, open or over, the latest last day first.

    q: a part of the name of a person or organisation. state: a Departure.Status, or '' for all.
    """
    rows = Departure.objects.visible_to(user)
    if state:
        rows = rows.filter(status=state)
    if q:
        rows = rows.filter(
            Q(user__name__icontains=q) | Q(agency__name__icontains=q) | Q(to_agency__name__icontains=q)
        )  # fmt: skip
    return rows.select_related("user", "agency", "to_agency").order_by("-last_day", "user__name", "pk")


def knows_role(user, membership) -> bool:
    """Whether the pages of one role exist for `user`: who belongs where is known to all, its pages are the leads'."""
    return can(user, Perm.COLLEAGUES, membership)


def colleagues_of(user):
    """The memberships of those whose leaving `user` may begin, by organisation and name."""
    rows = allowing(Membership, user, Perm.COLLEAGUES).live().filter(user__closed_at=None)
    return rows.select_related("user", "agency").order_by("agency__name", "user__name")


def leaving_work(user):
    """For home: the leavings that wait for this person, and one's own."""
    reach = reach_of(user)
    mine = set(reach.agencies(Perm.COLLEAGUES))
    wide = reach.holds_wide(Perm.PEOPLE_APPROVE)
    rows = list(departures_of(user))
    led = leads_of({row.agency_id for row in rows if row.agency_id}) if wide and rows else {}
    theirs = with_case_roles({row.user_id for row in rows}) if wide and rows else set()
    for row in rows:
        url, where = reverse("directory:departure", args=[row.pk]), row.agency.name if row.agency else "the partnership"
        if row.user_id == user.pk:
            yield Work(f"You leave {where}: the last day is {plain(row.last_day)}", url, owed=False)
            continue
        # The unit's own: what it began, what silence began, and where no other lead is there to do it or may.
        nobody_else = row.user_id in theirs or not led.get(row.agency_id, set()) - {row.user_id}
        ours = wide and (row.started_by_id in (None, user.pk) or nobody_else)
        if row.agency_id not in mine and not ours:
            continue
        if row.status == Departure.Status.DRAFT or row.stuck_on:
            yield Work(f"{row.user.name} leaves {where}: say who takes over", url, due_on=row.last_day)
