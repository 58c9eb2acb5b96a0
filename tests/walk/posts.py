"""A valid POST of every page that takes one: its data, and the event that it leaves in the trail."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from partnership.access.models import FolderGrant
from partnership.access.rows import can
from partnership.deadlines.calendars import newest_version
from partnership.deadlines.editions import days_now
from partnership.deadlines.models import Deadline
from partnership.directory.areas import services as areas
from partnership.directory.merging import services as merging
from partnership.directory.services import version_of
from partnership.documents.models import Version
from partnership.notify.kinds import known_kinds
from partnership.notify.models import Hold
from partnership.people.models import Area, Closure, ContactPoint, Membership, NamedDuty, ScheduleItem, SharingAgreement
from partnership.people.roles import Perm, Role
from reviews import sending, services
from reviews.models import Notification
from tests.directory.registers import school, table
from tests.walk import accounts
from tests.walk.joining import BOTH, NEW
from tests.walk.samples import SAMPLES


@dataclass(frozen=True)
class Post:
    """verb: the event of a POST that was accepted; empty where it leaves none. data(ground, case, persona) -> what is
    sent; what it writes is undone with the visit."""

    verb: str
    data: object = lambda ground, case, persona: {}


def day(name, value) -> dict:
    return {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}


def moment(name, value) -> dict:
    local = timezone.localtime(value)
    return day(name, local) | {f"{name}_time": f"{local:%H:%M}"}


def _notify(ground, case, persona):
    now = timezone.now()
    return (
        moment("aware_at", now - timedelta(days=3))
        | moment("sent_at", now - timedelta(days=2))
        | day("incident_on", timezone.localdate() - timedelta(days=5))
        | {
            "authority": ground.world.agencies["council"].pk,
            "harm": "death",
            "what_happened": "A child was hurt at home.",
            "age_band": "1-4",
            "legal_status": "none",
        }
    )


def _ask(ground, case, persona):
    return day("due_on", timezone.localdate() + timedelta(days=3)) | {
        "agency": ground.world.agencies["police"].pk,
        "author": ground.world.deputy_police.pk,
        "purpose": "Search your records for the family.",
    }


SEATS = {"signer_council": "la", "signer_icb": "icb", "signer_police": "police", "deputy_police": "police"}


def _sign(ground, case, persona):
    return {"decision": case.decision.pk, "seat": SEATS.get(persona, "la"), "stance": "agrees"}


def _let_in(ground, case, persona):
    """One who is on the case already is taken off first, so that there is somebody to let in."""
    signer = ground.world.signer_icb
    FolderGrant.objects.filter(content_object=case.folder, user=signer).update(ends=timezone.now())
    return {"icb": [signer.pk], "reason": "To read and sign."}


def _correct(ground, case, persona):
    """A case that was sent an hour ago by the one who corrects it; the visit takes it back."""
    user = ground.world.people.get(persona)
    if user is None or not can(user, Perm.SEND, case.review):
        return {}
    Version.objects.filter(pk=case.version.pk).update(made_at=timezone.now() - timedelta(hours=3))
    version = Version.objects.get(pk=case.version.pk)
    sent_at = timezone.now() - timedelta(hours=1)
    sending.record_sending(case.review, by=user, version=version, sent_at=sent_at, due_on=timezone.localdate())
    return moment("sent_at", sent_at - timedelta(hours=1)) | {"read": 0, "reason": "Typed wrongly."}


def _corrected_times(ground, case, persona):
    notice = Notification.objects.unscoped("a visit's own words").get(review=case.review)
    aware, sent = notice.aware_at, notice.sent_at + timedelta(hours=1)
    return (
        {"read": services.times_of(notice), "reason": "Typed wrongly."}
        | moment("aware_at", aware)
        | moment("sent_at", sent)
    )


def _whole_return(row):
    words = ("family", "contacts", "analysis", "voice", "learning", "good_practice")
    return (
        dict.fromkeys(words, "What our records show.")
        | day("searched_on", timezone.localdate())
        | {"records_secured": "on", "version": row.version}
    )


def _versioned(sample, **data):
    """Data of an edit, with the version of the row that is edited."""

    def build(ground, case, persona):
        return data | {"version": version_of(_row(ground, sample))}

    return build


def _row(ground, sample):
    pk = SAMPLES[sample](ground)[0][0]
    model = {"agency": type(ground.world.agencies["mpft"]), "duty": NamedDuty}.get(sample)
    if model is None:
        from partnership.people.models import Site as model
    return model.objects.get(pk=pk)


def _change_duty(ground, case, persona):
    duty = _row(ground, "duty")
    return {"kind": duty.kind, "post": "Another post", "version": version_of(duty)}


REVIEWS = {
    ("reviews:notify", ""): Post("review_opened", _notify),
    ("reviews:add_child", "review"): Post("child_added", lambda g, c, p: {"age_band": "0", "legal_status": "cp"}),
    ("reviews:add_person", "review"): Post(
        "identity_added", lambda g, c, p: {"subject": "parent", "label": "Mother", "name": "Somebody Else"}
    ),
    ("reviews:identify_child", "child"): Post("identity_added", lambda g, c, p: {"name": "Somebody Small"}),
    ("reviews:change_person", "identity"): Post(
        "identity_changed", lambda g, c, p: {"name": "Somebody Else", "version": c.identity.version}
    ),
    ("reviews:analysis", "analysis"): Post(
        "analysis_saved", lambda g, c, p: {"facts": "New facts.", "version": c.review.analysis.version}
    ),
    ("reviews:ask_agency", "review"): Post("return_asked", _ask),
    ("reviews:write_return", "asked"): Post(
        "return_saved", lambda g, c, p: {"family": "As it stands.", "version": g.asked[c.name].version}
    ),
    ("reviews:write_return", "asked submit"): Post(
        "return_submit", lambda g, c, p: _whole_return(g.asked[c.name]) | {"submit": "1"}
    ),
    ("reviews:write_return", "returned"): Post(
        "return_saved", lambda g, c, p: {"family": "Too late.", "version": g.returned[c.name].version}
    ),
    ("reviews:declare", "asked"): Post("conflict_declared", lambda g, c, p: {"reason": "operational"}),
    ("reviews:declare", "returned"): Post("conflict_declared", lambda g, c, p: {"reason": "line"}),
    ("reviews:send_back", "returned"): Post(
        "return_send_back",
        lambda g, c, p: {"note": "Please add the dates."} | day("due_on", timezone.localdate() + timedelta(days=2)),
    ),
    ("reviews:withdraw", "asked"): Post("return_withdraw", lambda g, c, p: {"note": "Asked by mistake."}),
    ("reviews:decide", "review"): Post(
        "review_decide", lambda g, c, p: {"standing": 1, "code": "lcspr", "rationale": "The criteria are met."}
    ),
    ("reviews:sign_off", "review"): Post("decision_signed", _sign),
    ("reviews:record_silence", "review"): Post(
        "silence_recorded",
        lambda g, c, p: {"decision": c.decision.pk, "agency": g.world.agencies["police"].pk, "reason": "Three calls."},
    ),
    ("reviews:make_report", "review"): Post("job_asked"),
    ("reviews:meeting_held", "review"): Post("deadline_step_done"),
    ("reviews:draft_sent", "review"): Post("deadline_step_done"),
    ("reviews:correct_notification", "review"): Post("notification_corrected", _corrected_times),
    ("reviews:record_sending", "review"): Post(
        "review_send", lambda g, c, p: moment("sent_at", timezone.now()) | {"version": c.version.pk}
    ),
    ("reviews:correct_sending", "review"): Post("sending_corrected", _correct),
    ("reviews:let_in_partners", "review"): Post("access_granted", _let_in),
}
ACCESS = {
    ("access:let_in", "folder"): Post(
        "access_granted",
        lambda g, c, p: {"person": g.world.colleague.pk, "role": str(Role.PANEL_MEMBER), "reason": "Sits on it."},
    ),
    ("access:bar", "folder"): Post(
        "person_barred", lambda g, c, p: {"person": g.world.board_member.pk, "reason": "personal"}
    ),
    ("access:declare", "folder"): Post("conflict_declared", lambda g, c, p: {"reason": "personal"}),
    ("access:take_off", "folder"): Post("access_ended", lambda g, c, p: {"grant": g.grant[c.name].pk}),
    ("access:lift_bar", "folder"): Post("bar_lifted", lambda g, c, p: {"bar": g.bar[c.name].pk}),
}
DIRECTORY = {
    ("directory:agency_add", ""): Post("agency_added", lambda g, c, p: {"name": "A new body", "kind": "provider"}),
    ("directory:agency_edit", "agency"): Post(
        "agency_changed", _versioned("agency", name="A body by another name", kind="relevant agency")
    ),
    ("directory:site_add", "agency"): Post("site_added", lambda g, c, p: {"name": "Another site"}),
    ("directory:site_edit", "site"): Post("site_changed", _versioned("site", name="Renamed")),
    ("directory:duty_add", "agency"): Post("duty_added", lambda g, c, p: {"kind": "head", "post": "Head"}),
    ("directory:duty_edit", "duty"): Post("duty_changed", _change_duty),
    ("directory:duty_end", "duty"): Post(
        "duty_ended", lambda g, c, p: day("ends", timezone.localdate() + timedelta(days=30))
    ),
    ("directory:succession_add", "agency"): Post(
        "succession_added",
        lambda g, c, p: (
            {"direction": "to", "other": g.world.agencies["uhnm"].pk, "kind": "merged"}
            | day("on", timezone.localdate() + timedelta(days=30))
        ),
    ),
    ("directory:succession_remove", "succession"): Post("succession_removed"),
    ("directory:classification_add", "agency"): Post(
        "classification_added", lambda g, c, p: {"item": ScheduleItem.objects.last().pk, "basis": "stated"}
    ),
    ("directory:classification_end", "classification"): Post(
        "classification_ended", lambda g, c, p: day("ends", timezone.localdate())
    ),
    ("directory:alias_add", "agency"): Post("alias_added", lambda g, c, p: {"name": "Known as this too"}),
    ("directory:alias_remove", "alias"): Post("alias_removed"),
    ("directory:first_sign_in", "link"): Post(
        "password_set", lambda g, c, p: dict.fromkeys(("password1", "password2"), "orchard-lantern-gravel-9")
    ),
    ("directory:demo_sign_in", "person"): Post("sign_in"),
}


def _held(ground, case, persona):
    Hold.objects.create(reason="Restored.")
    return {}


def _chosen(ground, case, persona):
    return {kind.code: str(kind.default) for kind in known_kinds() if kind.choices} | {"walk": "none"}


NOTIFY = {
    ("notify:read", "notice"): Post(""),
    ("notify:read_all", ""): Post(""),
    ("notify:preferences", ""): Post("mail_chosen", _chosen),
    ("notify:hold", ""): Post("sending_held", lambda g, c, p: {"reason": "Restored from a backup."}),
    ("notify:release", ""): Post("sending_released", _held),
    ("notify:retry_all", ""): Post("letters_retried"),
    ("notify:retry", "letter"): Post("letter_retried"),
    ("notify:give_up", "letter"): Post("letter_given_up", lambda g, c, p: {"reason": "told"}),
    ("notify:close_alarm", "alarm"): Post("alarm_closed"),
}


def _confirmed(division="england-and-wales", **data):
    """A change of a calendar, as it is sent from the page that showed what would move."""

    def build(ground, case, persona):
        facts = {"division": division}
        announced = day("announced_on", timezone.localdate())
        seen = {"seen": newest_version(division).pk, "confirm": "1"}
        return announced | facts | {"source": "A proclamation", "reason": "Announced today"} | data | seen

    return build


def _edition(ground, case, persona):
    stand = {f"day_{code}": number for code, number in days_now("rapid_review", timezone.localdate()).items()}
    return (
        stand
        | day("effective_from", timezone.localdate() + timedelta(days=30))
        | {"length": 15, "trigger": "the notification is sent", "source": "Minutes", "reason": "Agreed."}
    )


A_YEAR = "\n".join(f"2 {month} 2029, Holiday" for month in ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug"])
RULES = {
    ("deadlines:edition_add", "rule"): Post("local_edition_added", _edition),
    ("deadlines:holiday_add", ""): Post(
        "calendar_changed",
        _confirmed(title="One-off", **day("date", date(2028, 7, 5))),
    ),
    ("deadlines:holiday_move", "holiday"): Post("calendar_changed", _confirmed(**day("date", date(2028, 6, 2)))),
    ("deadlines:holiday_give_up", "holiday"): Post("calendar_changed", _confirmed()),
    ("deadlines:year_add", "division"): Post("calendar_year_added", _confirmed(days=A_YEAR)),
}


def _paused(ground, case, persona):
    Deadline.objects.filter(pk=ground.duty_clock.pk).update(
        status="paused", paused_on=timezone.localdate(), reason="Proof of identity was asked for."
    )
    return {}


REASON = {"reason": "Said by the walk."}
CLOCKS = {
    ("deadlines:start", ""): Post(
        "deadline_started",
        lambda g, c, p: {"rule": "yearly_report", "what": "Yearly report"} | day("trigger_on", timezone.localdate()),
    ),
    ("deadlines:meet", "duty_clock"): Post(
        "deadline_met", lambda g, c, p: moment("met_at", timezone.now()) | {"late_reason": ""}
    ),
    ("deadlines:move", "duty_clock"): Post(
        "deadline_moved", lambda g, c, p: day("trigger_on", timezone.localdate() - timedelta(days=1)) | REASON
    ),
    ("deadlines:pause", "duty_clock"): Post("deadline_paused", lambda g, c, p: REASON),
    ("deadlines:cancel", "duty_clock"): Post("deadline_cancelled", lambda g, c, p: REASON),
    ("deadlines:resume", "duty_clock"): Post("deadline_resumed", _paused),
}
POSTS = REVIEWS | ACCESS | DIRECTORY | NOTIFY | RULES | CLOCKS


def _in_days(number):
    return timezone.localdate() + timedelta(days=number)


def _of_the_trust(ground):
    return Membership.objects.get(user__name="One Who Stays").user


def _covers(ground, case, persona):
    people = {"absent": ground.world.case_officer.pk, "coverer": ground.world.manager.pk, "reason": "Leave"}
    return people | day("starts", _in_days(0)) | day("last_day", _in_days(4))


LEAVING = {
    ("directory:i_am_leaving", ""): Post(
        "leaving_started", lambda g, c, p: {"scope": "all"} | day("last_day", _in_days(20))
    ),
    ("directory:let_leave", "membership"): Post(
        "leaving_started", lambda g, c, p: {"scope": "here"} | day("last_day", _in_days(20))
    ),
    ("directory:let_move", "membership"): Post(
        "leaving_started",
        lambda g, c, p: (
            {"to_agency": g.world.agencies["mpft"].pk, "to_role": str(Role.AGENCY_STAFF)}
            | day("last_day", _in_days(20))
        ),
    ),
    ("directory:departure", "departure"): Post(
        "leaving_saved", lambda g, c, p: {"version": 1} | day("last_day", _in_days(9))
    ),
    ("directory:departure_cancel", "departure"): Post("leaving_cancelled"),
    ("directory:confirm", "confirmation"): Post(
        "access_confirmed", lambda g, c, p: {f"user_{_of_the_trust(g).pk.hex}": "keep"}
    ),
    ("directory:confirm_extend", "confirmation"): Post(
        "confirmation_extended", lambda g, c, p: day("due_on", _in_days(30)) | {"why": "The lead is on leave."}
    ),
    ("directory:cover_add", ""): Post("cover_began", _covers),
    ("directory:cover_end", "cover"): Post("cover_ended"),
}
POSTS |= LEAVING


def _upload(ground, case, persona):
    file = SimpleUploadedFile("edubasealldata.csv", table(school()), "text/csv")
    return {"source": "schools", "where": "all", "file": file}


IMPORTS = {
    ("directory:import_add", ""): Post("import_uploaded", _upload),
    ("directory:import_choose", "import"): Post("", lambda g, c, p: {"act": "none new"}),
    ("directory:import_take", "import"): Post("import_accepted"),
    ("directory:import_discard", "import"): Post("import_discarded"),
}
POSTS |= IMPORTS
JOINING = {
    ("directory:invite", "agency"): Post("person_invited", lambda g, c, p: NEW | {"role": "as"}),
    ("directory:invite_wide", ""): Post("person_invited", lambda g, c, p: NEW | {"role": "me"}),
    ("directory:invitation_approve", "invitation"): Post("invitation_approved"),
    ("directory:invitation_refuse", "invitation"): Post("invitation_refused", lambda g, c, p: {"reason": "Unknown."}),
    ("directory:invitation_again", "invitation"): Post(
        "invitation_sent_again", lambda g, c, p: {"email": "other.address@portal.example"}
    ),
    ("directory:invitation_withdraw", "invitation"): Post("invitation_withdrawn"),
    ("directory:join", "invitation_link"): Post("invitation_accepted", lambda g, c, p: BOTH),
    ("directory:claim", "claim_link"): Post(
        "person_invited", lambda g, c, p: {"name": "New Person", "post": "Lead", "address": "office"}
    ),
    ("directory:duty_ask", "agency"): Post("duty_holder_asked", lambda g, c, p: {"kind": "s11"}),
    ("directory:duty_of_ours", "agency"): Post(
        "duty_added", lambda g, c, p: {"kind": "spoc", "name": "New Person", "post": "A post"}
    ),
    ("directory:duty_holder", "own_duty"): Post("duty_added", lambda g, c, p: {"name": "New Person", "post": "A post"}),
    ("directory:holder_invite", "own_duty"): Post(
        "person_invited", lambda g, c, p: {"email": NEW["email"], "role": "as"}
    ),
    ("directory:ask_access", ""): Post(
        "access_asked", lambda g, c, p: NEW | {"organisation": "A body", "why": "To take part."}
    ),
    # The same answer for a school that is not there; who is written to is tests/directory's matter.
    ("directory:claim_school", ""): Post("", lambda g, c, p: {"urn": 999999}),
    ("directory:access_request", "access_request"): Post(
        "access_request_refused", lambda g, c, p: {"reason": "Unknown there."}
    ),
}
POSTS |= JOINING


def _at(number):
    return lambda g, c, p: {"version": number}


def _role(ground, case, persona):
    return {"where": ground.world.agencies["uhnm"].pk, "role": "al"}


def _double(ground, case, persona):
    return {"other": accounts.twin(ground).pk, "kept": "this", "address": "kept"}


ACCOUNTS = {
    ("directory:account", ""): Post("details_changed", lambda g, c, p: {"name": "Another Name", "telephone": ""}),
    ("directory:account_address", ""): Post("request_opened", lambda g, c, p: {"address": "an.other@portal.example"}),
    ("directory:account_withdraw", ""): Post("", lambda g, c, p: {"request": accounts.open_one(g)}),
    ("directory:account_sessions", ""): Post("", lambda g, c, p: {"session": "no-such-session"}),
    ("directory:request_check", "request_open"): Post(
        "request_check", lambda g, c, p: {"version": 1, "how": "called", "note": "She answered."}
    ),
    ("directory:request_approve", "request_checked"): Post("request_approve", _at(2)),
    ("directory:request_refuse", "request_open"): Post(
        "request_refuse", lambda g, c, p: {"version": 1, "reason": "It was not her."}
    ),
    ("directory:request_settle", "request_bounced"): Post(
        "request_settle", lambda g, c, p: {"version": 1, "answer": "right"}
    ),
    ("directory:request_send_again", "request_done"): Post("address_link_sent_again"),
    ("directory:person_role", "somebody"): Post("membership_began", _role),
    ("directory:role_end", "somebodys_role"): Post("membership_ended", lambda g, c, p: {"when": "now"}),
    ("directory:person_address", "somebody"): Post(
        "request_opened", lambda g, c, p: {"address": "somebody.else@portal.example"}
    ),
    ("directory:person_lost_phone", "somebody"): Post("request_opened", lambda g, c, p: {"note": "Rang at nine."}),
    ("directory:person_double", "somebody"): Post("request_opened", _double),
    ("directory:lost_phone", ""): Post(""),
    ("directory:confirm_address", "address_link"): Post("address_changed"),
}
POSTS |= ACCOUNTS


def _of_row(model, sample, **data):
    """An edit of a row that has a version."""

    def build(ground, case, persona):
        return data | {"version": version_of(model.objects.get(pk=SAMPLES[sample](ground)[0][0]))}

    return build


def _area(ground):
    return Area.objects.get(pk=SAMPLES["area"](ground)[0][0])


def _merge_into(ground, case, persona):
    agencies = ground.world.agencies
    kept, gone = agencies["uhnm"], agencies["mpft"]
    seen = merging.seen_of(*(type(kept).objects.get(pk=each.pk) for each in (kept, gone)))
    return {"keep": kept.pk, "seen": seen}


def _days(ground, case, persona):
    return {"name": "Training days"} | day("starts", date(2029, 2, 5)) | day("ends", date(2029, 2, 6))


def _end(ground, case, persona):
    return day("ends", timezone.localdate())


PAGES = {
    ("directory:agencies_export", ""): Post("", lambda g, c, p: {"format": "csv"}),
    ("directory:area_add", ""): Post(
        "area_added", lambda g, c, p: {"name": "Tunstall", "kind": "locality", "postcodes": "ST99"}
    ),
    ("directory:area_edit", "area"): Post(
        "area_changed",
        lambda g, c, p: {"name": "The north", "kind": "locality", "seen": areas.as_read(_area(g))},
    ),
    ("directory:area_place", "area"): Post("area_placed", lambda g, c, p: {"seen": areas.placing(_area(g)).seen}),
    ("directory:holiday_add", "area"): Post("closure_added", _days),
    ("directory:contact_add", "agency"): Post(
        "contact_added", lambda g, c, p: {"purpose": "office", "shown": "public", "telephone": "01632 960001"}
    ),
    ("directory:contact_edit", "contact"): Post(
        "contact_changed", _of_row(ContactPoint, "contact", purpose="office", shown="public", email="a@b.example")
    ),
    ("directory:contact_end", "contact"): Post("contact_ended", _end),
    ("directory:agreement_add", "agency"): Post(
        "agreement_added",
        lambda g, c, p: {"title": "Tier two", "officer": "A post"} | day("starts", timezone.localdate()),
    ),
    ("directory:agreement_edit", "agreement"): Post(
        "agreement_changed",
        _of_row(SharingAgreement, "agreement", title="Tier one", officer="A post", **day("starts", date(2026, 1, 5))),
    ),
    ("directory:agreement_end", "agreement"): Post("agreement_ended", _end),
    ("directory:closure_add", "agency"): Post("closure_added", _days),
    ("directory:closure_edit", "closure"): Post(
        "closure_changed",
        _of_row(Closure, "closure", name="Summer", **day("starts", date(2028, 8, 2)), **day("ends", date(2028, 8, 31))),
    ),
    ("directory:closure_remove", "closure"): Post("closure_removed"),
    ("directory:ownership_add", "agency"): Post(
        "ownership_added",
        lambda g, c, p: {"direction": "up", "other": g.world.agencies["icb"].pk, "kind": "commissioner"},
    ),
    ("directory:ownership_end", "ownership"): Post("ownership_ended", _end),
    ("directory:number_add", "agency"): Post("number_added", lambda g, c, p: {"register": "cqc", "number": "1-2"}),
    ("directory:number_remove", "number"): Post("number_removed"),
    ("directory:school_edit", "school"): Post(
        "school_changed",
        lambda g, c, p: {"establishment_type": "Another type", "version": g.world.agencies["school"].version},
    ),
    ("directory:agency_merge", "agency"): Post("agency_merged", _merge_into),
    ("directory:merge_undo", "merge"): Post("merge_undone"),
}
POSTS |= PAGES
