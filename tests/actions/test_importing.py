"""A messy log comes in: what is read, what is asked, what is held back, and that it comes in once or not at all."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnership.access.flow import Stale
from partnership.access.services import bar
from partnership.actions import rag, tasks
from partnership.actions import services as acting
from partnership.actions.importing import owners, putting, reads, receiving, rows, services
from partnership.actions.importing.columns import proposed
from partnership.actions.importing.words import PARKED, Unclear, read_date, why_held
from partnership.actions.models import Action, Evidence, LogImport, Risk, Update
from partnership.actions.register.rows import find
from partnership.documents.tables.limits import Unreadable
from partnership.notify.models import Heartbeat, Notice
from partnership.people.models import Alias
from partnership.trail.models import Event
from tests.actions.ground import make_action, make_group, own_browser
from tests.actions.logs import AS_OF, action_log, sent_in, upload

_REAL = rows.rows_of
ZERO = date(1899, 12, 30)
S = Action.Status


@pytest.fixture(autouse=True)
def november():
    with time_machine.travel("2026-11-23 10:00:00+00:00", tick=True):
        yield


@pytest.fixture
def group(world):
    return make_group(world, members=[world.colleague])


def answered(log, by):
    """The log with every question answered."""
    answers = {}
    for unclear, _ in rows.questions(rows.rows_of(log, by)):
        if unclear.field == "due":
            answers[unclear.key] = unclear.offered.isoformat() if unclear.offered else PARKED
        if unclear.field == "status":
            answers[unclear.key] = "closed"
    return services.say_words(log, by=by, version=log.version, answers=answers)


def take(log, by):
    chosen = services.chosen_of(log, rows.rows_of(log, by))
    return services.accept(log, by=by, version=log.version, seen=len(chosen))


def of_log(log):
    return Action.objects.unscoped("a test").filter(source_id=log.pk)


def test_headings_over_two_rows_that_begin_in_row_4_are_found_and_recognised(world, group):
    log = sent_in(group, by=world.manager)
    assert log.count == 60 and log.lines[0][0] == 6
    assert log.columns == {
        "0": "ref", "1": "what", "2": "owner", "3": "agency", "4": "agreed", "5": "due", "6": "rag", "7": "said",
        "8": "status",
    }  # fmt: skip


def test_headings_that_run_down_at_the_right_are_read_with_those_of_the_lower_row(world, group):
    text = (
        "Action\tWho\t\tDates\t\tBRAG\tNotes\tStatus\n\tLead\tAgency\tAgreed on\tDeadline\n"
        "Write the letter\tSarah\tUniversity Hospitals\t01/09/2026\t12/03/2027\tGreen\tBegun\tOpen\n"
    )
    log = sent_in(group, by=world.manager, text=text)
    assert log.count == 1
    assert list(log.columns.values()) == ["what", "owner", "agency", "agreed", "due", "rag", "said", "status"]


def test_sixty_messy_rows_come_in_whole_and_twice_adds_nothing(world, group):
    log = sent_in(group, by=world.manager)
    first = rows.rows_of(log, world.manager)
    assert {row.state for row in first} == {rows.NEW, rows.ASKS}
    asked = {unclear.words for unclear, _ in rows.questions(first)}
    assert asked == {"March 2027", "end of March 2027", "ASAP", "ongoing", "", "Blue"}
    log = answered(log, world.manager)
    parked = [row for row in rows.rows_of(log, world.manager) if row.shown["status"] == "Parked idea"]
    assert parked and not any(row.shown["owner"] or row.shown["words"] for row in parked)
    page = own_browser(world.manager).get(reverse("actions:import_log", args=[log.pk])).content.decode()
    assert "Without an owner" in page and "They wait until" in page
    assert take(log, world.manager) is None
    log.refresh_from_db()
    assert (log.status, log.added, log.lines) == (LogImport.Status.TAKEN, 60, [])
    came = of_log(log)
    assert came.filter(status=S.DONE).count() == 20
    assert came.filter(status=S.PARKED, due_on=None, owner=None).exists()
    assert set(came.filter(status=S.OPEN).values_list("due_on", flat=True)) <= {
        date(2026, 12, 18), date(2027, 1, 1), date(2027, 3, 12), date(2027, 3, 31)
    }  # fmt: skip
    again = answered(sent_in(group, by=world.manager), world.manager)
    assert {row.state for row in rows.rows_of(again, world.manager)} == {rows.THERE}
    with pytest.raises(ValidationError, match="No row is chosen"):
        services.take(again, by=world.manager, version=again.version)
    assert Event.objects.get(verb="log_import_take").data["count"] == 60


def test_comments_and_rating_become_one_first_update_of_the_day_of_the_log(world, group):
    text = "Action\tLead\tBy when\tRAG\tComments\nReview the pathway\tSarah\t12/03/2027\tAmber\tHalf way there"
    log = sent_in(group, by=world.manager, text=text)
    take(log, world.manager)
    said = Update.objects.unscoped("a test").get(action__source_id=log.pk)
    assert said.words.startswith("Half way there") and "rating ‘Amber’" in said.words
    assert (said.happened_on, said.outlook, said.channel) == (AS_OF, "at_risk", "file")
    assert said.action.first_due_on == date(2027, 3, 12) and said.action.owner_words == "Sarah"


def test_what_the_log_has_as_closed_comes_in_closed_with_evidence(world, group):
    text = "Action\tStatus\tDate closed\tBy when\nSend the list\tComplete\t1.10.26\tASAP"
    log = sent_in(group, by=world.manager, text=text)
    take(log, world.manager)
    row = of_log(log).get()
    assert row.status == S.DONE and row.closed_at.date() == date(2026, 10, 1) and row.closed_by == world.manager
    assert Evidence.objects.unscoped("a test").get(action=row).words == "From the earlier log"


def test_an_owner_is_told_of_what_goes_on_and_of_its_taking_back_not_of_what_was_closed(world, group):
    name = world.colleague.name
    text = f"Action\tLead\tStatus\tBy when\nSend the list\t{name}\tDone\t1.10.26\nRing them\t{name}\tOpen\t1.2.27"
    log = sent_in(group, by=world.manager, text=text)
    take(log, world.manager)
    live = of_log(log).get(status=S.OPEN)
    told = Notice.objects.filter(recipient=world.colleague, kind__startswith="action_")
    assert [(each.kind, each.subject_id) for each in told] == [("action_given", live.pk)]
    services.take_back(log, by=world.manager)
    assert set(told.values_list("kind", "subject_id")) == {("action_given", live.pk), ("action_ended", live.pk)}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("46388", date(2027, 1, 1)),
        ("12/03/2027", date(2027, 3, 12)),
        ("By 3rd April 27", date(2027, 4, 3)),
        ("2027-03-12", date(2027, 3, 12)),
    ],
)
def test_a_day_is_read_as_the_british_write_it(written, read):
    assert read_date("due", written, ZERO, {}) == read


@pytest.mark.parametrize(
    ("written", "offered"),
    [
        ("March 2027", date(2027, 3, 31)),
        ("end of March 2027", date(2027, 3, 31)),
        ("end of March", None),
        ("ASAP", None),
        ("ongoing", None),
        ("", None),
        ("03/25/2027", None),
        ("31/04/2027", None),
        ("12/03/20266", None),
        ("2027", None),
    ],
)
def test_what_is_no_single_day_is_asked_and_never_guessed(written, offered):
    found = read_date("due", written, ZERO, {})
    assert isinstance(found, Unclear) and found.offered == offered
    assert read_date("due", written, ZERO, {found.key: "2027-05-01"}) == date(2027, 5, 1)
    assert read_date("due", written, ZERO, {found.key: PARKED}) == PARKED


@pytest.mark.parametrize(
    "words", ["Visit the family (DOB 3/4/19)", "d.o.b. known", "NHS number on file", "943 476 5919", "born on 3 May"]
)
def test_a_row_that_seems_to_carry_what_a_child_is_known_by_is_held_back(world, group, words):
    assert why_held([words])
    log = sent_in(group, by=world.manager, text=f"Action\tBy when\tNotes\nCall them\t1.2.27\t{words}\nWrite\t1.2.27\t")
    held, other = rows.rows_of(log, world.manager)
    assert words not in str(log.lines), "nothing of it is kept"
    assert held.state == rows.HELD and "take it out" in held.why and other.state == rows.NEW


def test_a_telephone_number_is_no_nhs_number():
    assert not why_held(["Ring 01782 123 4567", "0800 123 4567", "Order 123 456 7890"])


def test_somebody_is_found_only_where_exactly_one_can_be_meant(world, group):
    Alias.objects.create(agency=world.agencies["police"], name="Police")
    Alias.objects.create(agency=world.agencies["uhnm"], name="Hospital")
    first = world.colleague.name.split()[0]
    lines = [
        ("one", world.colleague.name, ""), ("two", first, "Hospital"), ("three", first, ""), ("four", "JS/Police", ""),
        ("five", f"{world.colleague.name} and {world.author.name}", ""), ("six", world.colleague.name, "Police"),
        ("seven", "TBC", ""), ("eight", first, "Early Help"), ("nine", world.lead_same.name, "Early Help"),
    ]  # fmt: skip
    text = "Action\tLead\tAgency\tBy when\n" + "\n".join(
        f"Do {n}\t{lead}\t{agency}\t1.2.27" for n, lead, agency in lines
    )
    read = {row.what: row for row in rows.rows_of(sent_in(group, by=world.manager, text=text), world.manager)}
    found = {what.split()[1]: (row.facts["owner"], row.facts["owner_words"]) for what, row in read.items()}
    assert found["one"] == (world.colleague, "") and read["Do one"].facts["agency_id"] == world.agencies["uhnm"].pk
    assert found["two"] == (world.colleague, ""), "the only one of the hospital who is called so"
    assert found["three"] == (world.colleague, ""), "the only one of the group who is called so"
    assert found["four"] == (None, "JS/Police") and read["Do four"].facts["agency_id"] == world.agencies["police"].pk
    assert found["five"][0] is None and found["seven"] == (None, "TBC")
    assert found["six"] == (None, world.colleague.name), "does not belong to the organisation that the row names"
    assert found["eight"] == (None, f"{first} (Early Help)") and read["Do eight"].remarks
    assert found["nine"] == (world.lead_same, "") and "no organisation ‘Early Help’" in read["Do nine"].remarks[0]


def test_a_guest_or_a_closed_account_is_never_matched(world, group):
    world.colleague.closed_at = world.colleague.created_at
    world.colleague.save()
    text = f"Action\tLead\tBy when\nDo it\t{world.colleague.name}\t1.2.27"
    (row,) = rows.rows_of(sent_in(group, by=world.manager, text=text), world.manager)
    assert row.facts["owner"] is None and row.facts["owner_words"] == world.colleague.name


def test_somebody_barred_from_the_group_is_not_matched_and_stops_no_log(world, group):
    bar(group, world.colleague, by=world.manager, reason="personal")
    log = sent_in(group, by=world.manager, text=f"Action\tLead\tBy when\nDo it\t{world.colleague.name}\t1.2.27")
    take(log, world.manager)
    assert of_log(log).get().owner is None


def test_one_row_that_cannot_come_in_stops_all(world, group, monkeypatch):
    log = sent_in(group, by=world.manager, text="Action\tBy when\nDo one\t1.2.27\nDo two\t1.2.27")
    of_row, seen = putting._action, []

    def refuse_the_second(*facts):
        seen.append(facts)
        if len(seen) == 2:
            raise ValidationError({"owner": "Nobody can be given it."})
        return of_row(*facts)

    monkeypatch.setattr(putting, "_action", refuse_the_second)
    with pytest.raises(ValidationError, match="Line 3: Nobody can"):
        services.take(log, by=world.manager, version=log.version)
    log.refresh_from_db()
    assert not of_log(log).exists() and log.status == LogImport.Status.WAITING


def test_rows_whose_references_are_drawn_alike_come_in(world, group, monkeypatch):
    monkeypatch.setattr("partnership.actions.models.actions.LETTERS", "AB")  # 64 references in all
    for which in ("one", "two"):
        rows_of_it = "".join(f"\nDo {which} {n}\t1.2.27" for n in range(25))
        log = sent_in(group, by=world.manager, text=f"Action\tBy when{rows_of_it}")
        take(log, world.manager)
        assert of_log(log).count() == 25


def test_a_log_is_read_once_and_taken_in_with_as_many_questions_for_thirty_rows_as_for_three(world, group, sign_in):
    read, asked = [], []
    for many in (3, 30):
        text = f"Action\tLead\tBy when\tStatus\tNotes\nWho {many}\t{world.colleague.name}\t1.2.27\tOpen\tBegun"
        log = sent_in(group, by=world.manager, text=text + "".join(
            f"\nDo {many} {n}\tSam\t1.2.27\t{'Done' if n % 2 else 'Open'}\tBegun" for n in range(1, many)
        ))  # fmt: skip
        with pytest.MonkeyPatch.context() as patch, CaptureQueriesContext(connection) as queries:
            patch.setattr(rows, "rows_of", lambda *a: read.append(a) or _REAL(*a))
            patch.setattr(reads, "rows_of", rows.rows_of)
            url = reverse("actions:import_take", args=[log.pk])
            assert sign_in(world.manager).post(url, {"seen": many, "version": 1}).status_code == 302
        asked.append(len(queries))
        assert of_log(log).count() == many and len(read) == 1, "read once"
        read.clear()
        assert not any(" FOR UPDATE" in q["sql"] and "access_folder" in q["sql"] for q in queries), "no insert waits"
        ours = of_log(log).values("pk")
        assert Event.objects.filter(verb="action_added", object_id__in=ours, folder_id=group.pk).count() == many
    assert asked[1] <= asked[0], "the first took a session and a plan or two besides"


def test_ticks_are_kept_and_what_changed_meanwhile_is_stale(world, group):
    log = sent_in(group, by=world.manager, text="Action\tBy when\nDo one\t1.2.27\nDo two\t1.2.27")
    log = services.choose(log, version=log.version, shown=[2, 3], ticked=[3])
    with pytest.raises(Stale, match="Somebody else"):
        services.choose(log, version=log.version - 1, shown=[2, 3], ticked=[2])
    with pytest.raises(Stale, match="not those"):
        services.accept(log, by=world.manager, version=log.version, seen=2)
    services.accept(log, by=world.manager, version=log.version, seen=1)
    assert [row.what for row in of_log(log)] == ["Do two"]
    with pytest.raises(Stale, match="taken in"):
        services.discard(log, by=world.manager)


def test_many_rows_are_taken_by_a_job_and_by_the_version_that_was_seen(world, group, monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 1)
    log = sent_in(group, by=world.manager, text="Action\tBy when\nDo one\t1.2.27\nDo two\t1.2.27")
    job = take(log, world.manager)
    assert job is not None and not of_log(log).exists()
    log.refresh_from_db()
    quiet = lambda percent, doing="": None  # noqa: E731
    services.say_columns(log, by=world.manager, version=log.version, columns=log.columns)
    log.refresh_from_db()
    assert "Nothing was taken in" in services.keep_taking(log, None, by=world.manager, progress=quiet).why
    log.accepted = log.version
    assert services.keep_taking(log, None, by=world.manager, progress=quiet) == log.pk
    assert of_log(log).count() == 2


def test_a_whole_log_is_taken_back_until_somebody_worked_on_a_row(world, group):
    text = "Action\tBy when\tStatus\tNotes\nDo one\t1.2.27\tOpen\tBegun\nDo two\tASAP\tDone\t\nDo three\tASAP\tParked\t"
    log = sent_in(group, by=world.manager, text=text)
    take(log, world.manager)
    assert services.touched(log) == []
    services.take_back(log, by=world.manager)
    assert set(of_log(log).values_list("status", flat=True)) == {S.TAKEN_BACK}
    assert not find(world.manager, rag.day(), status="all").exists(), "no list of the register has them"
    again = sent_in(group, by=world.manager, text=text)
    take(again, world.manager)
    row = of_log(again).get(status=S.OPEN)
    acting.update(row, by=world.manager, words="We went on")
    with pytest.raises(ValidationError, match=row.reference):
        services.take_back(again, by=world.manager)
    assert of_log(again).filter(status=S.TAKEN_BACK).count() == 0


def test_only_the_business_unit_takes_logs_in_and_nobody_else_sees_what_waits(world, group):
    log = sent_in(group, by=world.manager)
    for name in ("board_member", "colleague", "lead_same", "directory_admin", "author", "nobody"):
        assert not LogImport.objects.visible_to(world.people[name]).exists(), name
        with pytest.raises(PermissionDenied):
            services.discard(log, by=world.people[name])
    assert LogImport.objects.visible_to(world.officer_outside).get() == log


def test_rows_that_lie_too_long_go_and_so_does_the_name_of_a_file(world, group):
    waiting = sent_in(group, by=world.manager)
    done = sent_in(group, by=world.manager, text="Action\tBy when\nDo one\t1.2.27")
    take(done, world.manager)
    assert services.sweep() == 0
    with time_machine.travel("2027-01-10 10:00:00+00:00", tick=True):
        tasks.sweep_logs()
    assert Heartbeat.objects.filter(name="logs").exists(), "its own: that another floor sweeps says nothing of this one"
    assert not LogImport.objects.unscoped("a test").filter(pk=waiting.pk).exists()
    done.refresh_from_db()
    assert done.name == "" and of_log(done).count() == 1
    assert Event.objects.filter(verb="log_lapsed", object_id=waiting.pk).exists()


def test_a_list_of_risks_comes_in_scored_and_words_like_high_are_asked(world, group):
    text = (
        "Risk\tLikelihood\tImpact\tMitigation\tOwner\tReview date\tStatus\n"
        "Vacancies\t4 - Likely\tMajor\tAgency staff\tSarah\t1.3.27\tOpen\n"
        "Flood\tHigh\t3\t\t\t\t\n"
        "Old system\t2\t2\t\t\t\tClosed"
    )
    log = sent_in(group, by=world.manager, text=text, kind="risks")
    first = rows.rows_of(log, world.manager)
    assert [row.state for row in first] == [rows.NEW, rows.ASKS, rows.NEW]
    log = services.say_words(log, by=world.manager, version=log.version, answers={"likelihood high": "5"})
    take(log, world.manager)
    found = {risk.what: risk for risk in Risk.objects.unscoped("a test").filter(log=log)}
    assert (found["Vacancies"].score, found["Vacancies"].owner_words) == (16, "Sarah")
    assert found["Flood"].score == 15 and found["Old system"].status == Risk.Status.CLOSED
    again = sent_in(group, by=world.manager, text=text, kind="risks")
    again = services.say_words(again, by=world.manager, version=again.version, answers={"likelihood high": "5"})
    assert {row.state for row in rows.rows_of(again, world.manager)} == {rows.THERE}


def test_two_columns_are_never_the_same_but_for_updates(world, group):
    assert proposed("actions", ["Action", "Update", "Comments", "Lead", "Owner"]) == {
        "0": "what", "1": "said", "2": "said", "3": "owner"
    }  # fmt: skip
    log = sent_in(group, by=world.manager, text="Action\tLead\tOwner\nDo one\tA\tB")
    with pytest.raises(ValidationError, match="cannot both be"):
        services.say_columns(log, by=world.manager, version=1, columns={"0": "what", "1": "owner", "2": "owner"})
    with pytest.raises(Stale):
        services.say_columns(log, by=world.manager, version=9, columns={"0": "what"})


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 an action log", "PDF"),
        (b"<html><body>Sign in</body></html>", "web page"),
        (b"PK\x03\x04 not really", "damaged"),
        (b"Action,By when\n", "no row under"),
    ],
)
def test_a_file_is_judged_by_what_it_is(content, why):
    with pytest.raises(Unreadable, match=why):
        receiving.of_file(upload(content, "log.xlsx"), "actions")


def test_a_bomb_is_refused_before_it_is_opened(monkeypatch):
    monkeypatch.setattr("partnership.documents.tables.limits.UNPACKED_BYTES", 1000)
    with pytest.raises(Unreadable, match="unpacks"):
        receiving.of_file(upload(action_log()), "actions")
    monkeypatch.setattr(receiving, "ROWS", 3)
    with pytest.raises(Unreadable, match="at most"):
        receiving.of_paste("Action\tLead\n" + "Do it\tA\n" * 4, "actions")


def test_the_same_words_of_an_owner_are_named_once_for_all(world, group):
    far = make_group(world, "Another group", chair=world.scrutineer)
    for at, folder in enumerate((group, group, far)):
        row = make_action(world, folder, what=f"Do {at}", owner=None, agency=None, owner_words="Sarah ")
    make_action(world, group, what="Other", owner=None, owner_words="sarah", agency=world.agencies["police"])
    (chairs,) = owners.to_name(world.board_member)
    assert chairs.count == 3, "a chair sees her own group's alone"
    (words,) = owners.to_name(world.manager)
    assert words.count == 4
    given, left = owners.name_owner(words.actions, by=world.manager, owner=world.colleague)
    assert len(given) == 3 and [why for _, why in left] == [
        f"{world.colleague.name} does not belong to {world.agencies['police'].name} today. Choose a colleague."
    ]
    row.refresh_from_db()
    assert (row.owner, row.agency, row.owner_words) == (world.colleague, world.agencies["uhnm"], "")
    assert [each.count for each in owners.to_name(world.manager)] == [1]


def test_whoever_may_not_see_a_log_is_not_told_that_an_action_came_from_it(world, group):
    log = sent_in(group, by=world.manager, text="Action\tBy when\nDo one\t1.2.27")
    take(log, world.manager)
    assert list(reads.tell(world.manager, [log.pk])) == [log.pk]
    assert reads.tell(world.colleague, [log.pk]) == {}
