"""Asking several agencies at once, each through whoever is asked there about a case on the day."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.access.flow import Stale
from partnership.access.models import Conflict
from partnership.access.rows import allowing
from partnership.directory.particulars.reads import who_is_asked
from partnership.people.models import Agency, AgencyKind, NamedDuty, SharingAgreement, User
from partnership.people.roles import Perm, Role
from reviews import returns
from reviews.asking.closures import Closed, closed, set_aside
from reviews.models import AgencyReturn, Clearance
from reviews.whom import belonging


@dataclass(frozen=True)
class Offer:
    """An agency that can be asked: whom, why that person, whether it needs the letter, and why it is closed, if it is.

    waits: what was decided before about its request, because it was closed.
    """

    agency: Agency
    author: User
    why: str
    needs_letter: bool
    closed: Closed | None
    waits: Clearance | None = None

    @property
    def key(self) -> str:
        """What a form sends for it: the agency with the person who was shown."""
        return f"{self.agency.pk}:{self.author.pk}"


def offers(user, review) -> list[Offer]:
    """The agencies that were not asked yet and have somebody to ask, by name; schools are asked one by one.

    Asked is the case contact of the day (the cover while it is closed), else its safeguarding lead in the portal.
    Whoever is barred from the review is left out, and so is an agency that has nobody else; nine statements.
    """
    today = timezone.localdate()
    asked = AgencyReturn.objects.visible_to(user).filter(review=review).exclude(status=AgencyReturn.Status.WITHDRAWN)
    agencies = allowing(Agency, user, Perm.DIRECTORY_VIEW).live().exclude(kind=AgencyKind.SCHOOL)
    agencies = list(agencies.exclude(pk__in=asked.filter(agency__isnull=False).values("agency_id")).order_by("name"))
    barred = set(Conflict.objects.live().filter(folder_id__in=review.folder.path).values_list("user_id", flat=True))
    members = _members(agencies, barred)
    agreed = set(SharingAgreement.objects.live().values_list("agency_id", flat=True))
    duties, shut = {}, closed([each for each in agencies if each.pk in members])
    waits = {row.agency_id: row for row in Clearance.objects.visible_to(user).filter(review=review, row=None)}
    for duty in NamedDuty.objects.on(today).filter(agency__in=members).select_related("holder"):
        duties.setdefault(duty.agency_id, []).append(duty)
    found = []
    for agency in agencies:
        here = members.get(agency.pk, {})
        closure = shut.get(agency.pk)
        facts = {"name": closure.name, "ends": closure.opens_on} if closure else None
        told = who_is_asked(agency.kind, duties.get(agency.pk, ()), facts)
        author, why = (told.holder, told.reason) if told.holder and told.holder.pk in here else _lead(here)
        if author:
            needs_letter = agency.pk not in agreed
            found.append(Offer(agency, author, why, needs_letter, closure, waits.get(agency.pk)))
    return found


def _members(agencies, barred) -> dict:
    """agency id -> {user id: (user, role)} of those who can be asked and are not barred."""
    rows = belonging(agency__in=agencies)
    found = {}
    for row in rows.exclude(user__in=barred).select_related("user").order_by("user__name"):
        found.setdefault(row.agency_id, {})[row.user_id] = (row.user, row.role)
    return found


def _lead(here):
    for user, role in here.values():
        if role == Role.AGENCY_LEAD:
            return user, "It names no case contact who signs in, so its safeguarding lead is asked."
    return None, ""


@transaction.atomic
def ask_wave(review, chosen, *, by, due_on, purpose, letter=None, cleared=None) -> list[AgencyReturn]:
    """Ask all of these offers, or none. letter: as returns.ask_agency, for those that have no agreement in force.

    cleared: agency id -> {"way", "reason"}, for those that are closed: one that waits or is asked another way is
    recorded and not asked. Raises ValidationError that names the agency which cannot be asked.
    """
    if not chosen:
        raise ValidationError({"agencies": "Select at least one agency."})
    made, cleared = [], cleared or {}
    for offer in chosen:
        said = cleared.get(offer.agency.pk)
        try:
            if said and said["way"] != Clearance.Way.NOW:
                set_aside(review, by=by, agency=offer.agency, **said)
                continue
            made.append(
                returns.ask_agency(
                    review, by=by, agency=offer.agency, author=offer.author, due_on=due_on, purpose=purpose,
                    letter=letter if offer.needs_letter else None, cleared=said,
                )
            )  # fmt: skip
        except Stale:
            raise
        except ValidationError as error:
            told = error.update_error_dict({})
            if set(told) & set(returns.LETTER) or "due_on" in told:
                raise
            raise ValidationError({"agencies": f"{offer.agency.name}: {error.messages[0]}"}) from None
    return made
