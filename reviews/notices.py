"""What the people of a review are told besides its dates: that somebody waits for them (docs/notify.md)."""

from django.urls import reverse
from django.utils import timezone

from partnership.access.rows import holders
from partnership.notify.kinds import NoticeKind, register
from partnership.notify.telling import Told, tell
from partnership.people.models import Agency, User
from partnership.people.roles import Perm
from partnership.ui.dates import plain
from reviews.models import AgencyReturn, Decision, Extension, Guest, Pack, Referral, Review, ScrutinyComment

ASKED, BACK, CAME_IN, TO_SIGN = "return_asked", "return_back", "return_came_in", "decision_to_sign"
GIVEN_ON = "return_given_on"
PACK, COMMENTED = "meeting_pack", "report_commented"
MORE_TIME, REFUSED_TIME, CHASED = "extension_asked", "extension_refused", "return_chased"
ASKED_NO_MORE, LET_OUT = "return_asked_no_more", "case_over"
CLOSED, REOPENED, WITHDRAWN = "review_closed", "review_reopened", "notification_withdrawn"
GUEST_IN, GUEST_TRIED = "guest_in", "guest_tried"
REFERRED, OUTCOME, TAKEN_BACK, VIEW_SOUGHT = "referral_in", "referral_outcome", "referral_back", "criteria_view_sought"


def tell_author(row) -> None:
    """A return is asked of its author, or sent back to them."""
    code, at = (BACK, row.sent_back_at) if row.came_back else (ASKED, row.asked_at)
    tell(code, [Told(f"{code}:{row.pk}:{at:%Y%m%dT%H%M%S.%f}", row.author_id, row.pk, row.folder_id)])


def tell_new_author(row) -> None:
    """A return was given to another author; told again when it comes back to one who had it before."""
    tell(ASKED, [Told(f"{ASKED}:{row.pk}:given:{row.version}", row.author_id, row.pk, row.folder_id)])


def tell_of_new_author(row, *, by) -> None:
    """Those who ask for returns here are told at once that another person writes one, and so reads the request."""
    people = set(holders(row.folder, Perm.RETURN_REQUEST).values_list("pk", flat=True)) - {by.pk}
    key = f"{GIVEN_ON}:{row.pk}:{row.version}"
    tell(GIVEN_ON, [Told(key, person, row.pk, row.folder_id, {"author": row.author_id}) for person in people])


def tell_guest_in(guest) -> None:
    """An invitation outside the directory was used: those who ask for returns there are told at once."""
    _of_a_guest(GUEST_IN, guest, f"{guest.joined_at:%Y%m%dT%H%M%S.%f}")


def tell_guest_tried(guest) -> None:
    """Somebody had the link and not the code, as often as it may be tried."""
    _of_a_guest(GUEST_TRIED, guest, f"{guest.calls}:{guest.version}")


def _of_a_guest(code, guest, when):
    people = holders(guest.folder, Perm.RETURN_REQUEST).values_list("pk", flat=True)
    tell(code, [Told(f"{code}:{guest.pk}:{when}", person, guest.pk, guest.folder_id) for person in people])


def tell_asker(row) -> None:
    """A return has come in: whoever asked for it is told."""
    key = f"{CAME_IN}:{row.pk}:{row.submitted_at:%Y%m%dT%H%M%S.%f}"
    tell(CAME_IN, [Told(key, row.asked_by_id, row.pk, row.folder_id)])


def tell_extension_asked(extension) -> None:
    """More time is asked for: those who ask for returns here are told."""
    people = holders(extension.folder, Perm.RETURN_REQUEST).values_list("pk", flat=True)
    key = f"{MORE_TIME}:{extension.pk}"
    tell(MORE_TIME, [Told(key, person, extension.pk, extension.folder_id) for person in people])


def tell_extension_refused(extension, row) -> None:
    """Its author is told that the day stands. More time is told by the clock that moves."""
    key = f"{REFUSED_TIME}:{extension.pk}"
    tell(REFUSED_TIME, [Told(key, row.author_id, extension.pk, extension.folder_id, {"row": row.pk})])


def tell_chased(row, *, on) -> None:
    """Somebody reminds by hand the author and, where it waits for a signature, the signer.

    The days of the clock remind by themselves.
    """
    people = {row.author_id, row.signer_id if row.status == AgencyReturn.Status.TO_SIGN else row.author_id}
    key = f"{CHASED}:{row.pk}:{on:%Y%m%d}"
    tell(CHASED, [Told(key, person, row.pk, row.folder_id) for person in people])


def tell_asked_no_more(row) -> None:
    """A request was withdrawn: its author can open it no longer, so the notice names no case."""
    if row.author.is_active:
        said = {"agency": row.agency_id}
        tell(ASKED_NO_MORE, [Told(f"{ASKED_NO_MORE}:{row.pk}", row.author_id, row.author_id, data=said)])


def tell_let_out(review, users) -> None:
    """These users' ids could open a case that is over, and can no longer: the notice names no case."""
    now = timezone.now()
    tell(LET_OUT, [Told(f"{LET_OUT}:{review.pk}:{now:%Y%m%dT%H%M%S.%f}", user, user) for user in users])


def tell_closed(row, *, but) -> None:
    _tell_all(CLOSED, row, f"{row.closed_at:%Y%m%dT%H%M%S.%f}", but)


def tell_reopened(row, *, but) -> None:
    _tell_all(REOPENED, row, f"{row.reopened_at:%Y%m%dT%H%M%S.%f}", but)


def tell_withdrawn(row, *, but) -> None:
    """The council withdrew its notification: everybody on the case is told."""
    _tell_all(WITHDRAWN, row, "", but)


def _tell_all(code, row, at, but):
    """Everybody who can open the review, but whoever did it."""
    people = set(holders(row.folder, Perm.REVIEW_VIEW).values_list("pk", flat=True)) - {but.pk}
    tell(code, [Told(f"{code}:{row.pk}:{at}", person, row.review_id, row.folder_id) for person in people])


def tell_signatories(decision, users) -> None:
    """A decision waits for the word of these users' ids; each is told once of each decision."""
    told = [Told(f"{TO_SIGN}:{decision.pk}", user, decision.pk, decision.folder_id) for user in users]
    tell(TO_SIGN, told)


def tell_referred(row, *, but) -> None:
    """A referral has come in: those of the unit whose folder it opened are told at once."""
    people = set(holders(row.folder, Perm.REFERRAL_DECIDE).values_list("pk", flat=True)) - {but.pk}
    tell(REFERRED, [Told(f"{REFERRED}:{row.pk}", person, row.pk, row.folder_id) for person in people])


def tell_outcome(row) -> None:
    """What became of a referral is told to its referrer."""
    if row.referrer_id:
        key = f"{OUTCOME}:{row.pk}:{row.decided_at:%Y%m%dT%H%M%S.%f}"
        tell(OUTCOME, [Told(key, row.referrer_id, row.pk, row.folder_id)])


def tell_taken_back(row) -> None:
    people = holders(row.folder, Perm.REFERRAL_DECIDE).values_list("pk", flat=True)
    tell(TAKEN_BACK, [Told(f"{TAKEN_BACK}:{row.pk}", person, row.pk, row.folder_id) for person in people])


def tell_view_sought(review, users) -> None:
    """Whether the criteria are met is asked of these users' ids; each is asked once in a review."""
    told = [Told(f"{VIEW_SOUGHT}:{review.pk}:{user}", user, review.pk, review.folder_id) for user in users]
    tell(VIEW_SOUGHT, told)


def tell_pack(pack, users) -> None:
    """A pack for these users' ids is there; each is told of each pack."""
    data = {"review": pack.review_id}
    tell(PACK, [Told(f"{PACK}:{pack.pk}", person, pack.pk, pack.folder_id, data) for person in users])


def tell_commented(row) -> None:
    """The scrutineer has commented: those who carry the review and the partners are told."""
    people = {
        person
        for perm in (Perm.REVIEW_MANAGE, Perm.SIGN_OFF)
        for person in holders(row.folder, perm).values_list("pk", flat=True)
    }
    tell(COMMENTED, [Told(f"{COMMENTED}:{row.pk}", person, row.pk, row.folder_id) for person in people])


def of_rows(model, sentence, *related):
    """describe() of a NoticeKind: sentence(row, notice) of each notice whose row this person may see."""

    def describe(notices, user):
        rows = model.objects.visible_to(user).filter(pk__in={each.subject_id for each in notices})
        found = {row.pk: row for row in rows.select_related(*related)}
        return {each.pk: sentence(found[each.subject_id], each) for each in notices if each.subject_id in found}

    return describe


def _pack(row, _):
    return f"{row.folder.reference}: the pack for the meeting is there ({row.get_audience_display().lower()})."


def _commented(row, _):
    return f"{row.folder.reference}: the independent scrutineer has commented on the report."


def _at_the_report(notice):
    return reverse("reviews:report_sections", args=[notice.folder_id])


def _at_the_pack(notice):
    return reverse("reviews:meeting", args=[notice.data["review"]])


def _describe_asked_no_more(notices, user):
    names = dict(Agency.objects.filter(pk__in={each.data.get("agency") for each in notices}).values_list("pk", "name"))
    names = {str(pk): name for pk, name in names.items()}
    return {
        each.pk: f"The return of {names.get(each.data.get('agency'), 'your organisation')} is asked of you no longer: "
        "the request was withdrawn. What you had typed was not sent to anybody."
        for each in notices
    }


def _describe_let_out(notices, user):
    return {
        each.pk: f"A case that you were on is over since {plain(timezone.localtime(each.created_at))}, and your access "
        "to it ended. If you still need it, ring the business unit."
        for each in notices
    }


def _of_a_review(words):
    return of_rows(Review, lambda row, _: words.format(case=row.folder.reference), "folder")


def at_notices(notice):
    return reverse("notify:notices")


def _referred(row, _):
    return f"{row.agency.name} has referred an incident ({row.case_word}). Read it and say whether it is taken on."


def _outcome(row, _):
    return f"Your referral ({row.case_word}): {row.get_status_display().lower()}."


def _taken_back(row, _):
    return f"{row.agency.name} took its referral back ({row.case_word})."


def _view_sought(row, _):
    return f"{row.folder.reference}: say whether you think that the criteria are met, and why."


def _still_waiting(notices) -> set:
    rows = Referral.objects.unscoped("the relay asks whether it still waits")
    return about(rows.filter(status=Referral.Status.WAITING), notices)


def _still_considered(notices) -> set:
    rows = Review.objects.unscoped("the relay asks whether it is still considered")
    return about(rows.filter(status=Review.Status.CONSIDERED), notices)


def _at_the_referral(notice):
    return reverse("reviews:referral", args=[notice.subject_id])


def _at_the_consideration(notice):
    return reverse("reviews:consideration", args=[notice.subject_id])


def _asked(row, notice):
    what = "was sent back to you" if notice.kind == BACK else "is asked of you"
    due = f" Due on {plain(row.due_on)}." if row.owed else " It is submitted."
    return f"The return of {row.body} ({row.case_word}) {what}.{due}"


def _chased(row, _):
    if not row.owed:
        return f"The return of {row.body} ({row.case_word}): it is submitted."
    was = "was due" if row.due_on < timezone.localdate() else "is due"
    waits = " It waits for its signature." if row.status == AgencyReturn.Status.TO_SIGN else ""
    return f"You are reminded of the return of {row.body} ({row.case_word}): it {was} on {plain(row.due_on)}.{waits}"


def _more_time(row, _):
    asks = f"{row.row.body} asks for more time for its return ({row.row.case_word}), until {plain(row.wanted_on)}."
    return f"{asks} {_its_answer(row)}"


def _its_answer(row) -> str:
    if row.status == Extension.Status.GRANTED:
        return f"It has it, until {plain(row.due_on)}."
    if row.status == Extension.Status.REFUSED:
        return "It was not given."
    waits = row.row.owed and row.row.due_on == row.due_before
    return "Answer it." if waits else "It needs no answer any more."


def _refused_time(row, _):
    now = "" if row.row.due_on == row.due_before else f" Since then it is due on {plain(row.row.due_on)}."
    return f"More time was not given for your return: it stayed due on {plain(row.due_before)}.{now}"


def _still_to_answer(notices) -> set:
    rows = Extension.objects.unscoped("the relay asks whether it still waits for an answer")
    return about(rows.filter(status=Extension.Status.WAITING, row__status__in=AgencyReturn.OWED), notices)


def _at_the_answer(notice):
    return reverse("reviews:answer_extension", args=[notice.subject_id])


def _at_the_extension(notice):
    return reverse("reviews:agency_return", args=[notice.data["row"]])


def _came_in(row, _):
    return f"The return of {row.body} ({row.case_word}) has come in."


def _guest_in(guest, _):
    return (
        f"The invitation of {guest.name}, {guest.row.body} ({guest.row.case_word}), was used on "
        f"{plain(timezone.localtime(guest.joined_at or guest.named_at))}. If it was not them, block it."
    )


def _guest_tried(guest, _):
    return (
        f"The invitation of {guest.name}, {guest.row.body} ({guest.row.case_word}), was tried with wrong codes and is "
        "shut. Ring them again."
    )


def _at_the_guest(notice):
    return reverse("reviews:guest", args=[notice.subject_id])


def _describe_given_on(notices, user):
    names = User.objects.filter(pk__in={each.data.get("author") for each in notices}).values_list("pk", "name")
    names = {str(pk): name for pk, name in names}

    def sentence(row, notice):
        name = names.get(notice.data.get("author"), "somebody else")
        return (
            f"The return of {row.body} ({row.case_word}) is written by {name} now. "
            "If that is not right, withdraw the request."
        )

    return of_rows(AgencyReturn, sentence, "agency")(notices, user)


def _to_sign(row, _):
    return f"Decision {row.number} on {row.folder.reference} waits for your word."


def _still_owed(notices) -> set:
    rows = AgencyReturn.objects.unscoped("the relay asks whether the return is still owed")
    return about(rows.filter(status__in=AgencyReturn.OWED), notices)


def _still_asked(notices) -> set:
    rows = AgencyReturn.objects.unscoped("the relay asks whether the return is still owed")
    return about(rows.filter(status=AgencyReturn.Status.ASKED), notices)


def _still_to_sign(notices) -> set:
    rows = Decision.objects.unscoped("the relay asks whether the decision still waits")
    return about(rows.exclude(review__status__in=Review.SETTLED), notices)


def about(rows, notices) -> set:
    """The ids of the notices that are about one of these rows."""
    ids = set(rows.filter(pk__in={each.subject_id for each in notices}).values_list("pk", flat=True))
    return {each.pk for each in notices if each.subject_id in ids}


def at_the_return(notice):
    return reverse("reviews:agency_return", args=[notice.subject_id])


def _at_the_decision(notice):
    return reverse("reviews:of_folder", args=[notice.folder_id])


def register_notices():
    own = {"model": User, "perm": Perm.DIRECTORY_VIEW, "url": at_notices, "apart": True}
    register(NoticeKind(ASKED_NO_MORE, "A return is asked of you no longer", describe=_describe_asked_no_more, **own))
    register(NoticeKind(LET_OUT, "A case that you were on is over", describe=_describe_let_out, **own))
    of_review = {"model": Review, "perm": Perm.REVIEW_VIEW, "url": _at_the_decision, "apart": True}
    for code, title, words in (
        (CLOSED, "A review was closed", "{case} was closed. Its case leads keep their access."),
        (REOPENED, "A review was reopened", "{case} was reopened. Nobody was let in again by it."),
        (WITHDRAWN, "A notification was withdrawn", "{case}: the council withdrew its notification to the Panel."),
    ):
        register(NoticeKind(code, title, describe=_of_a_review(words), **of_review))
    referral = {"model": Referral, "url": _at_the_referral, "apart": True}
    decide = referral | {"perm": Perm.REFERRAL_DECIDE}
    register(
        NoticeKind(REFERRED, "An incident was referred", describe=of_rows(Referral, _referred, "agency"),
                   still_wanted=_still_waiting, **decide)
    )  # fmt: skip
    register(
        NoticeKind(TAKEN_BACK, "A referral was taken back", describe=of_rows(Referral, _taken_back, "agency"), **decide)
    )
    register(
        NoticeKind(OUTCOME, "What became of your referral", perm=Perm.REFERRAL_VIEW,
                   describe=of_rows(Referral, _outcome, "agency"), **referral)
    )  # fmt: skip
    register(
        NoticeKind(
            VIEW_SOUGHT, "Your view on the criteria is asked", model=Review, perm=Perm.SIGN_OFF, apart=True,
            describe=of_rows(Review, _view_sought, "folder"), url=_at_the_consideration, still_wanted=_still_considered,
        )
    )  # fmt: skip
    asked = {
        "model": AgencyReturn, "perm": Perm.RETURN_VIEW, "describe": of_rows(AgencyReturn, _asked, "agency"),
        "url": at_the_return, "still_wanted": _still_asked, "apart": True,
    }  # fmt: skip
    register(NoticeKind(ASKED, "You are asked for a return", **asked))
    register(NoticeKind(BACK, "A return was sent back to you", **asked))
    register(
        NoticeKind(
            CAME_IN, "A return has come in", model=AgencyReturn, perm=Perm.RETURN_REQUEST, apart=True,
            describe=of_rows(AgencyReturn, _came_in, "agency"), url=at_the_return,
        )
    )  # fmt: skip
    register(
        NoticeKind(
            GIVEN_ON, "A return has another author", model=AgencyReturn, perm=Perm.RETURN_REQUEST, apart=True,
            describe=_describe_given_on, url=at_the_return,
        )
    )  # fmt: skip
    chased = asked | {"describe": of_rows(AgencyReturn, _chased, "agency"), "still_wanted": _still_owed}
    register(NoticeKind(CHASED, "You are reminded of a return", **chased))
    register(
        NoticeKind(
            MORE_TIME, "An organisation asks for more time", model=Extension, perm=Perm.RETURN_REQUEST, apart=True,
            describe=of_rows(Extension, _more_time, "row__agency"), url=_at_the_answer, still_wanted=_still_to_answer,
        )
    )  # fmt: skip
    register(
        NoticeKind(
            REFUSED_TIME, "More time was not given", model=Extension, perm=Perm.RETURN_VIEW, apart=True,
            describe=of_rows(Extension, _refused_time, "row"), url=_at_the_extension,
        )
    )  # fmt: skip
    guest = {"model": Guest, "perm": Perm.RETURN_REQUEST, "url": _at_the_guest, "apart": True}
    register(NoticeKind(GUEST_IN, "A guest has come in", describe=of_rows(Guest, _guest_in, "row"), **guest))
    register(
        NoticeKind(GUEST_TRIED, "A guest’s invitation is shut", describe=of_rows(Guest, _guest_tried, "row"), **guest)
    )
    register(
        NoticeKind(
            TO_SIGN, "A decision waits for your word", model=Decision, perm=Perm.SIGN_OFF, apart=True,
            describe=of_rows(Decision, _to_sign, "folder"), url=_at_the_decision, still_wanted=_still_to_sign,
        )
    )  # fmt: skip
    register(
        NoticeKind(
            PACK, "A pack for a meeting is there", model=Pack, perm=Perm.REVIEW_VIEW, apart=True,
            describe=of_rows(Pack, _pack, "folder"), url=_at_the_pack,
        )
    )  # fmt: skip
    register(
        NoticeKind(
            COMMENTED, "A report was commented on", model=ScrutinyComment, perm=Perm.REVIEW_VIEW, apart=True,
            describe=of_rows(ScrutinyComment, _commented, "folder"), url=_at_the_report,
        )
    )  # fmt: skip
