"""How one action is shown to be done, put off, closed and reopened, on its pages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from partnership.access.rows import can
from partnership.actions import closing, dates, evidence, rating, services
from partnership.actions.answering import reads
from partnership.actions.models import Action, DateChange, Evidence, Update
from partnership.documents.checking import check
from partnership.documents.models import Document, Version
from partnership.people.roles import Perm
from tests.actions.ground import at, closed, in_days, make_action, own_browser, shown
from tests.documents.bad_files import EICAR
from tests.walk.post import day

S = Action.Status


@pytest.fixture
def sign_in():
    """Each person at a browser of their own: several have the same action open."""
    return own_browser


# --- evidence ---------------------------------------------------------------------------------------------------------


def upload(content=b"The audit.", name="audit.txt"):
    return SimpleUploadedFile(name, content)


def the_file(row):
    found = Evidence.objects.unscoped("a test").get(action=row, document__isnull=False)
    return found, Version.objects.unscoped("a test").get(document=found.document)


def test_a_file_of_evidence_opens_with_its_action_and_by_no_other_way(world, group, sign_in):
    row = make_action(world, group)
    assert sign_in(world.colleague).post(at("evidence_add", row), {"file": upload(), "words": ""}).status_code == 302
    found, version = the_file(row)
    address = at("evidence_file", found)
    assert sign_in(world.board_member).get(address).status_code == 409, "it is being checked"
    check(version.pk)
    for name in ("colleague", "lead_same", "board_member", "lead_other", "manager"):
        answer = sign_in(world.people[name]).get(address)
        assert answer.status_code == 200 and answer["Content-Disposition"].startswith("attachment"), name
    assert sign_in(world.author).get(address).status_code == 404
    for name in ("colleague", "board_member", "manager"):
        assert not can(world.people[name], Perm.DOCUMENT_VIEW, version), f"{name}: the action alone opens it"
    row = services.give(row, by=world.manager, owner=world.panel, agency=world.agencies["icb"])
    assert sign_in(world.colleague).get(address).status_code == 404, "it is no longer hers"
    services.remove_evidence(found, by=world.manager)
    assert sign_in(world.manager).get(address).status_code == 404


def test_a_refused_file_shows_nothing_so_nothing_is_closed_with_it(world, group, sign_in):
    row, client = make_action(world, group), sign_in(world.colleague)
    client.post(at("evidence_add", row), {"file": upload(EICAR, "virus.txt"), "words": ""})
    typed_words = {"closing_words": "It was done", "version": row.version}
    assert client.post(at("ask_close", row), typed_words).status_code == 302, "it is not refused yet"
    _, version = the_file(row)
    row.refresh_from_db()
    with pytest.raises(Exception, match="still being checked"):
        closing.approve(row, by=world.board_member)
    check(version.pk)
    with pytest.raises(Exception, match="refused"):
        closing.approve(row, by=world.board_member)
    row = closing.send_back(row, by=world.board_member, note="The file was refused")
    assert "Not kept" in shown(client, row)
    with pytest.raises(Exception, match="without evidence"):
        closing.ask_close(row, by=world.colleague, closing_words="Done", version=row.version)


def test_a_wrong_file_is_refused_at_once_and_the_words_stay(world, group, sign_in):
    row = make_action(world, group)
    facts = {"file": upload(b"MZ", "tool.exe"), "words": "What I typed"}
    answer = sign_in(world.colleague).post(at("evidence_add", row), facts)
    assert answer.status_code == 422 and "What I typed" in answer.content.decode()
    assert not Document.objects.unscoped("a test").filter(kind=evidence.KIND).exists()


def test_the_same_file_twice_is_one_evidence(world, group):
    row = make_action(world, group)
    for _ in range(2):
        evidence.add(row, by=world.colleague, upload_file=upload())
    assert Evidence.objects.unscoped("a test").filter(action=row).count() == 1


def test_it_is_closed_with_evidence_that_is_given_on_the_same_page(world, group, sign_in):
    row, client = make_action(world, group), sign_in(world.colleague)
    facts = {"closing_words": "All wards were trained", "version": row.version, "words": ""}
    answer = client.post(at("ask_close", row), facts)
    assert answer.status_code == 422 and "All wards were trained" in answer.content.decode()
    assert client.post(at("ask_close", row), facts | {"words": "The attendance list"}).status_code == 302
    row.refresh_from_db()
    assert row.status == S.TO_APPROVE and evidence.shows(row)
    found = services.evidence_of(row).get()
    client.post(at("evidence_remove", found))
    found.refresh_from_db()
    assert found.removed_at is None, "what a closing was asked for with stays with it"


def test_what_one_types_for_an_action_that_was_cancelled_meanwhile_is_given_back(world, group, sign_in):
    row, client = make_action(world, group), sign_in(world.colleague)
    closing.cancel(row, by=world.manager, note="Agreed by the group")
    for name, facts in {
        "update": {"words": "My words", "outlook": "on_track"} | day("happened_on", timezone.localdate()),
        "evidence_add": {"words": "My words"},
        "ask_close": {"closing_words": "My words", "words": "Seen", "version": row.version},
        "ask_date": {"reason": "My words"} | day("wanted", in_days(50)),
    }.items():
        answer = client.post(at(name, row), facts)
        assert answer.status_code == 409 and "My words" in answer.content.decode(), name
        assert client.get(at(name, row)).status_code == 302, name
    assert not Update.objects.unscoped("a test").filter(action=row).exists()


# --- days -------------------------------------------------------------------------------------------------------------


def test_a_day_is_asked_for_and_given_by_another_day_or_refused_with_a_reason(world, group, sign_in):
    row, client, chair = make_action(world, group), sign_in(world.colleague), sign_in(world.board_member)
    ask = {"reason": "Two nurses left"} | day("wanted", in_days(60))
    assert client.post(at("ask_date", row), ask).status_code == 302
    asked = DateChange.objects.unscoped("a test").get(action=row)
    assert client.get(at("decide_date", asked)).status_code == 403, "nobody decides about their own"
    assert chair.post(at("decide_date", asked), {"decision": "refuse"}).status_code == 422
    given = {"decision": "other"} | day("wanted", in_days(45))
    assert chair.post(at("decide_date", asked), given).status_code == 302
    row.refresh_from_db()
    assert (row.due_on, row.first_due_on) == (in_days(45), in_days(30))
    page = shown(client, row)
    assert "It was first agreed for" in page and "moved to a later one once" in page
    for facts, kept in (({"decision": "refuse", "why_not": "Winter"}, "Winter"), (given, "another day")):
        again = sign_in(world.manager).post(at("decide_date", asked), facts)
        assert again.status_code == 409 and kept in again.content.decode()
        assert f"{world.board_member.name} decided this on" in again.content.decode()


def test_its_owner_asks_no_longer_and_a_day_that_is_set_ends_the_asking(world, group, sign_in):
    row, client = make_action(world, group), sign_in(world.colleague)
    asked = dates.ask_date(row, by=world.colleague, wanted=in_days(60), reason="Leave")
    assert client.post(at("withdraw_date", asked)).status_code == 302
    asked.refresh_from_db()
    assert asked.status == DateChange.Status.WITHDRAWN
    asked = dates.ask_date(row, by=world.colleague, wanted=in_days(60), reason="Leave")
    facts = {"reason": "The meeting moved", "version": row.version} | day("due_on", in_days(25))
    chair = sign_in(world.board_member)
    assert chair.post(at("set_due", row), facts | day("due_on", in_days(-1))).status_code == 422
    assert chair.post(at("set_due", row), facts).status_code == 302
    asked.refresh_from_db()
    row.refresh_from_db()
    assert asked.status == DateChange.Status.WITHDRAWN and row.due_on == in_days(25)
    assert chair.post(at("set_due", row), facts).status_code == 409


# --- approving --------------------------------------------------------------------------------------------------------


def asked_to_close(world, folder, **facts):
    row = make_action(world, folder, **facts)
    services.add_evidence(row, by=row.owner, words="Seen")
    return closing.ask_close(row, by=row.owner, closing_words="Done")


def test_several_are_approved_between_meetings_and_each_refusal_is_said(world, group, sign_in, monkeypatch):
    one, changed = asked_to_close(world, group, what="One"), asked_to_close(world, group, what="Another")
    own = asked_to_close(world, group, owner=world.board_member, agency=None)
    theirs = asked_to_close(world, world.theirs.folder, by=world.stranger)
    client = sign_in(world.board_member)
    monkeypatch.setattr(reads, "ON_A_PAGE", 2)
    page, last = (client.get(reverse("actions:to_approve") + query).content.decode() for query in ("", "?page=2"))
    assert one.what in page and str(own.pk) not in page and "somebody else approves it" in last
    assert str(theirs.pk) not in page + last
    rows = [f"{each.pk}:{each.version}" for each in (one, changed, own, theirs)]
    services.change(changed, by=world.manager, version=changed.version, what="Other words")
    token = {"form_token": client.get(reverse("actions:to_approve")).context["form"]["form_token"].value()}
    answer = client.post(reverse("actions:to_approve"), {"rows": [*rows, "nonsense", "1:x"], **token}, follow=True)
    said = answer.content.decode()
    assert "One closing was approved" in said and f"{own.reference}: Somebody else approves" in said
    assert f"{changed.reference}: Somebody changed this action after you read it" in said
    assert theirs.reference not in said
    again = client.post(reverse("actions:to_approve"), {"rows": rows, **token}, follow=True).content.decode()
    assert "approved" not in again.split("<main")[1].split("<form")[0].replace("Tick what you approve", "")
    states = dict(Action.objects.unscoped("a test").values_list("pk", "status"))
    assert states[one.pk] == S.DONE
    assert {states[each.pk] for each in (changed, own, theirs)} == {S.TO_APPROVE}


def test_nothing_ticked_is_said(world, group, sign_in):
    asked_to_close(world, group)
    client, theirs = sign_in(world.board_member), asked_to_close(world, world.theirs.folder, by=world.stranger)
    answer = client.post(reverse("actions:to_approve"), {})
    assert answer.status_code == 422 and "Tick what you approve." in answer.content.decode()
    answer = client.post(reverse("actions:to_approve"), {"rows": [f"{theirs.pk}:{theirs.version}", "nonsense"]})
    assert answer.status_code == 422 and "Nothing of what you ticked" in answer.content.decode()
    theirs.refresh_from_db()
    assert theirs.status == S.TO_APPROVE


def test_what_was_changed_after_it_was_read_is_not_approved(world, group, sign_in):
    row, chair = asked_to_close(world, group), sign_in(world.board_member)
    services.change(row, by=world.manager, version=row.version, what="Other words")
    chair.post(at("approve", row), {"version": row.version})
    row.refresh_from_db()
    assert row.status == S.TO_APPROVE
    chair.post(at("approve", row), {"version": "1e9"})
    chair.post(at("approve", row), {"version": row.version})
    row.refresh_from_db()
    assert row.status == S.DONE
    assert chair.post(at("approve", row), {"version": row.version}).status_code == 302, "a second click does nothing"


def test_a_closed_one_is_reopened_with_a_new_day_and_owner(world, group, sign_in):
    row = closed(world, make_action(world, group))
    world.colleague.memberships.update(ends=timezone.localdate())
    client = sign_in(world.board_member)
    assert client.post(at("reopen", row), {"note": "It slipped back"}).status_code == 422, "its owner has left"
    facts = {"note": "It slipped back", "owner": f"{world.agencies['uhnm'].pk}:{world.author.pk}"}
    assert client.post(at("reopen", row), facts | day("due_on", in_days(20))).status_code == 302
    row.refresh_from_db()
    assert (row.status, row.owner, row.due_on) == (S.OPEN, world.author, in_days(20))


def test_a_rating_by_hand_says_why_and_until_when(world, group, sign_in):
    row, client = make_action(world, group), sign_in(world.board_member)
    assert client.post(at("rate", row), {"colour": "red"}).status_code == 422
    assert client.post(at("rate", row), {"colour": "red", "reason": "The trust is short of staff"}).status_code == 302
    page = shown(sign_in(world.colleague), row)
    assert "▲ Red" in page and "The trust is short of staff" in page
    assert str(rating.last_day().year) in page
