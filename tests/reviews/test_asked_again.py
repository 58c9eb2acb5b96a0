"""Who can be asked, what is given back, what stays shut, and two who act at once: rules of the requests to agencies."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from partnership.access import services as access
from partnership.access.flow import Stale
from partnership.documents.models import Document, Version
from partnership.documents.services import keep
from partnership.jobs.models import Job
from partnership.people.models import Membership, NamedDuty
from partnership.people.roles import Role
from reviews import reads as review_reads
from reviews import returns, services, waves, whom
from reviews.answering import parts, reads, signing
from reviews.around import services as around
from reviews.chronology import exporting
from reviews.disclosures import services as disclosures
from reviews.ending import services as ending
from reviews.findings import reads as found
from reviews.findings import services as findings
from reviews.keeping import services as keeping
from reviews.models import AgencyReturn, Child, Closing, Notification, Pack, Review
from reviews.notifying import services as notifying
from reviews.packs import services as packs
from tests.reviews.test_panel import send
from tests.walk.post import day
from tests.world import answer, canary, make_world, person

S = AgencyReturn.Status
WAITS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
TODAY = timezone.localdate


def at(name, row):
    return reverse(f"reviews:{name}", args=[row.pk])


def due(days=3):
    return TODAY() + timedelta(days=days)


def ask(world, *, by=None, agency="mpft", author=None):
    return returns.ask_agency(
        world.ours.review, by=by or world.officer, agency=world.agencies[agency], author=author or world.lead_other,
        due_on=due(), purpose="Search your records.",
    )  # fmt: skip


def fresh(row):
    return type(row)._base_manager.get(pk=row.pk)


def suspend(user):
    user.suspended_at = timezone.now()
    user.save(update_fields=["suspended_at"])


def share(user):
    user.shared_address = True
    user.save(update_fields=["shared_address"])


@pytest.fixture
def colleague(world):
    """Somebody else of the trust that owes a return, there since before it was asked."""
    user = person("colleague", Role.AGENCY_STAFF, world.agencies["uhnm"])
    Membership.objects.filter(user=user).update(starts=TODAY() - timedelta(days=90))
    return user


@pytest.mark.parametrize("spoil", [suspend, share])
class TestWhoCanBeAsked:
    def test_nobody_suspended_and_no_shared_address_is_asked_anew(self, world, spoil):
        spoil(world.lead_other)
        with pytest.raises(ValidationError):
            ask(world)
        assert not any(
            world.lead_other in each.people for each in waves.wave_of(world.officer, world.ours.review).offers
        )
        with pytest.raises(ValidationError):
            parts.name_coordinator(
                world.ours.review, by=world.officer, agency=world.agencies["mpft"], user=world.lead_other
            )

    def test_nor_given_a_return_that_is_owed(self, world, colleague, spoil):
        row = world.ours.returns["uhnm"]
        assert colleague in returns.may_be_given(world.lead_same, row)
        spoil(colleague)
        assert colleague not in returns.may_be_given(world.lead_same, row)
        with pytest.raises(ValidationError, match="cannot be asked"):
            returns.reassign(row, by=world.officer, author=colleague)

    def test_nor_asked_to_sign_or_to_help(self, world, colleague, spoil):
        row = answer(world.ours, world.ours.returns["uhnm"], by=world.author, submit=False)
        assert colleague in signing.colleagues(row)
        spoil(colleague)
        assert colleague not in signing.colleagues(row)
        with pytest.raises(ValidationError, match="cannot be chosen"):
            parts.name_helper(row, by=world.author, helper=colleague)
        with pytest.raises(ValidationError, match="cannot be chosen"):
            signing.finish(row, by=world.author, version=row.version, signer=colleague)

    def test_the_overview_says_that_an_author_can_no_longer_answer(self, world, spoil):
        review = Review.objects.unscoped("the page").select_related("folder", "notification").get(
            pk=world.ours.review.pk
        )  # fmt: skip
        can = lambda: {row.author_id: row.author_can for row in review_reads.review_page(world.officer, review).returns}  # noqa: E731
        assert can()[world.author.pk]
        spoil(world.author)
        assert not can()[world.author.pk]


class TestWhoIsBarred:
    def test_is_told_to_those_alone_who_let_people_in(self, world):
        access.bar(world.ours.folder, world.lead_other, by=world.officer, reason="personal")
        with pytest.raises(ValidationError) as told:
            ask(world, by=world.officer)
        assert told.value.messages == [whom.BARRED]
        with pytest.raises(ValidationError) as refused:
            ask(world, by=world.case_officer)
        assert refused.value.messages == [whom.not_possible(world.lead_other.name)]
        assert "conflict" not in refused.value.messages[0]


class TestTheContactChanged:
    def test_nobody_else_is_asked_than_the_person_who_was_shown(self, world, sign_in):
        client, path, agency = sign_in(world.officer), at("ask_agencies", world.ours.review), world.agencies["mpft"]
        page = client.get(path)
        (shown,) = [key for key in page.context["form"].offers if key.startswith(str(agency.pk))]
        other = person("new_contact", Role.AGENCY_STAFF, agency)
        NamedDuty.objects.create(agency=agency, kind="case", holder=other)
        typed = {"agencies": [shown], "purpose": "Search your records."} | day("due_on", due())
        answer = client.post(path, typed)
        words = answer.content.decode()
        assert answer.status_code == 422 and "has changed since you opened this page" in words and other.name in words
        assert "Search your records." in words
        assert not AgencyReturn.objects.unscoped("counted").filter(agency=agency, review=world.ours.review).exists()
        again = next(key for key in answer.context["form"].offers if key.startswith(str(agency.pk)))
        assert client.post(path, typed | {"agencies": [again]}).status_code == 302
        assert AgencyReturn.objects.get(agency=agency, review=world.ours.review).author == other


class TestAfterTheReport:
    def test_nothing_that_was_submitted_is_opened_again(self, world, sign_in):
        row = world.ours.returns["school"]
        assert at("send_back", row) in sign_in(world.officer).get(at("agency_return", row)).content.decode()
        assert at("change_return", row) in sign_in(row.author).get(at("agency_return", row)).content.decode()
        send(world)
        assert at("send_back", row) not in sign_in(world.officer).get(at("agency_return", row)).content.decode()
        typed = {"note": "Add the visits."} | day("due_on", due())
        refused = sign_in(world.officer).post(at("send_back", row), typed)
        assert refused.status_code == 409 and "Add the visits." in refused.content.decode()
        assert "The report was sent to the Panel" in refused.content.decode()
        client = sign_in(row.author)
        words = client.get(at("agency_return", row)).content.decode()
        assert at("change_return", row) not in words and "stays as it was submitted" in words
        refused = client.post(at("change_return", row), {"change_reason": "An archive was found."})
        assert refused.status_code == 409 and "An archive was found." in refused.content.decode()
        assert fresh(row).status == S.SUBMITTED and fresh(row).number == 1


def held_up(first, second):
    """Run `first` up to its last lock, let `second` begin, then end both: what each answered.

    first(wait) calls wait() where the other must have begun. Both commit.
    """
    begun, answers = threading.Event(), [None, None]

    def run(n, deed):
        try:
            with transaction.atomic():
                answers[n] = deed()
        except Exception as error:
            answers[n] = error
        finally:
            connection.close()

    other = threading.Thread(target=lambda: (begun.wait(10), run(1, second)))
    mine = threading.Thread(target=lambda: run(0, lambda: first(lambda: (begun.set(), _asleep()))))
    other.start()
    mine.start()
    for each in (mine, other):
        each.join(timeout=30)
    return answers


def _asleep():
    """Until another connection waits for a lock, or has surely ended."""
    for _ in range(50):
        with connection.cursor() as cursor:
            cursor.execute(WAITS)
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(0.05)")


class TestTwoAtOnce:
    def test_a_request_that_is_withdrawn_while_the_same_agency_is_asked_hangs_nobody(self, committed, monkeypatch):
        world = make_world()
        row = world.ours.returns["uhnm"]

        def withdraw(wait):
            real = returns.RETURN.take

            def taken(*args, **facts):
                done = real(*args, **facts)
                wait()
                return done

            monkeypatch.setattr(returns.RETURN, "take", taken)
            return returns.withdraw(row, by=world.officer, note="Wrong person.")

        done = held_up(withdraw, lambda: ask(world, agency="uhnm", author=world.author))
        assert [type(each) for each in done] == [AgencyReturn, AgencyReturn], done
        assert fresh(row).status == S.WITHDRAWN and done[1].status == S.ASKED

    def test_a_return_that_is_submitted_while_its_review_is_closed(self, committed, monkeypatch):
        world = make_world()
        send(world)
        row, review = world.ours.returns["uhnm"], fresh(world.ours.review)

        def submit(wait):
            real = signing.beside.give_files_to_author

            def given(*args, **facts):
                wait()
                return real(*args, **facts)

            monkeypatch.setattr(signing.beside, "give_files_to_author", given)
            return signing.declare_nil(row, by=world.author, version=row.version, searched_on=TODAY())

        seen = ending.what_follows(review)
        done = held_up(submit, lambda: ending.close(review, by=world.officer, seen=seen))
        assert isinstance(done[0], AgencyReturn) and isinstance(done[1], Stale), done
        assert not Closing.objects.filter(review=review).exists()


class TestOwnAccountFirst:
    @pytest.fixture
    def owing(self, world):
        """A panel member who owes a return of the same review."""
        user, folder = world.author, world.ours.folder
        access.grant(folder, user, Role.PANEL_MEMBER, by=world.officer, reason="Sits on it.")
        return user

    def test_the_words_files_and_versions_of_others_wait(self, world, owing, sign_in):
        row = world.ours.returns["school"]
        said = canary(f"ours-{row.agency.slug}", "analysis")
        client = sign_in(owing)
        page = client.get(at("agency_return", row)).content.decode()
        assert said not in page and "You still owe a return of this review" in page
        version = reverse("reviews:return_version", args=[row.pk, 1])
        assert client.get(version).status_code == 404
        assert not reads.may_read(owing, row)
        AgencyReturn.objects.filter(pk=world.ours.returns["uhnm"].pk).update(status=S.SUBMITTED)
        assert said in client.get(at("agency_return", row)).content.decode()
        assert client.get(version).status_code == 200

    def test_their_own_return_and_those_who_run_the_review_are_not_held_back(self, world, owing, sign_in):
        own, row = world.ours.returns["uhnm"], world.ours.returns["school"]
        assert reads.may_read(owing, own)
        access.grant(world.ours.folder, owing, Role.CASE_OFFICER, by=world.officer, reason="Works on it.")
        assert reads.may_read(owing, row)

    def test_nor_is_the_chronology_or_the_members_pack_downloaded_from_any_page(self, world, owing, sign_in):
        case, by = world.ours, world.officer
        files = [exporting.keeper("pdf")(case.review, b"%PDF-1.7 chronology", by=by)]
        files.append(packs.keeper("members")(case.review, b"%PDF-1.7 pack", by=by))
        job = Job.objects.create(kind="chronology_pdf", folder=case.folder, requester=by, perm="report_make",
                                 subject_id=case.review.pk, status="done", percent=100, result_id=files[0])  # fmt: skip
        pages = [at("meeting", case.review), reverse("jobs:job", args=[job.pk])]
        pages += [reverse("documents:state", args=[pk]) for pk in files]
        addresses = [reverse("documents:download", args=[pk]) for pk in files]

        def offered(client):
            words = "".join(client.get(page).content.decode() for page in pages)
            return [address in words for address in addresses]

        client = sign_in(owing)
        assert offered(client) == [False, False]
        assert [client.get(address).status_code for address in addresses] == [404, 404]
        assert offered(sign_in(world.panel)) == [True, True]


class TestWordsAreGivenBack:
    def typed(self, row):
        return {"version": row.version, "family": "Two hours of work."}

    def test_to_an_author_whose_return_was_given_to_somebody_else(self, world, colleague, sign_in):
        row = world.ours.returns["uhnm"]
        returns.reassign(row, by=world.officer, author=colleague)
        page = sign_in(world.author).post(at("write_return", row), self.typed(row))
        words = page.content.decode()
        assert page.status_code == 409 and "Two hours of work." in words and "given to somebody else" in words
        assert world.ours.folder.reference not in words and colleague.name not in words
        assert fresh(row).family == ""

    def test_but_not_to_somebody_who_was_barred_or_never_had_it(self, world, colleague, sign_in):
        row = world.ours.returns["uhnm"]
        assert sign_in(colleague).post(at("write_return", row), self.typed(row)).status_code == 404
        access.bar(world.ours.folder, world.author, by=world.officer, reason="personal")
        assert sign_in(world.author).post(at("write_return", row), self.typed(row)).status_code == 404


class TestFirstOfTwo:
    def test_themes_that_two_choose_for_the_first_time(self, world, sign_in, monkeypatch):
        review = world.ours.review
        client, path, real = sign_in(world.officer), at("themes", review), findings.choose_themes
        read = found.read_of(found.themes(world.officer, review))

        def quicker(row, **facts):
            monkeypatch.undo()
            real(row, by=world.case_officer, codes=[], local=["Cold homes"], read=read)
            return real(row, **facts)

        monkeypatch.setattr(findings, "choose_themes", quicker)
        page = client.post(path, {"local": "Lost letters", "read": read})
        words = page.content.decode()
        assert page.status_code == 409 and "Lost letters" in words and "Cold homes" in words
        assert world.case_officer.name in words


class TestBothTexts:
    def check(self, client, path, row, typed, theirs):
        """A stale edit shows both, says who was quicker, and goes through when it is sent again."""
        page = client.post(path, typed)
        words = page.content.decode()
        assert page.status_code == 409 and theirs in words and "What is saved now" in words
        assert "What you typed (not saved)" in words
        return client.post(path, typed | {"version": page.context["form"].data["version"]}).status_code

    def test_of_a_proceeding(self, world, sign_in):
        row = around.add_proceeding(world.ours.review, by=world.officer, kind="criminal", contact="DI", note="Mine")
        around.change_proceeding(row, by=world.case_officer, version=1, note="Theirs, meanwhile")
        typed = {"kind": "criminal", "contact": "DI", "note": "Mine, later", "version": 1}
        client = sign_in(world.officer)
        assert self.check(client, at("proceeding_edit", row), row, typed, "Theirs, meanwhile") == 302
        assert fresh(row).note == "Mine, later"

    def test_of_contact_with_family(self, world, sign_in):
        row = disclosures.plan_contact(
            world.ours.review, by=world.officer, whom="Mother", planned_on=TODAY(), why="To tell her."
        )
        disclosures.change_contact(row, by=world.case_officer, version=1, why="Theirs, meanwhile")
        typed = {"whom": "Mother", "why": "Mine, later", "version": 1} | day("planned_on", TODAY())
        client = sign_in(world.officer)
        assert self.check(client, at("family_contact_edit", row), row, typed, "Theirs, meanwhile") == 302
        assert fresh(row).why == "Mine, later"

    def test_of_what_is_known_of_a_child(self, world, sign_in):
        child = Child.objects.filter(review=world.ours.review).first()
        path, client = at("change_child", child), sign_in(world.officer)
        typed = {name: value for name, value in client.get(path).context["form"].initial.items() if value is not None}
        notifying.change_child(child, by=world.case_officer, version=child.version, panel_reference="Theirs-1")
        assert self.check(client, path, child, typed | {"panel_reference": "Mine-2"}, "Theirs-1") == 302
        assert fresh(child).panel_reference == "Mine-2"

    def test_and_a_form_that_came_after_the_report_is_given_back_alone(self, world, sign_in):
        notice = Notification.objects.get(review=world.ours.review)
        client, path = sign_in(world.officer), at("change_child", Child.objects.filter(review=notice.review_id).first())
        typed = {name: value for name, value in client.get(path).context["form"].initial.items() if value is not None}
        send(world)
        page = client.post(path, typed | {"panel_reference": "Late-1"})
        words = page.content.decode()
        assert page.status_code == 409 and "Late-1" in words and "What is saved now" not in words


class TestDrafts:
    def test_packs_go_after_the_signature_and_a_report_that_was_signed_stays(self, world):
        case, by = world.ours, world.officer
        for audience in Pack.Audience.values:
            packs.keeper(audience)(case.review, b"%PDF-1.7 a pack", by=by)
        read = keep(b"%PDF-later", folder=case.folder, title="Rapid review report", name="r2.pdf", goes_out=True,
                    content_type="application/pdf", marking="sensitive", by=by,
                    document=Document.objects.get(pk=case.version.document_id))  # fmt: skip
        services.sign_off(case.decision, by=world.signer_icb, seat="icb", stance="agrees", report=read)
        send(world)
        assert keeping.sweep(today=TODAY() + timedelta(days=28)) == 0 and Pack.objects.count() == 3
        keeping.sweep(today=TODAY() + timedelta(days=29))
        assert not Pack.objects.exists()
        assert not Version.objects.filter(folder=case.folder, document__title__startswith="Pack").exists()
        assert Version.objects.filter(pk__in=[case.version.pk, read.pk]).count() == 2
