"""Rounds: who is asked and by when, sending it out once, late joiners, closed schools, closing."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from audits.answering import work
from audits.models import Answer, AuditReturn, Evidence, Extension, Round, Shown, Submission
from audits.rounds import letters, listing, reads, sending, services, single
from audits.rounds.choosing import whom
from partnership.access.flow import Stale
from partnership.deadlines.periods import end_of_day
from partnership.documents.models import Document
from partnership.jobs import services as jobs
from partnership.jobs.models import Job
from partnership.notify.models import Notice, Outgoing
from partnership.people.models import Agency, School, Succession
from partnership.trail.models import Event
from tests.audits import making

pytestmark = pytest.mark.django_db
WHY = making.WHY


def _today(days=0):
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def schools(world):
    """Five schools by name: the world's own, two more primary ones, two secondary ones; and nothing else of them."""
    rows = list(Agency.objects.live().filter(kind="school").order_by("name")[:5])
    phases = ("Primary", "Primary", "Primary", "Secondary", "Secondary")
    for number, (row, phase) in enumerate(zip(rows, phases, strict=True)):
        facts = {"phase": phase, "low_age": 4 if phase == "Primary" else 11, "establishment_type": "Test school"}
        School.objects.update_or_create(
            agency=row, defaults=facts | {"urn": 900001 + number, "local_authority_code": "861"}
        )
    assert world.agencies["school"] == rows[0]
    return rows


@pytest.fixture
def planned(world, schools):
    """A round of those schools, with a window for everybody."""
    return services.plan(
        by=world.officer, partnership=world.partnership, set_version=making.question_set(), title="Schools’ audit",
        year=2026, opens_on=_today(), message="Please answer.", closes_on=_today(20), final_on=_today(30),
        population={"kind": ["school"], "establishment": ["Test school"]},
    )  # fmt: skip


def _send(row, by) -> Job:
    job = jobs.ask(sending.SEND, row, by=by)
    jobs.run(job.pk)
    job.refresh_from_db()
    row.refresh_from_db()
    return job


def _returns(row, **rule):
    return AuditReturn.objects.unscoped(WHY).filter(round=row, **rule).order_by("agency__name")


def _names(asked):
    return [each.agency.name for each in asked]


def test_who_is_asked_is_by_the_directory_of_the_day_with_some_besides_and_some_left_out(world, schools, planned):
    schools[1].ends = _today()  # closed since this morning
    schools[1].save()
    mpft = world.agencies["mpft"]
    services.name_agency(planned, mpft, by=world.officer, do="also")
    services.name_agency(planned, schools[4], by=world.officer, do="not")
    planned.refresh_from_db()
    assert set(_names(whom(planned))) == {each.name for each in (schools[0], schools[2], schools[3], mpft)}
    services.change(
        planned, by=world.officer, version=planned.version, population={"kind": ["school"], "phase": ["Secondary"]},
        title="T", year=2026, opens_on=_today(), message="", before=None,
    )  # fmt: skip
    planned.refresh_from_db()
    assert planned.population["also"] and planned.population["not"], "exceptions outlive a change of the rule"
    assert {schools[3].name, mpft.name} <= set(_names(whom(planned)))
    assert planned.folder.title == "T"


def test_the_first_window_that_holds_is_theirs_and_everybody_else_comes_last(world, schools, planned):
    services.add_window(planned, by=world.officer, name="Secondary", who={"phase": ["Secondary"]}, closes_on=_today(40))
    found = {each.agency.name: each.window.name for each in whom(planned)}
    assert found[schools[3].name] == "Secondary" and found[schools[0].name] == "Everybody"
    with pytest.raises(ValidationError, match="everybody else already"):
        services.add_window(planned, by=world.officer, name="More", who={}, closes_on=_today(40))
    everybody = planned.windows.get(name="Everybody")
    services.change_window(
        everybody, by=world.officer, version=1, name="Primary", who={"phase": ["Primary"]}, closes_on=_today(20)
    )
    services.remove_window(planned.windows.get(name="Secondary"), by=world.officer)
    job = _send(planned, world.officer)
    assert job.status == Job.Status.FAILED and "2 of those who are asked belong to no window" in job.problem
    assert planned.status == Round.Status.PLANNED and not _returns(planned).exists()


def test_sending_makes_a_return_each_once_and_writes_one_letter_to_each_lead(world, schools, planned):
    assert _send(planned, world.officer).status == Job.Status.DONE
    rows = list(_returns(planned))
    assert [row.agency for row in rows] == sorted(schools, key=lambda row: row.name)
    assert {(row.phase, row.wanted) for row in rows} == {("Primary", 5), ("Secondary", 4)}, (
        "early years are asked one more"
    )
    assert {row.closes_at for row in rows} == {end_of_day(_today(20))} and planned.status == Round.Status.OPEN
    written = Outgoing.objects.filter(template=letters.LETTER)
    assert {each.recipient for each in written} == {world.author_other, world.school_outside}
    assert Notice.objects.filter(kind=letters.ASKED).count() == 2
    words = letters._words(written.get(recipient=world.school_outside))
    assert [line["agency"] for line in words["lines"]] == [world.agencies["school"].name], "and of no other"
    again = _send(planned, world.officer)
    assert again.status == Job.Status.FAILED and "has a return already" in again.problem
    assert _returns(planned).count() == 5 and written.count() == 2


def test_a_sending_that_is_killed_leaves_nothing_and_goes_on(world, planned, monkeypatch):
    monkeypatch.setattr(sending, "AT_ONCE", 2)
    real, calls = sending.write_to_leads, []

    def dies(*args, **kwargs):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        real(*args, **kwargs)

    monkeypatch.setattr(sending, "write_to_leads", dies)
    job = jobs.ask(sending.SEND, planned, by=world.officer)
    with pytest.raises(KeyboardInterrupt):
        jobs.run(job.pk)
    planned.refresh_from_db()
    assert planned.status == Round.Status.PLANNED and not _returns(planned).exists()
    with pytest.raises(ValidationError, match="being sent out now"):
        services.name_agency(planned, world.agencies["mpft"], by=world.officer, do="also")
    Job.objects.unscoped(WHY).filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(minutes=1))
    assert jobs.run(job.pk) == Job.Status.DONE
    assert _returns(planned).count() == 5
    assert Outgoing.objects.filter(template=letters.LETTER).count() == 2


def test_a_school_that_opens_later_is_found_and_has_time_by_the_rule(world, schools, planned):
    _send(planned, world.officer)
    late = Agency.objects.live().filter(kind="school").exclude(pk__in=[row.pk for row in schools]).first()
    School.objects.filter(agency=late).update(establishment_type="Test school")
    page = reads.round_page(world.officer, planned)
    assert _names(page.new) == [late.name] and "Ask those who came" in page.next.what
    assert _send(planned, world.officer).status == Job.Status.DONE
    row = _returns(planned).get(agency=late)
    assert row.late_joiner and row.closes_at == end_of_day(_today(28)), "longer than the others' twenty days"
    assert Event.objects.filter(verb="audit_late_asked", object_id=planned.pk).count() == 1
    assert not reads.round_page(world.officer, planned).new


def test_a_school_that_closed_is_listed_and_excused_with_its_reason(world, schools, planned):
    _send(planned, world.officer)
    school = world.agencies["school"]
    Agency.objects.filter(pk=school.pk).update(ends=_today())
    gone = reads.round_page(world.officer, planned).gone
    assert [each.row.agency for each in gone] == [school] and gone[0].why.startswith("Closed; its last day was")
    with pytest.raises(ValidationError, match="Say why"):
        single.excuse(gone[0].row, by=world.officer, why=" ")
    row = single.excuse(gone[0].row, by=world.officer, why=gone[0].why)
    assert row.status == "excused" and reads.standing(world.officer, planned).asked == 4
    assert Notice.objects.filter(kind=letters.EXCUSED, recipient=world.school_outside).exists()
    assert not reads.round_page(world.officer, planned).gone
    assert single.ask_again(row, by=world.officer).status == "asked"


def test_a_school_that_becomes_an_academy_is_not_asked_twice_and_its_answers_go_with_it(world, schools, planned):
    _send(planned, world.officer)
    old, new = (
        _returns(planned).get(agency=schools[0]),
        Agency.objects.create(name="An Academy", kind="school", slug="an-a"),
    )
    School.objects.create(
        agency=new,
        urn=900100,
        phase="Secondary",
        low_age=11,
        establishment_type="Test school",
        local_authority_code="861",
    )
    wording = planned.set_version.wordings.get(ref="1a")
    Answer.objects.create(
        folder=old.folder, agency=old.agency, audit_return=old, question=wording.question, wording=wording, code="met"
    )
    answer = Answer.objects.unscoped(WHY).get(audit_return=old)
    shared = {"folder": old.folder, "agency": old.agency}
    own = {"shown_to": world.school_outside, "shown_at": old.agency}
    document = Document.objects.create(folder=old.folder, title="Policy", marking="sensitive", **own)
    policy = Evidence.objects.create(title="Policy", document=document, **shared)
    Shown.objects.create(answer=answer, evidence=policy, **shared)
    with pytest.raises(ValidationError, match="not recorded"):
        single.move_return(old, new, by=world.officer)
    Succession.objects.create(predecessor=schools[0], successor=new, on=_today())
    page = reads.round_page(world.officer, planned)
    assert not page.new and [each.successors for each in page.gone] == [[new]]
    with pytest.raises(PermissionDenied):
        single.move_return(old, new, by=world.school_outside)
    row = single.move_return(old, new, by=world.officer)
    assert (row.agency, row.phase, row.wanted, row.answered) == (new, "Secondary", 4, 1)
    for each in (answer, policy, document):
        each.refresh_from_db()
    assert answer.agency == policy.agency == document.shown_at == new
    assert not AuditReturn.objects.visible_to(world.school_outside).exists()
    Succession.objects.create(predecessor=schools[1], successor=new, on=_today())
    with pytest.raises(ValidationError, match="a return of its own"):
        single.move_return(_returns(planned).get(agency=schools[1]), new, by=world.officer)
    assert reads.round_page(world.officer, planned).gone[0].successors == []


def test_closing_says_how_many_owe_and_opening_again_moves_no_day(world, planned):
    _send(planned, world.officer)
    row = _returns(planned).first()
    AuditReturn.objects.unscoped(WHY).filter(pk=row.pk).update(closes_at=end_of_day(_today(35)))
    before = dict(_returns(planned).values_list("pk", "closes_at"))
    with pytest.raises(PermissionDenied):
        services.close(planned, by=world.school_outside)
    services.close(planned, by=world.officer)
    assert Event.objects.get(verb="audit_round_close").data["count"] == 5
    planned.refresh_from_db()
    with pytest.raises(Stale, match="closed"):
        services.name_agency(planned, world.agencies["mpft"], by=world.officer, do="also")
    services.reopen(planned, by=world.officer)
    assert dict(_returns(planned).values_list("pk", "closes_at")) == before


def test_a_deadline_that_moves_leaves_a_day_that_was_given_alone_but_never_behind_the_others(world, planned):
    _send(planned, world.officer)
    window = planned.windows.get()
    first, second, third, *_ = _returns(planned)
    for row, days in ((first, 35), (second, 22)):
        AuditReturn.objects.unscoped(WHY).filter(pk=row.pk).update(closes_at=end_of_day(_today(days)))
        Extension.objects.create(
            folder=row.folder, agency=row.agency, audit_return=row, reason="Ill", wanted_on=_today(days),
            outcome="given", given_on=_today(days),
        )  # fmt: skip
    facts = {"name": "Everybody", "who": {}}
    services.change_window(window, by=world.officer, version=1, closes_on=_today(25), final_on=_today(50), **facts)
    days = [timezone.localdate(_returns(planned).get(pk=row.pk).closes_at) for row in (first, second, third)]
    assert days == [_today(35), _today(25), _today(25)]
    services.change_window(window, by=world.officer, version=2, closes_on=_today(15), **facts)
    days = [timezone.localdate(_returns(planned).get(pk=row.pk).closes_at) for row in (first, third)]
    assert days == [_today(35), _today(15)]
    with pytest.raises(ValidationError, match="Returns are in this window"):
        services.remove_window(window, by=world.officer)


def test_what_was_sent_out_keeps_its_year_and_who_is_left_out_later_keeps_the_return(world, schools, planned):
    _send(planned, world.officer)
    facts = {"title": "T", "opens_on": _today(), "message": "", "before": None, "population": planned.population}
    with pytest.raises(ValidationError, match="was sent out"):
        services.change(planned, by=world.officer, version=planned.version, year=2025, **facts)
    services.name_agency(planned, schools[4], by=world.officer, do="not")
    assert _returns(planned).filter(agency=schools[4]).exists()


def test_a_submitted_return_is_given_back_with_why_and_its_submission_stays(world, planned):
    _send(planned, world.officer)
    row = _returns(planned).get(agency=world.agencies["school"])
    now = timezone.now()
    AuditReturn.objects.unscoped(WHY).filter(pk=row.pk).update(status="submitted", submitted_at=now)
    sent = Submission.objects.create(
        folder=row.folder, agency=row.agency, audit_return=row, reference="X-1", content={}, sha256="0" * 64
    )
    with pytest.raises(ValidationError, match="what has to be changed"):
        single.give_back(row, by=world.officer, why="")
    with pytest.raises(PermissionDenied):
        single.give_back(row, by=world.school_outside, why="We want to.")
    done = single.give_back(row, by=world.officer, why="2a is a typing error.")
    sent.refresh_from_db()
    assert (done.status, done.submitted_at) == ("begun", None)
    assert sent.given_back_at and sent.why_given_back == "2a is a typing error." and sent.number == 1
    assert Notice.objects.filter(kind=letters.GIVEN_BACK, recipient=world.author_other).count() == 1
    assert "typing error" not in str(Event.objects.get(verb="audit_return_give_back").data)


def test_a_lead_sees_her_own_returns_and_of_a_round_nothing(world, schools, planned, sign_in):
    _send(planned, world.officer)
    client = sign_in(world.school_outside)
    body = client.get(reverse("audits:audits")).content.decode()
    assert escape(schools[0].name) in body and not any(escape(row.name) in body for row in schools[1:])
    assert client.get(reverse("audits:audit_round", args=[planned.pk])).status_code == 403
    other = _returns(planned).get(agency=schools[1])
    assert client.get(reverse("audits:return_stand", args=[other.pk])).status_code == 404
    assert [each.what for each in work.returns(world.school_outside)] == [
        f"Schools’ audit: the return of {schools[0].name}"
    ]
    assert not list(work.returns(world.officer)) and not list(work.returns(world.lead_other))
    days = (_today(), _today(60))
    assert [each.day for each in reads.entries(world.school_outside, *days, None)] == [_today(20)]
    assert [each.day for each in reads.entries(world.officer, *days, None)] == [_today(20), _today(30)]
    body = sign_in(world.board_member).get(reverse("audits:audits")).content.decode()
    assert "You do not see who answered what" in body and escape(schools[0].name) not in body


def test_the_list_of_returns_is_filtered_and_costs_the_same_for_any_number(
    world, schools, planned, sign_in, django_assert_max_num_queries
):
    _send(planned, world.officer)
    AuditReturn.objects.unscoped(WHY).filter(round=planned, agency=schools[3]).update(
        closes_at=timezone.now() - timedelta(days=1)
    )
    client, url = sign_in(world.officer), reverse("audits:round_returns", args=[planned.pk])
    client.get(url)
    with django_assert_max_num_queries(10):
        body = client.get(f"{url}?all=on").content.decode()
    assert all(escape(row.name) in body for row in schools) and "Nobody" in body
    with django_assert_max_num_queries(10):
        body = client.get(f"{url}?status=late").content.decode()
    assert escape(schools[3].name) in body and escape(schools[0].name) not in body
    body = client.get(f"{url}?phase=Primary&q={schools[0].name.split()[0]}").content.decode()
    assert escape(schools[0].name) in body and escape(schools[3].name) not in body
    assert client.get(f"{url}?trust=nonsense").status_code == 422


def test_the_list_is_taken_out_as_it_is_filtered_and_nothing_in_it_runs(world, schools, planned, sign_in):
    _send(planned, world.officer)
    Agency.objects.filter(pk=schools[3].pk).update(name="=1+1")
    url = reverse("audits:round_returns", args=[planned.pk])
    taken = sign_in(world.officer).post(f"{url}?phase=Secondary", {"take": "csv"})
    text = b"".join(taken.streaming_content).decode("utf-8-sig")
    assert "'=1+1" in text and schools[4].name in text and schools[0].name not in text
    assert Event.objects.get(verb="audit_returns_exported").data == {"format": "csv", "count": 2}


def test_a_stale_change_of_a_round_shows_both_texts_and_loses_none(world, planned, sign_in):
    client, url = sign_in(world.officer), reverse("audits:round_edit", args=[planned.pk])
    version = planned.version
    services.change(
        planned, by=world.manager, version=version, population=planned.population, title="Her title", year=2026,
        opens_on=_today(), message="", before=None,
    )  # fmt: skip
    day = _today()
    sent = {"title": "My title", "year": 2026, "opens_on_day": day.day, "opens_on_month": day.month, "kind": ["school"]}
    answer = client.post(url, sent | {"opens_on_year": day.year, "version": version})
    body = answer.content.decode()
    assert answer.status_code == 409 and "My title" in body and "Her title" in body
    answer = client.post(url, sent | {"opens_on_year": day.year, "version": version + 1})
    assert answer.status_code == 302 and Round.objects.get(pk=planned.pk).title == "My title"


def test_a_planned_round_takes_a_newer_version_and_one_that_was_sent_keeps_its_own(world, planned):
    section = planned.set_version.sections.get(code="training")
    services.set_slices(planned, by=world.officer, version=planned.version, days={section.pk: (_today(1), _today(9))})
    newer = making.question_set(edition=2)
    planned.refresh_from_db()
    assert reads.newer_version(planned) == newer
    services.take_version(planned, newer, by=world.officer)
    planned.refresh_from_db()
    assert planned.set_version == newer and planned.slices.get().section == newer.sections.get(code="training")
    _send(planned, world.officer)
    with pytest.raises(ValidationError, match="was sent out"):
        services.take_version(planned, making.question_set(edition=3), by=world.officer)
    assert reads.newer_version(planned) is None


def test_a_planned_round_is_discarded_without_a_reason_and_one_that_was_sent_is_not(world, planned, sign_in):
    client, url = sign_in(world.officer), reverse("audits:round_close", args=[planned.pk])
    with pytest.raises(PermissionDenied):
        services.discard(planned, by=world.school_outside)
    assert "Discard the round" in client.get(reverse("audits:audit_round", args=[planned.pk])).content.decode()
    assert client.post(url, {"do": "discard"}).status_code == 302
    planned.refresh_from_db()
    assert planned.status == "discarded" and Event.objects.filter(verb="audit_round_discard").count() == 1
    with pytest.raises(Stale, match="was discarded"):
        services.name_agency(planned, world.agencies["mpft"], by=world.officer, do="also")
    assert _send(planned, world.officer).status == Job.Status.FAILED and not _returns(planned).exists()
    page = client.get(reverse("audits:audit_round", args=[planned.pk])).content.decode()
    assert "Discarded" in page and "Change windows" not in page and "Who is asked" not in page
    assert not list(reads.entries(world.officer, _today(), _today(60), None)), "no deadline of it stands in the plan"
    sent = making.audit_round(world)
    with pytest.raises(Stale):
        services.discard(sent, by=world.officer)


def test_a_round_is_not_sent_after_its_deadline(world, planned):
    planned.windows.update(closes_at=timezone.now() - timedelta(hours=1), final_at=None)
    assert "‘Everybody’ is over already" in _send(planned, world.officer).problem


def test_beforehand_it_is_said_who_has_nobody_to_write_to_and_who_closes(world, schools, planned):
    Agency.objects.filter(pk=schools[2].pk).update(ends=_today(10))
    found = reads.beforehand(planned)
    assert found.number == 5 and dict(found.by_phase) == {"Primary": 3, "Secondary": 2}
    assert {each.agency for each in found.without} == set(schools[1:])
    assert [each.agency for each in found.closing] == [schools[2]] and not found.nowhere


def test_who_is_left_out_because_the_directory_does_not_say_is_shown_and_asked_by_a_button(
    world, schools, planned, sign_in
):
    School.objects.filter(agency__in=schools[1:3]).update(phase="")
    School.objects.filter(agency=schools[1]).update(establishment_type="Test special school")
    facts = {"title": "T", "year": 2026, "opens_on": _today(), "message": "", "before": None}
    who = {
        "kind": ["school"],
        "phase": ["Primary", "Special"],
        "establishment": ["Test school", "Test special school"],
    }
    services.change(planned, by=world.officer, version=planned.version, population=who, **facts)
    planned.refresh_from_db()
    assert set(_names(whom(planned))) == {schools[0].name, schools[1].name}, "a special school is known by its type"
    assert [(name, rows) for name, _, rows in reads.beforehand(planned).unknown] == [("phase", [schools[2]])]
    assert [rows for *_, rows in reads.round_page(world.officer, planned).unknown] == [[schools[2]]]
    client, url = sign_in(world.officer), reverse("audits:round_asked", args=[planned.pk])
    page = client.get(url).content.decode()
    assert "1 organisation has no phase in the directory" in page and escape(schools[2].name) in page
    assert client.post(url, {"unknown": "kind"}).status_code == 400
    client.post(url, {"unknown": "phase"})
    planned.refresh_from_db()
    assert len(whom(planned)) == 3 and not reads.beforehand(planned).unknown
    form = client.get(reverse("audits:round_edit", args=[planned.pk])).content.decode()
    assert "No phase in the directory" in form and "no phase in the directory" in reads.in_words(planned.population)
    day = {f"opens_on_{part}": getattr(_today(), part) for part in ("day", "month", "year")}
    sent = {name: facts[name] for name in ("title", "year")} | who | day | {"version": planned.version}
    assert (
        client.post(reverse("audits:round_edit", args=[planned.pk]), sent | {"phase": ["Primary", ""]}).status_code
        == 302
    )
    planned.refresh_from_db()
    assert planned.population["phase"] == ["Primary", ""], "the form keeps whom it cannot name"


def test_pages_of_a_list_hold_fifty(world, schools, planned, monkeypatch):
    monkeypatch.setattr(listing, "ON_A_PAGE", 2)
    _send(planned, world.officer)
    found = listing.find(world.officer, planned, {}, order_by="-name", number="2")
    assert found.count == 5 and found.page.number == 2 and len(found.page.object_list) == 2
    assert len(listing.find(world.officer, planned, {}, all=True).page.object_list) == 5
