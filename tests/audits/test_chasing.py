"""Reminders: to exactly those who owe, each rung once, on its day; who is written to; what a killed worker leaves."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from audits.chasing import ladder, letters, prints, reach, services, turns
from audits.chasing.sweep import sweep
from audits.flow import EXTENSION, RETURN
from audits.models import AuditReturn, Extension, Reminder, Rung, Submission
from partnership.access import scope
from partnership.access.work import work_of
from partnership.documents.models import Version
from partnership.jobs import services as jobs
from partnership.notify.letters import NoLongerWanted, compose
from partnership.notify.models import Outgoing
from partnership.people.models import Agency, ContactPoint, NamedDuty, User
from partnership.people.services import know_person
from partnership.trail.models import Event
from tests.audits import making

pytestmark = pytest.mark.django_db
WHY = "a test looks"
DEADLINE = datetime(2026, 12, 4, 23, 59, 59, tzinfo=UTC)  # a Friday; no summer time
ASKED = datetime(2026, 10, 1, 9, tzinfo=UTC)


def at(month, day, hour=8, minute=5, year=2026):
    """A moment by the clocks of London."""
    return timezone.make_aware(datetime(year, month, day, hour, minute))  # noqa: DTZ001


@pytest.fixture
def round(world):
    row = making.audit_round(world)
    ladder.lay_ladder(row, by=world.officer)
    return row


def owes(round, agency, **facts):
    return making.audit_return(round, agency, **{"closes_at": DEADLINE, "asked_at": ASKED} | facts)


def had(row) -> list:
    """The places of the rungs that a return has had, in order, those that reached nobody as negative."""
    rows = Reminder.objects.unscoped(WHY).filter(audit_return=row).order_by("rung__position")
    return [-each.rung.position if each.nobody else each.rung.position for each in rows.select_related("rung")]


def move_back(row, days=1):
    """What was sent was sent so many days before."""
    rows = Reminder.objects.unscoped(WHY).filter(audit_return=row)
    for each in rows:
        each.at -= timedelta(days=days)
        each.save(update_fields=["at"])


def written_to(row) -> set:
    ids = Reminder.objects.unscoped(WHY).filter(audit_return=row).values("pk")
    return set(Outgoing.objects.filter(about_id__in=ids).values_list("recipient__email", flat=True))


def rung(round, place) -> Rung:
    return Rung.objects.get(round=round, position=place)


# --- the ladder


def test_the_ladder_is_laid_once_and_every_placeholder_of_it_is_filled_in(world, round):
    assert ladder.lay_ladder(round) == 0
    rungs = Rung.objects.filter(round=round)
    assert [(each.days, each.to) for each in rungs] == [(-10, "lead"), (1, "lead"), (5, "head"), (10, "letter")]
    assert all(each.source.startswith("Portal default, local practice") for each in rungs)
    row = AuditReturn.objects.unscoped(WHY).select_related("agency", "round").get(
        pk=owes(round, world.agencies["school"]).pk
    )  # fmt: skip
    facts = letters.facts_of(row, date(2026, 12, 9))
    assert set(facts) == set(ladder.PLACEHOLDERS)
    for each in rungs:
        said = ladder.filled(f"{each.subject} {each.words}", facts)
        assert "{" not in said and "Friday 4 December 2026" in said
    assert ladder.filled("{organisation.pk} {0} {deadline!r}", facts) == "{organisation.pk} {0} {deadline!r}"


def test_a_rung_is_changed_until_it_was_sent_in_the_order_of_its_days_and_with_known_places(world, round):
    second = ladder.change_rung(rung(round, 2), by=world.officer, version=1, days=2)
    assert second.days == 2
    for facts, field in (({"days": 5}, "days"), ({"days": -10}, "days"), ({"words": "Dear {headteacher}"}, "words")):
        with pytest.raises(ValidationError) as refused:
            ladder.change_rung(second, by=world.officer, version=2, **facts)
        assert list(refused.value.message_dict) == [field]
    row = owes(round, world.agencies["school"])
    services.remind(round, {row.pk: 1}, by=world.officer)
    with pytest.raises(ValidationError):
        ladder.change_rung(rung(round, 1), by=world.officer, version=1, words="Other words")


# --- by the day


def test_each_rung_leaves_on_its_own_day_once_and_stops_when_the_return_is_submitted(world, round):
    ours, theirs = owes(round, world.agencies["school"]), owes(round, world.agencies["mpft"])
    assert sweep(now=at(11, 23)) == 0
    assert sweep(now=at(11, 24)) == 2 and had(ours) == [1] == had(theirs)
    assert sweep(now=at(11, 24, 9)) == 0, "once a rung"
    RETURN.take(RETURN.take(RETURN.take(ours, "begin", by=world.school_outside), "sign", by=world.school_outside),
                "submit", by=world.school_outside, submitted_at=timezone.now())  # fmt: skip
    for row in (ours, theirs):
        move_back(row)
    assert sweep(now=at(12, 7)) == 1 and had(ours) == [1] and had(theirs) == [1, 2]


def test_nothing_leaves_before_eight_nor_on_a_weekend_or_bank_holiday_and_then_the_newest_alone(world, round):
    """The gentle one falls on Christmas Day: it leaves on the next working day, Tuesday 29 December 2026."""
    row = owes(round, world.agencies["school"], closes_at=datetime(2027, 1, 4, 23, 59, 59, tzinfo=UTC))
    for moment in (at(12, 25), at(12, 26), at(12, 27), at(12, 28), at(12, 29, 7, 59)):
        assert sweep(now=moment) == 0
    assert sweep(now=at(12, 29, 8, 0)) == 1 and had(row) == [1]


def test_by_the_clocks_of_london_when_summer_time_has_begun(world, round):
    """23:30 in London on 30 March is 22:30 UTC; the day of the deadline stays 30 March, and 8:00 is 7:00 UTC."""
    row = owes(round, world.agencies["school"], closes_at=datetime(2027, 3, 30, 22, 59, 59, tzinfo=UTC))
    assert turns.day_of(rung(round, 2), row.closes_at) == date(2027, 3, 31)
    Rung.objects.filter(round=round, position=1).delete()
    assert sweep(now=datetime(2027, 3, 31, 6, 59, tzinfo=UTC)) == 0
    assert sweep(now=datetime(2027, 3, 31, 7, 0, tzinfo=UTC)) == 1


def test_after_days_that_were_missed_the_newest_rung_alone_is_sent_and_never_two_on_one_day(world, round):
    row = owes(round, world.agencies["school"])
    assert sweep(now=at(12, 10)) == 1 and had(row) == [3]
    Rung.objects.filter(round=round, position=4).update(days=6)
    Reminder.objects.unscoped(WHY).update(at=at(12, 10))
    assert sweep(now=at(12, 10, 12)) == 0, "the letter has come as well, and waits for tomorrow"
    assert sweep(now=at(12, 11)) == 1 and had(row) == [3, 4]


def test_more_time_moves_the_ladder_and_a_wish_for_it_stops_it_until_it_is_answered(world, round):
    row = owes(round, world.agencies["school"])
    where = {"folder": row.folder, "agency": row.agency}
    wish = Extension.objects.create(audit_return=row, reason="Flood", wanted_on=date(2026, 12, 18), **where)
    assert sweep(now=at(11, 24)) == 0
    EXTENSION.take(wish, "give", by=world.officer, given_on=wish.wanted_on)
    AuditReturn.objects.unscoped(WHY).filter(pk=row.pk).update(closes_at=DEADLINE + timedelta(days=14))
    assert sweep(now=at(12, 7)) == 0
    assert sweep(now=at(12, 8)) == 1 and had(row) == [1]


def test_whoever_was_asked_or_given_it_back_after_a_rungs_day_is_not_reminded_of_it(world, round):
    late = owes(round, world.agencies["school"], asked_at=at(12, 14), late_joiner=True)
    back = owes(round, world.agencies["mpft"])
    Submission.objects.create(
        audit_return=back, reference="BACK", content={}, sha256="", given_back_at=at(12, 14),
        folder=back.folder, agency=back.agency,
    )  # fmt: skip
    assert sweep(now=at(12, 15)) == 0 and had(late) == had(back) == []


def test_a_closed_or_planned_round_and_who_owes_no_return_get_nothing(world):
    for status, stands in (("closed", "begun"), ("planned", "asked"), ("open", "excused")):
        row = making.audit_round(world, status=status)
        ladder.lay_ladder(row)
        owes(row, world.agencies["school"], status=stands)
    assert sweep(now=at(12, 10)) == 0 and not Reminder.objects.unscoped(WHY).exists()


def test_what_one_run_did_not_reach_the_next_one_does_and_a_broken_one_holds_up_nobody(world, round, monkeypatch):
    """A worker dies after the first return; of the others one cannot be made."""
    rows = [owes(round, world.agencies[name]) for name in ("school", "mpft", "uhnm")]
    monkeypatch.setattr("audits.chasing.sweep.AT_ONCE", 1)
    by_its_day, done = services.by_its_day, []

    def dies(round, ids, *, today):
        if done:
            raise SystemExit
        done.append(ids)
        return by_its_day(round, ids, today=today)

    monkeypatch.setattr(services, "by_its_day", dies)
    with pytest.raises(SystemExit):
        sweep(now=at(11, 24))
    broken = next(row for row in rows if [row.pk] not in done)

    def breaks(round, ids, *, today):
        if broken.pk in ids:
            raise RuntimeError
        return by_its_day(round, ids, today=today)

    monkeypatch.setattr(services, "by_its_day", breaks)
    assert sweep(now=at(11, 24)) == 1
    assert sorted(map(had, rows)) == [[], [1], [1]] and had(broken) == []


# --- whom


def test_leads_are_written_to_with_and_without_an_account_then_the_head_and_the_office_and_nobody_else(world, round):
    school, trust = world.agencies["school"], world.agencies["mpft"]
    NamedDuty.objects.filter(agency=school).delete()
    deputy = know_person(name="A deputy", email="deputy@school.example")
    head = know_person(name="A head", email="head@school.example")
    closed = know_person(name="Gone", email="gone@school.example")
    User.objects.filter(pk=closed.pk).update(closed_at=timezone.now())
    NamedDuty.objects.create(agency=school, kind="ddsl", holder=deputy)
    NamedDuty.objects.create(agency=school, kind="head", holder=head)
    NamedDuty.objects.create(agency=school, kind="spoc", holder=closed)
    NamedDuty.objects.create(agency=school, kind="chair", holder=know_person(name="C", email="chair@school.example"))
    ContactPoint.objects.filter(agency=school).delete()
    ContactPoint.objects.create(agency=school, email="Office@school.example")
    row, other = owes(round, school), owes(round, trust)
    leads = {world.author_other.email, world.school_outside.email, "deputy@school.example"}
    sweep(now=at(11, 24))
    assert written_to(row) == leads
    move_back(row)
    sweep(now=at(12, 9))
    assert written_to(row) == leads | {"head@school.example", "Office@school.example"}
    assert not written_to(row) & written_to(other)
    said = Reminder.objects.unscoped(WHY).get(audit_return=row, rung__position=3).to
    assert said == "Deputy designated safeguarding lead, Lead in the portal (2), Headteacher, Office"


def test_an_email_names_its_own_organisation_alone_and_whoever_has_submitted_meanwhile_gets_none(world, round):
    ours, theirs = owes(round, world.agencies["uhnm"]), owes(round, world.agencies["mpft"])
    sweep(now=at(11, 24))
    for row, other in ((ours, theirs), (theirs, ours)):
        mail = Outgoing.objects.filter(
            about_id__in=Reminder.objects.unscoped(WHY).filter(audit_return=row).values("pk")
        )
        letter, _ = compose(mail.first())
        assert row.agency.name in letter.body and str(row.pk) in letter.body
        assert other.agency.name not in letter.body and str(other.pk) not in letter.body
        assert letter.subject == "Schools’ audit: your return is due on Friday 4 December 2026"
    AuditReturn.objects.unscoped(WHY).filter(pk=theirs.pk).update(status="submitted", submitted_at=timezone.now())
    with pytest.raises(NoLongerWanted):
        compose(mail.first())


def test_an_address_of_an_office_that_is_a_guests_of_a_case_is_left_alone(world, round):
    guest = know_person(name="Guest", email="guest@nursery.example")
    User.objects.filter(pk=guest.pk).update(guest=True)
    whom = reach.Reach(office="guest@nursery.example")
    assert reach.recipients(whom, world.agencies["school"]) == []
    guest.refresh_from_db()
    assert guest.guest and guest.name == "Guest"


def test_nobody_to_write_to_is_on_record_and_told_on_home_and_is_made_good_once_somebody_is_named(world, round):
    agency = Agency.objects.filter(kind="school").order_by("name")[9]
    row = owes(round, agency)
    assert sweep(now=at(11, 24)) == 0 and had(row) == [-1]
    assert sweep(now=at(11, 24, 9)) == 0 and Event.objects.filter(verb="return_reached_nobody").count() == 1
    with scope.entered():
        assert "Nobody to remind at 1 organisation" in [each.what for each in work_of(world.officer)[0]]
        assert not [each for each in work_of(world.school_outside)[0] if "remind" in each.what]
    NamedDuty.objects.create(agency=agency, kind="dsl", holder=know_person(name="New", email="new@school.example"))
    assert sweep(now=at(11, 25)) == 1 and had(row) == [1] and written_to(row) == {"new@school.example"}


def test_a_reminder_of_which_every_email_came_back_reached_nobody_and_may_be_sent_again_by_hand(world, round):
    row = owes(round, world.agencies["school"])
    sweep(now=at(11, 24))
    mails = list(Outgoing.objects.filter(template=letters.REMINDER))
    assert len(mails) == 2
    for number, mail in enumerate(mails):
        Outgoing.objects.filter(pk=mail.pk).update(state="bounced")
        letters.came_back(mail, [])
        assert Reminder.objects.unscoped(WHY).filter(bounced_at=None).exists() == (number == 0)
    assert sweep(now=at(11, 25)) == 0, "the portal does not go on writing to an address that refuses"
    outcome = services.remind(round, {row.pk: 1}, by=world.officer)
    assert len(outcome.went) == 1 and had(row) == [1, 1]


# --- by hand


def test_a_click_reminds_who_was_shown_and_names_whoever_changed_meanwhile(world, round):
    rows = [owes(round, world.agencies[name]) for name in ("school", "mpft", "uhnm")]
    shown = {row.pk: 1 for row in rows}
    AuditReturn.objects.unscoped(WHY).filter(pk=rows[1].pk).update(status="submitted", submitted_at=timezone.now())
    services.remind(round, {rows[2].pk: 1}, by=world.officer)  # somebody else was quicker
    outcome = services.remind(round, shown, by=world.officer)
    assert [each.audit_return for each in outcome.went] == [rows[0]]
    assert dict(outcome.changed) == {
        rows[1].agency.name: "submitted", rows[2].agency.name: "reminded today already",
    }  # fmt: skip
    again = services.remind(round, shown, by=world.officer)
    assert not again.went and [had(row) for row in rows] == [[1], [], [1]]


def test_no_click_says_that_a_day_is_over_before_it_is(world, round):
    row = owes(round, world.agencies["school"])
    services.remind(round, {row.pk: 1}, by=world.officer)
    move_back(row)
    AuditReturn.objects.unscoped(WHY).filter(pk=row.pk).update(closes_at=timezone.now() + timedelta(days=3))
    outcome = services.remind(round, {row.pk: 2}, by=world.officer)
    assert had(row) == [1] and "not over yet" in dict(outcome.changed)[row.agency.name]
    AuditReturn.objects.unscoped(WHY).filter(pk=row.pk).update(closes_at=timezone.now() - timedelta(days=1))
    services.remind(round, {row.pk: 2}, by=world.officer)
    assert had(row) == [1, 2]


def test_only_who_runs_audits_reminds_and_only_returns_of_that_round(world, round):
    row = owes(round, world.agencies["school"])
    with pytest.raises(PermissionDenied):
        services.remind(round, {row.pk: 1}, by=world.school_outside)
    other = making.audit_round(world)
    ladder.lay_ladder(other)
    assert not services.remind(other, {row.pk: 1}, by=world.officer).went and had(row) == []
    closed = making.audit_round(world, status="closed")
    with pytest.raises(ValidationError):
        services.remind(closed, {}, by=world.officer)


def test_letters_are_made_by_a_job_one_each_and_all_in_one_file_and_none_for_whoever_has_submitted(world, round):
    rows = [owes(round, world.agencies[name]) for name in ("school", "mpft")]
    assert sweep(now=at(12, 14)) == 2 and not Outgoing.objects.filter(template=letters.REMINDER).exists()
    AuditReturn.objects.unscoped(WHY).filter(pk=rows[1].pk).update(status="submitted", submitted_at=timezone.now())
    job = prints.ask(round, by=world.officer)
    assert jobs.run(job.pk) == "done"
    made = Reminder.objects.unscoped(WHY).get(letter__isnull=False)
    assert made.audit_return == rows[0] and made.letter.title == f"Letter to {rows[0].agency.name}"
    assert Version.objects.unscoped(WHY).filter(folder=round.folder_id).count() == 2
    assert jobs.run(prints.ask(round, by=world.officer).pk) == "failed", "there is none left"
