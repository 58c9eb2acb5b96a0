"""What nobody gets by a bar, a forged id, or a body that no page sends."""

import pytest
from django.urls import reverse

from audits.chasing.ladder import lay_ladder
from audits.models import Reminder, Rung
from partnership.access import services as access
from partnership.access.models import Conflict
from partnership.jobs.models import Job
from tests.audits import making
from tests.audits.test_answers import asked

pytestmark = pytest.mark.django_db
WHY = "a test looks"
OF_THE_ROUND = (
    *("audit_round", "round_returns", "round_standing", "round_remind", "round_ladder", "round_letters", "round_grid"),
    *("round_figures", "round_gaps", "round_asked", "round_edit", "round_windows", "round_slices", "round_close"),
)


@pytest.fixture
def begun(world):
    row = making.audit_return(making.audit_round(world), world.agencies["school"], status="begun")
    lay_ladder(row.round, by=world.officer)
    return row


def test_who_is_barred_from_an_audit_does_nothing_with_its_round(begun, world, sign_in):
    access.bar(begun.folder, world.officer, by=world.manager, reason=Conflict.Reason.values[0])
    client, rung = sign_in(world.officer), Rung.objects.filter(round=begun.round).first()
    pages = [reverse(f"audits:{name}", args=[begun.round_id]) for name in OF_THE_ROUND]
    assert {client.get(url).status_code for url in pages} == {403}
    shown = {"shown": f"{begun.pk.hex}:{rung.position}"}
    facts = {"name": "x", "days": rung.days, "subject": "s", "words": "w", "version": rung.version}
    sent = [
        client.post(reverse(f"audits:{name}", args=[pk]), data).status_code
        for name, pk, data in (
            ("round_remind", begun.round_id, shown),
            ("rung_edit", rung.pk, facts),
            ("round_letters", begun.round_id, {}),
            ("round_asked", begun.round_id, {}),
        )
    ]
    assert sent == [403] * 4
    assert (
        not Reminder.objects.unscoped(WHY).exists()
        and not Job.objects.unscoped(WHY).filter(kind__startswith="audit").exists()
    )
    text = client.get(reverse("audits:audit_figures")).content.decode()
    assert begun.round.title not in text


@pytest.mark.parametrize(
    ("name", "status", "data"),
    [
        ("round_edit", 302, {"do": "no_more", "named": "garbage"}),
        ("round_edit", 302, {"do": "no_more", "named": "00000000-0000-0000-0000-000000000000"}),
        ("round_windows", 302, {"do": "remove", "window": "00000000-0000-0000-0000-000000000000"}),
        ("round_remind", 422, {"shown": "garbage"}),
    ],
)
def test_an_id_that_no_page_shows_changes_nothing(begun, world, sign_in, name, status, data):
    before = begun.round.windows.count()
    assert sign_in(world.officer).post(reverse(f"audits:{name}", args=[begun.round_id]), data).status_code == status
    assert begun.round.windows.count() == before and not Reminder.objects.unscoped(WHY).exists()


def test_an_answer_that_is_sent_without_what_was_read_is_answered_in_words(begun, world, sign_in):
    url = reverse("audits:return_section", args=[begun.pk, "leading"])
    answer = sign_in(world.school_outside).post(url, {"part": asked(begun, "policy").pk.hex})
    assert (answer.status_code, answer.json()["version"]) == (200, "")
