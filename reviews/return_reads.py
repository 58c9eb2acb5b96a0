"""Facts of returns in bulk: those of a review, the words of them that stand, and what happened to one."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef
from django.db.models.functions import JSONObject
from django.utils import timezone

from partnership.access.rows import as_array
from partnership.access.story import FOR_GRANTERS, folded, story
from partnership.people.models import User
from partnership.people.roles import Perm
from partnership.trail.models import Event
from reviews.asking import closures
from reviews.asking.reads import waits
from reviews.models import TO_REACH, AgencyReturn, Extension, Guest, ReturnVersion
from reviews.models.returns import Answers
from reviews.whom import author_can

# What happened to a return, as its body is told.
STORY_OF_RETURN = (
    "return_asked",
    "return_saved",
    "return_finish",
    "return_submit",
    "return_sign",
    "return_give_back",
    "return_take_back",
    "return_signer_changed",
    "return_record",
    "return_change",
    "return_send_back",
    "return_withdraw",
    "return_reassigned",
    "return_helper_named",
    "return_helper_off",
    "return_file_added",
    "return_file_off",
    "extension_asked",
    "extension_grant",
    "extension_refuse",
)
# What only people of the body do: a helper or signer of before is no member of the review's team.
OF_THE_BODY = ("return_saved", "return_sign", "return_give_back", "return_file_added", "return_file_off")


# What a list of returns shows and asks of each: not the pages of words in it, nor what else is known of its people.
SHOWN = (
    "folder", "review", "agency__name", "author__name", "subject__name", "outside", "outside_author", "status",
    "number", "due_on", "asked_at", "nil_return", "signer", "signed_at", "recorded_by", "submitted_at", "sent_back_at",
    "reopened_at", "given_back_at", "late_reason",
)  # fmt: skip


def returns_of(user, review, step):
    """The returns, each with `author_can`: whether its author can still answer it (not barred, not gone, not
    suspended); `asks_until`: the request for more time that waits; `given`: the times that it was given more;
    `closed`: closures.Closed of a body that owes it and is closed today; `after_step`: whether it is asked for later
    than `step`, the partnership's own date for all returns.

    One asked outside the directory has its `invitation`, a Guest's id, and how it stands as `guest_words` instead.
    """
    rows = AgencyReturn.objects.visible_to(user).filter(review=review).select_related("agency", "author", "subject")
    rows = rows.only(*SHOWN)
    guest = {"invitation": F("guest__pk"), "guest_status": F("guest__status")}
    can = author_can(folder__among=as_array(review.folder.path))
    rows = rows.annotate(author_can=can, times=_extensions_on_it(user), **guest)
    for row in rows.annotate(**closures.on_returns(timezone.localdate())):
        row.closed = closures.read(row) if row.owed else None
        row.times = [_extension(each) for each in row.times]
        row.asks_until = next((each for each in row.times if waits(each, row)), None)
        row.given = [each for each in row.times if each.status == Extension.Status.GRANTED]
        row.guest_words = Guest.Status(row.guest_status).label.lower() if row.invitation else ""
        row.after_step = bool(step and row.owed and row.due_on > step)
        row.to_reach = TO_REACH.get(row.guest_status, "") if row.status == AgencyReturn.Status.ASKED else ""
        yield row


def _extensions_on_it(user):
    """More time asked for and given, by the same row rule, in the return's own query."""
    names = ("id", "status", "reason", "wanted_on", "due_before", "due_on")
    rows = Extension.objects.visible_to(user).filter(row=OuterRef("pk")).order_by("asked_at", "id")
    return ArraySubquery(rows.values(data=JSONObject(**{name: name for name in names})))


def _extension(data) -> Extension:
    """An extension for reading, from its JSON; it is never saved."""
    for name in ("wanted_on", "due_before", "due_on"):
        data[name] = data[name] and date.fromisoformat(data[name])
    return Extension(**data | {"id": UUID(data["id"])})


def returns_that_stand(user, review) -> list:
    """The answers of a review that were submitted, with the words that stand."""
    rows = AgencyReturn.objects.visible_to(user).filter(review=review).exclude(status=AgencyReturn.Status.WITHDRAWN)
    return standing(user, [row for row in rows.select_related("agency", "subject") if row.stands])


def standing(user, rows) -> list:
    """Returns with the words that stand: of one whose author writes the next version, those of the version before."""
    changing = [row.pk for row in rows if row.owed]
    kept = {}
    if changing:
        versions = ReturnVersion.objects.visible_to(user).filter(answer__in=changing)
        kept = {each.answer_id: each for each in versions.order_by("number")}
    for row in rows:
        for each in Answers._meta.fields if row.pk in kept else ():
            setattr(row, each.attname, getattr(kept[row.pk], each.attname))
    return [row for row in rows if not row.owed or row.pk in kept]


def who_saved(row) -> User:
    """Who saved a return last: its author, or the colleague who helps."""
    last = Event.objects.filter(verb="return_saved", object_id=row.pk).order_by("-pk").first()
    return User.objects.filter(pk=last.actor_id).first() if last else row.author


def invitation_of(user, row) -> Guest | None:
    """How a guest was asked for this return, for those who ask; nothing of an organisation's."""
    if row.agency_id:
        return None
    return Guest.objects.allowing(user, Perm.RETURN_REQUEST).filter(row=row).first()


def story_of_return(row, *, held, also) -> list:
    """What happened to one return, and to what hangs on it (also: the ids of its extensions).

    Its author is told of their own deeds and the asker's, not who else is on the case. held: the reader's powers on it.
    Who may read the whole trail of the case reads all, but who was turned away only with the power to let people in.
    """
    if Perm.TRAIL_READ in held:
        return folded(story(object_id=row.pk, also=also, hide=() if Perm.FOLDER_GRANT in held else FOR_GRANTERS))
    told = story(object_id=row.pk, also=also, verbs=STORY_OF_RETURN)
    people = (row.author, row.asked_by, row.signer, row.helper)
    known = {person.name for person in people if person}
    return folded(each if each.who in known else replace(each, who=_not_named(each)) for each in told)


def _not_named(each):
    return "A colleague" if each.about[0] in OF_THE_BODY else "The review’s team"
