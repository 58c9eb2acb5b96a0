"""What was notified as the national form asks for it, and what runs beside a case."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnership.access import services as access
from partnership.access.flow import Stale
from partnership.people.roles import Role
from partnership.trail.models import Event
from reviews import services as reviews
from reviews.around import reads, services
from reviews.models import Child, Proceeding
from reviews.notifying import services as notifying
from reviews.notifying.national import forms
from tests.world import sign_in


def children(*facts):
    """(outcome, sibling) -> children by letter, as the database would hold them."""
    return [
        Child(pseudonym=f"Child {letter}", outcome=outcome, sibling=sibling)
        for letter, (outcome, sibling) in zip("ABCDE", facts, strict=False)
    ]


def letters(rows, **more):
    return [[child.pseudonym[-1] for child in form.children] for form in forms(rows, **more)]


# --- the national form ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "facts, expected",
    [
        ([("died", False)], [["A"]]),
        ([("died", False), ("died", True)], [["A"], ["B"]]),
        ([("harmed", False), ("harmed", True), ("harmed", True)], [["A", "B", "C"]]),
        ([("harmed", False), ("harmed", False)], [["A"], ["B"]]),
        ([("died", False), ("harmed", True), ("harmed", True)], [["A"], ["B", "C"]]),
        ([("harmed", False), ("concern", True)], [["A"]]),
        ([("concern", True)], []),
    ],
)
def test_a_death_has_its_own_form_and_harmed_brothers_and_sisters_share_one(facts, expected):
    assert letters(children(*facts)) == expected


def test_a_large_operation_has_one_form_that_names_a_main_child_and_its_deaths_still_their_own():
    rows = children(("harmed", False), ("died", False), ("harmed", False), ("harmed", False))
    assert letters(rows, one_form=True) == [["B"], ["A", "C", "D"]]


def test_who_the_children_are_stands_on_the_page_for_those_who_may_search_and_is_logged(world):
    at = reverse("reviews:notification", args=[world.ours.review.pk])
    shown = sign_in(Client(), world.officer).get(at).content.decode()
    assert "canary-ours-name" in shown and "portal-screen-only" in shown
    assert Event.objects.filter(verb="identity_read", actor_id=world.officer.pk).exists()
    hidden = sign_in(Client(), world.panel).get(at).content.decode()
    assert "canary-ours-what_happened" in hidden and "canary-ours-name" not in hidden


def test_what_was_notified_is_changed_until_the_report_has_gone_and_by_one_at_a_time(world, client):
    notice = world.ours.review.notification
    sign_in(client, world.officer)
    at = reverse("reviews:change_notification", args=[notice.pk])
    form = client.get(at).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields if name not in ("incident_on", "form_token")}
    day = notice.incident_on
    sent |= {"incident_on_day": day.day, "incident_on_month": day.month, "incident_on_year": day.year}
    sent |= {"categories": ["neglect", "domestic"], "police_involved": "yes", "authority": notice.authority_id}
    assert client.post(at, sent).status_code == 302
    notice.refresh_from_db()
    assert (notice.categories, notice.police_involved) == (["neglect", "domestic"], "yes")
    assert client.post(at, sent).status_code == 409
    page = client.get(reverse("reviews:notification", args=[notice.review_id])).content.decode()
    assert "Neglect; Domestic abuse" in page


def test_a_child_keeps_what_is_known_of_it_and_a_stale_change_is_refused(world):
    child = world.ours.child
    facts = {"sex": "female", "ethnicity": "m_wca", "disability": "None known", "outcome": "died"}
    notifying.change_child(child, by=world.officer, version=1, **facts)
    with pytest.raises(Stale):
        notifying.change_child(child, by=world.officer, version=1, sex="male")
    child.refresh_from_db()
    assert (child.sex, child.get_ethnicity_display()) == ("female", "Mixed: White and Black Caribbean")


# --- beside the case --------------------------------------------------------------------------------------------------


def test_a_proceeding_holds_publication_while_it_runs(world, client):
    today = timezone.localdate()
    row = services.add_proceeding(
        world.ours.review, by=world.officer, kind="police", contact="Senior investigating officer", reference="",
        started_on=today - timedelta(days=9), ended_on=None, holds_publication=True, holds_contact=True, note="",
    )  # fmt: skip
    at = reverse("reviews:around", args=[world.ours.review.pk])
    page = sign_in(client, world.panel).get(at).content.decode()
    assert "No publication" in page and "No contact without agreement" in page
    assert reverse("reviews:proceeding_edit", args=[row.pk]) not in page, "the panel reads and does not change"
    services.change_proceeding(row, by=world.officer, version=1, ended_on=today - timedelta(days=1))
    assert "No publication" not in client.get(at).content.decode()
    with pytest.raises(Stale):
        services.change_proceeding(row, by=world.officer, version=1, note="x")


def test_of_two_linked_reviews_each_reader_sees_the_other_only_if_she_is_on_it(world):
    ours, theirs = world.ours.review, world.theirs.review
    access.grant(theirs.folder, world.officer, Role.CASE_OFFICER, by=world.stranger, reason="Works on both.")
    services.link(ours, theirs, by=world.officer, why="The two have the same stepfather.")
    assert [row.pk for _, row in reads.linked(world.officer, ours)] == [theirs.pk]
    assert [row.pk for _, row in reads.linked(world.officer, theirs)] == [ours.pk]
    assert reads.linked(world.panel, ours) == [] and reads.linked(world.stranger, theirs) == []
    page = sign_in(Client(), world.panel).get(reverse("reviews:around", args=[ours.pk])).content.decode()
    assert theirs.folder.reference not in page and "stepfather" not in page
    with pytest.raises(ValidationError, match="linked already"):
        services.link(theirs, ours, by=world.officer, why="Again.")


def test_only_a_review_that_one_works_on_can_be_chosen(world, client):
    sign_in(client, world.officer)
    at = reverse("reviews:link_review", args=[world.ours.review.pk])
    assert client.post(at, {"other": world.theirs.review.pk, "why": "A guess."}).status_code == 422
    access.grant(world.theirs.folder, world.officer, Role.PANEL_MEMBER, by=world.stranger, reason="Reads it.")
    assert client.post(at, {"other": world.theirs.review.pk, "why": "A guess."}).status_code == 422
    assert Proceeding.objects.unscoped("none was made").count() == 0


def test_a_sibling_is_added_with_what_happened_to_it(world, client):
    at = reverse("reviews:add_child", args=[world.ours.review.pk])
    sign_in(client, world.officer)
    sent = {"age_band": "5-9", "legal_status": "none", "outcome": "concern", "sibling": "on"}
    assert client.post(at, sent).status_code == 302
    row = Child.objects.unscoped("the newest").filter(review=world.ours.review).latest("pseudonym")
    assert (row.outcome, row.sibling) == ("concern", True)
    assert reviews.outcome_of("death") == "died"
