"""Who holds a duty, as an organisation's own lead may say: her own organisation, not the partnership's own duties."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.access.flow import lock
from partnership.directory import rules as directory_rules
from partnership.directory.joining import rules
from partnership.directory.joining.services import give_address
from partnership.directory.models import Invitation
from partnership.directory.models.joining import OPEN
from partnership.directory.services import end_duty, fresh, save
from partnership.people.models import NamedDuty
from partnership.people.services import know_person
from partnership.trail.services import record


@transaction.atomic
def name_duty(agency, *, by, kind, name, post, email="", telephone="") -> NamedDuty:
    """A duty that nobody has recorded yet, held by `name` from today; a vacant one of its kind is filled instead."""
    agency = lock(agency)
    _may_say(by, kind)
    vacant = NamedDuty.objects.live().filter(agency=agency, kind=kind, holder=None, deputy_for=None).first()
    if vacant is not None:
        return hand_over(vacant, by=by, name=name, post=post, email=email, telephone=telephone)
    holder = _holder(agency, by, name, post, email, telephone)
    duty = NamedDuty(agency=agency, kind=kind, holder=holder, post=post, starts=timezone.localdate())
    directory_rules.duty_fits(duty)
    directory_rules.not_to_oneself(duty, by)
    duty._history_user = by
    duty.full_clean()
    duty.save()
    record("duty_added", by=by, obj=agency, duty=duty.pk, kind=str(kind), holder=holder.pk)
    return duty


@transaction.atomic
def vacancy(agency, kind, *, by) -> NamedDuty:
    """A duty of this kind that nobody holds: the one that stands open, or a new row. by None: the portal itself.

    ValidationError where the organisation cannot have it, or somebody holds it.
    """
    if found := NamedDuty.objects.live().filter(agency=agency, kind=kind, holder=None, deputy_for=None).first():
        return found
    duty = NamedDuty(agency=agency, kind=kind, starts=timezone.localdate(), ends=agency.ends)
    directory_rules.duty_fits(duty)
    duty._history_user = by
    duty.full_clean()
    duty.save()
    record("duty_added", by=by, obj=agency, duty=duty.pk, kind=str(kind), holder=None)
    return duty


@transaction.atomic
def hand_over(duty, *, by, name, post, email="", telephone="") -> NamedDuty:
    """Name who holds it: fills a vacancy; else ends it for whoever held it until today and begins it for the next.

    ValidationError where its holder took it over today (put a mistake right in the directory), or it has deputies.
    """
    lock(duty.agency)
    duty = lock(duty)
    _may_say(by, duty.kind)
    today = timezone.localdate()
    if duty.deputy_for_id:
        raise ValidationError("This is a deputy’s duty between two dates. Ask the business unit to change it.")
    if duty.ends and duty.ends <= today:
        raise ValidationError("This duty has ended. Name it anew.")
    holder = _holder(duty.agency, by, name, post, email, telephone)
    if duty.holder_id == holder.pk:
        raise ValidationError({"name": "This person holds it already."})
    if duty.holder_id is None:
        duty.holder, duty.post = holder, post
        directory_rules.not_to_oneself(duty, by)
        duty._history_user = by
        duty.save(update_fields=["holder", "post"])
        record("duty_changed", by=by, obj=duty.agency, duty=duty.pk, fields=["holder", "post"], holder=holder.pk)
        return duty
    if duty.deputies.filter(directory_rules.runs_on_after(today)).exists():
        raise ValidationError("Somebody deputises for this duty, or will. Ask the business unit to hand it over.")
    if duty.starts and duty.starts >= today:
        raise ValidationError("It began today. If that was a mistake, ask the business unit to put it right.")
    ends = duty.ends
    duty = end_duty(duty, by=by, ends=today)
    following = NamedDuty(agency=duty.agency, kind=duty.kind, holder=holder, post=post, starts=today, ends=ends)
    directory_rules.duty_fits(following)
    directory_rules.not_to_oneself(following, by)
    following._history_user = by
    following.full_clean()
    following.save()
    record("duty_added", by=by, obj=duty.agency, duty=following.pk, kind=duty.kind, holder=holder.pk)
    return following


@transaction.atomic
def put_right(duty, *, by, version, post, email="") -> NamedDuty:
    """The post of a duty whose holder stays, and the address of a holder who has no sign-in; empty leaves it as it is.

    version: `version_of` the duty as it was read. Raises Stale, ValidationError naming `post` or `email`.
    """
    lock(duty.agency)
    _may_say(by, duty.kind)
    row = fresh(duty, version)
    email = (email or "").strip()
    if email and email.lower() != (row.holder.email or "").lower():
        if Invitation.objects.unscoped("is a letter on its way to the old address?").filter(OPEN, user=row.holder):
            raise ValidationError(
                {"email": "An invitation to this person is open. Send it again to the right address."}
            )
        give_address(row.holder, email, row.agency, by)
    if post != row.post:
        row.post = post
        save(row, by)
        record("duty_changed", by=by, obj=row.agency, duty=row.pk, fields=["post"], holder=row.holder_id)
    return row


@transaction.atomic
def stand_down(duty, *, by) -> None:
    """Nobody holds it from today. Where the duty is its organisation's only one of its kind it stands open, vacant.

    Raises ValidationError where it began today, or somebody deputises for it.
    """
    lock(duty.agency)
    duty = lock(duty)
    _may_say(by, duty.kind)
    today = timezone.localdate()
    if duty.deputies.filter(directory_rules.runs_on_after(today)).exists():
        raise ValidationError("Somebody deputises for this duty, or will. Ask the business unit to end it.")
    if duty.starts and duty.starts >= today:
        raise ValidationError("It began today. If that was a mistake, ask the business unit to put it right.")
    duty = end_duty(duty, by=by, ends=today)
    others = NamedDuty.objects.live().filter(agency=duty.agency, kind=duty.kind).exclude(pk=duty.pk)
    if not others.exists():
        vacancy(duty.agency, duty.kind, by=by)


def _holder(agency, by, name, post, email, telephone):
    """The colleague of this name where there is exactly one and no address is given; else whoever has the address."""
    if not email:
        here = [each for each in rules.colleagues_of(agency).select_related("user") if each.user.name == name.strip()]
        if len({each.user_id for each in here}) == 1:
            return here[0].user
    return know_person(name=name, email=email, job_title=post, telephone=telephone, by=by, of_this_name=True)


def _may_say(by, kind):
    if kind in rules.OF_THE_PARTNERSHIP and not rules.keeps_everybody(by):
        raise ValidationError({"kind": "Who holds this duty is for the partnership to say. Ask the business unit."})
