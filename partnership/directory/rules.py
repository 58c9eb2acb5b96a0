"""What must hold in the directory, each rule with the sentence that people read when it does not."""

import re
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from partnership.people.models import NON_VOTING, Agency, AgencyKind, DutyKind, Membership, NamedDuty, Site
from partnership.people.models.dated import last_day
from partnership.ui.dates import plain

ADDRESS = re.compile(r"https?:|www\.|//|[@<>]", re.IGNORECASE)
# One person at a time holds these for an organisation; a dated deputy stands beside, not instead.
ONE_AT_A_TIME = frozenset(
    {DutyKind.LEAD_PARTNER, DutyKind.DELEGATED_PARTNER, DutyKind.HEADTEACHER, DutyKind.CHAIR_OF_GOVERNORS}
)
# Held by people of the whole partnership, whose organisation only names them.
OF_THE_WHOLE = NON_VOTING
# Whoever holds one of these is asked about cases, or speaks for a partner: see `may_take`.
NEAR_CASES = frozenset(
    {DutyKind.LEAD_PARTNER, DutyKind.DELEGATED_PARTNER, DutyKind.DSL, DutyKind.DEPUTY_DSL}
    | {DutyKind.CASE_CONTACT, DutyKind.DEPUTY_CASE_CONTACT, DutyKind.CLOSURE_COVER}
)
OF_ONES_OWN = frozenset({DutyKind.DSL, DutyKind.DEPUTY_DSL})
OF_A_PARTNER = frozenset({DutyKind.LEAD_PARTNER, DutyKind.DELEGATED_PARTNER})


def no_address(value) -> None:
    """A name goes into an email of ours: it must not carry an address somewhere else. Raises ValidationError."""
    if ADDRESS.search(value):
        raise ValidationError("Enter a name or a post here, without web or email addresses and without < or >.")


def latest_last_day():
    """The farthest last day that anybody plans: a later one is a slip of the pen."""
    return timezone.localdate() + timedelta(days=366)


def life(starts, ends, *, open_words="No dates recorded") -> str:
    """A period in words: 'from 1 July 2022', 'until 30 June 2022', '1 May 2019 to 30 June 2022'."""
    if starts and ends:
        return f"{plain(starts)} to {plain(last_day(ends))}"
    if starts:
        return f"from {plain(starts)}"
    return f"until {plain(last_day(ends))}" if ends else open_words


def overlapping(starts, ends) -> Q:
    """Periods that share a day with this one; None is open on that side."""
    rule = Q()
    if ends:
        rule &= Q(starts__isnull=True) | Q(starts__lt=ends)
    if starts:
        rule &= Q(ends__isnull=True) | Q(ends__gt=starts)
    return rule


def runs_on_after(ends) -> Q:
    return Q(ends__isnull=True) | Q(ends__gt=ends)


def name_is_free(name, *, kind, starts, ends, but=None):
    """Two organisations of one time do not share a name; two schools may, because their number tells them apart."""
    same = Agency.objects.kept().filter(overlapping(starts, ends), name__iexact=name.strip())
    if but is not None:
        same = same.exclude(pk=but.pk)
    if kind == "school":
        same = same.exclude(kind="school")
    if but is not None and but.registrations.exists():
        same = same.exclude(registrations__isnull=False)  # two nurseries of one name, each with its own number
    if same.exists():
        raise ValidationError({"name": f"There is an organisation named {name.strip()} already."})


def seat_fits(kind, seat):
    """A statutory safeguarding partner has its seat, and nobody else has one."""
    if kind == AgencyKind.STATUTORY_PARTNER and not seat:
        raise ValidationError({"partner_seat": "Select as what it is a statutory safeguarding partner."})
    if seat and kind != AgencyKind.STATUTORY_PARTNER:
        raise ValidationError({"partner_seat": "Only a statutory safeguarding partner has a seat as one."})


def site_is_new(site):
    """An open site is entered once: the same name and postcode again, in the same time, are the same site."""
    same = Site.objects.filter(
        runs_on_after(timezone.localdate()),
        overlapping(site.starts, site.ends),
        agency_id=site.agency_id,
        name__iexact=site.name,
        postcode__iexact=site.postcode,
    )
    if same.exclude(pk=site.pk).exists():
        raise ValidationError({"name": "An open site with this name and postcode is in the directory already."})


def nothing_hangs_after(agency, ends):
    """An organisation does not end while duties or people's roles in it run on."""
    if ends is None:
        return
    duties = NamedDuty.objects.filter(runs_on_after(ends), agency=agency).count()
    people = Membership.objects.filter(runs_on_after(ends), agency=agency).count()
    if duties or people:
        parts = [_count(duties, "named duty", "named duties"), _count(people, "person’s role", "people’s roles")]
        words = " and ".join(filter(None, parts))
        verb = "runs" if duties + people == 1 else "run"
        raise ValidationError({"ends": f"{words} {verb} on after {plain(last_day(ends))}. End what hangs on it first."})


def _count(number, one, many):
    return f"{number} {one if number == 1 else many}" if number else ""


def may_take(kind, agency_id, user) -> bool:
    """Whether somebody may name herself for a duty: not for one that is near cases.

    At her own school the one person who signs in is often the designated safeguarding lead, so her own people may say
    so of themselves; the administrators of the directory and the unit, who belong to no organisation, may not.
    """
    if kind not in NEAR_CASES:
        return True
    return kind in OF_ONES_OWN and Membership.objects.live().filter(user=user, agency=agency_id).exists()


def not_to_oneself(duty, by):
    if by is not None and duty.holder_id == by.pk and not may_take(duty.kind, duty.agency_id, by):
        raise ValidationError({"holder": "You cannot name yourself for this duty. Ask somebody else to."})


def no_deputies(duty, field):
    """A duty that somebody deputises for does not become another duty, nor a deputy's."""
    if duty.deputies.filter(runs_on_after(timezone.localdate())).exists():
        raise ValidationError({field: "Somebody deputises for this duty. End that first."})


def ends_no_later(row, ends):
    """An end is recorded or brought forward; to let a period run on is a change, with all its checks."""
    if row.starts and ends <= row.starts:
        raise ValidationError({"ends": "The last day must not be before the first day."})
    if row.ends and ends > row.ends:
        raise ValidationError({"ends": f"It ends on {plain(last_day(row.ends))} already. To let it go on, change it."})


def duty_fits(duty):
    """A duty lies inside its organisation's life, has one holder at a time, and a deputy has both dates."""
    agency = duty.agency
    if duty.kind in OF_A_PARTNER and not agency.partner_seat:
        raise ValidationError({"kind": "Only a statutory safeguarding partner has this duty."})
    if agency.starts and duty.starts and duty.starts < agency.starts:
        raise ValidationError({"starts": f"The organisation began on {plain(agency.starts)}."})
    if agency.ends and (duty.ends is None or duty.ends > agency.ends):
        raise ValidationError({"ends": f"The organisation ended on {plain(last_day(agency.ends))}."})
    if duty.holder_id:
        _held_once(duty)
    if duty.deputy_for_id:
        _deputy_fits(duty)
    elif duty.kind in ONE_AT_A_TIME:
        _one_at_a_time(duty)


def _held_once(duty):
    """What ended before today is another time, also where nobody knows when the new one began."""
    same = NamedDuty.objects.filter(overlapping(duty.starts, duty.ends), runs_on_after(timezone.localdate()))
    same = same.filter(agency=duty.agency, kind=duty.kind, holder=duty.holder_id, deputy_for=duty.deputy_for_id)
    if same.exclude(pk=duty.pk).exists():
        raise ValidationError({"holder": f"{duty.holder} has this duty in that time already."})


def _deputy_fits(duty):
    if duty.deputy_for_id == duty.pk:
        raise ValidationError({"deputy_for": "Nobody is their own deputy."})
    if duty.deputy_for.agency_id != duty.agency_id or duty.deputy_for.kind != duty.kind:
        raise ValidationError({"deputy_for": "A deputy acts for the same duty of the same organisation."})
    if not duty.holder_id:
        raise ValidationError({"holder": "Say who the deputy is."})
    if not duty.starts or not duty.ends:
        raise ValidationError({"starts": "A deputy acts between two dates: give the first and the last day."})
    if duty.deputy_for.starts and duty.starts < duty.deputy_for.starts:
        raise ValidationError(
            {"starts": f"The duty began on {plain(duty.deputy_for.starts)}: a deputy acts within it."}
        )
    if duty.deputy_for.ends and duty.ends > duty.deputy_for.ends:
        raise ValidationError(
            {"ends": f"The duty’s last day is {plain(last_day(duty.deputy_for.ends))}: a deputy acts within it."}
        )


def deputies_stay_within(duty):
    """A duty does not get dates that leave the days of one of its deputies outside."""
    if duty.starts and duty.deputies.filter(starts__lt=duty.starts).exists():
        raise ValidationError({"starts": "A deputy for this duty begins before that day. Change the deputy first."})
    if duty.ends and duty.deputies.filter(runs_on_after(duty.ends)).exists():
        raise ValidationError({"ends": "A deputy for this duty acts after that day. Change the deputy first."})


def _one_at_a_time(duty):
    others = NamedDuty.objects.filter(
        overlapping(duty.starts, duty.ends), agency=duty.agency, kind=duty.kind, deputy_for=None
    ).exclude(pk=duty.pk)
    if other := others.select_related("holder").first():
        who = other.holder or other.post or "somebody"
        raise ValidationError({"kind": f"{who} has this duty in that time. End or change that one first."})


def succession_fits(row):
    """A successor does not begin to carry on before its predecessor began, and neither carries on both ways."""
    if row.predecessor_id == row.successor_id:
        raise ValidationError({"other": "An organisation cannot succeed itself."})
    if row.predecessor.successions.filter(successor=row.successor).exists():
        raise ValidationError({"other": "This succession is recorded already."})
    if row.successor.successions.filter(successor=row.predecessor).exists():
        raise ValidationError({"other": "It is recorded the other way round already."})
    if row.predecessor.starts and row.on <= row.predecessor.starts:
        raise ValidationError({"on": f"The predecessor began on {plain(row.predecessor.starts)}, so it must be later."})
    if row.successor.ends and row.on >= row.successor.ends:
        raise ValidationError(
            {"on": f"The successor ended on {plain(last_day(row.successor.ends))}, so it must be earlier."}
        )
