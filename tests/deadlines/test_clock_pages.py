"""The pages of one clock that stands alone: started, met, moved; a period of hours is asked for its time."""

from datetime import date, timedelta

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from partnership.deadlines import services
from partnership.deadlines.models import Deadline
from partnership.deadlines.office import office_of
from partnership.people.models import Partnership
from tests.deadlines.clocks import london
from tests.walk.post import day, moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(world, sign_in):
    return sign_in(world.officer_outside)


def duty(world, code="yearly_report", trigger=None, **how):
    office = office_of(Partnership.objects.get())
    return services.start(
        code, by=world.officer, folder=office, trigger=trigger or timezone.now() - timedelta(days=3), **how
    )


def said(answer):
    return [str(each) for each in get_messages(answer.wsgi_request)]


def test_a_clock_is_started_with_its_date(world, client):
    data = {"rule": "yearly_report", "what": "Yearly report"} | day("trigger_on", timezone.localdate())
    answer = client.post(reverse("deadlines:start"), data)
    clock = Deadline.objects.get(what="Yearly report")
    assert answer["Location"] == reverse("deadlines:deadline", args=[clock.pk])


def test_a_rule_of_hours_is_asked_for_its_time(world, client):
    data = {"rule": "return_interview", "what": "Interview"} | day("trigger_on", date(2026, 6, 1))
    answer = client.post(reverse("deadlines:start"), data)
    assert answer.status_code == 422 and 'name="trigger_on_time"' in answer.content.decode()
    client.post(reverse("deadlines:start"), data | {"trigger_on_time": "09:15"})
    assert Deadline.objects.get(what="Interview").due_at == london(2026, 6, 4, 9, 15)


def test_a_clock_of_hours_is_corrected_with_its_time(world, client):
    clock = duty(world, "return_interview", london(2026, 6, 2, 9, 15))
    url = reverse("deadlines:move", args=[clock.pk])
    assert client.get(url).context["form"]["trigger_on"].value().hour == 9
    client.post(url, moment("trigger_on", london(2026, 6, 1, 14, 0)) | {"reason": "Typed wrongly"})
    assert Deadline.objects.get(supersedes=clock).due_at == london(2026, 6, 4, 14, 0)


def test_an_agreed_date_is_corrected_itself(world, client):
    agreed = timezone.localdate() + timedelta(days=9)
    clock = duty(world, "policy_review", due_on=agreed)
    url = reverse("deadlines:move", args=[clock.pk])
    assert "due_on" in client.get(url).context["form"].fields
    data = day("trigger_on", timezone.localdate(clock.trigger_at)) | {"reason": "Agreed anew"}
    assert client.post(url, data | day("due_on", agreed)).status_code == 422, "nothing would change"
    client.post(url, data | day("due_on", agreed + timedelta(days=5)))
    new = Deadline.objects.get(supersedes=clock)
    assert (new.due_on, new.trigger_at) == (agreed + timedelta(days=5), clock.trigger_at)
    assert "due_on" not in client.get(reverse("deadlines:move", args=[duty(world).pk])).context["form"].fields


def test_whoever_meets_a_duty_that_returns_is_told_when_the_next_is_due(world, client):
    clock = duty(world, what="Yearly report")
    answer = client.post(reverse("deadlines:meet", args=[clock.pk]), moment("met_at", timezone.now()))
    after = Deadline.objects.get(what="Yearly report", status="open")
    assert said(answer) == [f"It is recorded as done. The next one is due on {after.due_on:%-d %B %Y}."]


def test_whoever_meets_one_whose_next_date_cannot_be_counted_is_told_to_start_it(world, client):
    clock = duty(world, "review_progress", due_on=timezone.localdate() + timedelta(days=9))
    answer = client.post(reverse("deadlines:meet", args=[clock.pk]), moment("met_at", timezone.now()))
    assert any("start the next one" in each for each in said(answer))
    clock.refresh_from_db()
    assert clock.status == "met"


def test_a_records_own_clock_is_not_let_run_again_here(world):
    clock = Deadline.objects.get(rule="rapid_review", subject_id=world.ours.review.pk)
    Deadline.objects.filter(pk=clock.pk).update(status="paused", paused_on=timezone.localdate(), reason="By hand")
    with pytest.raises(ValidationError, match="belongs to a record"):
        services.resume(clock, by=world.officer)


def test_a_named_owner_who_may_not_record_it_reads_whom_to_tell(world, client, sign_in):
    clock = duty(world, owner=world.partner_outside)
    url, told = reverse("deadlines:deadline", args=[clock.pk]), f"Tell {world.officer.name} or the business unit"
    assert told not in client.get(url).content.decode(), "the business unit has the button"
    theirs = sign_in(world.partner_outside)
    page = theirs.get(url).content.decode()
    assert told in page and "Record that it was done" not in page
    services.meet(clock, by=world.officer)
    assert told not in theirs.get(url).content.decode()


def test_the_page_that_pauses_does_not_open_for_a_rule_that_cannot_be_paused(world, client):
    clock = duty(world)
    answer = client.get(reverse("deadlines:pause", args=[clock.pk]))
    assert answer["Location"] == reverse("deadlines:deadline", args=[clock.pk])
    assert said(answer) == [services.NOT_PAUSABLE]
    assert client.get(reverse("deadlines:pause", args=[duty(world, "subject_access").pk])).status_code == 200


def test_the_clock_of_a_record_leads_to_its_record(world, client, sign_in):
    clock = Deadline.objects.get(rule="rapid_review", subject_id=world.ours.review.pk)
    page = sign_in(world.officer).get(reverse("deadlines:deadline", args=[clock.pk])).content.decode()
    assert f'href="{reverse("reviews:review", args=[world.ours.review.pk])}">Open the review</a>' in page
    own = client.get(reverse("deadlines:deadline", args=[duty(world).pk])).content.decode()
    assert "met and corrected with its record" not in own


def test_the_rule_is_a_link_only_to_whoever_may_read_the_rules(world, client, sign_in):
    clock = Deadline.objects.get(rule="rapid_review", subject_id=world.ours.review.pk)
    rule, page = reverse("deadlines:rule", args=["rapid_review"]), reverse("deadlines:deadline", args=[clock.pk])
    for user, may in ((world.officer, True), (world.signer_icb, False)):
        shown = sign_in(user).get(page).content.decode()
        assert (f'href="{rule}"' in shown) is may and sign_in(user).get(rule).status_code == (200 if may else 403)


def test_the_page_of_an_earlier_date_leads_to_the_one_that_stands(world, client):
    clock = duty(world)
    new = services.move(clock, by=world.officer, reason="Typed wrongly", trigger=timezone.now() - timedelta(days=9))
    old = client.get(reverse("deadlines:deadline", args=[clock.pk])).content.decode()
    assert "This date was replaced" in old and reverse("deadlines:deadline", args=[new.pk]) in old
    now = client.get(reverse("deadlines:deadline", args=[new.pk])).content.decode()
    assert "Dates that it had before" in now and "Typed wrongly" in now
    answer = client.post(reverse("deadlines:cancel", args=[clock.pk]), {"reason": "Not owed"}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("deadlines:deadline", args=[new.pk]), "the old page's button"
