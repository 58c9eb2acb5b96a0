"""A recommendation becomes actions: in new words, over the agencies concerned, and it outlives its case."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnership.access.services import bar
from partnership.actions import closing
from partnership.actions import services as actions
from partnership.actions.models import Action
from partnership.identities.services import add_identity
from reviews import sending
from reviews.ending import services as ending
from reviews.findings import services
from reviews.findings.actions import make
from reviews.models import Recommendation
from tests import world as world_of_tests
from tests.actions.ground import in_days, make_group
from tests.walk.post import day

S = Action.Status


@pytest.fixture
def sign_in():
    return lambda user: world_of_tests.sign_in(Client(), user)


@pytest.fixture
def row(world):
    named = [world.agencies["uhnm"], world.agencies["mpft"], world.agencies["police"]]
    return services.add(
        Recommendation, world.ours.review, by=world.officer, words="Ask who lives there.", success="It is asked.",
        agencies=named,
    )  # fmt: skip


def at(row):
    return reverse("reviews:make_action", args=[row.pk])


def findings(world):
    return reverse("reviews:findings", args=[world.ours.review.pk])


def typed(world, **more):
    facts = {"what": "Ask at each visit who lives at home", "place": "case", "when": "day"}
    facts |= {
        "owner_1": f"{world.agencies['mpft'].pk}:{world.lead_other.pk}",
        "owner_2": f"{world.agencies['police'].pk}:",
        "owner_3": f"{world.agencies['uhnm'].pk}:{world.colleague.pk}",
        "what_3": "Ask on admission who lives at home",
    }
    return facts | day("due_on", in_days(60)) | more


def somebody(world):
    facts = {"name": "Zebedee Quillfeather"}
    add_identity(world.ours.folder, subject="other", label="Adult 1", facts=facts, by=world.officer)


def made(row, **where):
    return Action.objects.unscoped("a test").filter(source_id=row.pk, **where)


def test_it_is_split_at_once_over_the_agencies_that_it_names(world, row, sign_in):
    client = sign_in(world.officer)
    form = client.get(at(row)).context["form"]
    proposed = {form[f"owner_{number}"].value() for number in (1, 2, 3)}
    assert proposed == {f"{world.agencies[key].pk}:" for key in ("uhnm", "mpft", "police")}
    assert form["what"].value() == "Ask who lives there."
    assert client.post(at(row), typed(world)).status_code == 302
    whole = made(row, parent=None).get()
    assert (whole.owner, whole.origin, whole.sensitive, whole.folder) == (None, "review", True, world.ours.folder)
    parts = {part.agency.slug: part for part in made(row, parent=whole)}
    assert parts["uhnm"].what == "Ask on admission who lives at home" and parts["uhnm"].owner == world.colleague
    assert parts["mpft"].owner == world.lead_other and parts["staffs-police"].owner is None
    page = client.get(findings(world)).content.decode()
    assert whole.what in page and str(parts["mpft"].pk) in page
    assert "Make another action of it" in page


def test_an_owner_learns_nothing_of_the_case_and_its_people_read_the_source(world, row, sign_in):
    sign_in(world.officer).post(at(row), typed(world))
    part = made(row, agency=world.agencies["uhnm"]).get()
    address = reverse("actions:action", args=[part.pk])
    page = sign_in(world.colleague).get(address).content.decode()
    assert "Ask on admission" in page and "Ask who lives there" not in page and "Ask at each visit" not in page
    assert world.ours.folder.reference not in page and str(world.ours.review.pk) not in page
    page = sign_in(world.panel).get(address).content.decode()
    assert f"A recommendation of {world.ours.folder.reference}" in page and findings(world) in page


def test_a_name_and_a_code_word_are_asked_about_before_anybody_reads_them(world, row, sign_in):
    client = sign_in(world.officer)
    answer = client.post(at(row), typed(world, what=f"Learn from {world.ours.folder.reference}"))
    assert answer.status_code == 422 and "Take the code word of the case out" in answer.content.decode()
    somebody(world)
    named = typed(world, what_3="See Zebedee Quillfeather each week")
    answer = client.post(at(row), named)
    assert answer.status_code == 422 and "Or tick this if it is another word" in answer.content.decode()
    assert not made(row).exists()
    assert client.post(at(row), named | {"as_written": "on"}).status_code == 302


def test_words_that_carry_nothing_of_the_case_may_stand_in_a_group_where_one_may_add(world, row, sign_in):
    group = make_group(world)
    client = sign_in(world.officer)
    assert "Choose the group" in client.post(at(row), typed(world, place="group")).content.decode()
    forged = typed(world, place="group", group=world.theirs.folder.pk)
    assert client.post(at(row), forged).status_code == 422, "no other case is chosen as a group"
    as_they_are = {"what": "Ask: who lives there?", "success": "It is asked.", "what_3": "Please ask who lives there."}
    answer = client.post(at(row), typed(world, place="group", group=group.pk, **as_they_are))
    assert answer.status_code == 422 and set(answer.context["form"].errors) == set(as_they_are)
    assert client.post(at(row), typed(world, place="group", group=group.pk)).status_code == 302
    whole = made(row, parent=None).get()
    assert whole.folder == group and not whole.sensitive
    page = sign_in(world.board_member).get(reverse("actions:action", args=[whole.pk])).content.decode()
    assert world.ours.folder.reference not in page and findings(world) not in page, "the chair is not on the case"
    page = client.get(reverse("actions:action", args=[whole.pk])).content.decode()
    assert findings(world) in page


def test_one_organisation_alone_is_no_split(world, row, sign_in):
    one = typed(world, owner_2="", owner_3="", what_3="")
    sign_in(world.officer).post(at(row), one)
    action = made(row).get()
    assert (action.owner, action.parent, action.due_on) == (world.lead_other, None, in_days(60))


@pytest.mark.parametrize("name, status", [("panel", 403), ("author", 404), ("stranger", 404)])
def test_only_those_who_run_the_case_make_actions_of_it(world, row, sign_in, name, status):
    client = sign_in(world.people[name])
    assert client.get(at(row)).status_code == status
    assert client.post(at(row), typed(world)).status_code == status
    assert not made(row).exists()


def test_one_that_was_taken_off_meanwhile_gives_the_words_back(world, row, sign_in):
    services.remove(row, by=world.officer, version=1)
    answer = sign_in(world.officer).post(at(row), typed(world))
    assert answer.status_code == 409 and "Ask at each visit" in answer.content.decode()


def test_whoever_adds_no_action_in_the_case_makes_none_of_its_recommendations_in_a_group_either(world, row):
    part = {"agency": world.agencies["uhnm"], "owner": None, "due_on": None, "what": ""}
    for by in (world.officer_outside, world.board_member):
        with pytest.raises(PermissionDenied):
            make(row, by=by, folder=make_group(world, f"Group {by.pk}", chair=world.panel), what="Ask at each visit",
                 due_on=in_days(9), parts=[part])  # fmt: skip


def test_an_action_lives_on_when_its_case_is_closed(world, row, sign_in):
    sign_in(world.officer).post(at(row), typed(world))
    part = made(row, agency=world.agencies["uhnm"]).get()
    case, today = world.ours, timezone.localdate()
    sending.record_sending(case.review, by=world.officer, version=case.version, sent_at=timezone.now(), due_on=today)
    case.review.refresh_from_db()
    ending.close(case.review, by=world.officer, seen=ending.what_follows(case.review))
    client = sign_in(world.colleague)
    facts = {"closing_words": "It is asked on all wards", "words": "The admission form", "version": part.version}
    assert client.post(reverse("actions:ask_close", args=[part.pk]), facts).status_code == 302
    part.refresh_from_db()
    lead = sign_in(world.officer)
    assert lead.get(at(row)).status_code == 200, "more can be made of it"
    assert str(part.pk) in lead.get(findings(world)).content.decode()
    assert closing.approve(part, by=world.officer).status == S.DONE


def test_words_of_a_cases_action_are_held_back_before_they_are_saved(world, sign_in):
    """A name is asked about, the code word refused; to the owner, who may know neither, nothing is said of them."""
    somebody(world)
    trust, agreed = world.agencies["uhnm"], day("agreed_on", timezone.localdate())
    action = actions.add(
        world.ours.folder, by=world.officer, what="Ask at each visit", due_on=in_days(9), owner=world.colleague,
        agency=trust,
    )  # fmt: skip
    client = sign_in(world.officer)
    said = {"outlook": "on_track", "given_by": "Matron", "channel": "told"} | day("happened_on", timezone.localdate())
    pages = [
        ("edit", "what", {"version": action.version} | agreed),
        ("update", "words", said),
        ("rate", "reason", {"colour": "red"}),
        ("split", "what_1", {"version": action.version, "owner_1": f"{trust.pk}:"}),
        ("add", "what", {"owner": f"{trust.pk}:", "when": "days", "days": "9"} | agreed),
    ]
    for name, field, facts in pages:
        url = reverse(f"actions:{name}", args=[world.ours.folder.pk if name == "add" else action.pk])
        named = facts | {field: "See Zebedee each week"}
        answer = client.post(url, named)
        assert answer.status_code == 422, name
        page = answer.content.decode()
        assert "instead of the name in" in page and 'name="as_written"' in page, name
        word = world.ours.folder.reference.upper().replace(" ", "  ")
        answer = client.post(url, facts | {field: f"See {word} each week", "as_written": "on"})
        assert answer.status_code == 422 and "Take the code word of the case out" in answer.content.decode(), name
        if name == "edit":
            continue
        assert client.post(url, named | {"as_written": "on"}).status_code == 302, name
    action.refresh_from_db()
    assert action.what == "Ask at each visit"
    part = Action.objects.unscoped("a test").get(parent=action)
    actions.give(part, by=world.officer, owner=world.colleague, agency=trust)
    said = {key: said[key] for key in said if key not in ("given_by", "channel")}
    words = {"words": f"Zebedee was seen, {world.ours.folder.reference}"}
    answer = sign_in(world.colleague).post(reverse("actions:update", args=[part.pk]), said | words)
    assert answer.status_code == 302


def test_whoever_is_barred_from_the_case_is_given_nothing_that_came_of_it(world, row, sign_in):
    group, trust = make_group(world), world.agencies["uhnm"]
    bar(world.ours.folder, world.colleague, by=world.officer, reason="operational")
    client = sign_in(world.officer)
    answer = client.post(at(row), typed(world, place="group", group=group.pk))
    assert answer.status_code == 422 and "cannot be given this action" in answer.content.decode()
    assert client.post(at(row), typed(world, place="group", group=group.pk, owner_3=f"{trust.pk}:")).status_code == 302
    with pytest.raises(ValidationError, match="cannot be given this action"):
        actions.give(made(row, agency=trust).get(), by=world.manager, owner=world.colleague)
