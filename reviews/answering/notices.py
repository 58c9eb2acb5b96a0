"""What the people of a return are told: that it waits for them, that it was signed or given back, that it changes."""

from django.urls import reverse
from django.utils import timezone

from partnership.access.rows import holders
from partnership.documents.models import State
from partnership.notify.kinds import NoticeKind, register
from partnership.notify.telling import Told, tell
from partnership.people.models import Agency, User
from partnership.people.roles import Perm
from reviews.models import AgencyReturn, ReturnFile
from reviews.notices import about, at_notices, at_the_return, of_rows

TO_SIGN, SIGNED, GIVEN_BACK, CHANGING = "return_to_sign", "return_signed", "return_given_back", "return_changing"
HELP, RECORDED, FILE_GONE, SEARCH = "return_help", "return_recorded", "return_file_withdrawn", "search_changed"
HELP_OVER = "return_help_over"


def tell_signer(row) -> None:
    _tell(TO_SIGN, row, row.signer_id, row.finished_at)


def tell_signed(row) -> None:
    """Its author learns that it is in."""
    _tell(SIGNED, row, row.author_id, row.signed_at)


def tell_given_back(row) -> None:
    _tell(GIVEN_BACK, row, row.author_id, row.given_back_at)


def tell_changing(row) -> None:
    """Whoever asked for it learns that its author changes what was submitted."""
    _tell(CHANGING, row, row.asked_by_id, row.reopened_at)


def tell_helper(row) -> None:
    tell(HELP, [Told(f"{HELP}:{row.pk}:{row.helper_id}", row.helper_id, row.pk, row.folder_id)])


def tell_help_over(row) -> None:
    """Whose help its author ended: they can open the return no longer, so the notice names no case."""
    key = f"{HELP_OVER}:{row.pk}:{row.helper_id}:{timezone.now():%Y%m%dT%H%M%S.%f}"
    tell(HELP_OVER, [Told(key, row.helper_id, row.helper_id, data={"agency": str(row.agency_id)})])


def _describe_help_over(notices, user):
    names = dict(Agency.objects.filter(pk__in={each.data["agency"] for each in notices}).values_list("pk", "name"))
    names = {str(pk): name for pk, name in names.items()}
    return {
        each.pk: f"You no longer help with the return of {names[each.data['agency']]}: its author ended your help. "
        "What you had saved stays in it."
        for each in notices
    }


def tell_recorded(row) -> None:
    """Its author learns that what her body gave another way stands as its return, and need not write it."""
    _tell(RECORDED, row, row.author_id, row.submitted_at)


def tell_search_changed(identity) -> None:
    """Somebody to search for was entered after requests went out: those who still write look again, and are told no
    name."""
    rows = AgencyReturn.objects.unscoped("those who are asked to search").filter(folder_id=identity.folder_id)
    owed = rows.filter(status__in=AgencyReturn.OWED)
    tell(SEARCH, [Told(f"{SEARCH}:{row.pk}:{identity.pk}", row.author_id, row.pk, row.folder_id) for row in owed])


def tell_file_withdrawn(version) -> None:
    """Those who run the case learn that a file of a return that they had was withdrawn."""
    if version.state != State.WITHDRAWN:
        return  # whoever uploaded one that was refused is told by the floor
    rows = ReturnFile.objects.unscoped("the check tells those who had the file")
    for file in rows.filter(document_id=version.document_id, given=True).select_related("folder"):
        people = holders(file.folder, Perm.RETURN_REQUEST).values_list("pk", flat=True)
        key = f"{FILE_GONE}:{version.pk}:{version.scanned_with}"
        tell(FILE_GONE, [Told(key, person, file.answer_id, file.folder_id) for person in people])


def _tell(code, row, person, at):
    tell(code, [Told(f"{code}:{row.pk}:{at:%Y%m%dT%H%M%S.%f}", person, row.pk, row.folder_id)])


def _saying(words):
    return of_rows(AgencyReturn, lambda row, _: words.format(f"{row.body} ({row.case_word})"), "agency")


def _owed(notices):
    rows = AgencyReturn.objects.unscoped("the relay asks whether the return is still owed")
    return about(rows.filter(status__in=AgencyReturn.OWED), notices)


def _waits(status):
    def still(notices):
        rows = AgencyReturn.objects.unscoped("the relay asks whether the return still waits")
        return about(rows.filter(status=status), notices)

    return still


def _at_its_signature(notice):
    return reverse("reviews:sign_return", args=[notice.subject_id])


def register_notices():
    mine = {"model": AgencyReturn, "perm": Perm.RETURN_PART, "apart": True, "url": at_the_return}
    lead = mine | {"perm": Perm.RETURN_REQUEST}
    S = AgencyReturn.Status
    register(
        NoticeKind(
            TO_SIGN, "A return waits for your signature", still_wanted=_waits(S.TO_SIGN),
            describe=_saying("The return of {} waits for your signature. Read it, then sign it or give it back."),
            **mine | {"perm": Perm.RETURN_SIGN, "url": _at_its_signature},
        )
    )  # fmt: skip
    register(
        NoticeKind(
            GIVEN_BACK, "A return was given back to you unsigned", still_wanted=_waits(S.ASKED),
            describe=_saying("The return of {} was given back to you unsigned, with a note."), **mine,
        )
    )  # fmt: skip
    register(
        NoticeKind(
            SEARCH, "Somebody was added to those whom you search for", still_wanted=_owed,
            describe=_saying("Whom to search for has changed since you were asked for the return of {}. Look again."),
            **mine,
        )
    )  # fmt: skip
    register(
        NoticeKind(
            HELP, "You are asked to help with a return", still_wanted=_waits(S.ASKED),
            describe=_saying("You can read and write the return of {}. Its author submits it."), **mine,
        )
    )  # fmt: skip
    register(
        NoticeKind(
            HELP_OVER, "You no longer help with a return", model=User, perm=Perm.DIRECTORY_VIEW, apart=True,
            url=at_notices, describe=_describe_help_over,
        )
    )  # fmt: skip
    register(
        NoticeKind(SIGNED, "Your return was signed", describe=_saying("The return of {} was signed. It is in."), **mine)
    )
    register(
        NoticeKind(
            RECORDED, "Your return was recorded for you",
            describe=_saying("What was given for {} another way was recorded as its return."), **mine,
        )
    )  # fmt: skip
    register(
        NoticeKind(
            CHANGING, "A return is being changed",
            describe=_saying("The return of {} is being changed by its author. What was submitted stands until then."),
            **lead,
        )
    )  # fmt: skip
    register(
        NoticeKind(
            FILE_GONE, "A file of a return was withdrawn",
            describe=_saying("A later check found a virus in a file of the return of {}. Do not open copies of it."),
            **lead,
        )
    )  # fmt: skip
