"""Who is told that a certificate is there: whoever has an account in the portal, the others at the address that their
organisation gave."""

from django.urls import reverse

from partnership.notify.kinds import NoticeKind, register, register_bounced
from partnership.notify.personal import TO, LetterKind, Written, register_letter, turn_of, write, write_all
from partnership.notify.telling import Told, tell
from partnership.people.roles import Perm
from partnership.ui.dates import plain
from training.booking import letters
from training.booking.notices import tell_came_back
from training.booking.rows import rows
from training.certificates.prints import check_address
from training.models import Certificate

ISSUED, LETTER = "certificate_issued", "training_certificate"
WHY = "the certificate was made for this person"


def tell_issued(certificates) -> None:
    bookings, told, written = rows().in_bulk([row.booking_id for row in certificates]), [], []
    for row in certificates:
        booking = bookings[row.booking_id]
        if letters.by_account(booking.learner):
            told.append(Told(f"{ISSUED}:{row.pk}", booking.learner.user_id, row.pk, row.folder_id))
        elif booking.learner.email and booking.booked_by is not None:
            written.append((booking.booked_by, booking.pk, row.pk))
    tell(ISSUED, told)
    if len(written) == 1:
        recipient, about, turn = written[0]
        write(LETTER, recipient=recipient, about_id=about, turn=turn)
    else:
        write_all(LETTER, [Written(recipient.pk, about, str(turn)) for recipient, about, turn in written])


def _letter(outgoing):
    """Of somebody without an account: the address by which anybody sees the certificate. Not of one revoked since."""
    row = Certificate.objects.unscoped(WHY).filter(pk=turn_of(outgoing), revoked_at=None).first()
    if row is None:
        return None
    to, name = letters.address_of(rows().get(pk=row.booking_id))
    return {
        TO: to, "name": name, "bearer": row.name, "course": row.title, "completed": plain(row.completed_on),
        "url": check_address(row),
    }  # fmt: skip


def _came_back(outgoing, _):
    if outgoing.template == LETTER and (row := rows().filter(pk=outgoing.about_id).first()) and row.booked_by_id:
        tell_came_back(row, manager=False)


def _describe(notices, user):
    rows = Certificate.objects.visible_to(user).in_bulk([each.subject_id for each in notices])
    said = "Your certificate of ‘{}’ is ready."
    return {each.pk: said.format(rows[each.subject_id].title) for each in notices if each.subject_id in rows}


def _in_force(notices):
    """One that was revoked meanwhile is worth no email."""
    rows = Certificate.objects.unscoped("the relay asks whether it is still of use").filter(
        pk__in=[each.subject_id for each in notices], revoked_at=None
    )
    kept = set(rows.values_list("pk", flat=True))
    return {each.pk for each in notices if each.subject_id in kept}


def register_notices():
    register_letter(LetterKind(LETTER, "Your certificate of training is ready", _letter, elsewhere=True))
    register_bounced(_came_back)
    register(
        NoticeKind(
            ISSUED, "A certificate of training is ready", Certificate, Perm.LEARNER_VIEW, _describe,
            lambda notice: reverse("training:certificate", args=[notice.subject_id]), still_wanted=_in_force,
        )
    )  # fmt: skip
