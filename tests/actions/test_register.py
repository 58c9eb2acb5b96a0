"""The register: what a reader sees, narrows, sorts, counts and takes out; nothing in it is another's."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from partnership.actions import dates, rating, services
from partnership.actions.models import Action, Plan, Priority
from partnership.actions.register import exporting, reads
from partnership.people.models import Membership
from partnership.people.roles import Role
from partnership.trail.models import Event
from tests.actions.ground import closed, in_days, make_action, make_group
from tests.world import person

URL = "/actions/"
MINE = "the test's own rows"


@pytest.fixture
def ask(world, sign_in):
    """ask(persona, query) -> the response of the register."""

    def ask(persona, query=None, **extra):
        return sign_in(world.people[persona]).get(URL, query or {}, **extra)

    return ask


def what(response):
    return [line.action.what for line in response.context["found"].page]


def offered(response, name):
    return [label for value, label in response.context["form"].fields[name].choices if len(value) > 30]


def aged(row, **facts):
    """The same row as it would be by now."""
    Action.objects.unscoped(MINE).filter(pk=row.pk).update(**facts)


@pytest.fixture
def mixed(world, group):
    """One of each: late, near, far, waiting for approval, parked, closed, of a case, of another group."""
    other = make_group(world, "Education Forum", chair=world.stranger)
    theirs = {"agency": world.agencies["mpft"], "owner": world.lead_other}
    plan = Plan.objects.create(title="Plan", starts=in_days(-100))
    priority = Priority.objects.create(plan=plan, kind="strategic", position=1, title="Neglect")
    rows = {
        "late": make_action(world, group, what="Late one"),
        "near": make_action(world, group, what="Near one", due_on=in_days(3), priority=priority),
        "far": make_action(world, group, what="Far one", due_on=in_days(90), owner=None),
        "waits": make_action(world, group, what="Waiting one"),
        "parked": make_action(world, group, what="Parked one", parked=True),
        "closed": closed(world, make_action(world, group, what="Closed one")),
        "case": make_action(world, world.ours.folder, what="Of the case"),
        "others": make_action(world, other, what="Of the others", due_on=in_days(60), **theirs),
    }
    aged(rows["late"], due_on=in_days(-5), first_due_on=in_days(-5), agreed_on=in_days(-200))
    aged(rows["waits"], status="to_approve", close_asked_at=timezone.now())
    return rows


LIVE = {"Late one", "Near one", "Far one", "Waiting one"}


def test_each_reader_has_the_rows_of_the_row_rule_and_counts_and_pickers_of_no_other(world, mixed, ask):
    expected = {
        "manager": LIVE | {"Of the case", "Of the others"},
        "officer_outside": LIVE | {"Of the others"},
        "board_member": LIVE,
        "colleague": LIVE - {"Far one"} | {"Of the case"},
        "lead_same": LIVE,
        "lead_other": LIVE | {"Of the others"},
        "author": set(),
    }
    for persona, words in expected.items():
        response = ask(persona)
        found = response.context["found"]
        assert set(what(response)) == words, persona
        assert found.count == len(words) == sum(number for _, _, number in found.ratings), persona
    assert offered(ask("lead_same"), "group") == ["Practice Review Group"]
    assert offered(ask("lead_same"), "agency") == [world.agencies["uhnm"].name]
    assert offered(ask("lead_same"), "owner") == [world.colleague.name]
    assert [offered(ask("author"), name) for name in ("group", "agency", "owner", "priority", "duty")] == [[]] * 5


def test_a_case_is_named_to_its_people_and_to_nobody_else(world, mixed, ask):
    word = world.ours.folder.reference
    for persona, shown in (("manager", True), ("panel", True), ("colleague", False)):
        page = ask(persona).content.decode()
        assert "Of the case" in page
        assert (word in page) == shown, persona
        assert world.ours.folder.title not in page or not world.ours.folder.title
    assert "Restricted" in ask("colleague").content.decode()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"status": "overdue"}, {"Late one"}),
        ({"status": "update"}, {"Late one", "Near one"}),
        ({"status": "approve"}, {"Waiting one"}),
        ({"status": "date"}, set()),
        ({"status": "parked"}, {"Parked one"}),
        ({"status": "closed"}, {"Closed one"}),
        ({"status": "all"}, LIVE | {"Parked one", "Closed one"}),
        ({"rating": "red"}, {"Late one"}),
        ({"rating": "amber"}, {"Near one"}),
        ({"owner": "none"}, {"Far one"}),
        ({"priority": "none"}, LIVE - {"Near one"}),
        ({"older": "180"}, {"Late one"}),
        ({"q": "NEAR one"}, {"Near one"}),
        ({"due_to": str(in_days(4))}, {"Late one", "Near one"}),
        ({"due_from": str(in_days(80))}, {"Far one"}),
        ({"origin": "audit"}, set()),
        ({"status": "overdue", "rating": "green"}, set()),
    ],
)
def test_a_filter_narrows(mixed, ask, query, words):
    assert set(what(ask("board_member", query))) == words


def test_it_is_found_by_reference_owner_group_organisation_and_priority(world, mixed, ask):
    near = Action.objects.unscoped(MINE).get(pk=mixed["near"].pk)
    assert what(ask("board_member", {"q": near.reference.lower()})) == ["Near one"]
    assert what(ask("board_member", {"priority": near.priority_id})) == ["Near one"]
    assert set(what(ask("manager", {"owner": world.lead_other.pk}))) == {"Of the others"}
    assert set(what(ask("manager", {"group": mixed["others"].folder_id}))) == {"Of the others"}
    assert set(what(ask("manager", {"agency": world.agencies["mpft"].pk}))) == {"Of the others"}
    assert set(what(ask("lead_other", {"owner": "me"}))) == {"Of the others"}
    refused = ask("lead_same", {"group": mixed["others"].folder_id})
    assert refused.status_code == 422 and "Choose the group or case from what is shown" in refused.content.decode()


def test_a_date_that_moved_is_counted_filtered_and_sorted_by(world, group, mixed, ask):
    dates.set_due(mixed["far"], by=world.manager, due_on=in_days(120), reason="Leave", version=mixed["far"].version)
    response = ask("board_member", {"slips": "1"})
    assert what(response) == ["Far one"] and "Moved 1 time" in response.content.decode()
    assert f"First {in_days(90):%-d %B %Y}" in response.content.decode()
    assert what(ask("board_member", {"order_by": "slips"}))[0] == "Far one"


def test_it_is_sorted_by_what_is_asked_and_by_day_otherwise(world, mixed, ask):
    by_day = ["Late one", "Near one", "Waiting one", "Far one"]
    assert what(ask("board_member")) == by_day == what(ask("board_member", {"order_by": "nonsense"}))
    assert what(ask("board_member", {"order_by": "-due"})) == by_day[::-1]
    assert what(ask("board_member", {"order_by": "rating"}))[:2] == ["Late one", "Near one"]
    assert what(ask("board_member", {"order_by": "age"}))[0] == "Late one"
    assert what(ask("board_member", {"order_by": "owner"}))[-1] == "Far one", "nobody's come last"
    rating.rate(mixed["far"], by=world.manager, colour="red", reason="It stands still")
    assert set(what(ask("board_member", {"rating": "red"}))) == {"Late one", "Far one"}


def test_a_page_beyond_the_last_is_the_last_and_nonsense_is_the_first(world, group, ask):
    for n in range(51):
        make_action(world, group, what=f"Action {n}", due_on=in_days(n + 1))
    second = ask("board_member", {"page": "2"})
    assert what(second) == ["Action 50"] == what(ask("board_member", {"page": "99"}))
    assert len(what(ask("board_member", {"page": "x"}))) == 50


def test_the_parts_of_an_action_are_counted_to_those_who_see_them(world, group, ask):
    whole = make_action(world, group, what="Whole", agency=world.agencies["uhnm"])
    parts = [{"agency": world.agencies[key], "what": f"Part {key}"} for key in ("police", "icb")]
    services.split(whole, by=world.manager, version=whole.version, parts=parts)
    aged(whole, owner=None)
    assert "0 of 2 parts over" in ask("board_member").content.decode()
    assert set(what(ask("board_member", {"owner": "none"}))) == {"Part police", "Part icb"}, (
        "a whole has its parts' owners"
    )
    aged(whole, owner=world.colleague)
    mine = ask("colleague").content.decode()
    assert "Whole" in mine and "parts over" not in mine and "Part police" not in mine


def test_htmx_gets_the_results_alone_and_the_same_as_a_fresh_load(mixed, ask):
    query = {"status": "overdue"}
    part = ask("board_member", query, headers={"HX-Request": "true", "HX-Target": "results"}).content.decode()
    page = ask("board_member", query).content.decode()
    strip = lambda text: [line for line in text.splitlines() if "csrf" not in line and line.strip()]  # noqa: E731
    assert "<html" not in part and "\n".join(strip(part)) in "\n".join(strip(page))


def test_wrong_dates_are_said_and_no_list_is_shown(mixed, ask):
    response = ask("board_member", {"due_from": str(in_days(5)), "due_to": str(in_days(4))})
    assert response.status_code == 422
    assert "must not be before the first" in response.content.decode() and "Late one" not in response.content.decode()


def _sheet(response):
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    return [[cell.value for cell in row] for row in book.active.iter_rows()]


def test_the_file_holds_the_list_that_was_asked_for_safely_and_is_written_down(world, mixed, sign_in, monkeypatch):
    aged(mixed["late"], what='=HYPERLINK("http://example.org")')
    response = sign_in(world.board_member).post(f"{reverse('actions:export')}?status=overdue")
    head, told, _, columns, *rows = _sheet(response)
    assert head[0] == "OFFICIAL. Overdue actions" and world.board_member.name in told[0]
    (row,) = [dict(zip(columns, row, strict=True)) for row in rows]
    assert row["What will be done"] == '=HYPERLINK("http://example.org")', "a text, not a formula"
    assert row["Due"].date() == in_days(-5) and row["Rating"] == "Red"
    event = Event.objects.get(verb="actions_exported")
    assert event.data == {"count": 1, "sensitive": 0, "filters": ["status"]}
    monkeypatch.setattr(exporting, "AT_MOST", 0)
    page = sign_in(world.board_member).post(f"{reverse('actions:export')}?status=overdue", follow=True)
    assert "this list has more" in page.content.decode() and page.request["QUERY_STRING"] == "status=overdue"
    assert Event.objects.filter(verb="actions_exported").count() == 1


def test_the_file_of_who_sees_a_case_is_marked_and_that_of_others_lacks_it(world, mixed, sign_in):
    for persona, there in (("manager", True), ("officer_outside", False)):
        sheet = _sheet(sign_in(world.people[persona]).post(reverse("actions:export")))
        text = str(sheet)
        assert ("Of the case" in text) == there == sheet[0][0].startswith("OFFICIAL-SENSITIVE"), persona


# --- the other lists ------------------------------------------------------------------------------------------------


def sections(response):
    return {each.title: [line.action.what for line in each.lines] for each in response.context["sections"]}


def test_mine_are_overdue_soon_later_waiting_and_folded_what_is_over(world, mixed, sign_in):
    assert b"You own no action" in sign_in(world.author).get(reverse("actions:mine")).content
    found = sections(sign_in(world.colleague).get(reverse("actions:mine")))
    assert found == {
        "Overdue": ["Late one"],
        "Due soon": ["Near one"],
        "Later": ["Of the case"],
        "Waiting for approval": ["Waiting one"],
        "Closed or no longer needed": ["Closed one"],
    }


def test_a_lead_has_her_organisations_by_person_and_who_left_is_marked(world, mixed, sign_in):
    leaver = person("leaver", Role.AGENCY_STAFF, world.agencies["uhnm"], world.partnership)
    make_action(world, mixed["late"].folder, what="Left behind", owner=leaver)
    Membership.objects.filter(user=leaver).update(starts=in_days(-9), ends=in_days(-1))
    response = sign_in(world.lead_same).get(reverse("actions:of_agency"))
    (trust,) = response.context["agencies"]
    people = [(str(each.owner or "nobody"), each.left, len(each.lines)) for each in trust.people]
    assert people == [("nobody", False, 1), (leaver.name, True, 1), (world.colleague.name, False, 3)]
    assert "Of the case" not in response.content.decode()
    assert sign_in(world.colleague).get(reverse("actions:of_agency")).status_code == 403


def test_a_group_shows_its_chair_first_what_waits_for_approval(world, mixed, sign_in):
    url = reverse("actions:of_group", args=[mixed["late"].folder_id])
    chair, member = (list(sections(sign_in(world.people[name]).get(url))) for name in ("board_member", "lead_other"))
    assert chair[0] == "Waiting for approval" and member[0] == "Overdue" and "Parked ideas" in chair
    for persona in ("colleague", "lead_same", "author"):
        assert sign_in(world.people[persona]).get(url).status_code == 404, persona


def test_what_each_organisation_owes_the_next_meeting(world, mixed, sign_in):
    folder = mixed["late"].folder
    soon = make_action(world, folder, what="Due before", agency=world.agencies["mpft"], owner=world.lead_other,
                       due_on=in_days(20))  # fmt: skip
    url = reverse("actions:owed", args=[folder.pk])
    client = sign_in(world.lead_other)
    found = {each.agency.name: {title: [line.action.what for line in lines] for title, lines, _ in each.parts if lines}
             for each in client.get(url).context["found"]}  # fmt: skip
    uhnm, mpft = world.agencies["uhnm"].name, world.agencies["mpft"].name
    assert found == {
        uhnm: {"Overdue": ["Late one"], "Due before the meeting": ["Near one"]},
        mpft: {"Due before the meeting": ["Due before"]},
    }
    (trust,) = client.get(url, {"before": str(in_days(1))}).context["found"]
    assert [line.action.what for line in trust.update] == ["Near one"], "its day is near, and nothing was said"
    assert client.get(url, {"before": "soon"}).status_code == 422
    aged(soon, sensitive=True)
    page = client.get(url).content.decode()
    assert page.count("OFFICIAL-SENSITIVE") == 2 and f"Printed by {world.lead_other.name}" in page
    response = client.post(f"{url}?before={in_days(21)}")
    assert soon.reference in str(_sheet(response))
    assert Event.objects.get(verb="actions_exported").folder_id == folder.pk


def test_a_long_part_is_cut_says_how_many_there_are_and_leads_to_all(world, group, sign_in, monkeypatch):
    monkeypatch.setattr(reads, "SHOWN", 2)
    monkeypatch.setattr(reads, "OF_ONE", 2)
    for n in range(3):
        make_action(world, group, what=f"Far {n}", due_on=in_days(40 + n))
    for persona, url in (
        ("colleague", reverse("actions:mine")),
        ("lead_other", reverse("actions:of_group", args=[group.pk])),
    ):
        response = sign_in(world.people[persona]).get(url)
        (later,) = [each for each in response.context["sections"] if each.title == "Later"]
        assert ([line.action.what for line in later.lines], later.total) == (["Far 0", "Far 1"], 3), persona
        assert "See all 3 in the register" in response.content.decode()
    client = sign_in(world.lead_same)
    (trust,) = client.get(reverse("actions:of_agency")).context["agencies"]
    (person_of_it,) = trust.people
    assert (len(person_of_it.lines), person_of_it.total, person_of_it.overdue, trust.total) == (2, 3, 0, 3)
    assert client.get(f"{URL}?{person_of_it.more}").context["found"].count == 3
    url = f"{reverse('actions:owed', args=[group.pk])}?before={in_days(60)}"
    client = sign_in(world.lead_other)
    (owes,) = client.get(url).context["found"]
    assert (len(owes.due), owes.total) == (2, 3) and "Far 2" in str(_sheet(client.post(url))), "the file has all"


def test_the_reports_say_what_is_out_of_order_and_no_more_than_one_may_see(world, mixed, sign_in):
    agency = world.agencies["police"]
    make_action(world, mixed["late"].folder, what="Of a closed one", agency=agency, owner=None)
    agency.ends = timezone.localdate()
    agency.save()
    plan = Plan.objects.get(title="Plan")
    Priority.objects.create(plan=plan, kind="strategic", position=2, title="Not served")
    Priority.objects.create(plan=plan, kind="strategic", position=3, title="Given up", ended_on=in_days(-1))
    found = sign_in(world.officer_outside).get(reverse("actions:reports")).context["found"]
    titles = [each.priority.title for each in found.unserved if each.priority.plan == plan]
    assert titles == ["Not served"]
    lists = {
        each.title.split(":")[0]: ({line.action.what for line in each.lines}, each.total) for each in found.sections
    }
    assert [each.title for each in found.sections if each.anchor] == ["Actions that nobody owns yet"]
    assert lists["Actions that nobody owns yet"] == ({"Far one", "Of a closed one"}, 2)
    assert lists["Actions of organisations that have closed"] == ({"Of a closed one"}, 1)
    assert lists["The oldest"] == ({"Late one"}, 1)
    assert "Near one" not in lists["Actions without a priority or a duty"][0]
    response = sign_in(world.lead_other).get(reverse("actions:reports"))
    assert response.context["found"].unserved is None, "she sees too little to say so"
    assert "Of the case" not in response.content.decode()


def test_a_chair_hears_of_the_priorities_of_the_group_alone(world, group, sign_in):
    plan = Plan.objects.create(title="Plan", starts=in_days(-100))
    facts = {"plan": plan, "kind": "strategic"}
    Priority.objects.create(position=1, title="Ours", group=group, **facts)
    Priority.objects.create(position=2, title="Of nobody", **facts)
    found = sign_in(world.board_member).get(reverse("actions:reports")).context["found"]
    assert [(each.priority.title, each.group) for each in found.unserved] == [("Ours", group.title)]


def _queries(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
    assert response.status_code == 200
    return len(queries), response.content, [query["sql"] for query in queries]


def test_who_read_an_action_of_a_case_in_a_list_stands_in_the_story_of_the_case(world, mixed, ask):
    for persona, listed in (("board_member", False), ("colleague", True)):
        ask(persona)
        events = Event.objects.filter(verb="listed", actor_id=world.people[persona].pk)
        assert any(str(world.ours.folder.pk) in str(event.data) for event in events) == listed, persona


@pytest.mark.parametrize("name", ["register", "mine", "of_agency", "reports", "of_group", "owed"])
def test_a_list_asks_as_much_for_five_rows_as_for_one(world, group, sign_in, name):
    persona = {"mine": "colleague", "of_agency": "lead_same"}.get(name, "board_member")
    client = sign_in(world.people[persona])
    url = reverse(f"actions:{name}", args=[group.pk] if name in ("of_group", "owed") else [])

    def more(n):
        for at, days in enumerate((5, 40)):
            row = make_action(world, group, what=f"More {n} {at}", due_on=in_days(days))
            aged(row, agreed_on=in_days(-300))
        closed(world, make_action(world, group, what=f"Closed {n}"))

    more(0)
    few, short, first = _queries(client, url)
    for n in range(1, 5):
        more(n)
    many, longer, then = _queries(client, url)
    assert len(longer) > len(short)
    assert few == many, "\n".join(sorted(set(then) - set(first)))
    if name == "register":
        assert many <= 11, "\n".join(then)
