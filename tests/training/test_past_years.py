"""The years 2017/18 and 2018/19 as rows: what the annual report prints comes out of the pages by counting."""

import csv
import io

import pytest
from django.core.management import call_command
from django.urls import reverse

from partnership.notify.models import Outgoing
from training.figures import findings
from training.models import Booking, Completion, Event, Learner
from training.past import allotting
from training.past.loading import load

WHY = "a test looks"
PRINTED = {
    "Child sexual exploitation": (79, 81),
    "Recognition of neglect and emotional harm": (72, 129),
    "Drug and alcohol awareness and the impact on children and parenting capacity": (34, 53),
    "Children and domestic abuse": (88, 90),
    "Mental health and child protection": (73, 61),
}
ONLINE = {
    "Lessons learnt from serious case reviews": (139, 65),
    "Forced marriage, honour related abuse and female genital mutilation": (49, 65),
}


@pytest.mark.django_db
def test_the_report_comes_out_by_counting_and_one_row_moves_it(world, sign_in, capsys):
    """One loading for all that is asked of it: it takes seconds."""
    load()
    call_command("load_training_years")
    assert "are entered" in capsys.readouterr().out, "a second time enters nothing"
    found = findings.figures(world.officer, 2018, named=True)
    totals = {line.label: (line.now, line.before) for line in found.totals}
    assert totals == {
        "Delegates": (2952, 1992), "Events planned": (181, 144), "Events delivered": (161, 113),
        "Events cancelled": (20, 31), "E-learning courses completed": (6475, 5233),
    }  # fmt: skip
    parts = {part.label: part for part in found.parts}
    assert {title: (parts[title].people.now, parts[title].people.before) for title in PRINTED} == PRINTED
    assert {title: (parts[title].online.now, parts[title].online.before) for title in ONLINE} == ONLINE
    assert [(each.stage, each.percent) for each in found.said] == [
        ("At the end", 96), ("At the end", 96), ("After three months", 98), ("After three months", 99),
    ]  # fmt: skip
    assert all(each.now.answered < each.now.asked for each in found.said), "who did not reply is said"
    assert found.finding.startswith(
        "161 of 181 events planned in 2018/19 were delivered and 20 cancelled; 2,952 delegates"
    )
    _every_cut_comes_to_the_same(world)
    _nobody_is_real_or_was_written_to()
    _a_reader_without_names_has_no_organisation(world, sign_in)
    _one_row_moves_it(world)


def _every_cut_comes_to_the_same(world):
    read = findings.both(world.officer, 2018, named=True)
    for by in findings.offered(True):
        found = findings.figures_of(read, by=by)
        assert sum(part.people.now for part in found.parts) == 2952
        assert sum(part.people.before for part in found.parts) == 1992
        if found.events:
            assert sum(part.planned for part in found.parts) == 181
        if by != "area":
            assert sum(part.online.now for part in found.parts) == 6475


def _nobody_is_real_or_was_written_to():
    people = Learner.objects.unscoped(WHY)
    assert people.filter(invented=True, name__startswith="Invented person", left_on="2019-04-01").count() == 3600
    assert not people.filter(invented=True).exclude(email="", key="", user=None).exists()
    assert not Outgoing.objects.exists()
    assert all("made up" in source for source in Event.objects.values_list("source", flat=True).distinct())
    assert Booking.objects.unscoped(WHY).values("learner", "event__starts_at__date").distinct().count() == 4944


def _a_reader_without_names_has_no_organisation(world, sign_in):
    url = reverse("training:figures")
    client = sign_in(world.board_member)
    page = client.get(url, {"year": "2018", "by": "kind"})
    assert page.status_code == 200 and "Relevant agency" in page.content.decode()
    assert client.get(url, {"year": "2018", "by": "agency"}).status_code == 422
    file = client.post(url, {"year": "2018", "by": "course", "take": "csv"})
    rows = list(csv.reader(io.TextIOWrapper(io.BytesIO(file.getvalue()), encoding="utf-8-sig")))
    assert ["Delegates", "", "", "2952", "1992", "960"] in [row[:6] for row in rows]
    assert "NSPCC" not in str(rows) and not {"Organisation"} & {row[1] for row in rows if len(row) > 1}


def _one_row_moves_it(world):
    row = Booking.objects.unscoped(WHY).filter(event__course__ref="cse", event__starts_at__year=2018).last()
    before = findings.figures(world.officer, 2018, named=True)
    Booking.objects.unscoped(WHY).filter(pk=row.pk).update(attended="absent")
    one = (
        Completion.objects.unscoped(WHY).filter(course__ref="fm-fgm", completed_on__year=2018).order_by("-completed_on")
    )
    Completion.objects.unscoped(WHY).filter(pk=one.first().pk).update(completed_on="2019-04-01")
    after = findings.figures(world.officer, 2018, named=True)
    moved = [(old.label, old.now - new.now) for old, new in zip(before.totals, after.totals, strict=True) if old != new]
    assert moved == [("Delegates", 1), ("E-learning courses completed", 1)]


def test_delegates_are_parted_evenly():
    for many, parts in ((81, 5), (29, 3), (2, 3), (0, 0)):
        found = allotting.parted(many, parts)
        assert sum(found) == many and (not found or max(found) - min(found) <= 1)
