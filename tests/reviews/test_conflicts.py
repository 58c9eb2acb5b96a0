"""Two windows, two people: what differs is shown as people read it, and nothing has to be typed twice."""

from urllib.parse import parse_qs, urlsplit

from django.urls import reverse
from django.utils import timezone

from partnership.access.services import bar
from partnership.identities.services import change_identity
from reviews import returns, services
from reviews.models import AgencyReturn, SignOff
from tests.reviews.test_pages import at, form_of
from tests.walk.post import day


def rows_of(answer):
    return answer.context["clash"].rows


def test_a_return_saved_in_ones_own_second_window_is_taken_on_without_typing_it_again(world, sign_in):
    row = world.ours.returns["uhnm"]
    today = timezone.localdate()
    returns.save_return(
        row, by=world.author, version=1, answers={"family": "As both say.", "learning": "The first window."}
    )
    client = sign_in(world.author)
    sent = {"version": 1, "family": "As both say.", "learning": "The second window.", "records_secured": "on"}
    answer = client.post(at("write_return", row), sent | day("searched_on", today))
    assert answer.status_code == 409
    assert rows_of(answer) == [
        ("Date on which records were searched", f"{today.day} {today:%B %Y}", ""),
        ("Our records are secured: nobody changes or removes them", "Yes", "No"),
        ("Learning for your agency", "The second window.", "The first window."),
    ]
    page = answer.content.decode()
    assert "You saved this return in another window at" in page
    assert "(&#x27;&#x27;" not in page and "data-autosave>" not in page
    again = form_of(answer) | {"records_secured": "on"} | day("searched_on", today)
    assert client.post(at("write_return", row), again).status_code == 302
    assert AgencyReturn.objects.get(pk=row.pk).learning == "The second window."


def test_an_identity_record_that_somebody_changed_shows_both_as_read_and_takes_mine_on(world, sign_in):
    identity = world.ours.identity
    change_identity(identity, facts={"name": "Somebody Renamed"}, version=1, by=world.manager)
    client = sign_in(world.officer)
    answer = client.post(reverse("reviews:change_person", args=[identity.pk]), {"version": 1, "name": "As I typed"})
    assert answer.status_code == 409
    assert rows_of(answer) == [("Full name", "As I typed", "Somebody Renamed")]
    assert answer.context["form"]["version"].value() == "2"


def test_who_signs_sees_both_decisions_and_agrees_anew_with_the_one_that_stands(world, sign_in):
    read = world.ours.decision
    newer = services.decide(world.ours.review, by=world.officer, code="lcspr", rationale="Read again.")
    client = sign_in(world.signer_icb)
    sent = {"decision": read.pk, "seat": "icb", "stance": "disagrees", "reason": "An hour's thought."}
    answer = client.post(at("sign_off", world.ours.review), sent)
    assert answer.status_code == 409
    assert rows_of(answer) == [
        ("Number", "1", "2"),
        ("Decision", read.get_code_display(), newer.get_code_display()),
        ("Rationale", read.rationale, "Read again."),
    ]
    form = answer.context["form"]
    assert form["reason"].value() == "An hour's thought."
    assert not form["stance"].value(), "a signature on another decision is given anew"
    again = form_of(answer) | {"seat": "icb"}
    assert client.post(at("sign_off", world.ours.review), again).status_code == 422
    assert client.post(at("sign_off", world.ours.review), again | {"stance": "disagrees"}).status_code == 302
    assert SignOff.objects.get(decision=newer).reason == "An hour's thought."


def test_a_decision_of_another_case_in_the_form_is_not_there(world, sign_in):
    sent = {"decision": world.theirs.decision.pk, "seat": "icb", "stance": "agrees"}
    assert sign_in(world.signer_icb).post(at("sign_off", world.ours.review), sent).status_code == 404
    assert not SignOff.objects.exists()


def test_what_was_typed_after_the_report_went_is_shown_to_be_copied(world, sign_in):
    client = sign_in(world.officer)
    services.REVIEW.take(world.ours.review, "send", by=world.officer)
    answer = client.post(
        at("decide", world.ours.review), {"standing": 1, "code": "lcspr", "rationale": "Typed too late."}
    )
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Typed too late." in page and "Local child safeguarding practice review" in page
    assert 'name="rationale"' not in page


class TestWithdrawnWhileItsAuthorWrites:
    TYPED = {"version": 1, "family": "An hour's work.", "searched_on_day": "31", "searched_on_month": "13"}

    def post(self, client, row, **headers):
        return client.post(at("write_return", row), self.TYPED, headers=headers)

    def test_she_keeps_her_words_even_the_half_typed_and_sees_nothing_of_the_row(self, world, sign_in):
        row = world.ours.returns["uhnm"]
        client = sign_in(world.author)
        returns.withdraw(row, by=world.officer, note="Asked by mistake.")
        answer = self.post(client, row)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "This request was withdrawn" in page and "An hour&#x27;s work." in page and "31 13" in page
        for words in (row.purpose, row.case_word, "Asked by mistake."):
            assert words not in page
        assert self.post(client, row, HX_Request="true").status_code == 409, "an autosave stops trying"
        assert client.get(at("write_return", row)).status_code == 404
        assert AgencyReturn.objects.get(pk=row.pk).family == ""

    def test_nobody_else_and_nobody_barred_is_told_that_there_was_a_request(self, world, sign_in):
        row = world.ours.returns["uhnm"]
        returns.withdraw(row, by=world.officer, note="Asked by mistake.")
        assert self.post(sign_in(world.colleague), row).status_code == 404
        bar(world.ours.folder, world.author, by=world.officer, reason="operational", note="")
        assert self.post(sign_in(world.author), row).status_code == 404

    def test_what_was_kept_when_her_session_had_ended_is_given_back_too(self, world, sign_in):
        row = world.ours.returns["uhnm"]
        client = sign_in(world.author)
        token = client.get(at("write_return", row)).context["form"]["form_token"].value()
        client.post(reverse("account_logout"))
        sent = client.post(at("write_return", row), self.TYPED | {"form_token": token})
        returns.withdraw(row, by=world.officer, note="Asked by mistake.")
        (back,) = parse_qs(urlsplit(sent["Location"]).query)["next"]
        answer = sign_in(world.author).get(back)
        assert answer.status_code == 409 and "An hour&#x27;s work." in answer.content.decode()
