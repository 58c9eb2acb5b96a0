"""What waits for somebody on Home and what each may see of the cases, by the row rule, in the words of the case."""

from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from partnership.access.mine import Named
from partnership.access.models import Folder
from partnership.access.work import Work
from partnership.people.roles import Perm
from partnership.people.services import acts_as_partner
from partnership.ui.dates import plain
from reviews import reads
from reviews.asking.reads import to_answer, to_ask_now
from reviews.clocks import SIGNED, step_days
from reviews.models import AgencyReturn, Decision, Guest, Referral, ReportSection, Review, ScrutinyComment, SignOff
from reviews.report import reads as reports


def referrals_that_wait(user):
    """The referrals that this person decides about, and the outcome of her own."""
    rows = Referral.objects.allowing(user, Perm.REFERRAL_DECIDE).filter(status=Referral.Status.WAITING)
    for row in rows.select_related("agency"):
        url = reverse("reviews:referral", args=[row.pk])
        shared = {"folder_id": row.folder_id, "perm": Perm.REFERRAL_VIEW}
        yield Work(f"Say whether the referral of {row.agency.name} is taken on", url, row.case_word, **shared)
    mine = Referral.objects.allowing(user, Perm.REFERRAL_WITHDRAW).filter(referrer_id=user.pk)
    for row in mine.order_by("-recorded_at", "id"):
        url, note = reverse("reviews:referral", args=[row.pk]), row.get_status_display().lower()
        done = row.status != Referral.Status.WAITING
        yield Work("Your referral to the partnership", url, row.case_word, note=note, owed=False, done=done)


def cases_to_consider(user):
    """The cases whose council has still to say when it became aware: until then nothing is counted."""
    rows = Review.objects.allowing(user, Perm.REVIEW_MANAGE).filter(
        status=Review.Status.CONSIDERED, consideration__aware_at=None
    )
    for row in rows.select_related("folder"):
        url, shared = reverse("reviews:council_aware", args=[row.pk]), {"folder_id": row.folder_id}
        note = "The days to notify are not counted yet."
        case = row.folder.reference
        yield Work("Record when the council became aware", url, case, note=note, perm=Perm.REVIEW_VIEW, **shared)


def reports_to_scrutinise(user):
    """The reports that this person scrutinises: to comment on until the report was sent, then to read.

    An independent scrutineer sees no clock and no status of the case, so the line has no date.
    """
    folders = list(Folder.objects.allowing(user, Perm.REPORT_COMMENT))
    if not folders:
        return
    begun = set(ReportSection.objects.visible_to(user).filter(folder__in=folders).values_list("folder_id", flat=True))
    mine = ScrutinyComment.objects.visible_to(user).filter(folder__in=folders, by=user)
    said, gone = set(mine.values_list("folder_id", flat=True)), reports.gone(folders)
    for folder in (each for each in folders if each.pk in begun):
        url, shared = reverse("reviews:report_sections", args=[folder.pk]), {"folder_id": folder.pk}
        shared["perm"] = Perm.REPORT_READ
        if folder.pk in said or folder.pk in gone:
            note = "you have commented" if folder.pk in said else "it was sent"
            yield Work("Report that you scrutinise", url, folder.reference, note=note, owed=False, **shared)
        else:
            yield Work("Read the report and comment on it", url, folder.reference, **shared)


def referrals_that_name(user):
    """For 'What you may see': what this person referred."""
    rows = Referral.objects.allowing(user, Perm.REFERRAL_WITHDRAW).filter(referrer_id=user.pk).order_by("recorded_at")
    for row in rows:
        url = reverse("reviews:referral", args=[row.pk])
        yield Named("Your referral", row.case_word, url, "You referred it", row.recorded_at)


def returns_of_author(user):
    """The requests that wait for this person as named author, and what they have submitted, newest first."""
    rows = AgencyReturn.objects.allowing(user, Perm.RETURN_EDIT).filter(author_id=user.pk)
    for row in rows.select_related("agency", "signer").order_by("-submitted_at", "id"):
        url = reverse("reviews:agency_return", args=[row.pk])
        if row.status == AgencyReturn.Status.TO_SIGN:
            note = f"{row.signer.name} is asked to sign it"
            yield Work(f"Return of {row.body}", url, row.case_word, row.due_on, note, owed=False)
        elif row.status == AgencyReturn.Status.SUBMITTED:
            yield Work(
                f"Return of {row.body}",
                url,
                row.case_word,
                done=True,
                note=f"submitted {_on(row.submitted_at)}",
            )
        else:
            back = _why_back(row)
            shared = {"folder_id": row.folder_id, "perm": Perm.RETURN_VIEW}
            yield Work(f"Return of {row.body}", url, row.case_word, row.due_on, back, **shared)


def guests_to_ring(user):
    """Those outside the directory whom somebody on the case has still to ring, or to send the invitation."""
    rows = Guest.objects.allowing(user, Perm.RETURN_REQUEST).select_related("row")
    words = {
        Guest.Status.NAMED: "Ring {}, and record the call-back",
        Guest.Status.CALLED_BACK: "Send the invitation to {}",
    }
    for guest in rows.filter(status__in=words):
        url, shared = reverse("reviews:guest", args=[guest.pk]), {"folder_id": guest.folder_id}
        what = words[guest.status].format(guest.row.body)
        yield Work(what, url, guest.row.case_word, guest.row.due_on, perm=Perm.RETURN_REQUEST, **shared)


def extensions_to_answer(user):
    """Authors who wait to hear whether they have more time."""
    for each in to_answer(user):
        url, title = reverse("reviews:answer_extension", args=[each.pk]), "Say whether {} has more time for its return"
        shared = {"folder_id": each.folder_id, "perm": Perm.RETURN_REQUEST}
        yield Work(title.format(each.row.body), url, each.row.case_word, each.due_before, **shared)


def bodies_to_ask(user):
    """Requests that waited for a body which is open again."""
    for each in to_ask_now(user):
        url, words = reverse("reviews:ask_agency", args=[each.review_id]), each.folder.reference
        shared = {"folder_id": each.folder_id, "perm": Perm.RETURN_REQUEST}
        yield Work(f"Ask {each.agency.name} for its return: it is open again", url, words, each.opens_on, **shared)


def _why_back(row) -> str:
    if row.given_back:
        return f"Given back to you unsigned {_on(row.given_back_at)}: {Truncator(row.signer_note).words(40)}"
    if row.came_back:
        return f"Sent back to you {_on(row.sent_back_at)}: {Truncator(row.note).words(40)}"
    return "You are changing it" if row.being_changed else ""


def returns_of_others(user):
    """Returns that another writes and this person signs, helps with or keeps in view."""
    S = AgencyReturn.Status
    rows = AgencyReturn.objects.allowing(user, Perm.RETURN_PART).exclude(author_id=user.pk)
    for row in rows.select_related("agency").order_by("due_on", "id"):
        url, shared = reverse("reviews:agency_return", args=[row.pk]), {"folder_id": row.folder_id}
        shared["perm"] = Perm.RETURN_PART
        if row.signer_id == user.pk and row.status == S.TO_SIGN:
            url = reverse("reviews:sign_return", args=[row.pk])
            yield Work(f"Sign the return of {row.body}", url, row.case_word, row.due_on, **shared)
        elif row.helper_id == user.pk and row.status == S.ASKED:
            yield Work(f"Help with the return of {row.body}", url, row.case_word, row.due_on, **shared)
        elif row.status == S.SUBMITTED:
            note = f"submitted {_on(row.submitted_at)}"
            yield Work(f"Return of {row.body}", url, row.case_word, done=True, note=note)
        else:
            note = row.get_status_display()
            yield Work(f"Return of {row.body}", url, row.case_word, row.due_on, note, owed=False, **shared)


def returns_that_name(user):
    """For 'What you may see': the returns on which this person is named."""
    rows = AgencyReturn.objects.allowing(user, Perm.RETURN_PART).select_related("agency")
    for row in rows.order_by("asked_at", "id"):
        url = reverse("reviews:agency_return", args=[row.pk])
        why = next(words for name, words in PARTS.items() if getattr(row, f"{name}_id") == user.pk)
        yield Named(f"Return of {row.body}", row.case_word, url, why, row.asked_at)


PARTS = {
    "author": "You are its named author",
    "helper": "You help its author",
    "signer": "You sign it",
    "coordinator": "You co-ordinate the returns of your organisation",
}


def _on(moment):
    return f"on {plain(timezone.localtime(moment))}"


def reviews_to_carry(user):
    """What the open reviews ask of those on them: to send, to sign; and what has come in."""
    rows = list(reads.list_of_reviews(user).filter(status__in=(Review.Status.OPEN, Review.Status.DECIDED)))
    if not rows:
        return
    held = reads.powers(user, rows)
    clocks = reads.list_clocks(user, rows)
    seats = {duty.agency.partner_seat for duty in acts_as_partner(user)}
    decisions = {}
    for decision in Decision.objects.visible_to(user).filter(review__in=rows).order_by("number"):
        decisions[decision.review_id] = decision
    signed = set(
        SignOff.objects.visible_to(user)
        .filter(decision__in=decisions.values())
        .exclude(stance=SignOff.Stance.SILENT)
        .values_list("decision_id", "seat")
    )
    days = step_days(user, decisions, SIGNED) if seats else {}
    came_in = AgencyReturn.objects.visible_to(user).filter(review__in=rows, status=AgencyReturn.Status.SUBMITTED)
    for review in (each for each in rows if each.pk in clocks):
        case, url, clock = (
            review.folder.reference,
            reverse("reviews:review", args=[review.pk]),
            clocks[review.pk],
        )
        shared = {"folder_id": review.folder_id, "perm": Perm.REVIEW_VIEW}
        if Perm.SEND in held[review.pk]:
            yield Work("Send the rapid review to the Panel", url, case, clock.due_on, clock.progress, **shared)
        decision = decisions.get(review.pk)
        if decision and Perm.SIGN_OFF in held[review.pk] and any((decision.pk, seat) not in signed for seat in seats):
            due_on = days.get((review.pk, SIGNED), clock.due_on)
            yield Work("Sign the decision", reverse("reviews:sign_off", args=[review.pk]), case, due_on, **shared)
        elif Perm.SEND not in held[review.pk]:
            yield Work("Rapid review", url, case, clock.due_on, clock.progress, owed=False, **shared)
    for row in came_in.select_related("agency"):
        if row.author_id != user.pk:
            yield Work(
                f"Return of {row.body} has come in",
                reverse("reviews:agency_return", args=[row.pk]),
                row.case_word,
                owed=False,
                folder_id=row.folder_id,
                perm=Perm.RETURN_VIEW,
            )
