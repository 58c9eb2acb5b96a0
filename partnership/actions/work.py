"""What waits for somebody on Home, and which actions name them, by the row rule."""

from django.urls import reverse
from django.utils.text import Truncator

from partnership.access.mine import Named
from partnership.access.models import Folder
from partnership.access.work import Work
from partnership.actions import rag, reminding
from partnership.actions.models import Action, DateChange
from partnership.actions.orphans import orphans, without_owner
from partnership.actions.telling import deciders_of
from partnership.people.roles import Perm
from partnership.ui.dates import plain

MOST = 3  # lines of one sort; more are one line, with the soonest day
S = Action.Status


def my_actions(user):
    """What of this person's is overdue, or near and without a word."""
    day = rag.day()
    rows = Action.objects.allowing(user, Perm.ACTION_ANSWER).filter(owner=user, due_on__lte=day.near)
    rows = list(reminding.answerable(rows).order_by("due_on", "reference"))
    rows = [row for row in rows if row.due_on < day.today or reminding.wants_word(row, day)]
    if len(rows) > MOST:
        late = sum(row.due_on < day.today for row in rows)
        note = f"{late} overdue" if late else ""
        yield Work(f"{len(rows)} actions of yours are due or near", reverse("actions:mine"), "", rows[0].due_on, note)
        return
    for row in rows:
        yield _line(row, _words(row), "actions:action")


def to_approve(user):
    """The closings that this person decides about. Nobody decides about their own."""
    rows = Action.objects.allowing(user, Perm.ACTION_APPROVE).filter(status=S.TO_APPROVE)
    rows = rows.exclude(owner=user).exclude(close_asked_by=user)
    rows = _nearest(rows, user, Perm.ACTION_APPROVE, but=("owner", "close_asked_by"))
    rows = list(rows.order_by("close_asked_at", "reference"))
    if len(rows) > MOST:
        yield Work(f"{len(rows)} actions wait for your approval to be closed", reverse("actions:to_approve"))
        return
    for row in rows:
        yield _line(row, f"Approve the closing of {_words(row)}", "actions:action", due_on=None)


def dates_to_decide(user):
    """Another date that is asked for."""
    rows = DateChange.objects.allowing(user, Perm.ACTION_MANAGE).filter(status=DateChange.Status.WAITING)
    rows = _nearest(rows, user, Perm.ACTION_MANAGE, but=("asked_by", "action__owner"))
    for row in rows.select_related("action").order_by("asked_at", "id"):
        url, note = reverse("actions:decide_date", args=[row.pk]), f"asked for {plain(row.wanted)}"
        what = f"Say whether {_words(row.action)} has another date"
        yield Work(what, url, "", row.was, note, folder_id=row.folder_id, perm=Perm.ACTION_MANAGE)


def without_anybody(user):
    """For leads: actions of their organisation that nobody owns. For those who manage: actions that have nobody."""
    theirs = list(without_owner(user))
    yield from _to_give(theirs, "actions of your organisation have no owner", "actions:of_agency")
    managed = _nearest(orphans(user), user, Perm.ACTION_MANAGE, but=("owner",))
    others = [row for row in managed if row not in theirs]
    yield from _to_give(others, "actions have nobody who answers for them", "actions:reports")


def _to_give(rows, words, url):
    if len(rows) > MOST:
        yield Work(f"{len(rows)} {words}", reverse(url), "", rows[0].due_on)
        return
    for row in rows:
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
