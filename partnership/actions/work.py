"""What waits for somebody on Home, and which actions name them, by the row rule."""

from django.db.models import Count, F, Min, Q
from django.urls import reverse
from django.utils.text import Truncator

from partnership.access.mine import Named
from partnership.access.models import Folder
from partnership.access.reach import reach_of
from partnership.access.work import Work
from partnership.actions import rag, reminding
from partnership.actions.models import Action, DateChange
from partnership.actions.orphans import orphans, without_owner
from partnership.actions.rag_rows import wants_update_on
from partnership.actions.telling import deciders_of
from partnership.people.roles import Perm
from partnership.ui.dates import plain

MOST = 3  # lines of one sort; more are one line, with the soonest day
S = Action.Status


def my_actions(user):
    """What of this person's came back; what is overdue, or near and without a word; and how many they own in all."""
    mine = Action.objects.allowing(user, Perm.ACTION_ANSWER).filter(owner=user, status=S.OPEN)
    if not mine.exists():  # most people, on most days: what follows takes seven questions
        return
    day = rag.day()
    owned = reminding.answerable(mine)
    back = owned.filter(CAME_BACK)
    yield from _came_back(list(back.order_by("due_on", "reference")[: MOST + 1]), day)
    rows = owned.exclude(CAME_BACK).filter(Q(due_on__lt=day.today) | wants_update_on(day))
    yield from _all_of_them(owned, rows)
    first = list(rows.order_by("due_on", "reference")[: MOST + 1])
    if len(first) > MOST:
        late = Count("pk", filter=Q(due_on__lt=day.today))
        number = rows.order_by().aggregate(all=Count("pk"), late=late)
        note = f"{number['late']} overdue" if number["late"] else ""
        what = f"{number['all']} actions of yours are due or near"
        yield Work(what, reverse("actions:mine"), "", first[0].due_on, note)
        return
    for row in first:
        yield _line(row, _words(row), "actions:action")


# Sent back or reopened after its closing was asked for, and its owner has said nothing since.
CAME_BACK = ~Q(note="") & Q(close_asked_at__isnull=False) & (Q(said_at=None) | Q(said_at__lt=F("close_asked_at")))


def _came_back(rows, day):
    if len(rows) > MOST:
        yield Work("Several actions came back to you", reverse("actions:mine"), "", rows[0].due_on, first=True)
        return
    for row in rows:
        standing = None if row.due_on < day.today else ("Came back", "orange")  # what is late says how late
        what = f"Read why it came back: {_words(row)}"
        yield _line(row, what, "actions:action", standing=standing, first=True)


def _all_of_them(owned, urgent):
    """One line to the list of what this person owns, where some of it stands in no line of its own."""
    others = Count("pk", filter=~CAME_BACK & ~Q(pk__in=urgent.values("pk")))
    found = owned.order_by().aggregate(number=Count("pk"), soonest=Min("due_on"), others=others)
    if found["others"]:
        s = "" if found["number"] == 1 else "s"
        until = f"the earliest is due {plain(found['soonest'])}" if s else f"due {plain(found['soonest'])}"
        yield Work(f"You own {found['number']} action{s}, {until}", reverse("actions:mine"), owed=False)


def to_approve(user):
    """The closings that this person decides about. Nobody decides about their own."""
    rows = Action.objects.allowing(user, Perm.ACTION_APPROVE).filter(status=S.TO_APPROVE)
    rows = rows.exclude(owner=user).exclude(close_asked_by=user)
    rows = _nearest(rows, user, Perm.ACTION_APPROVE, but=("owner", "close_asked_by"))
    first = list(rows.order_by("close_asked_at", "reference")[:2])
    if len(first) > 1:  # they are approved together, on one page
        yield Work(f"{rows.count()} actions wait for your approval to be closed", reverse("actions:to_approve"))
        return
    for row in first:
        yield _line(row, f"Approve the closing of {_words(row)}", "actions:action", due_on=None)


def dates_to_decide(user):
    """Another date that is asked for."""
    rows = DateChange.objects.allowing(user, Perm.ACTION_MANAGE).filter(status=DateChange.Status.WAITING)
    rows = _nearest(rows, user, Perm.ACTION_MANAGE, but=("asked_by", "action__owner"))
    first = list(rows.select_related("action").order_by("asked_at", "id")[: MOST + 1])
    if len(first) > MOST:
        what = f"Say whether {rows.count()} actions have another date"
        yield Work(what, f"{reverse('actions:register')}?status=date")
        return
    for row in first:
        url, note = reverse("actions:decide_date", args=[row.pk]), f"asked for {plain(row.wanted)}"
        what = f"Say whether {_words(row.action)} has another date"
        yield Work(what, url, "", row.was, note, folder_id=row.folder_id, perm=Perm.ACTION_MANAGE)


def without_anybody(user):
    """For leads: actions of their organisation that nobody owns. For those who manage: actions that have nobody."""
    reach, theirs = reach_of(user), without_owner(user)
    if reach.holds(Perm.ACTION_GIVE):
        yield from _to_give(theirs, "actions of your organisation have no owner", "actions:of_agency")
    if reach.holds(Perm.ACTION_MANAGE):
        managed = _nearest(orphans(user), user, Perm.ACTION_MANAGE, but=("owner",))
        others = managed.exclude(pk__in=theirs.order_by().values("pk"))
        yield from _to_give(others, "actions have nobody who answers for them", "actions:reports", "#nobody")


def _to_give(rows, words, url, part=""):
    first = list(rows[: MOST + 1])
    if len(first) > MOST:
        yield Work(f"{rows.count()} {words}", f"{reverse(url)}{part}", "", first[0].due_on)
        return
    for row in first:
        yield _line(row, f"Find an owner for {_words(row)}", "actions:give")


def actions_that_name(user):
    """For 'What you may see': the actions that this person owns and that go on."""
    rows = Action.objects.visible_to(user).filter(owner=user, status__in=Action.LIVE).order_by("reference")
    for row in rows:
        url = reverse("actions:action", args=[row.pk])
        yield Named(f"Action {row.reference}", "", url, "You own it", row.added_at)


def _nearest(rows, user, perm, *, but):
    """Of `rows`, those about which `user` is among the nearest to decide (telling.deciders_of). but: the fields that
    name who does not decide, because it is their own. The others are not fetched: they would count as read."""
    facts = list(rows.order_by().values_list("pk", "folder_id", *(f"{name}_id" for name in but)))
    folders = Folder.objects.unscoped("who decides there").in_bulk({folder for _, folder, *_ in facts})
    people = deciders_of([(folders[folder], set(own)) for _, folder, *own in facts], perm) if facts else []
    return rows.filter(pk__in=[pk for (pk, *_), near in zip(facts, people, strict=True) if user.pk in near])


def _line(row, what, url, **facts):
    facts = {"due_on": row.due_on, "folder_id": row.folder_id, "perm": Perm.ACTION_VIEW} | facts
    return Work(what, reverse(url, args=[row.pk]), **facts)


def _words(row):
    return f"{row.reference}: {Truncator(' '.join(row.what.split())).chars(80)}"
