"""What those who lead are written when their organisation is asked: one letter a person, whatever the number of their
organisations; and what they are told in the portal.

The letter names the reader's own returns, with their links. Its words are made when it is sent.
"""

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localdate, localtime

from audits.models import AuditReturn, Round
from partnership.notify.kinds import NoticeKind, register
from partnership.notify.models import Outgoing
from partnership.notify.personal import LetterKind, Written, register_letter, write_all
from partnership.notify.telling import Told, tell
from partnership.people.roles import Perm
from partnership.ui.dates import plain

LETTER = "audit_asked"
ASKED, GIVEN_BACK, EXCUSED = "audit_return_asked", "audit_return_back", "audit_return_excused"
STATE = Outgoing.State
NAMED = 30  # returns that a letter names; whoever leads more finds them all in the portal


def register_all():
    register_letter(LetterKind(LETTER, "Your safeguarding audit return is open", _words))
    shared = {"model": AuditReturn, "perm": Perm.ANSWERS_WRITE, "url": _address}
    register(NoticeKind(ASKED, "An audit asks your organisation", describe=_said(_asked), mailed=False, **shared))
    register(
        NoticeKind(
            GIVEN_BACK, "A return of an audit was given back to be changed", describe=_said(_back), apart=True, **shared
        )
    )
    register(NoticeKind(EXCUSED, "A return of an audit is no longer asked", describe=_said(_excused), **shared))


def write_to_leads(round, rows, named, *, at) -> None:
    """Owe the leads of these returns their letter and their notice. named: agency id -> [Named], of `leads`."""
    told, letters = [], {}
    for row in rows:
        for each in named.get(row.agency_id, ()):
            if each.user is None or not each.may_sign:
                continue
            told.append(Told(f"{ASKED}:{row.pk}", each.user.pk, row.pk, row.folder_id))
            if each.user.email:
                letters[each.user.pk] = Written(each.user.pk, round.pk, f"{each.user.pk}:{at:%Y%m%d%H%M%S%f}")
    tell(ASKED, told)
    write_all(LETTER, letters.values())


def tell_back(row, named) -> None:
    """Whoever leads learns that a return was given back; each time anew."""
    _tell(GIVEN_BACK, row, named, row.version)


def tell_excused(row, named) -> None:
    _tell(EXCUSED, row, named, row.version)


def _tell(code, row, named, turn):
    people = {each.user.pk for each in named.get(row.agency_id, ()) if each.user and each.may_sign}
    tell(code, [Told(f"{code}:{row.pk}:{turn}", pk, row.pk, row.folder_id) for pk in people])


def came_back(round) -> list:
    """The ids of those whose letter about this round came back or could not be sent."""
    rows = Outgoing.objects.filter(template=LETTER, about_id=round.pk, state__in=[STATE.BOUNCED, STATE.DEAD])
    return list(rows.order_by().values_list("recipient_id", flat=True).distinct())


def _words(outgoing):
    """None where nothing is owed any more, or the round is not open."""
    found = Round.objects.filter(pk=outgoing.about_id, status=Round.Status.OPEN).first()
    if found is None:
        return None
    owed = AuditReturn.objects.allowing(outgoing.recipient, Perm.ANSWERS_SIGN)
    owed = owed.filter(round=found, status__in=AuditReturn.OWES).select_related("agency").order_by("agency__name")
    rows = list(owed[: NAMED + 1])
    if not rows:
        return None
    lines = [
        {"agency": row.agency.name, "by": plain(localtime(row.closes_at)), "url": settings.PORTAL_URL + address_of(row)}
        for row in rows[:NAMED]
    ]
    return {
        "title": found.title,
        "message": found.message,
        "opens": plain(found.opens_on) if found.opens_on > localdate() else "",
        "lines": lines,
        "more": settings.PORTAL_URL + reverse("audits:audits") if len(rows) > NAMED else "",
    }


def address_of(row) -> str:
    """The page at which an organisation answers."""
    return reverse("audits:audit_return", args=[row.pk])


def _address(notice):
    return reverse("audits:audit_return", args=[notice.subject_id])


def _said(sentence):
    def describe(notices, user):
        rows = AuditReturn.objects.visible_to(user).select_related("round", "agency")
        rows = rows.in_bulk([each.subject_id for each in notices])
        return {each.pk: sentence(rows[each.subject_id]) for each in notices if each.subject_id in rows}

    return describe


def _asked(row):
    return f"‘{row.round.title}’ asks {row.agency.name} for its return by {plain(localtime(row.closes_at))}."


def _back(row):
    return f"‘{row.round.title}’: the return of {row.agency.name} was given back to be changed and signed again."


def _excused(row):
    return f"‘{row.round.title}’: {row.agency.name} owes no return."
