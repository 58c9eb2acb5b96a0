"""The forward plan, its PDF and its feed: what each reader meets, and what leaves the portal."""

import html
import io
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pdfua import validate
from pypdf import PdfReader

from partnership.access import links
from partnership.access.models import FolderGrant, Link
from partnership.access.services import revoke
from partnership.actions.models import Duty, PlanPrint
from partnership.actions.planning import calendar, feeds, printing, services, work
from partnership.actions.planning.loading import load
from partnership.actions.services import change
from partnership.deadlines import services as clocks
from partnership.deadlines.office import office_of
from partnership.documents.models import Version
from partnership.jobs import services as jobs
from partnership.jobs.models import Job
from tests.actions.ground import make_action, make_group
from tests.world import sign_in

TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(datetime(2026, 11, 23, 12, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def group(world):
    load()
    return make_group(world, members=[world.lead_other])


def lines(plan, kind):
    found = [each for q in plan.quarters for each in (*q.work, *(e for m in q.months for e in m.entries))]
    return [each for each in found if each.kind == kind]


def counted(plan):
    return {m.first: m.actions for q in plan.quarters for m in q.months if m.actions}


def test_duties_stand_in_their_month_for_everybody(world, group):
    plan = calendar.forward_plan(world.colleague)
    september = next(m for q in plan.quarters for m in q.months if m.first == date(2026, 9, 1))
    assert [each.words for each in september.entries] == ["Publish the yearly report for the year to 31 March"]
    assert "Review the business plan" in [duty.title for duty in plan.undated]


def test_a_running_clock_of_the_partnership_dates_its_duty_for_those_who_may_see_it_alone(world, group):
    clock = clocks.start(
        "yearly_report", by=world.manager, folder=office_of(world.partnership), trigger=date(2026, 2, 10)
    )
    other = clocks.start(
        "drafts_disposed", by=world.manager, folder=office_of(world.partnership), trigger=TODAY, what="Shelves"
    )
    (duty,) = [each for each in lines(calendar.forward_plan(world.manager), "duty") if each.day == clock.due_on]
    assert duty.words == "Publish the yearly report"
    said = {each.words for each in lines(calendar.forward_plan(world.manager, other.due_on.year), "clock")}
    assert "Shelves" in said | {each.words for each in lines(calendar.forward_plan(world.manager), "clock")}
    for plan in (calendar.forward_plan(world.colleague), calendar.forward_plan(world.lead_other)):
        assert not lines(plan, "clock")
        assert "Publish the yearly report" in [each.title for each in plan.undated]


def test_no_clock_of_a_case_is_ever_in_it(world, group):
    case = world.ours
    assert case.review.pk
    for user in (world.officer, world.case_officer, world.signer_icb):
        found = lines(calendar.forward_plan(user), "clock")
        assert case.folder.reference not in str(found) and "apid review" not in str([each.words for each in found])


def test_workplan_items_stand_in_their_quarter_for_those_who_may_read_them(world, group):
    plan = work.start_workplan(group, by=world.manager, year=2026)
    duty = Duty.objects.get(ref="D25")
    work.add_item(plan, by=world.manager, title="Audit of thresholds", duty=duty, quarter=3)
    dropped = work.add_item(plan, by=world.manager, title="Nothing", duty=duty, quarter=4)
    work.step(dropped, "drop", by=world.manager, drop_reason="No money")
    for user in (world.manager, world.lead_other, world.board_member):
        (item,) = lines(calendar.forward_plan(user), "work")
        assert (item.words, item.day) == ("Audit of thresholds", date(2026, 12, 31))
    assert lines(calendar.forward_plan(world.colleague), "work") == []
    assert lines(calendar.forward_plan(world.manager, 2027), "work") == []


def test_ones_own_actions_are_lines_and_the_others_a_number(world, group):
    make_action(world, group, what="Review the pathway", due_on=date(2026, 12, 10))
    make_action(world, group, owner=world.manager, agency=None, due_on=date(2026, 12, 11))
    mine = calendar.forward_plan(world.colleague)
    assert [each.words for each in lines(mine, "action")] == ["Review the pathway"] and counted(mine) == {}
    assert counted(calendar.forward_plan(world.lead_other)) == {date(2026, 12, 1): 2}
    assert counted(calendar.forward_plan(world.lead_same)) == {date(2026, 12, 1): 1}
    page = sign_in(Client(), world.lead_other).get(reverse("actions:forward_plan")).content.decode()
    assert "?due_from=2026-12-01&amp;due_to=2026-12-31" in page, "the register, filtered to that month"
    assert counted(calendar.forward_plan(world.nobody)) == {}


def test_of_many_of_ones_own_a_month_shows_the_first_and_leads_to_all_but_the_feed_has_each(world, group, monkeypatch):
    monkeypatch.setattr(calendar, "OWN_IN_A_MONTH", 2)
    for day in (10, 11, 12):
        make_action(world, group, what=f"Due on the {day}th", due_on=date(2026, 12, day))
    make_action(world, group, what="Of January", due_on=date(2027, 1, 5))
    plan = calendar.forward_plan(world.colleague)
    assert [each.words for each in lines(plan, "action")] == ["Due on the 10th", "Due on the 11th", "Of January"]
    assert {month.first: month.own for q in plan.quarters for month in q.months if month.own} == {date(2026, 12, 1): 1}
    client = sign_in(Client(), world.colleague)
    page = client.get(reverse("actions:forward_plan")).content.decode()
    assert "1 more of your own action is due in December" in page
    query = html.unescape(page.split("?owner=me", 1)[1].split('"')[0])
    assert client.get(f"{reverse('actions:register')}?owner=me{query}").context["found"].count == 3
    found, _ = calendar.entries(world.colleague, date(2026, 12, 1), date(2026, 12, 31), kind="action")
    assert len(found) == 3


def test_the_filters_of_group_and_kind_leave_the_rest_out(world, group):
    other = make_group(world, "Another group of ours")
    make_action(world, group, owner=world.manager, agency=None, due_on=date(2026, 12, 11))
    make_action(world, other, owner=world.manager, agency=None, due_on=date(2026, 12, 12))
    plan = calendar.forward_plan(world.manager, group=other)
    assert [each.day for each in lines(plan, "action")] == [date(2026, 12, 12)]
    plan = calendar.forward_plan(world.manager, kind=calendar.ACTION)
    assert len(lines(plan, "action")) == 2 and not lines(plan, "duty") and not plan.undated


class TestFeed:
    def _read(self, user):
        token = links.token_of(feeds.link_of(user))
        return Client().get(reverse("actions:feed", args=[token]))

    def test_it_says_what_its_owner_may_see_and_no_word_of_a_sensitive_action(self, world, group):
        make_action(world, group, what="Review the pathway", due_on=date(2026, 12, 10))
        secret = make_action(world, group, what="Canary words", due_on=date(2026, 12, 11), sensitive=True)
        of_case = make_action(world, world.ours.folder, by=world.officer, what="Canary case", due_on=date(2026, 12, 12))
        feeds.make(world.colleague)
        answer = self._read(world.colleague)
        said = answer.content.decode().replace("\r\n ", "")
        assert answer["Content-Type"].startswith("text/calendar") and "Review the pathway" in said
        assert "Canary" not in said and world.ours.folder.reference not in said
        assert secret.reference in said and of_case.reference in said

    def test_a_person_has_one_address_and_ends_it(self, world, group):
        first = feeds.make(world.colleague)
        second = feeds.make(world.colleague)
        assert Client().get(reverse("actions:feed", args=[links.token_of(first)])).status_code == 404
        assert self._read(world.colleague).status_code == 200 == self._read(world.colleague).status_code
        assert feeds.link_of(world.colleague) == second
        feeds.revoke(world.colleague)
        assert Client().get(reverse("actions:feed", args=[links.token_of(second)])).status_code == 404
        assert feeds.link_of(world.colleague) is None

    def test_it_ends_by_its_rule_and_with_the_account(self, world, group):
        link = feeds.make(world.colleague)
        assert timezone.localdate(link.expires_at) == date(2027, 11, 23)
        world.colleague.is_active = False
        world.colleague.save()
        assert Client().get(reverse("actions:feed", args=[links.token_of(link)])).status_code == 404

    def test_who_left_the_group_reads_its_workplan_no_more(self, world, group):
        plan = work.start_workplan(group, by=world.manager, year=2026)
        work.add_item(plan, by=world.manager, title="Audit", duty=Duty.objects.get(ref="D25"), quarter=3)
        feeds.make(world.lead_other)
        assert b"Workplan item: Audit" in self._read(world.lead_other).content
        grant = FolderGrant.objects.get(user=world.lead_other, content_object=group)
        revoke(grant, by=world.manager)
        assert b"Audit\r\n" not in self._read(world.lead_other).content

    def test_the_page_shows_the_address_to_its_owner_alone(self, world, group):
        client, page = sign_in(Client(), world.colleague), reverse("actions:calendar_feed")
        assert "no address yet" in client.get(page).content.decode()
        assert client.post(page).status_code == 302
        token = links.token_of(feeds.link_of(world.colleague))
        assert token in client.get(page).content.decode()
        assert token not in sign_in(Client(), world.lead_same).get(page).content.decode()
        client.post(reverse("actions:calendar_feed_end"))
        assert Link.objects.filter(acts_as=world.colleague, revoked_at=None, purpose=Link.Purpose.FEED).count() == 0

    def test_an_address_that_several_share_has_none(self, world, group):
        world.colleague.shared_address = True
        world.colleague.save()
        with pytest.raises(ValidationError):
            feeds.make(world.colleague)


class TestPrint:
    def _printed(self, world, user, **facts):
        job = printing.ask_for(user, year=2026, **facts)
        assert jobs.run(job.pk) == "done"
        return PlanPrint.objects.unscoped("a test").get(pk=job.subject_id)

    def test_the_pdf_holds_what_its_person_may_see_and_is_theirs_alone(self, world, group, tmp_path):
        make_action(world, group, what="Review the pathway", due_on=date(2026, 12, 10))
        make_action(world, group, what="Canary words", due_on=date(2026, 12, 11), sensitive=True)
        row = self._printed(world, world.colleague)
        url = reverse("actions:forward_plan_file", args=[row.pk])
        answer = sign_in(Client(), world.colleague).get(url)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        said = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
        assert "Review the pathway" in said and "Canary" not in said and "30 September 2026" in said
        (tmp_path / "plan.pdf").write_bytes(content)
        # The package overlooks the Headers of table cells; tests/ui/test_pdf.py reads those.
        assert {finding.rule_id for finding in validate(str(tmp_path / "plan.pdf")).findings} <= {"UA-15-003"}
        for user in (world.manager, world.lead_same, world.board_member):
            assert sign_in(Client(), user).get(url).status_code == 404
        assert not Version.objects.visible_to(world.manager).filter(pk=row.version_id).exists()

    def test_it_is_given_again_only_while_its_lines_are_its_readers_still(self, world, group):
        action = make_action(world, group, what="Review the pathway", due_on=date(2026, 12, 10))
        row = self._printed(world, world.colleague)
        client, url = sign_in(Client(), world.colleague), reverse("actions:forward_plan_file", args=[row.pk])
        assert client.get(url)["Content-Type"] == "application/pdf"
        change(action, by=world.manager, version=action.version, sensitive=True)
        answer = client.get(url, follow=True)
        assert "has changed since this PDF was made" in answer.content.decode()
        job = Job.objects.unscoped("a test").get(subject_id=row.pk)
        page = client.get(reverse("jobs:job", args=[job.pk])).content.decode()
        assert "has changed since" in page and url not in page

    def test_one_that_could_not_be_made_goes_with_the_next_and_one_that_is_being_made_stays(self, world, group):
        failed, waits = (printing.ask_for(world.colleague, year=year) for year in (2025, 2026))
        Job.objects.unscoped("a test").filter(pk=failed.pk).update(status="failed")
        row = self._printed(world, world.colleague, kind=calendar.DUTY)
        rows = PlanPrint.objects.unscoped("a test").filter(made_by=world.colleague)
        assert {each.pk for each in rows} == {waits.subject_id, row.pk}

    def test_only_the_newest_is_kept(self, world, group):
        first = self._printed(world, world.colleague)
        second = self._printed(world, world.colleague, kind=calendar.DUTY)
        rows = PlanPrint.objects.unscoped("a test").filter(made_by=world.colleague)
        assert list(rows) == [second]
        assert not Version.objects.unscoped("a test").filter(pk=first.version_id).exists()


def test_a_plan_that_is_carried_on_is_todays(world, group):
    old = services.Plan.objects.get(ref="stoke-about-us")
    client = sign_in(Client(), world.manager)
    page = reverse("actions:plan_carry_on", args=[old.pk])
    chosen = [str(pk) for pk in old.priorities.values_list("pk", flat=True)]
    typed = {"title": "Plan 2026 to 2029", "starts_day": 1, "starts_month": 4, "starts_year": 2026}
    assert client.post(page, typed | {"priorities": chosen}).status_code == 302
    said = client.get(reverse("actions:plan")).content.decode()
    assert "Plan 2026 to 2029" in said and "has ended" not in said


def test_no_page_fails_where_the_days_cannot_be_counted(world, group):
    """After the last year of known bank holidays, and for a duty beyond the years that there are."""
    feeds.make(world.colleague)
    with time_machine.travel(datetime(2028, 12, 20, 12, tzinfo=UTC), tick=False):
        row = make_action(world, group)
        Duty.objects.filter(ref="D25").update(anchor=date(9999, 12, 31), every="years", amount=2, rule="")
        client = sign_in(Client(), world.manager)
        pages = [reverse(f"actions:{name}") for name in ("register", "mine", "reports", "forward_plan", "duties")]
        for page in ("/", *pages, reverse("actions:action", args=[row.pk])):
            assert client.get(page, follow=True).status_code == 200, page
        assert b"Review the pathway" in feeds.written(world.colleague, "https://portal.example")
