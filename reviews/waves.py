"""Whom to ask at an agency about a case on the day, and asking several of them at once."""

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
from reviews import partners, returns
from reviews.asking.closures import Closed, closed, set_aside
from reviews.models import AgencyReturn, Clearance
from reviews.whom import belonging

NAMED = 20  # how many agencies without anybody to ask are named; an imported register holds hundreds


@dataclass(frozen=True)
class Offer:
    """An agency that can be asked: who can be asked there, who is proposed and why, and what stands in the way.

    author: None where nobody is proposed, so that somebody is chosen. signs: the ids of those of its people who speak
    for a safeguarding partner, and so would sign the decision about what they wrote; they come last and are never
    proposed. waits: what was decided before about its request, because it was closed.
    """

    agency: Agency
    people: tuple
    author: User | None
    why: str
    needs_letter: bool
    closed: Closed | None
    signs: frozenset = frozenset()
    waits: Clearance | None = None

    @property
    def key(self) -> str:
        """What a form sends for it: the agency with the person who was proposed when the page was opened."""
        return f"{self.agency.pk}:{self.author.pk if self.author else ''}"

    def label(self, user) -> str:
        """'A Name, post', and that she signs for a partner."""
        words = f"{user.name}, {user.job_title or 'no post given'}"
        return f"{words} (signs for a safeguarding partner)" if user.pk in self.signs else words


@dataclass(frozen=True)
class Wave:
    """The agencies that can be asked at once, and why others are not among them.

    asked: the requests that stand. nobody: the first NAMED agencies that have nobody to ask; more: how many others.
    """

    offers: list
    asked: list
    nobody: list
    more: int


def wave_of(user, review) -> Wave:
    """The agencies of the directory but schools, which are asked one by one; twelve statements.

    Whoever is barred from the review is left out, and so is an agency that has nobody else.
    """
    rows = AgencyReturn.objects.visible_to(user).filter(review=review, agency__isnull=False)
    asked = list(rows.exclude(status=AgencyReturn.Status.WITHDRAWN).select_related("agency", "subject"))
    agencies = allowing(Agency, user, Perm.DIRECTORY_VIEW).live().exclude(kind=AgencyKind.SCHOOL)
    agencies = list(agencies.exclude(pk__in=[row.agency_id for row in asked]).order_by("name"))
    offers = _offers(user, review, agencies)
    found = {each.agency.pk for each in offers}
    nobody = [each.name for each in agencies if each.pk not in found]
    return Wave(offers, asked, nobody[:NAMED], len(nobody[NAMED:]))


def offer_of(user, review, agency) -> Offer | None:
    """Whom to ask at this agency, whatever its kind and whether it was asked or not; None where there is nobody."""
    return next(iter(_offers(user, review, [agency])), None)


def _offers(user, review, agencies) -> list[Offer]:
    """Proposed is the case contact of the day (the cover while it is closed), else its safeguarding lead."""
    barred = set(Conflict.objects.live().filter(folder_id__in=review.folder.path).values_list("user_id", flat=True))
    members = _members(agencies, barred)
    agreed = set(SharingAgreement.objects.live().values_list("agency_id", flat=True))
    signs = partners.who_speaks(review.folder)
    duties, shut = {}, closed([each for each in agencies if each.pk in members])
    waits = {row.agency_id: row for row in Clearance.objects.visible_to(user).filter(review=review, row=None)}
    for duty in NamedDuty.objects.on(timezone.localdate()).filter(agency__in=members).select_related("holder"):
        duties.setdefault(duty.agency_id, []).append(duty)
    found = []
    for agency in agencies:
        if here := members.get(agency.pk):
            closure = shut.get(agency.pk)
            author, why = _proposed(agency, here, duties.get(agency.pk, ()), closure, signs)
            people = tuple(sorted((user for user, _ in here.values()), key=lambda user: user.pk in signs))
            letter, waited = agency.pk not in agreed, waits.get(agency.pk)
            found.append(Offer(agency, people, author, why, letter, closure, signs & set(here), waited))
    return found


def _proposed(agency, here, duties, closure, signs) -> tuple:
    """(who is asked or None, why). here: user id -> (user, role) of those who can be asked there."""
    facts = {"name": closure.name, "ends": closure.opens_on} if closure else None
    told = who_is_asked(agency.kind, duties, facts)
    if told.holder and told.holder.pk in here and told.holder.pk not in signs:
        return told.holder, told.reason
    if set(here) <= signs:
        return None, (
            "Whoever can be asked there signs the decision for a safeguarding partner. Have somebody else of it "
            "invited, or choose knowingly: they would decide on what they wrote."
        )
    start = "Its case contact signs the decision for a partner" if told.holder and told.holder.pk in signs else ""
    for user, role in here.values():
        if role == Role.AGENCY_LEAD and user.pk not in signs:
            return user, f"{start or 'It names no case contact who signs in'}, so its safeguarding lead is asked."
    start = start or "It names no case contact who signs in, and has no safeguarding lead"
    return None, f"{start}: choose who is asked."


def _members(agencies, barred) -> dict:
    """agency id -> {user id: (user, role)} of those who can be asked and are not barred, by name."""
    found = {}
    rows = belonging(agency__in=agencies).exclude(user__in=barred)
    for row in rows.select_related("user").order_by("user__name"):
        found.setdefault(row.agency_id, {})[row.user_id] = (row.user, row.role)
    return found


@transaction.atomic
def ask_wave(review, chosen, *, by, due_on, purpose, period=None, letter=None, cleared=None) -> list[AgencyReturn]:
    """Ask the author of each of these offers, or none.

    period: as returns.ask_agency. letter: as there, for those that have no agreement in force.
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
                    period=period, letter=letter if offer.needs_letter else None, cleared=said,
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
