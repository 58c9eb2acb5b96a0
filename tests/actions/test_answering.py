"""The pages of one action: what each reader sees of it, adding, splitting, and what is said of it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from partnership.access.services import bar
from partnership.actions import closing, dates, services
from partnership.actions.models import Action
from partnership.people.models import Agency
from tests.actions.ground import at, closed, in_days, make_action, own_browser, shown
from tests.walk.post import day

S = Action.Status


@pytest.fixture
def sign_in():
    """Each person at a browser of their own: several have the same action open."""
    return own_browser


def test_each_reader_is_offered_what_can_succeed_and_no_more(world, group, sign_in):
    row = make_action(world, group)

    def steps(name):
        return sign_in(world.people[name]).get(at("action", row)).context["page"].steps

    assert steps("lead_other") == set(), "who sits on the group reads"
    owners = {"update", "evidence_add", "evidence_remove", "ask_date", "ask_close"}
    assert steps("colleague") == owners
    assert steps("lead_same") == owners | {"give"}
    runs = {"update", "evidence_add", "evidence_remove", "edit", "split", "give", "set_due", "rate", "park", "cancel"}
    assert steps("manager") == runs
    services.add_evidence(row, by=world.colleague, words="Minutes")
    closing.ask_close(row, by=world.colleague, closing_words="Done")
    assert {"approve", "send_back"} <= steps("board_member") and "approve" not in steps("officer_outside")
    assert {"evidence_remove", "ask_date", "ask_close"} & steps("colleague") == set()
    closing.approve(Action.objects.unscoped("a test").get(pk=row.pk), by=world.board_member)
    assert steps("colleague") == set() and steps("manager") == {"reopen"}


@pytest.mark.parametrize("name", ["board_member", "manager"])
def test_nobody_is_offered_the_approval_of_their_own(world, group, sign_in, name):
    row = make_action(world, group, owner=world.people[name], agency=None)
    services.add_evidence(row, by=row.owner, words="Seen")
    closing.ask_close(row, by=row.owner, closing_words="Done")
    page = sign_in(row.owner).get(at("action", row)).context["page"]
    assert "approve" not in page.steps and "somebody else approves" in page.why_nothing


def test_an_owner_of_a_cases_action_sees_its_words_and_nothing_of_the_case(world, sign_in):
    row = make_action(world, world.ours.folder)
    page = shown(sign_in(world.colleague), row)
    assert row.what in page and "You see this action, and nothing else of it" in page
    assert world.ours.folder.reference not in page and str(world.ours.folder.pk) not in page
    assert world.ours.folder.reference in shown(sign_in(world.panel), row)
    assert shown(sign_in(world.lead_same), row) == 404


def test_the_owner_of_a_part_sees_nothing_of_its_siblings(world, group, sign_in):
    whole = make_action(world, group, owner=None, agency=None, what="The whole pathway")
    parts = [
        {"agency": world.agencies["uhnm"], "owner": world.colleague, "what": "Train the wards"},
        {"agency": world.agencies["icb"], "owner": world.panel, "what": "Train the practices"},
    ]
    mine, theirs = services.split(whole, by=world.manager, version=whole.version, parts=parts)
    page = shown(sign_in(world.colleague), mine)
    assert "Train the wards" in page and "A larger action" in page
    assert "The whole pathway" not in page and "practices" not in page and world.panel.name not in page
    page = shown(sign_in(world.board_member), whole)
    assert "Train the wards" in page and "Train the practices" in page
    assert "The whole pathway" in shown(sign_in(world.board_member), theirs)


def test_next_says_what_why_and_by_when(world, group, sign_in):
    row = make_action(world, group, due_on=in_days(2), owner=None)
    assert "Nobody has it yet" in shown(sign_in(world.manager), row)
    row = services.give(row, by=world.manager, owner=world.colleague)
    assert "Its day is near, and nothing was said lately" in shown(sign_in(world.colleague), row)
    services.update(row, by=world.colleague, words="Begun")
    assert "Until then, say now and again" in shown(sign_in(world.colleague), row)
    asked = dates.ask_date(row, by=world.colleague, wanted=in_days(20), reason="Leave")
    assert reverse("actions:decide_date", args=[asked.pk]) in shown(sign_in(world.board_member), row)
    services.add_evidence(row, by=world.colleague, words="Seen")
    row = closing.ask_close(row, by=world.colleague, closing_words="Done")
    closing.send_back(row, by=world.board_member, note="Where are the figures?")
    page = shown(sign_in(world.colleague), row)
    assert "It was sent back" in page and "Where are the figures?" in page


def test_an_owner_who_left_is_said_to_have_left_and_it_is_given_on(world, group, sign_in):
    row = make_action(world, group)
    world.colleague.memberships.update(ends=timezone.localdate())
    page = shown(sign_in(world.lead_same), row)
    assert "can no longer open it" in page and "Give it to somebody else" in page
    client = sign_in(world.lead_same)
    answer = client.get(at("give", row))
    offered = str(answer.context["form"]["owner"])
    assert str(world.author.pk) in offered and str(world.colleague.pk) not in offered
    assert str(world.lead_other.pk) not in offered, "a lead gives it within the organisation"
    forged = {"owner": f"{world.agencies['mpft'].pk}:{world.lead_other.pk}", "version": row.version}
    assert client.post(at("give", row), forged).status_code == 422
    typed = {"owner": f"{world.agencies['uhnm'].pk}:{world.author.pk}", "version": row.version}
    assert client.post(at("give", row), typed).status_code == 302
    row.refresh_from_db()
    assert row.owner == world.author


def test_who_is_barred_from_the_folder_is_given_nothing_of_it_and_why_is_not_told(world, group):
    row = make_action(world, group)
    bar(group, world.author, by=world.manager, reason="personal")
    with pytest.raises(Exception, match="cannot be given this action"):
        services.give(row, by=world.manager, owner=world.author)


# --- adding, splitting ------------------------------------------------------------------------------------------------


def typed(world, **more):
    facts = {"what": "Publish the rota", "when": "day", "owner": f"{world.agencies['uhnm'].pk}:{world.colleague.pk}"}
    return facts | day("agreed_on", timezone.localdate()) | day("due_on", in_days(30)) | more


def test_a_small_action_is_added_with_what_who_and_when(world, group, sign_in):
    answer = sign_in(world.board_member).post(at("add", group), typed(world))
    row = Action.objects.unscoped("a test").get(folder=group)
    assert answer["Location"] == at("action", row)
    assert (row.owner, row.agency, row.due_on) == (world.colleague, world.agencies["uhnm"], in_days(30))


def test_any_organisation_is_given_an_action_or_a_part_whether_or_not_its_people_sign_in(world, group, sign_in):
    far = Agency.objects.create(slug="quay", name="Quayside Trust", kind=world.agencies["uhnm"].kind)
    client = sign_in(world.board_member)
    form = client.get(at("add", group)).context["form"]
    assert "sensitive" in [field.name for field in form.shown_first], "in sight, not folded"
    both = client.post(at("add", group), typed(world, elsewhere="quayside trust"))
    assert both.status_code == 422 and "not both" in both.content.decode()
    assert client.post(at("add", group), typed(world, owner="", elsewhere="quayside trust")).status_code == 302
    row = Action.objects.unscoped("a test").get(folder=group)
    assert (row.owner, row.agency) == (None, far)
    parts = {"version": row.version, "elsewhere_1": far.name, "owner_2": f"{world.agencies['mpft'].pk}:"}
    assert client.post(at("split", row), parts).status_code == 302
    made = Action.objects.unscoped("a test").filter(parent=row)
    assert {each.agency for each in made} == {far, world.agencies["mpft"]}


def test_a_second_click_adds_nothing(world, group, sign_in):
    client = sign_in(world.board_member)
    token = client.get(at("add", group)).context["form"]["form_token"].value()
    places = {client.post(at("add", group), typed(world, form_token=token))["Location"] for _ in range(2)}
    assert len(places) == 1 and Action.objects.unscoped("a test").filter(folder=group).count() == 1


def test_a_day_is_counted_in_working_days_and_one_that_is_none_is_said(world, group, sign_in, time_machine):
    time_machine.move_to("2027-12-20 10:00", tick=False)
    client = sign_in(world.board_member)
    client.post(at("add", group), typed(world, when="days", days="5"))
    row = Action.objects.unscoped("a test").get(folder=group)
    assert f"{row.due_on}" == "2027-12-29", "the substitutes for Christmas Day and Boxing Day are not counted"
    sunday = timezone.localdate().replace(month=12, day=26)
    answer = client.post(at("add", group), typed(world, **day("due_on", sunday)), follow=True)
    said = answer.content.decode()
    assert "Sunday 26 December 2027 is no working day (Sunday). The next one is Wednesday 29 December 2027." in said


@pytest.mark.parametrize(
    "more, words",
    [
        ({"when": "days", "days": "0"}, "1 working day or more"),
        ({"when": "days", "days": "99999"}, "or a date"),
        ({"when": "days", "days": ""}, "a number of working days"),
        ({"owner": ""}, "Choose who does it"),
        ({"what": "   "}, "Say what will be done"),
        ({"what": "x" * 501}, "500 characters or fewer"),
        ({"due_on_day": "31", "due_on_month": "4"}, "real date"),
        ({"due_on_year": "0202"}, "between 1900 and 2100"),
        ({"due_on_year": "2020"}, "cannot be before the day it was agreed on"),
        ({"owner": "forged:owner"}, "from what is shown"),
        ({"when": "'; drop table"}, "from what is shown"),
    ],
)
def test_what_makes_no_sense_is_refused_where_it_was_typed(world, group, sign_in, more, words):
    answer = sign_in(world.board_member).post(at("add", group), typed(world, **more))
    assert answer.status_code == 422 and words in answer.content.decode()
    assert not Action.objects.unscoped("a test").filter(folder=group).exists()


def test_an_idea_is_parked_without_owner_and_day_and_taken_up_later(world, group, sign_in):
    client = sign_in(world.board_member)
    client.post(at("add", group), typed(world, when="park"))
    row = Action.objects.unscoped("a test").get(folder=group)
    assert (row.status, row.owner, row.due_on) == (S.PARKED, None, None)
    taken = {"owner": typed(world)["owner"], "when": "days", "days": "10"}
    assert client.post(at("start", row), taken).status_code == 302
    row.refresh_from_db()
    assert row.status == S.OPEN and row.owner == world.colleague
    assert client.post(at("park", row), {"note": ""}).status_code == 422
    client.post(at("park", row), {"note": "No money this year"})
    row.refresh_from_db()
    assert row.status == S.PARKED and row.note == "No money this year"


def test_what_is_posted_beside_the_form_changes_nothing(world, group, sign_in):
    extra = {"status": "done", "closed_at": "2020-01-01", "folder": str(world.ours.folder.pk), "added_by": "x"}
    sign_in(world.board_member).post(at("add", group), typed(world, **extra, source_kind="reviews.recommendation"))
    row = Action.objects.unscoped("a test").get(folder=group)
    assert (row.status, row.closed_at, row.source_kind, row.added_by) == (S.OPEN, None, "", world.board_member)


def test_it_is_split_with_an_owner_words_and_a_day_each(world, group, sign_in):
    row, client = make_action(world, group, owner=None, agency=None), sign_in(world.board_member)
    uhnm, mpft = world.agencies["uhnm"], world.agencies["mpft"]
    facts = {"version": row.version, "owner_1": f"{uhnm.pk}:{world.colleague.pk}", "owner_2": f"{mpft.pk}:"}
    facts |= {"what_2": "Train the night team"} | day("due_on_2", in_days(20))
    twice = facts | {"owner_2": f"{uhnm.pk}:"}
    assert "stands in part 1 already" in client.post(at("split", row), twice).content.decode()
    words_alone = facts | {"owner_2": ""}
    assert "Choose the organisation of this part" in client.post(at("split", row), words_alone).content.decode()
    assert client.post(at("split", row), facts).status_code == 302
    first, second = Action.objects.unscoped("a test").filter(parent=row).order_by("-due_on")
    assert (first.owner, first.what, first.due_on) == (world.colleague, row.what, row.due_on)
    assert (second.owner, second.agency, second.what, second.due_on) == (
        None, mpft, "Train the night team", in_days(20)
    )  # fmt: skip
    row.refresh_from_db()
    again = {"version": row.version, "owner_1": f"{uhnm.pk}:"}
    assert "has a part already" in client.post(at("split", row), again).content.decode()
    part = {"version": first.version, "owner_1": f"{mpft.pk}:"}
    assert client.get(at("split", first)).status_code == 302
    assert "A part cannot be split" in client.post(at("split", first), part).content.decode()


def test_two_windows_see_both_texts(world, group, sign_in):
    row, client = make_action(world, group), sign_in(world.board_member)
    services.change(row, by=world.manager, version=row.version, what="Theirs")
    facts = {"what": "Mine", "version": row.version} | day("agreed_on", row.agreed_on)
    answer = client.post(at("edit", row), facts)
    assert answer.status_code == 409
    assert ("What will be done?", "Mine", "Theirs") in answer.context["clash"].rows
    again = facts | {"version": answer.context["form"]["version"].value()}
    assert client.post(at("edit", row), again).status_code == 302
    row.refresh_from_db()
    assert row.what == "Mine"


def test_what_was_approved_keeps_its_words(world, group, sign_in):
    row = closed(world, make_action(world, group))
    facts = {"what": "Something else", "version": row.version} | day("agreed_on", row.agreed_on)
    answer = sign_in(world.board_member).post(at("edit", row), facts)
    assert answer.status_code == 409 and "Something else" in answer.content.decode(), "what was typed is given back"
    row.refresh_from_db()
    assert row.what == "Review the pathway"


# --- what is said of it -----------------------------------------------------------------------------------------------


def test_an_update_of_another_says_who_said_it_and_how(world, group, sign_in):
    row = make_action(world, group)
    facts = {"words": "Two of three wards", "outlook": "at_risk"} | day("happened_on", timezone.localdate())
    client = sign_in(world.board_member)
    assert client.post(at("update", row), facts).status_code == 422, "the chair says who said it"
    facts |= {"given_by": "Head of nursing", "channel": "meeting"}
    assert client.post(at("update", row), facts).status_code == 302
    assert client.post(at("update", row), facts | {"channel": "link"}).status_code == 422, "no link was used"
    tomorrow = facts | day("happened_on", in_days(1))
    assert client.post(at("update", row), tomorrow).status_code == 422
    page = shown(sign_in(world.colleague), row)
    assert "Two of three wards" in page and "Head of nursing, at a meeting; recorded by" in page
    assert "may be late" in page


def test_the_newest_update_stands_first(world, group, sign_in):
    row = make_action(world, group)
    for words in ("The first word", "The second word"):
        services.update(row, by=world.colleague, words=words)
    page = shown(sign_in(world.colleague), row)
    assert page.index("The second word") < page.index("The first word")


def test_words_are_shown_as_they_were_typed(world, group, sign_in):
    row = make_action(world, group, what="O’Brien-Ní Dhomhnaill <script>alert(1)</script> {{ 7*7 }}")
    page = shown(sign_in(world.colleague), row)
    assert "<script>alert(1)" not in page and "&lt;script&gt;" in page and "{{ 7*7 }}" in page


def test_only_those_who_run_it_or_read_the_trail_read_its_story(world, group, sign_in):
    row = make_action(world, group)
    assert "added an action" in shown(sign_in(world.board_member), row)
    assert "added an action" not in shown(sign_in(world.colleague), row)
    assert "added an action" not in shown(sign_in(world.lead_other), row)
