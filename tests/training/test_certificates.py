"""Certificates: earned, checked by anybody who holds the code, revoked, replaced, expired, drawn."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnership.access.flow import Stale
from partnership.jobs import services as jobs
from partnership.jobs.models import Job
from partnership.notify.letters import NoLongerWanted, compose
from partnership.notify.models import Notice, Outgoing
from tests.training import making
from tests.walk.canaries import text_of_pdf
from tests.world import sign_in
from training.certificates import prints, services
from training.certificates.codes import ALPHABET, new_code, read_code, spaced
from training.models import Booking, Certificate, Evaluation

pytestmark = pytest.mark.django_db


@pytest.fixture
def earned(world):
    """earned(name, **facts of the course): a booking whose register is complete and says that the person came."""

    def make(name="Robin Ash", *, user=None, attended="present", days=-2, **facts):
        event = making.event(world, making.course(world, **facts), days=days, status="delivered", taken=1)
        of = making.learner(world, world.agencies["uhnm"], name, user=user, email="" if user else "r@uhnm.example")
        return Booking.objects.create(
            folder=event.folder, event=event, agency=of.agency, learner=of, name=name, status="booked",
            attended=attended,
        )  # fmt: skip

    return make


def _letters():
    """(the words of the certificate's letter, whom it goes to) of every one that is owed and still wanted."""
    owed = Outgoing.objects.filter(template="training_certificate").select_related("recipient").order_by("created_at")
    for each in owed:
        with suppress(NoLongerWanted):
            letter = compose(each)[0]
            yield letter.to, letter.body


def _checked(row):
    return Client().get(reverse("training:check", args=[row.code]))


def test_a_certificate_waits_for_the_evaluation_that_was_asked_for_and_is_issued_once(world, earned):
    row = earned(refresh_months=36)
    asked = Evaluation.objects.create(folder=row.folder, learner=row.learner, booking=row, stage="end", edition="1")
    assert services.issue_if_earned(row) is None
    asked.answered_at = timezone.now()
    asked.save()
    made = services.issue_if_earned(row)
    assert services.issue_if_earned(row) == made and Certificate.objects.unscoped(making.WHY).count() == 1
    day = timezone.localdate(row.event.ends_at)
    assert (made.completed_on, made.expires_on.year - day.year) == (day, 3)


@pytest.mark.parametrize("attended", ["absent", "early", ""])
def test_who_did_not_attend_or_left_early_gets_none(earned, attended):
    assert services.issue_if_earned(earned(attended=attended)) is None


def test_anybody_with_the_code_learns_whether_it_holds_and_a_wrong_code_tells_nothing(world, earned):
    row = services.issue_if_earned(earned("Robin <b>Ash</b>"))
    page = _checked(row)
    assert page.status_code == 200 and "Valid" in page.text and "Robin &lt;b&gt;Ash" in page.text
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert "uhnm" not in page.text and row.agency.name not in page.text
    wrong = [Client().get(reverse("training:check", args=[code])) for code in (new_code(), "nonsense", "'; drop")]
    assert {each.status_code for each in wrong} == {404}
    bare = [each.text.split("<main")[1] for each in wrong]
    assert len(set(bare)) == 1 and "No certificate has this code" in bare[0]


def test_a_code_typed_from_paper_is_found_however_it_is_written(earned):
    row = services.issue_if_earned(earned())
    typed = spaced(row.code).upper().replace("0", "O").replace("1", "l").replace(" ", " - ")
    assert read_code(typed) == row.code and set(row.code) <= set(ALPHABET)
    assert "Valid" in Client().get(reverse("training:check_typed"), {"code": typed}).text
    assert "Enter the code" in Client().get(reverse("training:check_typed")).text


def test_guessing_is_stopped_and_holders_are_not(earned):
    row, client = services.issue_if_earned(earned()), Client()
    for _ in range(32):
        assert _checked(row).status_code == 200
    codes = [client.get(reverse("training:check", args=[new_code()])).status_code for _ in range(31)]
    assert codes == [404] * 30 + [429]


def test_a_revoked_one_says_so_and_not_why_and_comes_back_by_nothing(world, earned):
    row = services.issue_if_earned(earned())
    with pytest.raises(PermissionDenied):
        services.revoke(row, by=world.lead_same, why="Not hers")
    with pytest.raises(ValidationError, match="Say why"):
        services.revoke(row, by=world.officer, why=" ")
    services.revoke(row, by=world.officer, why="A private matter")
    page = _checked(row).text
    assert "Revoked" in page and "was revoked" in page and "private matter" not in page
    assert services.issue_if_earned(row.booking) is None, "what somebody revoked stays revoked"
    with pytest.raises(Stale):
        services.reissue(row, by=world.officer, name="Another")
    assert (
        "private matter" in sign_in(Client(), world.lead_same).get(reverse("training:certificate", args=[row.pk])).text
    )


def test_a_corrected_name_is_a_new_certificate_and_the_old_one_says_replaced(world, earned):
    row = services.issue_if_earned(earned("Robin Ahs"))
    with pytest.raises(ValidationError, match="the name that the certificate bears"):
        services.reissue(row, by=world.officer, name=" Robin  Ahs ")
    client = sign_in(Client(), world.officer)
    url = reverse("training:certificate", args=[row.pk])
    assert client.post(url, {"do": "reissue", "name": "Robin Ash"}).status_code == 302
    new = Certificate.objects.unscoped(making.WHY).get(revoked_at=None)
    assert (new.name, new.instead_of_id, new.completed_on) == ("Robin Ash", row.pk, row.completed_on)
    assert "was replaced" in _checked(row).text and "Valid" in _checked(new).text


def test_it_expires_on_its_day(world, earned):
    row = services.issue_if_earned(earned(refresh_months=12))
    Certificate.objects.unscoped(making.WHY).update(expires_on=timezone.localdate() + timedelta(days=1))
    assert "Valid" in _checked(row).text
    Certificate.objects.unscoped(making.WHY).update(expires_on=timezone.localdate())
    assert "has expired" in _checked(row).text


def test_who_has_no_account_is_sent_the_address_of_the_certificate_and_of_the_newest_alone(world, earned):
    row = earned("Robin Ahs")
    Booking.objects.unscoped(making.WHY).update(booked_by=world.lead_same)
    first = services.issue_if_earned(making.fresh(row))
    ((to, words),) = _letters()
    assert to == "r@uhnm.example" and reverse("training:check", args=[first.code]) in words and "Robin Ahs" in words
    new = services.reissue(first, by=world.officer, name="Robin Ash")
    ((_, words),) = _letters()
    assert new.code in words and first.code not in words and not Notice.objects.filter(kind="certificate_issued")
    type(row.learner).objects.unscoped(making.WHY).update(email="", key="")
    services.reissue(new, by=world.officer, name="Robin Ashe")
    assert not list(_letters()), "without an address it waits with the coordinator"


def test_a_certificate_is_seen_by_whose_it_is_and_her_organisation(world, earned):
    row = services.issue_if_earned(earned(user=world.colleague))
    url = reverse("training:certificate", args=[row.pk])
    seen = {"colleague": 200, "lead_same": 200, "officer": 200, "author": 404, "lead_other": 404}
    assert {who: sign_in(Client(), getattr(world, who)).get(url).status_code for who in seen} == seen
    assert Notice.objects.get(kind="certificate_issued").recipient_id == world.colleague.pk


def test_the_pdf_is_drawn_by_a_job_bears_no_readers_name_and_goes_with_the_certificate(world, earned):
    row = services.issue_if_earned(earned("Robin <Ash>", user=world.colleague))
    client, url = sign_in(Client(), world.colleague), reverse("training:certificate", args=[row.pk])
    lead, file = sign_in(Client(), world.lead_same), reverse("training:certificate_file", args=[row.pk])
    assert client.get(file).status_code == 404
    under_way = client.post(url, {"do": "pdf"})["Location"]
    told = lead.post(url, {"do": "pdf"}, follow=True)
    assert told.redirect_chain == [(url, 302)] and "A colleague has asked" in told.text, (
        "the job of another is not shown"
    )
    job = Job.objects.unscoped(making.WHY).get(kind=prints.KIND)
    assert client.get(under_way).status_code == 200 and jobs.run(job.pk) == "done"
    content = client.get(file).content
    assert lead.post(url, {"do": "pdf"})["Location"] == file and lead.get(file).status_code == 200
    text = text_of_pdf(content).decode()
    assert "Robin <Ash>" in text and spaced(row.code)[:9] in text and "Copy for" not in text
    services.revoke(making.fresh(row), by=world.officer, why="Wrong person")
    assert client.get(file).status_code == 404
    assert isinstance(prints.keep(row, b"", by=world.colleague), jobs.Refused)
