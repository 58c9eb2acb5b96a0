"""What people are told of actions: the kinds, and their sentences, made for the reader of the moment."""

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.text import Truncator

from partnership.actions import reminding, telling
from partnership.actions.models import Action, DateChange, Lineup
from partnership.actions.orphans import WORDS
from partnership.notify.kinds import NoticeKind, register
from partnership.notify.watch import register_alarm
from partnership.people.roles import Perm
from partnership.ui.dates import plain

S = Action.Status
WHY = "the relay asks whether it still stands"
MOST = 120  # characters of an action's own words in a sentence


def words_of(row) -> str:
    return f"{row.reference}, ‘{Truncator(' '.join(row.what.split())).chars(MOST)}’"


def _of_actions(sentence):
    """sentence(row, data) of each notice whose action this person may see."""

    def describe(notices, user):
        rows = Action.objects.visible_to(user).in_bulk({each.subject_id for each in notices})
        return {each.pk: sentence(rows[each.subject_id], each.data) for each in notices if each.subject_id in rows}

    return describe


def _of_changes(sentence):
    """sentence(row, the date that was asked for or set) of each notice about another date."""

    def describe(notices, user):
        rows = DateChange.objects.visible_to(user).filter(pk__in={each.data["change"] for each in notices})
        found = {str(row.pk): row for row in rows.select_related("action")}
        return {
            each.pk: sentence(found[each.data["change"]].action, found[each.data["change"]])
            for each in notices
            if each.data["change"] in found
        }

    return describe


def _to_its_owner(sentence):
    """sentence(row, data) to the owner; whoever owned it before, and sees it still, reads that it is another's now."""

    def describe(notices, user):
        rows = Action.objects.visible_to(user).in_bulk({each.subject_id for each in notices})
        return {
            each.pk: sentence(row, each.data) if _is_theirs(row, each) else f"{words_of(row)} is somebody else’s now."
            for each in notices
            if (row := rows.get(each.subject_id))
        }

    return describe


def _is_theirs(row, notice) -> bool:
    """Whether the action is still the reader's, or of the person for whom they cover."""
    return str(row.owner_id) in (str(notice.recipient_id), notice.data.get("covering"))


def _given(row, _):
    due = f", due {plain(row.due_on)}" if row.due_on else ""
    return f"{words_of(row)} is yours{due}."


def _sent_back(row, _):
    return f"{words_of(row)} was sent back to you: it is not done yet. Read what is still missing."


def _reopened(row, _):
    due = f" It is due {plain(row.due_on)}." if row.due_on else ""
    return f"{words_of(row)} was reopened.{due}"


def _ended(row, _):
    how = {
        S.DONE: "is closed: the closing was approved",
        S.CANCELLED: "is no longer needed",
        S.TAKEN_BACK: "was taken back with the log that it came in by",
    }
    return f"{words_of(row)} {how.get(row.status, 'goes on after all')}."


def _to_approve(row, _):
    stands = row.status == S.TO_APPROVE
    return f"{words_of(row)}: its owner says that it is done." + (" Approve it, or send it back." if stands else "")


def _orphaned(row, data):
    return f"{words_of(row)} has nobody who answers for it. {WORDS[data['why']]}. Give it to somebody."


def _by_link(row, _):
    return f"{words_of(row)} was answered by the link of your reminder. If that was not you, tell the business unit."


def _date_asked(row, asked):
    return f"{words_of(row)}: its owner asks for {plain(asked.wanted)} instead of {plain(asked.was)}."


def _date_said(row, asked):
    if asked.status == DateChange.Status.REFUSED:
        return f"{words_of(row)}: no other date was given. It stays due {plain(asked.was)}. Read why."
    return f"{words_of(row)} is due {plain(asked.wanted)} now, instead of {plain(asked.was)}."


def _due(notices, user):
    """How many still wait for a word; the reminder itself keeps no words."""
    counts = reminding.waiting_counts(user, {each.subject_id for each in notices})
    found = {}
    for each in notices:
        number = counts.get(each.subject_id, 0)
        if number == 0:
            found[each.pk] = "Actions of yours were due. None of them waits for a word any more."
        else:
            are = "action of yours is" if number == 1 else "actions of yours are"
            found[each.pk] = f"{number} {are} due or nearly due, and nothing was said lately. Say how it stands."
    return found


def _those(notices, rows) -> set:
    ids = set(rows.filter(pk__in={each.subject_id for each in notices}).values_list("pk", flat=True))
    return {each.pk for each in notices if each.subject_id in ids}


def _still(**where):
    """The notices whose action still is so; still_wanted of a kind."""
    return lambda notices: _those(notices, Action.objects.unscoped(WHY).filter(**where))


def _still_theirs(*statuses):
    """The notices whose action is still the reader's, and in one of these statuses where some are given."""

    def wanted(notices):
        rows = Action.objects.unscoped(WHY).in_bulk({each.subject_id for each in notices})
        return {
            each.pk
            for each in notices
            if (row := rows.get(each.subject_id)) and _is_theirs(row, each) and (not statuses or row.status in statuses)
        }

    return wanted


def _still_orphaned(notices):
    from partnership.actions.orphans import orphaned

    return _those(notices, orphaned(Action.objects.unscoped(WHY)))


def _date_still_asked(notices):
    asked = DateChange.objects.unscoped(WHY).filter(action=OuterRef("pk"), status=DateChange.Status.WAITING)
    return _those(notices, Action.objects.unscoped(WHY).filter(Exists(asked)))


def at_action(notice):
    return reverse("actions:action", args=[notice.subject_id])


def _at_change(notice):
    return reverse("actions:decide_date", args=[notice.data["change"]])


def register_notices():
    seen = {"model": Action, "perm": Perm.ACTION_VIEW, "url": at_action}
    owners = _to_its_owner
    for code, title, describe, more in (
        (telling.GIVEN, "An action is yours", owners(_given), {"still_wanted": _still_theirs(*Action.LIVE)}),
        (telling.SENT_BACK, "An action of yours was sent back", owners(_sent_back), {
            "still_wanted": _still_theirs(S.OPEN)}),
        (telling.REOPENED, "An action of yours was reopened", owners(_reopened), {
            "still_wanted": _still_theirs(*Action.LIVE)}),
        (telling.ENDED, "An action of yours has ended", owners(_ended), {"still_wanted": _still_theirs()}),
        (telling.DATE_SAID, "The date of an action of yours was decided", _of_changes(_date_said), {}),
        (telling.BY_LINK, "An action of yours was answered by a reminder’s link", _of_actions(_by_link), {}),
        (telling.TO_APPROVE, "The closing of an action waits for you", _of_actions(_to_approve), {
            "perm": Perm.ACTION_APPROVE, "still_wanted": _still(status=S.TO_APPROVE)}),
        (telling.DATE_ASKED, "Another date for an action waits for you", _of_changes(_date_asked), {
            "perm": Perm.ACTION_MANAGE, "url": _at_change, "still_wanted": _date_still_asked}),
        (telling.ORPHANED, "An action has nobody who answers for it", _of_actions(_orphaned), {
            "still_wanted": _still_orphaned}),
        (telling.DUE, "Actions of yours are due", _due, {
            "model": Lineup, "url": lambda notice: reverse("actions:mine"), "in_letter": reminding.in_letter}),
    ):  # fmt: skip
        register(NoticeKind(code, title, describe=describe, **(seen | more)))
    register_alarm(
        telling.ORPHANED,
        "An action has nobody who answers for it, and nobody could be told",
        "Find out who carries the matter on, and let them in: the list of actions without an owner shows it to them.",
    )
