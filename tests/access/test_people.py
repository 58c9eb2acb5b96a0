"""The pages 'People with access' and 'What happened': who stands on them, and what one may do there oneself."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partnership.access import services
from partnership.access.models import Conflict, FolderGrant
from partnership.access.rows import can, holders
from partnership.people.roles import Perm, Role
from partnership.people.services import join
from partnership.trail.models import Event
from partnership.trail.services import record
from tests.world import person

PEOPLE, STORY = "access:people", "access:folder_story"


def at(name, world, case="ours"):
    return reverse(name, args=[world.cases[case].folder.pk])


def shown(response):
    """The page's own words, tags taken out."""
    body = response.content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", body[body.index("<main") : body.index("</main")]).split())


def now_list(response):
    """The words of the table of those who can open the folder now."""
    body = response.content.decode()
    table = body[body.index("People with access now</caption>") :]
    return table[: table.index("</table>")]


def grant_of(world, user, case="ours"):
    return FolderGrant.objects.live().get(content_object=world.cases[case].folder, user=user)


class TestWhoIsListed:
    def test_only_those_who_can_open_the_folder_today(self, world, sign_in):
        world.signer_icb.is_active = False
        world.signer_icb.save(update_fields=["is_active"])
        world.signer_council.memberships.update(ends=timezone.localdate())
        listed = now_list(sign_in(world.officer).get(at(PEOPLE, world)))
        for user in holders(world.ours.folder, Perm.FOLDER_VIEW):
            assert user.name in listed
        for user in (world.barred, world.ended, world.signer_icb, world.signer_council):
            assert user.name not in listed

    def test_who_lets_people_in_sees_the_barred_apart_and_who_is_away(self, world, sign_in):
        world.signer_icb.is_active = False
        world.signer_icb.save(update_fields=["is_active"])
        page = shown(sign_in(world.officer).get(at(PEOPLE, world)))
        barred, away = page.split("Barred by a conflict of interest")[1].split("Let in and away")
        assert world.barred.name in barred and "Case lead" in barred
        assert world.signer_icb.name in away

    def test_the_others_see_neither(self, world, sign_in):
        world.signer_icb.is_active = False
        world.signer_icb.save(update_fields=["is_active"])
        for user in (world.panel, world.case_officer):
            page = shown(sign_in(user).get(at(PEOPLE, world)))
            for hidden in (world.barred.name, world.signer_icb.name, "Barred by", "End access"):
                assert hidden not in page

    def test_what_opens_a_folder_above_lists_nobody_on_a_sealed_one_below(self, world, sign_in):
        top = services.open_folder(kind="audit", title="Top", partnership=world.partnership, by=world.officer)
        services.grant(top, world.panel, Role.CASE_LEAD, by=world.officer, reason="Leads it.")
        below = services.open_folder(
            kind="item", title="Below", partnership=world.partnership, by=world.officer, parent=top, sealed=True
        )
        services.grant(below, world.case_officer, Role.CASE_LEAD, by=world.officer, reason="Leads it.")
        assert not can(world.panel, Perm.FOLDER_VIEW, below)
        listed = now_list(sign_in(world.case_officer).get(reverse(PEOPLE, args=[below.pk])))
        assert world.panel.name not in listed and world.case_officer.name in listed


class TestDeclaring:
    """Somebody's own conflict of interest: also where he may not let people in or take them off."""

    @pytest.mark.parametrize("persona", ["panel", "case_officer", "signer_icb", "officer"])
    def test_whoever_sees_the_folder_may_and_is_barred_at_once(self, world, sign_in, persona):
        user = world.people[persona]
        client = sign_in(user)
        assert "I have a conflict of interest" in shown(client.get(at(PEOPLE, world)))
        answer = client.post(at("access:declare", world), {"reason": "other", "note": "We share an office."})
        assert answer["Location"] == "/home"
        assert not can(user, Perm.FOLDER_VIEW, world.ours.folder)
        assert client.get(at(PEOPLE, world)).status_code == 404
        row = Conflict.objects.live().get(user=user)
        assert (row.declared_by, row.reason, row.note) == (user, "other", "We share an office.")

    def test_those_who_let_people_in_are_told_and_nobody_else(self, world, sign_in):
        sign_in(world.panel).post(at("access:declare", world), {"reason": "personal", "note": "A neighbour."})
        told = f"{world.panel.name} has declared a conflict of interest"
        for user, knows in ((world.officer, True), (world.manager, True), (world.case_officer, False)):
            client = sign_in(user)
            assert (told in shown(client.get("/home"))) is knows
            assert ("A neighbour." in shown(client.get(at(PEOPLE, world)))) is knows
            story = shown(client.get(at(STORY, world)))
            assert (f"{world.panel.name} declared a conflict of interest" in story) is knows
        assert told not in shown(sign_in(world.stranger).get("/home"))
        event = Event.objects.get(verb="conflict_declared")
        assert "neighbour" not in str(event.data)

    def test_home_does_not_name_it_for_ever(self, world, sign_in):
        services.bar(world.ours.folder, world.panel, by=world.panel, reason="personal")
        Conflict.objects.filter(user=world.panel).update(starts=timezone.now() - timedelta(days=15))
        client = sign_in(world.officer)
        assert "declared a conflict" not in shown(client.get("/home"))
        assert world.panel.name in shown(client.get(at(PEOPLE, world)))

    def test_the_last_who_lets_people_in_is_told_what_to_do_first(self, world, sign_in):
        services.revoke(grant_of(world, world.manager), by=world.officer)
        answer = sign_in(world.officer).post(at("access:declare", world), {"reason": "personal", "note": "My words."})
        assert answer.status_code == 422
        assert "Let another case lead in first" in shown(answer)
        assert "My words." in shown(answer)
        assert can(world.officer, Perm.FOLDER_GRANT, world.ours.folder)

    def test_nobody_declares_for_another(self, world, sign_in):
        sent = {"reason": "personal", "user": world.officer.pk, "person": world.officer.pk, "declared_by": ""}
        sign_in(world.panel).post(at("access:declare", world), sent)
        assert can(world.officer, Perm.FOLDER_VIEW, world.ours.folder)
        assert not can(world.panel, Perm.FOLDER_VIEW, world.ours.folder)

    def test_an_other_conflict_says_what_it_is(self, world, sign_in):
        answer = sign_in(world.panel).post(at("access:declare", world), {"reason": "other"})
        assert answer.status_code == 422
        assert can(world.panel, Perm.FOLDER_VIEW, world.ours.folder)

    def test_a_second_click_lands_where_the_first_did(self, world, sign_in):
        client = sign_in(world.panel)
        form = client.get(at("access:declare", world)).context["form"]
        sent = {"reason": "personal", "form_token": form["form_token"].value()}
        for _ in range(2):
            assert client.post(at("access:declare", world), sent)["Location"] == "/home"
        # Another tab, with a form of its own, meets the bar.
        assert client.post(at("access:declare", world), {"reason": "personal"}).status_code == 404
        assert Conflict.objects.filter(user=world.panel).count() == 1

    def test_the_author_of_a_return_gives_it_back(self, world, sign_in):
        row = world.ours.returns["uhnm"]
        page = reverse("reviews:agency_return", args=[row.pk])
        client = sign_in(world.author)
        path = reverse("reviews:declare", args=[row.pk])
        assert path in client.get(page).content.decode()
        assert client.post(path, {"reason": "operational"})["Location"] == "/home"
        for closed in (page, path, reverse("reviews:search_record", args=[row.pk])):
            assert client.get(closed).status_code == 404
        client = sign_in(world.officer)
        assert f"{world.author.name} has declared" in shown(client.get("/home"))
        assert world.author.name in shown(client.get(at(PEOPLE, world)))


class TestEndingAccess:
    def ask(self, client, world, grant, case="ours"):
        return client.get(f"{at('access:take_off', world, case)}?grant={grant.pk}")

    def test_it_is_asked_for_once_more_and_the_question_says_whose(self, world, sign_in):
        client, grant = sign_in(world.officer), grant_of(world, world.panel)
        page = self.ask(client, world, grant)
        assert page.status_code == 200
        for words in (world.panel.name, "Rapid review panel member", "let in by", grant.reason):
            assert words in shown(page)
        assert can(world.panel, Perm.FOLDER_VIEW, world.ours.folder)
        client.post(at("access:take_off", world), {"grant": grant.pk})
        assert not can(world.panel, Perm.FOLDER_VIEW, world.ours.folder)

    def test_a_refusal_stands_on_the_page_that_asked(self, world, sign_in):
        services.revoke(grant_of(world, world.manager), by=world.officer)
        for name in ("ended", "barred"):
            FolderGrant.objects.filter(user=world.people[name]).update(ends=timezone.now())
        mine = grant_of(world, world.officer)
        answer = sign_in(world.officer).post(at("access:take_off", world), {"grant": mine.pk})
        assert answer.status_code == 422
        assert "one of whom can let others in" in shown(answer)
        assert can(world.officer, Perm.FOLDER_GRANT, world.ours.folder)

    def test_another_folders_grant_and_one_that_ended_are_answered_alike(self, world, sign_in):
        theirs = world.theirs.folder.grants.filter(ends=None).first()
        ended = FolderGrant.objects.get(user=world.ended)
        client = sign_in(world.officer)
        answers = [self.ask(client, world, theirs), self.ask(client, world, ended)]
        answers += [client.post(at("access:take_off", world), {"grant": row.pk}) for row in (theirs, ended)]
        answers += [client.get(at("access:take_off", world)), client.post(at("access:take_off", world), {"grant": "x"})]
        assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, at(PEOPLE, world))}
        theirs.refresh_from_db()
        assert theirs.ends is None
        assert world.stranger.name not in shown(client.get(at(PEOPLE, world)))

    def test_the_second_tab_is_told_that_nothing_was_changed(self, world, sign_in):
        client, grant = sign_in(world.officer), grant_of(world, world.panel)
        for _ in range(2):
            client.post(at("access:take_off", world), {"grant": grant.pk})
        page = shown(client.get(at(PEOPLE, world)))
        assert "Nothing was changed" in page
        assert Event.objects.filter(verb="access_ended", data__user=str(world.panel.pk)).count() == 1


class TestCancelling:
    @pytest.mark.parametrize("name", ["let_in", "bar", "declare", "take_off", "lift_bar"])
    def test_every_question_leads_back_to_the_list(self, world, sign_in, name):
        asked = {
            "grant": grant_of(world, world.panel).pk,
            "bar": Conflict.objects.live().get(user=world.barred).pk,
        }
        page = sign_in(world.officer).get(at(f"access:{name}", world), asked).content.decode()
        assert f'href="{at(PEOPLE, world)}">Cancel</a>' in page


class TestLifting:
    def test_it_is_asked_for_once_more_and_the_question_says_what_holds_again(self, world, sign_in):
        bar = Conflict.objects.live().get(user=world.barred)
        client = sign_in(world.officer)
        page = client.get(f"{at('access:lift_bar', world)}?bar={bar.pk}")
        for words in (world.barred.name, "Knows the child or family", "case lead"):
            assert words in shown(page)
        assert not can(world.barred, Perm.FOLDER_VIEW, world.ours.folder)
        refused = client.post(at("access:lift_bar", world), {"bar": bar.pk})
        assert refused.status_code == 422 and not can(world.barred, Perm.FOLDER_VIEW, world.ours.folder)
        client.post(at("access:lift_bar", world), {"bar": bar.pk, "why": "Recorded for her namesake."})
        assert can(world.barred, Perm.FOLDER_VIEW, world.ours.folder)
        listed = shown(client.get(at(PEOPLE, world)))
        assert f"lifted by {world.officer.name}" in listed and "Recorded for her namesake." in listed
        assert "namesake" not in shown(sign_in(world.panel).get(at(PEOPLE, world)))

    def test_what_a_role_gives_back_in_an_open_folder_is_said(self, world, sign_in):
        folder = services.open_folder(kind="audit", title="Round", partnership=world.partnership, by=world.officer)
        bar = services.bar(folder, world.manager, by=world.officer, reason="line")
        client = sign_in(world.officer)
        page = shown(client.get(reverse("access:lift_bar", args=[folder.pk]), {"bar": bar.pk}))
        assert "by role counts again: Business manager" in page and "opens nothing" not in page
        assert "By role: Business manager" in shown(client.get(reverse(PEOPLE, args=[folder.pk])))

    def test_another_folders_bar_stays(self, world, sign_in):
        bar = services.bar(world.theirs.folder, world.panel, by=world.stranger, reason="line")
        client = sign_in(world.officer)
        for answer in (
            client.get(f"{at('access:lift_bar', world)}?bar={bar.pk}"),
            client.post(at("access:lift_bar", world), {"bar": bar.pk}),
        ):
            assert answer["Location"] == at(PEOPLE, world)
        bar.refresh_from_db()
        assert bar.ends is None


def groups(form, name):
    return {label: [str(each[1]) for each in choices] for label, choices in form.fields[name].choices if label}


class TestPickers:
    @pytest.mark.parametrize("page", ["let_in", "bar"])
    def test_people_stand_under_their_organisations_in_order(self, world, sign_in, page):
        found = groups(sign_in(world.officer).get(at(f"access:{page}", world)).context["form"], "person")
        trust = world.agencies["uhnm"].name
        names = [each.split(",")[0] for each in found[trust]]
        assert {world.author.name, world.colleague.name, world.lead_same.name} <= set(names)
        assert names == sorted(names)
        assert any(world.officer_outside.name in each for each in found["The partnership as a whole"])
        assert next(iter(found)) == "The partnership as a whole"
        assert any(world.nobody.name in each for each in found["No role today: cannot open anything"])

    def test_an_author_stands_under_each_agency_that_she_may_answer_for(self, world, sign_in):
        join(world.author, role=Role.AGENCY_STAFF, partnership=world.partnership, agency=world.agencies["mpft"])
        join(world.author, role=Role.BUSINESS_UNIT, partnership=world.partnership)
        client, at = sign_in(world.officer), reverse("reviews:coordinators", args=[world.ours.review.pk])
        found = groups(client.get(at).context["form"], "user")
        under = {where for where, people in found.items() if any(f"{world.author.name}," in each for each in people)}
        assert under == {world.agencies["uhnm"].name, world.agencies["mpft"].name}
        assert "The partnership as a whole" not in found

    def test_what_the_service_refuses_is_said_at_its_field(self, world, sign_in):
        sent = {"person": world.barred.pk, "role": "pm", "reason": "Sits on it."}
        answer = sign_in(world.officer).post(at("access:let_in", world), sent)
        assert answer.status_code == 422
        assert "barred" in answer.context["form"].errors["person"][0]


class TestStory:
    def test_changes_come_first_and_readings_on_asking(self, world, sign_in):
        client = sign_in(world.panel)
        client.get(reverse("reviews:review", args=[world.ours.review.pk]))
        page = client.get(at(STORY, world))
        assert "recorded the decision" in shown(page) and "read a page of it" not in shown(page)
        assert "?readings=yes" in page.content.decode()
        assert "read a page of it" in shown(client.get(at(STORY, world) + "?readings=yes"))

    def test_what_was_seen_in_lists_is_looked_for_only_on_asking(self, world, sign_in):
        """It stands in the events' data, and a story that looks there cannot walk the index of its folder."""
        sign_in(world.panel).get(reverse("reviews:reviews"))
        client = sign_in(world.officer)
        asked = {}
        for query in ("", "?readings=yes"):
            with CaptureQueriesContext(connection) as queries:
                page = shown(client.get(at(STORY, world) + query))
            looked = any("@>" in each["sql"] and "trail_event" in each["sql"] for each in queries)
            asked[query] = (looked, f"{world.panel.name} saw it in a list" in page)
        assert asked == {"": (False, False), "?readings=yes": (True, True)}

    def test_each_day_stands_once_above_what_happened_on_it(self, world, sign_in):
        page = sign_in(world.panel).get(at(STORY, world)).content.decode()
        days = re.findall(r"<h2 class=\"govuk-heading-m\">(.+?)</h2>", page)
        assert len(days) == len(set(days)) == 1
        assert f"{timezone.localdate():%A}" in days[0]


@pytest.mark.parametrize("persona", ["officer", "case_officer", "panel", "signer_icb"])
def test_the_tabs_are_those_of_the_review(world, sign_in, persona):
    client = sign_in(world.people[persona])
    own = ("review", "notification", "chronology", "around", "meeting", "findings", "panel", "disclosures", "kept")
    pages = [reverse(f"reviews:{name}", args=[world.ours.review.pk]) for name in own]
    pages.append(at("reviews:report_sections", world))
    pages += [at(PEOPLE, world), at(STORY, world)]
    identities = reverse("reviews:identities", args=[world.ours.review.pk])
    if client.get(identities).status_code == 200:
        pages.append(identities)
    tabs = []
    for page in pages:
        body = client.get(page).content.decode()
        bar = body[body.index('<nav class="moj-sub-navigation"') :]
        bar = bar[: bar.index("</nav>")]
        tabs.append(re.findall(r'href="([^"]+)"', bar))
        assert re.search(rf'aria-current="page" href="{page}"', bar)
    assert all(each == sorted(pages, key=each.index) for each in tabs)


def test_a_person_without_anything_to_do_is_told_so_and_where_to_go(world, sign_in):
    page = sign_in(world.board_member).get("/home")
    assert "Nothing waits for you" in shown(page)
    assert reverse("directory:agencies") in page.content.decode().split("<main")[1]
    assert "Nothing waits for you" not in shown(sign_in(world.author).get("/home"))
    nobody = person("roleless")
    assert f'href="{reverse("directory:agencies")}"' not in sign_in(nobody).get("/home").content.decode()


class TestWhatHappened:
    def test_a_text_that_saved_itself_is_one_line_until_somebody_else_did_something(self, world, sign_in):
        case = world.ours
        lead = world.case_officer
        done = (("section_written", lead, 3), ("child_added", world.officer, 1), ("section_written", lead, 2))
        for verb, who, times in done:
            for _ in range(times):
                record(verb, by=who, obj=case.review, folder_id=case.folder.pk, code="facts")
        page = shown(sign_in(world.officer).get(at(STORY, world)))
        newest, oldest = (page.index(f"key practice episodes’, {times} times since") for times in (2, 3))
        assert newest < page.index(f"{world.officer.name} added a child") < oldest
        assert page.count("times since") == 2

    @pytest.mark.parametrize("name", [PEOPLE, STORY])
    def test_the_menu_and_the_trail_of_crumbs_say_whose_folder_it_is(self, world, sign_in, name):
        body = sign_in(world.officer).get(at(name, world)).content.decode()
        here = re.search(r'<a[^>]*aria-current="true"[^>]*><strong[^>]*>([^<]*)', body)
        assert here[1] == "Case reviews"
        assert world.ours.folder.reference in body[body.index("govuk-breadcrumbs") : body.index("<main")]
