"""A valid POST of every page that takes one."""

from datetime import date, timedelta

from django.utils import timezone

from partnership.access.models import FolderGrant
from partnership.access.rows import can
from partnership.deadlines.calendars import newest_version
from partnership.deadlines.editions import days_now
from partnership.deadlines.models import Deadline
from partnership.directory.services import version_of
from partnership.documents.models import Version
from partnership.notify.kinds import known_kinds
from partnership.notify.models import Hold
from partnership.people.models import ScheduleItem
from partnership.people.roles import Perm, Role
from reviews import sending, services
from reviews.models import Notification
from tests.walk import (
    agendas,
    answering,
    around,
    asking,
    attending,
    auditing,
    auditing_answering,
    auditing_beside,
    auditing_chasing,
    auditing_figures,
    auditing_rounds,
    auditing_sets,
    auditing_signing,
    boards,
    boards_calling,
    boards_planning,
    chronology,
    considering,
    disclosing,
    ending,
    findings,
    governing,
    guests,
    importing,
    matrix,
    minutes,
    owning,
    panel,
    planning,
    telling,
    training_booking,
    training_catalogue,
    training_evaluation,
    training_figures,
    training_people,
    training_register,
)  # fmt: skip
from tests.walk.post import Post, day, moment, row_of, versioned
from tests.walk.posts_of_people import ACCOUNTS, IMPORTS, JOINING, LEAVING, PAGES


def _notify(ground, case, persona):
    now = timezone.now()
    return (
        moment("aware_at", now - timedelta(days=3))
        | moment("sent_at", now - timedelta(days=2))
        | day("incident_on", timezone.localdate() - timedelta(days=5))
        | {
            "authority": ground.world.agencies["council"].pk,
            "kind": "incident",
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


def _ask_several(ground, case, persona):
    """The lead of a trust that nobody on either case has asked yet."""
    world = ground.world
    agency, lead = ("police", world.deputy_police) if case.name == "theirs" else ("mpft", world.lead_other)
    return day("due_on", timezone.localdate() + timedelta(days=3)) | {
        "agencies": [f"{world.agencies[agency].pk}:{lead.pk if agency == 'mpft' else ''}"],
        f"author_{world.agencies[agency].pk}": lead.pk,  # both of the police sign for a partner: nobody is proposed
        "purpose": "Search your records for the family.",
    }


SEATS = {"signer_council": "la", "signer_icb": "icb", "signer_police": "police", "deputy_police": "police"}


def _sign(ground, case, persona):
    return {"decision": case.decision.pk, "seat": SEATS.get(persona, "la"), "stance": "agrees"}


def _emergency(ground, case, persona):
    """The case that this person is not on, by its code word."""
    other = ground.world.ours if persona == "stranger" else ground.world.theirs
    return {"word": other.folder.reference, "reason": "A brother is at risk tonight and nobody answers."}


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


def _change_duty(ground, case, persona):
    duty = row_of(ground, "duty")
    return {"kind": duty.kind, "post": "Another post", "version": version_of(duty)}


REVIEWS = {
    ("reviews:notify", ""): Post("review_opened", _notify),
    ("reviews:add_child", "review"): Post(
        "child_added", lambda g, c, p: {"age_band": "0", "legal_status": "cp", "outcome": "concern"}
    ),
    ("reviews:add_person", "review"): Post(
        "identity_added", lambda g, c, p: {"subject": "parent", "label": "Mother", "name": "Somebody Else"}
    ),
    ("reviews:identify_child", "child"): Post("identity_added", lambda g, c, p: {"name": "Somebody Small"}),
    ("reviews:change_person", "identity"): Post(
        "identity_changed", lambda g, c, p: {"name": "Somebody Else", "version": c.identity.version}
    ),
    ("reviews:write_section", "section"): Post("section_written", lambda g, c, p: {"text": "New.", "version": 2}),
    ("reviews:draft_section", "section"): Post("section_drafted", lambda g, c, p: {"how": "below", "version": 2}),
    ("reviews:draft_report", "review"): Post("section_drafted"),
    ("reviews:comment_report", "folder"): Post("scrutiny_commented", lambda g, c, p: {"words": "It is thin."}),
    ("reviews:leads_told", "review"): Post(
        "lead_told",
        lambda g, c, p: (
            {"agencies": [g.world.agencies["council"].pk], "how": "By telephone."} | moment("told_at", timezone.now())
        ),
    ),
    ("reviews:make_pack", "review"): Post("job_asked", lambda g, c, p: {"audience": "members", "seen": "yes"}),
    ("reviews:ask_agency", "review"): Post("return_asked", _ask),
    ("reviews:ask_agencies", "review"): Post("return_asked", _ask_several),
    ("reviews:write_return", "asked"): Post(
        "return_saved", lambda g, c, p: {"family": "As it stands.", "version": g.asked[c.name].version}
    ),
    ("reviews:write_return", "asked submit"): Post(
        "return_saved", lambda g, c, p: _whole_return(g.asked[c.name]) | {"submit": "1"}
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
    ("reviews:make_report", "review"): Post("job_asked", lambda g, c, p: {"seen": "yes"}),
    ("reviews:meeting_held", "review"): Post(
        "deadline_step_done", lambda g, c, p: moment("held_at", timezone.now() - timedelta(hours=1))
    ),
    ("reviews:draft_sent", "review"): Post("deadline_step_done"),
    ("reviews:correct_notification", "review"): Post("notification_corrected", _corrected_times),
    ("reviews:record_sending", "review"): Post(
        "review_send", lambda g, c, p: moment("sent_at", timezone.now()) | {"version": c.version.pk}
    ),
    ("reviews:correct_sending", "review"): Post("sending_corrected", _correct),
    ("reviews:let_in_partners", "review"): Post("access_granted", _let_in),
}
ACCESS = {
    ("access:emergency", ""): Post("emergency_opened", _emergency),
    ("access:let_in", "folder"): Post(
        "access_granted",
        lambda g, c, p: (
            {"person": g.world.colleague.pk, "role": str(Role.PANEL_MEMBER), "reason": "Sits on it."} | {"known": "on"}
        ),
    ),
    ("access:bar", "folder"): Post(
        "person_barred", lambda g, c, p: {"person": g.world.board_member.pk, "reason": "personal"}
    ),
    ("access:declare", "folder"): Post("conflict_declared", lambda g, c, p: {"reason": "personal"}),
    ("access:take_off", "folder"): Post("access_ended", lambda g, c, p: {"grant": g.grant[c.name].pk}),
    ("access:lift_bar", "folder"): Post(
        "bar_lifted", lambda g, c, p: {"bar": g.bar[c.name].pk, "why": "Recorded for another person."}
    ),
}
DIRECTORY = {
    ("directory:agency_add", ""): Post("agency_added", lambda g, c, p: {"name": "A new body", "kind": "provider"}),
    ("directory:agency_edit", "agency"): Post(
        "agency_changed", versioned("agency", name="A body by another name", kind="relevant agency")
    ),
    ("directory:site_add", "agency"): Post("site_added", lambda g, c, p: {"name": "Another site"}),
    ("directory:site_edit", "site"): Post("site_changed", versioned("site", name="Renamed")),
    ("directory:duty_add", "agency"): Post("duty_added", lambda g, c, p: {"kind": "head", "post": "Head"}),
    ("directory:duty_edit", "duty"): Post("duty_changed", _change_duty),
    ("directory:duty_end", "duty"): Post(
        "duty_ended", lambda g, c, p: day("ends", timezone.localdate() + timedelta(days=30))
    ),
    ("directory:succession_add", "agency"): Post(
        "succession_added",
        lambda g, c, p: (
            {"direction": "to", "other": g.world.agencies["uhnm"].name, "kind": "merged"}
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
POSTS = (
    REVIEWS
    | agendas.POSTS
    | answering.POSTS
    | considering.POSTS
    | around.POSTS
    | asking.POSTS
    | attending.POSTS
    | auditing.POSTS
    | auditing_answering.POSTS
    | auditing_beside.POSTS
    | auditing_chasing.POSTS
    | auditing_figures.POSTS
    | auditing_rounds.POSTS
    | auditing_sets.POSTS
    | auditing_signing.POSTS
    | boards.POSTS
    | boards_calling.POSTS
    | boards_planning.POSTS
    | governing.POSTS
    | minutes.POSTS
    | chronology.POSTS
    | findings.POSTS
    | guests.POSTS
    | importing.POSTS
    | matrix.POSTS
    | owning.POSTS
    | panel.POSTS
    | planning.POSTS
    | telling.POSTS
    | training_catalogue.POSTS
    | training_booking.POSTS
    | training_register.POSTS
    | training_figures.POSTS
    | training_people.POSTS
    | training_evaluation.POSTS
    | disclosing.POSTS
    | ending.POSTS
    | ACCESS
    | DIRECTORY
    | NOTIFY
    | RULES
    | CLOCKS
    | PAGES
    | IMPORTS
    | JOINING
    | ACCOUNTS
    | LEAVING
)
