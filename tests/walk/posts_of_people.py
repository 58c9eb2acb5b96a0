"""Valid POSTs of the directory: its pages, imports, joining, accounts, leaving."""

from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from partnership.directory.areas import services as areas
from partnership.directory.merging import services as merging
from partnership.directory.services import version_of
from partnership.people.models import Area, Closure, ContactPoint, Membership, SharingAgreement
from partnership.people.roles import Role
from tests.directory.registers import school, table
from tests.walk import accounts
from tests.walk.joining import BOTH, NEW
from tests.walk.post import Post, day
from tests.walk.samples import SAMPLES


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
            {"to_agency": g.world.agencies["mpft"].name, "to_role": str(Role.AGENCY_STAFF)}
            | day("last_day", _in_days(20))
        ),
    ),
    ("directory:departure", "departure"): Post(
        "leaving_saved", lambda g, c, p: {"version": 1} | day("last_day", _in_days(9))
    ),
    ("directory:departure_cancel", "departure"): Post("leaving_cancelled"),
    ("directory:confirm", "confirmation"): Post(
        "access_confirmed", lambda g, c, p: {f"user_{_of_the_trust(g).pk.hex}": "keep", "version": 1}
    ),
    ("directory:confirm_extend", "confirmation"): Post(
        "confirmation_extended", lambda g, c, p: day("due_on", _in_days(30)) | {"why": "The lead is on leave."}
    ),
    ("directory:cover_add", ""): Post("cover_began", _covers),
    ("directory:cover_end", "cover"): Post("cover_ended"),
}


def _upload(ground, case, persona):
    file = SimpleUploadedFile("edubasealldata.csv", table(school()), "text/csv")
    return {"source": "schools", "where": "all", "file": file}


IMPORTS = {
    ("directory:import_add", ""): Post("import_uploaded", _upload),
    ("directory:import_choose", "import"): Post("", lambda g, c, p: {"act": "none new"}),
    ("directory:import_take", "import"): Post("import_accepted"),
    ("directory:import_discard", "import"): Post("import_discarded"),
}
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
        lambda g, c, p: {
            "direction": "up",
            "other": g.world.agencies["icb"].name,
            "kind": "commissioner",
            "sure": str(g.world.agencies["icb"].pk),
        },
    ),
    ("directory:ownership_remove", "ownership"): Post("ownership_removed"),
    ("directory:ownership_end", "ownership"): Post("ownership_ended", _end),
    ("directory:number_add", "agency"): Post("number_added", lambda g, c, p: {"register": "cqc", "number": "1-2"}),
    ("directory:number_remove", "number"): Post("number_removed"),
    ("directory:school_edit", "school"): Post(
        "school_changed",
        lambda g, c, p: {"establishment_type": "Another type", "version": g.world.agencies["school"].version},
    ),
    ("directory:agency_merge", "agency"): Post("agency_merged", _merge_into),
    ("directory:merge_undo", "merge"): Post("merge_undone"),
    ("directory:second_number_refuse", "second_number"): Post("second_number_refused"),
    ("directory:agency_close", "quiet"): Post(
        "agency_closed", lambda g, c, p: {"version": 1} | day("ends", timezone.localdate())
    ),
    ("directory:agency_reopen", "ended_agency"): Post("agency_reopened"),
}
