"""What stands beside a return: evidence, the organisation's people, more time."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audits.answering import services as answering
from audits.asking import asked_by
from audits.beside import evidence_reads, evidence_services, more_time, people
from audits.models import AuditReturn, Evidence, Extension, Shown
from audits.rounds import single
from partnership.access.flow import Stale
from partnership.access.work import work_of
from partnership.documents import checking, services
from partnership.documents.models import Version
from partnership.notify.models import Notice
from partnership.people.models import Agency, NamedDuty
from partnership.people.roles import Role
from partnership.trail.models import Event
from tests.audits import making
from tests.world import person
from tests.world import sign_in as sign_in_as

pytestmark = pytest.mark.django_db
WHY = "a test looks"
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
ASKED = (*making.ASKED, ("more", "3a", "policies", "file", {}))


@pytest.fixture(autouse=True)
def no_worker(monkeypatch, settings, tmp_path):
    monkeypatch.setattr(services, "nudge", lambda pk: None)
    settings.DOCUMENT_ROOT = tmp_path / "documents"


@pytest.fixture
def row(world):
    """The return of the school of author_other and school_outside, begun."""
    version = making.question_set("beside", asked=ASKED)
    return making.audit_return(making.audit_round(world, version), world.agencies["school"], status="begun")


@pytest.fixture
def lead(world):
    return sign_in(world.author_other)


def sign_in(user):
    return sign_in_as(Client(), user)


def wording(row, code):
    return next(each for each in asked_by(row.round.set_version).wordings if each.question.code == code)


def piece(row, **facts):
    facts = {"title": "Child protection policy", "address": "https://school.example/policy"} | facts
    return Evidence.objects.create(folder=row.folder, agency=row.agency, **facts)


def under(row, code):
    rows = Shown.objects.unscoped(WHY).filter(answer__audit_return=row, answer__question__code=code)
    return sorted(rows.values_list("evidence__title", flat=True))


def url(name, pk, query=""):
    return reverse(f"audits:{name}", args=[pk]) + query


def days(n):
    return timezone.localdate() + timedelta(days=n)


def typed(name, day):
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def upload(name="policy.txt", content=b"What we do."):
    return SimpleUploadedFile(name, content)


def again(row):
    return AuditReturn.objects.unscoped(WHY).get(pk=row.pk)


# --- evidence ---------------------------------------------------------------------------------------------------------


def test_a_question_for_a_file_is_answered_by_a_piece_and_open_again_without_it(world, row):
    by, asked = world.author_other, wording(row, "policies")
    before = answering.recount(row).answered
    made = evidence_services.add(row, by=by, title="Policy", address="https://x.example/", under=[asked])
    assert again(row).answered == before + 1
    evidence_services.put_away(made, by=by)
    assert (again(row).answered, under(row, "policies")) == (before, [])


def test_an_answer_that_was_born_by_evidence_does_not_clash_with_who_types_its_first_words(world, row):
    asked = wording(row, "policy")
    evidence_services.arrange(row, by=world.author_other, put=[(asked, piece(row))])
    saved = answering.save(row, asked, by=world.school_outside, values={"code": "met"}, version=0)
    assert (saved.code, under(row, "policy")) == ("met", ["Child protection policy"])


def test_evidence_of_last_year_goes_under_several_questions_of_this_one(world, row, lead):
    old = making.audit_round(world, row.round.set_version, status="closed", title="Last year")
    gone = making.audit_return(old, row.agency, status="submitted", answers={"policy": {"code": "met"}})
    kept = piece(gone)
    Shown.objects.create(folder=gone.folder, agency=gone.agency, evidence=kept, answer=gone.answers.get())
    assert b"Child protection policy" in lead.get(url("evidence", row.pk)).content
    places = [f"{row.pk}:{wording(row, code).pk}" for code in ("policy", "governors")]
    fields = {f"in_{row.pk.hex}_{wording(row, 'policy').section_id.hex}": places}
    assert lead.post(url("evidence_piece", kept.pk), {"do": "under", "stood": "", **fields}).status_code == 302
    assert under(row, "policy") == under(row, "governors") == under(gone, "policy") == ["Child protection policy"]


def test_what_ran_out_and_what_is_to_be_renewed_soon_is_marked(row, lead):
    piece(row, title="Old", expires_on=days(-1))
    piece(row, title="Nearly", expires_on=days(30))
    piece(row, title="Fresh", expires_on=days(31))
    found = lead.get(url("evidence", row.pk, "?show=soon")).content.decode()
    assert "Ran out on" in found and "Renew by" in found and "Fresh" not in found


def test_a_newer_one_takes_the_place_where_answers_change_and_leaves_what_went_as_it_was(world, row):
    gone = making.audit_return(
        making.audit_round(world, row.round.set_version, status="closed", title="Last year"), row.agency,
        status="submitted", answers={"policy": {"code": "met"}},
    )  # fmt: skip
    old = piece(row, title="Policy 2025")
    Shown.objects.create(folder=gone.folder, agency=gone.agency, evidence=old, answer=gone.answers.get())
    evidence_services.arrange(row, by=world.author_other, put=[(wording(row, "policy"), old)])
    new = {"title": "Policy 2026", "address": "https://x.example/", "instead": old}
    evidence_services.add(row, by=world.author_other, **new)
    assert (under(row, "policy"), under(gone, "policy")) == (["Policy 2026"], ["Policy 2025"])
    old.refresh_from_db()
    assert old.put_away_at


def test_two_colleagues_who_choose_at_once_lose_nothing_of_each_other(world, row, lead):
    one, two = piece(row, title="One"), piece(row, title="Two")
    colleague = sign_in(world.school_outside)
    at = url("evidence_for", row.pk, f"?wording={wording(row, 'policy').pk}")
    lead.post(at, {"stood": "", "pieces": [one.pk]})
    colleague.post(at, {"stood": "", "pieces": [two.pk]})
    assert under(row, "policy") == ["One", "Two"]
    lead.post(at, {"stood": f"{one.pk}", "pieces": []})
    assert under(row, "policy") == ["Two"]


def test_a_piece_that_somebody_changed_meanwhile_keeps_both_texts(row, lead):
    kept = piece(row)
    read = evidence_services.mark_of(kept)
    Evidence.objects.unscoped(WHY).filter(pk=kept.pk).update(title="Changed by a colleague")
    data = {"title": "My title", "address": kept.address, "read": read}
    answer = lead.post(url("evidence_piece", kept.pk), data)
    assert answer.status_code == 409
    assert b"My title" in answer.content and b"Changed by a colleague" in answer.content


def test_no_other_school_has_a_piece_or_its_file_and_the_unit_has_both_and_changes_none(world, row, lead):
    data = {"what": "file", "file": upload(), "title": "Policy"}
    assert lead.post(url("evidence", row.pk), data).status_code == 302
    kept = Evidence.objects.unscoped(WHY).get(title="Policy")
    assert checking.check(Version.objects.unscoped(WHY).get(document=kept.document).pk)
    other = person(
        "other", Role.SCHOOL_LEAD, Agency.objects.filter(kind="school").order_by("name")[9], world.partnership
    )
    for name in ("evidence_piece", "evidence_file"):
        assert sign_in(other).get(url(name, kept.pk)).status_code == 404
        assert sign_in(world.author).get(url(name, kept.pk)).status_code == 404
    for user in (world.school_outside, world.officer):  # a colleague who did not upload it, and the unit
        answer = sign_in(user).get(url("evidence_file", kept.pk))
        assert b"".join(answer) == b"What we do."
    assert Event.objects.filter(verb="downloaded", object_id=kept.pk).count() == 2
    assert sign_in(world.officer).post(url("evidence_piece", kept.pk), {"do": "away"}).status_code == 403


def test_a_piece_of_another_school_cannot_be_put_under_an_answer(world, row, lead):
    other = Agency.objects.filter(kind="school").order_by("name")[9]
    foreign = Evidence.objects.create(folder=row.folder, agency=other, title="Theirs", address="https://x.example/")
    at = url("evidence_for", row.pk, f"?wording={wording(row, 'policy').pk}")
    assert lead.post(at, {"stood": "", "pieces": [foreign.pk]}).status_code == 422
    with pytest.raises(ValueError, match="its own organisation"):
        evidence_services.arrange(row, by=world.author_other, put=[(wording(row, "policy"), foreign)])


def test_a_virus_is_taken_off_the_question_and_said_plainly(world, row, lead):
    at = url("evidence_for", row.pk, f"?wording={wording(row, 'policies').pk}")
    lead.post(at, {"add": "1", "what": "file", "file": upload("list.txt", EICAR), "title": ""})
    counted = again(row).answered
    assert under(row, "policies") == ["list"]
    checking.check(Version.objects.unscoped(WHY).get(document__kind=evidence_services.KIND).pk)
    assert (under(row, "policies"), again(row).answered) == ([], counted - 1)
    assert b"virus" in lead.get(url("evidence", row.pk)).content
    made = Evidence.objects.unscoped(WHY).get()
    assert lead.post(at, {"stood": "", "pieces": [made.pk]}).status_code == 422


def test_under_a_return_that_is_being_signed_nothing_changes(world, row, lead):
    kept = piece(row)
    AuditReturn.objects.unscoped(WHY).filter(pk=row.pk).update(status="signing")
    at = url("evidence_for", row.pk, f"?wording={wording(row, 'policy').pk}")
    answer = lead.post(at, {"stood": "", "pieces": [kept.pk]})
    assert answer.status_code == 409 and b"being signed" in answer.content
    assert under(row, "policy") == []


def test_the_list_costs_the_same_for_one_piece_and_for_five(world, row):
    def asked():
        with CaptureQueriesContext(connection) as found:
            assert evidence_reads.of_organisation(world.author_other, row).object_list
        return len(found)

    evidence_services.arrange(row, by=world.author_other, put=[(wording(row, "policy"), piece(row))])
    once = asked()
    for n in range(4):
        each = piece(row, title=f"Piece {n}")
        evidence_services.arrange(row, by=world.author_other, put=[(wording(row, "governors"), each)])
    assert asked() == once


# --- people -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def named(world, row):
    """The school's head and safeguarding lead, held since long ago."""
    NamedDuty.objects.filter(agency=row.agency).delete()
    duties = {}
    for kind, holder, post in (("head", None, ""), ("dsl", world.school_outside, "Pastoral lead")):
        duties[kind] = NamedDuty.objects.create(
            agency=row.agency, kind=kind, holder=holder, post=post, starts=date(2024, 9, 1)
        )
    return duties


def said(row, **says):
    """What the page sends: nothing of it changed, but for `says`."""
    lines = people.lines_of(row.agency)
    data = {"read": people.mark_of(lines)}
    for line in lines:
        data[f"{line.key}_says"] = "keep" if line.holder else "nobody"
        data |= {f"{line.key}_{name}": value for name, value in says.get(line.kind, {}).items()}
    return data


def test_people_are_confirmed_by_one_and_read_as_confirmed_by_another(world, row, named, lead):
    assert lead.post(url("return_people", row.pk), said(row)).status_code == 302
    assert again(row).people_confirmed_at
    assert Event.objects.filter(verb="people_confirmed", object_id=row.pk).exists()
    assert b"The people were confirmed on" in sign_in(world.school_outside).get(url("return_people", row.pk)).content
    assert b"The people were confirmed on" in sign_in(world.officer).get(url("return_people", row.pk)).content


def test_a_new_head_and_another_lead_are_named_in_the_directory(world, row, named, lead):
    head = {"says": "other", "name": "Ann Example", "post": "Headteacher", "email": "ann@school.example"}
    dsl = {"says": "other", "name": "Bob Example", "post": "Deputy head"}
    assert lead.post(url("return_people", row.pk), said(row, head=head, dsl=dsl)).status_code == 302
    now = {each.kind: each for each in NamedDuty.objects.live().filter(agency=row.agency, holder__isnull=False)}
    assert (now["head"].holder.email, now["dsl"].holder.name) == ("ann@school.example", "Bob Example")
    named["dsl"].refresh_from_db()
    assert named["dsl"].ends == timezone.localdate()  # the record that she held it stays


def test_the_address_of_a_head_without_a_sign_in_is_put_right_and_nobody_elses(world, row, named, lead):
    lead.post(url("return_people", row.pk), said(row, head={"says": "other", "name": "Ann Example", "post": "Head"}))
    right = {"says": "correct", "right_post": "Executive head", "right_email": "ann@school.example"}
    dsl = {"says": "correct", "right_post": "Lead", "right_email": "taken@elsewhere.example"}
    assert lead.post(url("return_people", row.pk), said(row, head=right, dsl=dsl)).status_code == 302
    head = NamedDuty.objects.live().get(agency=row.agency, kind="head")
    assert (head.post, head.holder.email) == ("Executive head", "ann@school.example")
    world.school_outside.refresh_from_db()
    assert world.school_outside.email != "taken@elsewhere.example"


def test_what_the_directory_refuses_stands_at_its_line_and_nothing_is_written(world, row, named, lead):
    head = {"says": "other", "name": "Ann Example", "post": "Head", "email": world.author.email}
    dsl = {"says": "other", "name": "Bob Example", "post": "Lead"}
    answer = lead.post(url("return_people", row.pk), said(row, head=head, dsl=dsl))
    assert answer.status_code == 422 and b"Somebody of another name has this address" in answer.content
    assert NamedDuty.objects.live().get(agency=row.agency, kind="dsl").holder == world.school_outside
    assert again(row).people_confirmed_at is None


def test_who_looked_before_somebody_changed_a_duty_is_shown_both(world, row, named, lead):
    data = said(row)
    sign_in(world.school_outside).post(
        url("return_people", row.pk), said(row, head={"says": "other", "name": "Ann Example", "post": "Head"})
    )
    AuditReturn.objects.unscoped(WHY).filter(pk=row.pk).update(people_confirmed_at=None)
    answer = lead.post(url("return_people", row.pk), data)
    assert answer.status_code == 409 and b"Ann Example" in answer.content
    assert again(row).people_confirmed_at is None


def test_staff_read_the_people_and_are_told_whom_to_ask(world, row, named):
    staff = sign_in(person("staff", Role.AGENCY_STAFF, row.agency, world.partnership))
    found = staff.get(url("return_people", row.pk)).content.decode()
    assert "Pastoral lead" in found and world.author_other.name in found and "Confirm the people" not in found
    assert staff.post(url("return_people", row.pk), said(row)).status_code == 403


# --- more time --------------------------------------------------------------------------------------------------------


def test_more_time_is_asked_given_until_the_last_second_and_told(world, row, lead):
    day = days(40)
    data = {"reason": "The head is ill.", **typed("wanted_on", day)}
    assert lead.post(url("more_time", row.pk), data).status_code == 302
    asked = Extension.objects.unscoped(WHY).get()
    owed = [work for work in work_of(world.officer)[0] if "More time" in work.what]
    assert [work.url for work in owed] == [url("extension", asked.pk)]
    unit = sign_in(world.officer)
    assert b"The head is ill." in unit.get(url("extension", asked.pk)).content
    assert unit.post(url("extension", asked.pk), {"answer": "give", **typed("given_on", day)}).status_code == 302
    at = timezone.localtime(again(row).closes_at)
    assert (at.date(), at.hour, at.minute, at.second) == (day, 23, 59, 59)
    notice = Notice.objects.get(kind="audit_more_time")
    assert notice.recipient == world.author_other
    assert not [work for work in work_of(world.officer)[0] if "More time" in work.what]


def test_more_time_is_refused_only_with_words_and_one_wish_waits_at_a_time(world, row, lead):
    asked = more_time.ask(row, by=world.author_other, reason="Later.", wanted_on=days(40))
    again_asked = {"reason": "Again.", **typed("wanted_on", days(50))}
    answer = lead.post(url("more_time", row.pk), again_asked)
    assert answer.status_code == 422 and b"It waits for an answer" in answer.content
    unit = sign_in(world.officer)
    assert unit.post(url("extension", asked.pk), {"answer": "refuse"}).status_code == 422
    unit.post(url("extension", asked.pk), {"answer": "refuse", "words": "The board meets that week."})
    assert b"The board meets that week." in lead.get(url("more_time", row.pk)).content
    late = unit.post(url("extension", asked.pk), {"answer": "give", **typed("given_on", days(40))})
    assert late.status_code == 409  # a second tab of the unit
    assert timezone.localdate(again(row).closes_at) == days(20)


def test_a_day_of_today_of_the_deadline_itself_or_of_next_year_is_refused(world, row):
    for day, words in ((days(0), "after today"), (days(20), "as it is"), (days(366), "within a year")):
        with pytest.raises(Exception, match=words):
            more_time.ask(row, by=world.author_other, reason="Later.", wanted_on=day)


def test_what_was_asked_ends_by_itself_once_nothing_is_due_and_who_asks_later_is_told(world, row, lead):
    asked = more_time.ask(row, by=world.author_other, reason="Later.", wanted_on=days(40))
    row = single.excuse(row, by=world.officer, why="It closes.")
    asked = Extension.objects.unscoped(WHY).get(pk=asked.pk)
    assert (asked.outcome, asked.decided_by) == ("ended", None) and "Nothing is due" in asked.words
    answer = lead.post(url("more_time", row.pk), {"reason": "Mine.", **typed("wanted_on", days(30))})
    assert answer.status_code == 409 and b"Nothing is due" in answer.content and b"Mine." in answer.content
    with pytest.raises(Stale):
        more_time.give(asked, by=world.officer, given_on=days(40))
    assert not [work for work in work_of(world.officer)[0] if "More time" in work.what]


def test_time_given_unasked_is_told_to_those_who_sign_and_staff_do_not_ask(world, row):
    data = {"words": "A flood.", **typed("given_on", days(60))}
    assert sign_in(world.officer).post(url("more_time", row.pk), data).status_code == 302
    told = set(Notice.objects.filter(kind="audit_more_time").values_list("recipient_id", flat=True))
    assert told == {world.author_other.pk, world.school_outside.pk}
    staff = sign_in(person("staff", Role.AGENCY_STAFF, row.agency, world.partnership))
    data = {"reason": "Later.", **typed("wanted_on", days(70))}
    assert staff.post(url("more_time", row.pk), data).status_code == 403


def test_evidence_that_still_holds_comes_over_with_last_years_answers_and_a_file_answers_anew(world, row):
    """The file of last year is the answer to confirm; what ran out or was put away stays where it was."""
    old = making.audit_round(world, row.round.set_version, status="closed", title="Last year")
    gone = making.audit_return(old, row.agency, status="submitted", answers={"policies": {}, "policy": {"code": "met"}})
    for code, facts in (
        ("policies", {"title": "Policy"}),
        ("policy", {"title": "Minute"}),
        ("policy", {"title": "Ran out", "expires_on": days(-1)}),
        ("policy", {"title": "Put away", "put_away_at": timezone.now()}),
    ):
        answer = gone.answers.get(question__code=code)
        Shown.objects.create(folder=gone.folder, agency=gone.agency, evidence=piece(gone, **facts), answer=answer)
    new = making.audit_round(world, row.round.set_version, before=old, title="This year")
    now = answering.begin(making.audit_return(new, row.agency), by=world.author_other)
    assert (under(now, "policies"), under(now, "policy")) == (["Policy"], ["Minute"])
    assert now.to_confirm == 2
    evidence_services.arrange(now, by=world.author_other, put=[(wording(now, "policies"), piece(now, title="New"))])
    assert (again(now).to_confirm, again(now).answered) == (1, 1)


def test_what_is_put_away_after_a_return_went_still_stands_under_it(world, row, lead):
    kept, early = piece(row), piece(row, title="Put away before")
    for each in (kept, early):
        evidence_services.arrange(row, by=world.author_other, put=[(wording(row, "policy"), each)])
    Evidence.objects.unscoped(WHY).filter(pk=early.pk).update(put_away_at=timezone.now() - timedelta(days=1))
    AuditReturn.objects.unscoped(WHY).filter(pk=row.pk).update(status="submitted", submitted_at=timezone.now())
    evidence_services.put_away(kept, by=world.author_other)
    text = lead.get(reverse("audits:return_section", args=[row.pk, "leading"])).content.decode()
    assert "Child protection policy" in text and "Put away before" not in text
    assert "Add evidence" not in text and "Left to do" not in text
