"""What a review found, row by row: edited by several, in an order, closed by the sending, and in the report."""

import pytest
from django.urls import reverse
from django.utils import timezone

from partnership.access.flow import Stale
from partnership.documents.models import Version
from reviews import reads as case
from reviews import services as reviews
from reviews.findings import reads, services, vocabulary
from reviews.models import Episode, Recommendation, Review, ReviewTheme
from tests.reviews.test_report import draw, text_of


def at(name, row):
    return reverse(f"reviews:{name}", args=[row.pk])


def episode(world, title="A visit", by="officer", **more):
    facts = {"title": title, "happened": "Nobody was at home.", "analysis": "", "other_agencies": ""} | more
    return services.add(Episode, world.ours.review, by=getattr(world, by), **facts)


def titles(world):
    return [row.title for row in reads.rows(world.panel, Episode, world.ours.review)]


def test_the_rows_stand_in_an_order_that_is_changed_one_place_at_a_time(world, sign_in):
    rows = [episode(world, title) for title in ("One", "Two", "Three")]
    client = sign_in(world.case_officer)
    assert client.post(at("episode_move", rows[2]), {"to": "up"}).status_code == 302
    assert titles(world) == ["One", "Three", "Two"]
    services.remove(rows[2], by=world.officer, version=1)
    services.move(rows[0], by=world.officer, up=True)
    services.move(rows[0], by=world.officer, up=False)
    assert titles(world) == ["Two", "One"]
    page = sign_in(world.panel).get(at("findings", world.ours.review)).content.decode()
    assert "Two" in page and "Three" not in page and "Take it off" not in page


def test_two_who_change_one_row_see_both_texts_and_send_theirs_again(world, sign_in):
    row, council = episode(world), world.agencies["council"]
    services.change(row, by=world.case_officer, version=1, title="Theirs", agencies=[council])
    client = sign_in(world.officer)
    typed = {"title": "Mine", "happened": "Nobody was at home.", "version": 1, "agencies": [council.pk]}
    answer = client.post(at("episode_edit", row), typed)
    assert answer.status_code == 409
    assert answer.context["clash"].rows == [("Title", "Mine", "Theirs")]
    again = typed | {"version": answer.context["form"]["version"].value()}
    assert client.post(at("episode_edit", row), again).status_code == 302
    assert titles(world) == ["Mine"]


def test_who_writes_in_a_row_that_was_taken_off_keeps_the_words(world, sign_in):
    row = episode(world)
    services.remove(row, by=world.case_officer, version=1)
    client = sign_in(world.officer)
    answer = client.post(at("episode_edit", row), {"title": "An hour", "happened": "Of work.", "version": 1})
    assert answer.status_code == 409 and "Of work." in answer.content.decode()
    assert client.get(at("episode_edit", row)).status_code == 302
    with pytest.raises(Stale):
        services.remove(row, by=world.officer, version=1)


def test_only_organisations_that_the_case_concerns_are_offered_and_taken(world, sign_in):
    client = sign_in(world.officer)
    offered = {
        each.pk for each in client.get(at("safety_add", world.ours.review)).context["form"]["agencies"].field.queryset
    }
    assert offered == reads.concerned(world.officer, world.ours.review)
    assert world.agencies["uhnm"].pk in offered and world.agencies["mpft"].pk not in offered
    typed = {"what": "A sibling was seen.", "agencies": [world.agencies["mpft"].pk]}
    assert client.post(at("safety_add", world.ours.review), typed).status_code == 422


def test_an_episode_cannot_end_before_it_began(world, sign_in):
    typed = {"title": "A visit", "happened": "Nobody.", "started_on_day": 2, "started_on_month": 3}
    typed |= {"started_on_year": 2026, "ended_on_day": 1, "ended_on_month": 3, "ended_on_year": 2026}
    answer = sign_in(world.officer).post(at("episode_add", world.ours.review), typed)
    assert answer.status_code == 422 and "before it began" in answer.content.decode()


def test_themes_are_the_panels_by_code_and_our_own_by_words_and_a_stale_choice_is_refused(world, sign_in):
    client, path = sign_in(world.officer), at("themes", world.ours.review)
    read = client.get(path).context["form"]["read"].value()
    typed = {"codes": ["sharing", "babies"], "local": "  Cold homes \n\nCold homes\nNeighbours", "read": read}
    assert client.post(path, typed).status_code == 302
    found = reads.themes(world.panel, world.ours.review)
    named = [vocabulary.title_of(row) for row in found]
    theirs = [vocabulary.THEMES[code].title for code in ("babies", "sharing")]
    assert named == [*theirs, "Cold homes", "Neighbours"]
    answer = client.post(path, typed | {"codes": ["sharing"]})
    assert answer.status_code == 409
    assert client.post(path, typed | {"codes": ["no such theme"], "read": reads.read_of(found)}).status_code == 422
    again = {"codes": ["sharing"], "local": "", "read": answer.context["form"]["read"].value()}
    assert client.post(path, again).status_code == 302
    assert [row.code for row in ReviewTheme.objects.filter(review=world.ours.review)] == ["sharing"]


def test_every_theme_of_the_vocabulary_names_its_source():
    assert all(each.source and each.title for each in vocabulary.THEMES.values())


def test_the_report_shows_what_was_found_and_a_later_change_makes_it_stale(world):
    council = world.agencies["council"]
    episode(world, "The lost letter", analysis="Nobody owned it.", agencies=[council])
    services.add(Recommendation, world.ours.review, by=world.officer, words="Own each letter.", success="None is lost.")
    services.choose_themes(
        world.ours.review, by=world.officer, codes=["babies"], local=["Cold homes"], read=reads.read_of([])
    )
    words = " ".join(text_of(draw(world)).split())
    for said in (
        "The lost letter",
        "Nobody owned it.",
        council.name,
        "Own each letter.",
        "None is lost.",
        "Cold homes",
    ):
        assert said in words
    row = episode(world, "Another")
    services.remove(row, by=world.officer, version=1)
    Version.objects.filter(pk=world.ours.version.pk).update(made_at=timezone.now())
    review = Review.objects.select_related("folder", "notification").get(pk=world.ours.review.pk)
    assert not case.review_page(world.officer, review).changed_since_report
    Version.objects.filter(pk=world.ours.version.pk).update(made_at=row.changed_at)
    assert case.review_page(world.officer, review).changed_since_report


def test_nothing_is_changed_once_the_report_went(world, sign_in):
    row = episode(world)
    reviews.REVIEW.take(world.ours.review, "send", by=world.officer)
    client = sign_in(world.officer)
    page = client.get(at("findings", world.ours.review)).content.decode()
    assert "A visit" in page and "Add a" not in page
    answer = client.post(at("episode_edit", row), {"title": "Late", "happened": "Typed too late.", "version": 1})
    assert answer.status_code == 409 and "Typed too late." in answer.content.decode()
    answer = client.post(at("recommendation_add", world.ours.review), {"words": "Too late."})
    assert answer.status_code == 409 and "Too late." in answer.content.decode()
    assert client.post(at("episode_remove", row), {"version": 1}).status_code == 302
    assert titles(world) == ["A visit"]
