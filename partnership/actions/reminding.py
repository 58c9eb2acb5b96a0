"""The reminder: on a working morning each owner is told once of all that is due and of which nothing was said lately.

One line-up a person and day, and it goes into the morning's one digest. A person is reminded again after a week (rule
'action_reminded_again'), sooner only where something more is near or has become overdue. An answer ends it: an update,
another date that is asked for, a closing. Whose account rests, or who has left, is not reminded (docs/actions.md).
"""

import logging
from collections import Counter, defaultdict
from datetime import time

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from partnership.access import links
from partnership.access.holding import holders_of, rows_of_named
from partnership.access.models import FolderKind, Link
from partnership.access.reach import Reach
from partnership.actions import rag, telling
from partnership.actions.models import Action, DateChange, Lineup, LineupItem, Update
from partnership.deadlines import calendars
from partnership.deadlines.periods import end_of_day
from partnership.deadlines.registry import rule_in_force
from partnership.deadlines.rules import due
from partnership.notify.digest import LONDON
from partnership.notify.kinds import is_quiet_day
from partnership.notify.telling import Told, tell
from partnership.notify.watch import close_alarm, database_now, raise_alarm
from partnership.people.models import Membership, User
from partnership.people.roles import Perm
from partnership.people.services import signs_in
from partnership.ui.dates import plain

log = logging.getLogger(__name__)
AGAIN, LINK_ENDS = "action_reminded_again", "action_link_ends"
FROM, UNTIL = time(5), time(8, 15)  # made before the digest of 8:30 is, or the next working morning
BATCH = 100
WHY = "the reminder works for the portal"
BROKEN = "reminder_broken"
GONE = (OperationalError, InterfaceError)


def line_up(*, now=None) -> int:
    """Make this morning's reminders. Returns how many. Safe to run often, and by many at once.

    now: the moment to act for, the database's where it is not given. At any other time of the day, and on a day without
    a digest, nothing is made.
    """
    moment = (now or database_now()).astimezone(LONDON)
    today = moment.date()
    if is_quiet_day(today) or not FROM <= moment.time() < UNTIL:
        return 0
    owed = _owed(rag.day(today))
    people, made = sorted(owed, key=str), 0
    for start in range(0, len(people), BATCH):
        batch = people[start : start + BATCH]
        made += _batch_or_one_by_one({person: owed[person] for person in batch}, today)
    return made


def _batch_or_one_by_one(owed, today) -> int:
    """A batch at once; where it breaks, each person alone, so that the others are reminded."""
    try:
        return _make(owed, today)
    except GONE:
        raise
    except Exception:
        log.exception("a batch of reminders could not be made; each is tried alone")
    made = 0
    for person, rows in owed.items():
        try:
            made += _make({person: rows}, today)
            close_alarm(f"{BROKEN}:{person}")
        except GONE:
            raise
        except Exception as error:
            log.error("the reminder of %s could not be made: %s", person, type(error).__name__)
            raise_alarm(f"{BROKEN}:{person}", BROKEN, user=person)
    return made


def answerable(rows):
    """Those of `rows` (actions) that their owner, who belongs where the action does, can answer: open, no other date
    asked for, not answered for by parts; with `said_at`, the moment of the newest update."""
    here = Membership.objects.live().filter(user=OuterRef("owner"), user__is_active=True)
    asked = DateChange.objects.unscoped(WHY).filter(action=OuterRef("pk"), status=DateChange.Status.WAITING)
    parts = Action.objects.unscoped(WHY).filter(parent=OuterRef("pk"))
    said = Update.objects.unscoped(WHY).filter(action=OuterRef("pk")).order_by("-recorded_at", "-id")
    rows = rows.filter(
        Exists(here.filter(agency=OuterRef("agency"))) | (Q(agency=None) & Exists(here)),
        ~Exists(asked),
        ~Exists(parts),
        status=Action.Status.OPEN,
        owner__isnull=False,
    )
    return rows.annotate(said_at=Subquery(said.values("recorded_at")[:1]))


def waiting(rows, day) -> list:
    """Those of `rows` (actions) that wait for a word of their owner on a rag.Day, soonest first."""
    found = answerable(rows).filter(due_on__lte=day.near).order_by("due_on", "reference").select_related("folder")
    return [row for row in found if wants_word(row, day)]


def wants_word(row, day) -> bool:
    """Of a row of `answerable`: whether its owner owes a word on a rag.Day."""
    return rag.wants_update(rag.Facts(row.status, row.due_on, "", row.said_at, added_at=row.added_at), day)


def _owed(day) -> dict:
    """owner id -> the actions that wait for a word, of the owners who are to be reminded on this rag.Day."""
    rows = waiting(Action.objects.unscoped(WHY).filter(**signs_in("owner__")), day)
    held = holders_of({row.folder_id: row.folder for row in rows}.values(), [Perm.ACTION_ANSWER])
    theirs = rows_of_named(rows, "owner", Perm.ACTION_ANSWER, held) if rows else ()
    mine = defaultdict(list)
    for row in rows:
        if row.pk in theirs:
            mine[row.owner_id].append(row)
    last = _last_of(mine)
    again = {made_on: _counted(AGAIN, made_on) for made_on in {made_on for made_on, _ in last.values()}}
    return {person: rows for person, rows in mine.items() if _is_owed(rows, last.get(person), day, again)}


def _last_of(people) -> dict:
    """person -> (the day of the newest reminder, the set of what it said)."""
    newest = Lineup.objects.unscoped(WHY).filter(user__in=people).order_by("user_id", "-made_on").distinct("user_id")
    days = {row.pk: (row.user_id, row.made_on) for row in newest}
    said = defaultdict(set)
    items = LineupItem.objects.unscoped(WHY).filter(lineup__in=days)
    for lineup, *state in items.values_list("lineup_id", "action_id", "due_on", "overdue"):
        said[lineup].add(tuple(state))
    return {person: (made_on, said[pk]) for pk, (person, made_on) in days.items()}


def _is_owed(rows, last, day, again) -> bool:
    """again: the day of a reminder -> the day from which it is said again."""
    if last is None:
        return True
    made_on, said = last
    if made_on >= day.today:
        return False
    return again[made_on] <= day.today or any(_state(row, day.today) not in said for row in rows)


def _state(row, today) -> tuple:
    return row.pk, row.due_on, row.due_on < today


def _counted(code, day):
    """The day on which a rule's period from `day` ends."""
    edition = rule_in_force(code, day)
    return due(edition, day, calendars.load(edition.division)).due_on


@transaction.atomic
def _make(owed, today) -> int:
    """owed: owner id -> actions. The owners are locked: who runs beside us skips them, and finds their line-up then."""
    people = User.objects.select_for_update(skip_locked=True, no_key=True).filter(pk__in=owed, suspended_at=None)
    people = list(people.filter(is_active=True).order_by("pk"))
    had = Lineup.objects.unscoped(WHY).filter(user__in=people, made_on=today).values_list("user_id", flat=True)
    made = [Lineup(user=user, made_on=today) for user in people if user.pk not in set(had)]
    Lineup.objects.bulk_create(made)
    LineupItem.objects.bulk_create(
        LineupItem(lineup=each, folder_id=row.folder_id, action=row, named=not row.sensitive, due_on=row.due_on,
                   overdue=row.due_on < today)
        for each in made for row in owed[each.user_id]
    )  # fmt: skip
    named = [each for each in made if any(not row.sensitive for row in owed[each.user_id])]
    until = end_of_day(_counted(LINK_ENDS, today))  # the email names that day
    # The newest email's link is the one that opens.
    links.revoke_of_each([each.user_id for each in made], Link.Purpose.ACTIONS)
    links.make_mailed_to_each(Link.Purpose.ACTIONS, [(each.user, each.pk) for each in named], until=until)
    tell(telling.DUE, [Told(f"{telling.DUE}:{each.pk}", each.user_id, each.pk) for each in made])
    return len(made)


# --- what is said of it, when it is read or sent ----------------------------------------------------------------------


def of_lineups(user, lineups):
    """The actions of these reminders (ids, or a subquery of one) that are still this person's to answer, with what was
    said of each then: `named`, `was_due`, `answered_at`, `lineup`, `lined_up_at`. user: a User or a Reach.
    """
    owner = user.user_id if isinstance(user, Reach) else user.pk
    rows = Action.objects.allowing(user, Perm.ACTION_ANSWER).filter(
        owner=owner, reminders__lineup__in=lineups, reminders__lineup__user=owner
    )
    return rows.annotate(
        named=F("reminders__named"), was_due=F("reminders__due_on"), answered_at=F("reminders__answered_at"),
        lineup=F("reminders__lineup_id"), lined_up_at=F("reminders__lineup__made_at"),
    )  # fmt: skip


def still_waiting(user, lineups) -> list:
    """Of the actions of these reminders, those of which nothing was said since and whose day is the same, soonest
    first, with their folders."""
    rows = answerable(of_lineups(user, lineups)).filter(due_on=F("was_due")).select_related("folder")
    rows = rows.order_by("due_on", "reference")
    return [row for row in rows if row.said_at is None or row.said_at < row.lined_up_at]


def waiting_counts(user, lineups) -> Counter:
    """lineup id -> how many of its actions still wait for a word."""
    return Counter(row.lineup for row in still_waiting(user, lineups))


def in_letter(notices, reach) -> str:
    """The part of the morning's email that the newest of these reminders makes, as things stand when it is sent.

    Of an action that is not sensitive: its reference, words, group and day. The others are a number. Nothing, where a
    newer reminder was made since, or all were answered.
    """
    newest = Lineup.objects.unscoped(WHY).filter(user=reach.user_id).order_by("-made_on")
    rows = still_waiting(reach, newest.values("pk")[:1])
    if not rows or rows[0].lineup not in {each.subject_id for each in notices}:
        return ""
    shown = [row for row in rows if row.named and not (row.answered_at or row.sensitive or row.folder.sealed)]
    link = links.live(Link.Purpose.ACTIONS).filter(object_id=rows[0].lineup).first() if shown else None
    return render_to_string(
        "actions/mail/due.txt",
        {
            "lines": [line(row) for row in shown],
            "number": len(rows),
            "hidden": len(rows) - len(shown),
            "url": settings.PORTAL_URL + reverse("actions:answer_by_link", args=[links.token_of(link)]) if link else "",
            "until": plain(timezone.localtime(link.expires_at)) if link else "",
            "mine_url": settings.PORTAL_URL + reverse("actions:mine"),
        },
    )


def line(row) -> str:
    """One action in one line: 'A-7KQ2MF: Review the pathway (Practice Review Group), due 3 December 2026'."""
    where = group_of(row)
    return f"{row.reference}: {' '.join(row.what.split())}{f' ({where})' if where else ''}, due {plain(row.due_on)}"


def group_of(row) -> str:
    """The group whose action it is, by name: groups are published. Of any other folder nothing is said."""
    return row.folder.title if row.folder.kind == FolderKind.GROUP and not row.folder.sealed else ""
