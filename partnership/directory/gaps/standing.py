"""Who holds a duty, and whether anybody does: conditions on organisations, for lists, reports and counts alike."""

from django.db.models import Exists, OuterRef, Q

from partnership.directory.gaps.expected import grouped
from partnership.people.models import ContactPoint, NamedDuty, SharingAgreement

VACANT, HELD, NO_SIGN_IN = "vacant", "held", "nosignin"
STANDINGS = {
    HELD: "Held by somebody",
    VACANT: "Without a holder",
    NO_SIGN_IN: "Held by somebody without a sign-in",
}
LACKS = {
    "contact": "No contact",
    "case": "No case contact",
    "cover": "No cover while it is closed",
    "agreement": "No sharing agreement, or past its review date",
}


def duties(day, kinds=None):
    """The live named duties of that day, deputies for them aside."""
    rows = NamedDuty.objects.on(day).filter(deputy_for=None)
    return rows.filter(kind__in=kinds) if kinds else rows


def held(rows):
    """Those with a holder who has not left."""
    return rows.filter(holder__isnull=False, holder__closed_at=None)


def unheld(rows):
    return rows.filter(Q(holder=None) | Q(holder__closed_at__isnull=False))


def without_sign_in(rows):
    return rows.filter(holder__is_active=False, holder__closed_at=None)


def _agencies(rows):
    return rows.order_by().values("agency_id")


def has(rows) -> Q:
    return Q(pk__in=_agencies(rows))


def lacking(kinds, agency_kinds, day) -> Q:
    """Organisations of these kinds at which nobody holds one of these duties, though one is expected."""
    return Q(kind__in=agency_kinds) & ~has(held(duties(day, kinds)))


def concerns(duty, day) -> Q:
    """Organisations that have this duty, or are expected to have it first of all."""
    return has(duties(day, [duty])) | Q(kind__in=expecting(duty, day))


def expecting(duty, day) -> list:
    return [kind for kinds, of in grouped(day).items() if kinds[0] == duty for kind in of]


def vacant(day, duty="") -> Q:
    """Organisations with this duty (or any) without a holder: expected and nobody named, or named without a holder."""
    rule = Q()
    for kinds, of in grouped(day).items():
        if not duty or kinds[0] == duty:
            rule |= lacking(kinds, of, day)
    return rule | has(open_rows(day, duty))


def open_rows(day, duty=""):
    """Duties that stand in the list without a holder, where nobody else has the same."""
    somebody = held(duties(day)).filter(agency=OuterRef("agency"), kind=OuterRef("kind"))
    return unheld(duties(day, [duty] if duty else None)).filter(~Exists(somebody))


def standing(code, day, duty="") -> Q:
    """The condition of a filter's answer; without a duty, of any."""
    kinds = [duty] if duty else None
    if code == VACANT:
        return vacant(day, duty)
    if code == NO_SIGN_IN:
        return has(without_sign_in(duties(day, kinds)))
    return has(held(duties(day, kinds)))


def agreed(day):
    """Sharing agreements that run on that day and whose review has not come yet."""
    rows = SharingAgreement.objects.on(day)
    return rows.filter(Q(review_on=None) | Q(review_on__gte=day))


def lacks(code, day) -> Q:
    """`code`: one of LACKS. Duties are missed where they are expected; contacts and agreements everywhere."""
    if code == "contact":
        return ~Q(pk__in=_agencies(ContactPoint.objects.on(day)))
    if code == "agreement":
        return ~Q(pk__in=_agencies(agreed(day)))
    rule = Q(pk__in=[])
    for kinds, of in grouped(day).items():
        if kinds[0] == code:
            rule |= lacking(kinds, of, day)
    return rule
