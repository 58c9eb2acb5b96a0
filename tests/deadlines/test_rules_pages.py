"""The pages of rules and bank holidays: what they say and refuse; nothing moves before it is confirmed."""

import re
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partnership.access.flow import Stale
from partnership.access.models import KeptForm
from partnership.deadlines import calendars, replacing
from partnership.deadlines.editions import add_edition
from partnership.deadlines.models import BankHoliday, CalendarVersion, LocalEdition
from partnership.deadlines.rules import CODES
from partnership.deadlines.services import running
from partnership.notify import reconciling

ENGLAND = "england-and-wales"


def three(name, value) -> dict:
    return {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}


def words_of(response) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", text)


@pytest.fixture
def manager(world, sign_in):
    return sign_in(world.manager)


@pytest.fixture
def clocks(monkeypatch, world):
    """Stand-ins for the clocks: which the preview was asked about, and which versions counted them again."""
    seen = SimpleNamespace(asked=[], counted=[])
    seen.watch = lambda division, new: seen.asked.append(division) or []
    monkeypatch.setattr(replacing, "touched_by", lambda *asked: seen.watch(*asked))
    monkeypatch.setattr(calendars, "_recalculate", lambda version, **by: seen.counted.append(version.division))
    return seen


class TestRules:
    def test_the_list_shows_every_rule_with_its_kind(self, manager):
        page = manager.get(reverse("deadlines:rules"))
        for code in CODES:
            assert reverse("deadlines:rule", args=[code]) in page.content.decode()
        text = words_of(page)
        assert "Not checked" in text and "Law" in text and "Not in force" in text

    def test_the_list_costs_the_same_with_five_local_editions(self, manager, world):
        path = reverse("deadlines:rules")
        manager.get(path)
        counts = []
        for stage in range(1, 5):
            with CaptureQueriesContext(connection) as queries:
                manager.get(path)
            counts.append(len(queries))
            add_edition(
                f"challenge_stage_{stage}", by=world.manager, length=4, trigger="it is raised", days={},
                effective_from=timezone.localdate(), source="Minutes", reason="Agreed",
            )  # fmt: skip
        assert len(set(counts)) == 1

    @pytest.mark.parametrize(
        ("url", "args", "marked"),
        [
            ("deadlines:rules", (), "Rules and holidays"),
            ("deadlines:rule", ("rapid_review",), "Rules and holidays"),
            ("deadlines:holidays", (), "Rules and holidays"),
            ("deadlines:due", (), "What is due"),
            ("deadlines:start", (), "What is due"),
            ("notify:operations", (), "Operations"),
        ],
    )
    def test_one_item_of_the_menu_is_marked(self, manager, url, args, marked):
        body = manager.get(reverse(url, args=args)).content.decode()
        assert re.findall(r'aria-current="true"><strong[^>]*>([^<]+)<', body) == [marked]

    def test_an_unchecked_rule_says_so_and_why(self, manager):
        text = words_of(manager.get(reverse("deadlines:rule", args=["rapid_review"])))
        assert "Not checked. The text of the 2026 edition was not read" in text
        assert "Working day 7" in text and "1 working day after it was due" in text

    def test_every_rule_has_a_page(self, manager):
        assert {manager.get(reverse("deadlines:rule", args=[code])).status_code for code in CODES} == {200}

    def test_an_unknown_rule_is_not_found(self, manager):
        assert manager.get(reverse("deadlines:rule", args=["tea-time"])).status_code == 404
        assert manager.get(reverse("deadlines:edition_add", args=["tea-time"])).status_code == 404

    def test_the_calculator_shows_the_date_and_the_days_not_counted(self, manager):
        path = reverse("deadlines:rule", args=["rapid_review"])
        text = words_of(manager.get(path, three("start", date(2026, 3, 27))))
        assert "Due by the end of Tuesday 21 April 2026" in text
        assert "3 April 2026, Good Friday" in text and "Thursday 9 April 2026 Agency returns are in" in text

    def test_the_calculator_counts_hours_from_a_time(self, manager):
        path = reverse("deadlines:rule", args=["return_interview"])
        text = words_of(manager.get(path, three("start", date(2027, 3, 27)) | {"start_time": "10:00"}))
        assert "Due 30 March 2027 at 11am" in text

    @pytest.mark.parametrize(
        ("start", "says"),
        [
            (date(2028, 12, 15), "31 December 2028 only"),
            (date(2017, 1, 1), "No edition of"),
        ],
    )
    def test_the_calculator_refuses_in_plain_words(self, manager, start, says):
        answer = manager.get(reverse("deadlines:rule", args=["rapid_review"]), three("start", start))
        assert (answer.status_code, says in words_of(answer)) == (422, True)

    @pytest.mark.parametrize("sent", [{"start_day": "31", "start_month": "4", "start_year": "2027"}, {"start": "x"}])
    def test_the_calculator_refuses_a_date_that_is_none(self, manager, sent):
        assert manager.get(reverse("deadlines:rule", args=["rapid_review"]), sent).status_code == 422


class TestEditionAdd:
    def sent(self, **more):
        first = timezone.localdate() + timedelta(days=10)
        return {
            "length": "2", "trigger": "it is raised", "source": "Minutes of 1 May", "reason": "Agreed",
            "day_late_manager": "1", "day_due_today": "0",
        } | three("effective_from", first) | more  # fmt: skip

    def test_the_manager_sets_one_and_its_page_tells_who_and_why(self, manager, world):
        path = reverse("deadlines:edition_add", args=["challenge_stage_1"])
        answer = manager.post(path, self.sent(), follow=True)
        text = words_of(answer)
        assert "The local edition 1 was set" in text and f"Set by {world.manager}" not in text
        assert "Minutes of 1 May" in text and str(world.manager) in text
        assert LocalEdition.objects.get().length == 2

    def test_what_is_refused_stands_at_its_field_with_what_was_typed(self, manager):
        path = reverse("deadlines:edition_add", args=["challenge_stage_1"])
        manager.post(path, self.sent())
        answer = manager.post(path, self.sent())
        assert answer.status_code == 422
        assert "The local edition 1 begins on" in words_of(answer)
        assert "Minutes of 1 May" in answer.content.decode()
        assert manager.post(path, self.sent(corrects="on")).status_code == 302

    def test_a_number_of_the_law_offers_no_form(self, manager):
        path = reverse("deadlines:edition_add", args=["freedom_of_information"])
        assert "was read in its source" in words_of(manager.get(path))
        assert manager.post(path, self.sent()).status_code == 422
        assert "Set a local edition" not in words_of(
            manager.get(reverse("deadlines:rule", args=["freedom_of_information"]))
        )

    @pytest.mark.parametrize(
        "wrong", [{"length": "many"}, {"length": "99999999999"}, {"source": ""}, {"day_due_today": "-1"}]
    )
    def test_bad_input_is_said(self, manager, wrong):
        path = reverse("deadlines:edition_add", args=["challenge_stage_1"])
        answer = manager.post(path, self.sent(**wrong))
        assert answer.status_code == 422 and not LocalEdition.objects.exists()


def added(day=date(2026, 12, 2), **more):
    return (
        three("date", day)
        | three("announced_on", timezone.localdate())
        | {"division": ENGLAND, "title": "One-off", "source": "A proclamation", "reason": "Announced today"}
        | more
    )


def hidden(response) -> dict:
    """The fields of the confirmation, as a browser would send them."""
    body = response.content.decode()
    pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', body[body.index("Check the change") :])
    return dict(pairs) | {"confirm": "1"}


class TestHolidays:
    def test_a_year_and_a_calendar_can_be_chosen_and_nonsense_shows_this_year(self, manager):
        path = reverse("deadlines:holidays")
        assert "State Funeral" in words_of(manager.get(path, {"division": ENGLAND, "year": "2022"}))
        assert "(Scotland)" in words_of(manager.get(path, {"division": "united-kingdom", "year": "2022"}))
        for odd in ("x", "-1", "99999", "２０２２", "2017"):
            page = manager.get(path, {"division": "narnia", "year": odd})
            assert page.status_code == 200 and f"England and Wales {timezone.localdate().year}" in words_of(page)

    def test_nothing_changes_before_it_is_confirmed(self, manager, clocks):
        path = reverse("deadlines:holiday_add")
        preview = manager.post(path, added())
        assert "Wednesday 2 December 2026, One-off" in words_of(preview)
        assert CalendarVersion.objects.count() == 2 and clocks.counted == []
        assert clocks.asked == [ENGLAND, "united-kingdom"]
        answer = manager.post(path, hidden(preview))
        assert answer.status_code == 302 and answer["Location"].endswith("year=2026")
        assert clocks.counted == [ENGLAND, "united-kingdom"]
        assert date(2026, 12, 2) in calendars.load(ENGLAND).days

    def test_whoever_has_seen_no_preview_confirms_nothing(self, manager, clocks):
        answer = manager.post(reverse("deadlines:holiday_add"), added() | {"confirm": "1"})
        assert answer.status_code == 200 and "Check the change" in words_of(answer)
        assert CalendarVersion.objects.count() == 2

    def test_a_calendar_that_changed_meanwhile_is_shown_again_first(self, manager, clocks, world):
        path = reverse("deadlines:holiday_add")
        old = hidden(manager.post(path, added()))
        other = calendars.Holiday(date(2026, 12, 9), "Another", None, None, "A proclamation")
        calendars.change(ENGLAND, add=[other], by=world.manager, reason="Announced")
        again = manager.post(path, old)
        assert again.status_code == 200 and "was changed while you were reading" in words_of(again)
        assert date(2026, 12, 2) not in calendars.load(ENGLAND).days
        assert manager.post(path, hidden(again)).status_code == 302

    @pytest.mark.parametrize(
        ("sent", "says"),
        [
            (added(date(2026, 12, 25)), "is a bank holiday already: Christmas Day"),
            (added(date(2029, 1, 1)), "Add the year 2029"),
            (added(source="  "), "Enter where it was announced"),
            (added(title=""), "Enter the name"),
            (added(reason=""), "Say why the calendar changes"),
            (added(**three("announced_on", date(2090, 1, 1))), "today or in the past"),
            (added() | {"date_day": "31", "date_month": "4", "date_year": "2027"}, "real date"),
            (added(division="narnia"), "Choose the calendar"),
        ],
    )
    def test_bad_input_is_refused_and_what_was_typed_stays(self, manager, clocks, sent, says):
        answer = manager.post(reverse("deadlines:holiday_add"), sent)
        assert (answer.status_code, says in words_of(answer)) == (422, True)
        assert CalendarVersion.objects.count() == 2

    def test_a_weekend_and_the_past_are_said_before_they_are_confirmed(self, manager, clocks):
        path = reverse("deadlines:holiday_add")
        saturday = words_of(manager.post(path, added(date(2027, 6, 5))))
        assert "5 June 2027 is a Saturday, which is no working day anyway: no clock moves" in saturday
        past = words_of(manager.post(path, added(date(2020, 6, 1))))
        assert "Clocks that were met keep their dates" in past

    def test_a_holiday_moves_and_its_old_row_stays_as_given_up(self, manager, clocks):
        row = BankHoliday.objects.get(division=ENGLAND, date="2027-05-03")
        path = reverse("deadlines:holiday_move", args=[row.pk])
        preview = manager.post(path, added(date(2027, 5, 7)))
        assert "Monday 3 May 2027" in words_of(preview) and "Friday 7 May 2027" in words_of(preview)
        assert manager.post(path, hidden(preview)).status_code == 302
        row.refresh_from_db()
        assert row.given_up_on == timezone.localdate()
        assert BankHoliday.objects.get(division=ENGLAND, date="2027-05-07").title == row.title
        assert "was given up on" in words_of(manager.get(path))
        assert "is no bank holiday" in words_of(manager.post(path, added(date(2027, 5, 10))))

    def test_a_holiday_cannot_move_to_itself(self, manager, clocks):
        row = BankHoliday.objects.get(division=ENGLAND, date="2027-05-03")
        answer = manager.post(reverse("deadlines:holiday_move", args=[row.pk]), added(row.date))
        assert (answer.status_code, "is a bank holiday already" in words_of(answer)) == (422, True)

    def test_giving_up_without_another_day_says_what_is_left(self, manager, clocks):
        row = BankHoliday.objects.get(division=ENGLAND, date="2027-05-03")
        path = reverse("deadlines:holiday_give_up", args=[row.pk])
        preview = manager.post(path, added() | {"elsewhere": "on"})
        assert "2027 would have 7 bank holidays left" in words_of(preview)
        assert manager.post(path, hidden(preview)).status_code == 302
        assert date(2027, 5, 3) in calendars.load("united-kingdom").days
        assert date(2027, 5, 3) not in calendars.load(ENGLAND).days
        version = calendars.newest_version(ENGLAND)
        assert version.reason == "Announced today (A proclamation)"

    def test_the_preview_leaves_the_kingdoms_clocks_alone_where_the_day_stays_one_elsewhere(self, manager, clocks):
        row = BankHoliday.objects.get(division=ENGLAND, date="2027-05-03")
        path = reverse("deadlines:holiday_give_up", args=[row.pk])
        given_up = []
        clocks.watch = lambda division, new: given_up.append((division, row.date in new.days)) or []
        follows = manager.post(path, added())
        assert given_up == [(ENGLAND, False), ("united-kingdom", False)]
        stays = manager.post(path, added() | {"elsewhere": "on"})
        assert given_up[2:] == [(ENGLAND, False), ("united-kingdom", True)]
        assert "United Kingdom follows" in words_of(follows) and "stays a bank holiday" in words_of(stays)

    def test_whoever_confirms_an_old_version_is_refused_under_the_lock(self, world):
        old = calendars.newest_version(ENGLAND).pk
        other = calendars.Holiday(date(2026, 12, 9), "Another", None, None, "A proclamation")
        calendars.change(ENGLAND, add=[other], by=world.manager, reason="Announced", seen=old)
        with pytest.raises(Stale, match="while you were reading"):
            calendars.change(ENGLAND, give_up=[other.date], by=world.manager, reason="Announced", seen=old)
        with pytest.raises(Stale, match="while you were reading"):
            calendars.add_year(ENGLAND, 2029, [], by=world.manager, reason="Published", seen=old)

    def test_what_was_typed_when_the_session_ended_is_in_the_form_again(self, world, sign_in):
        client = sign_in(world.manager)
        path = reverse("deadlines:holiday_add")
        token = client.get(path).context["form"]["form_token"].value()
        client.logout()
        sent = client.post(path, added() | {"form_token": token})
        back = next(iter(KeptForm.objects.filter(user=world.manager)))
        page = sign_in(world.manager).get(path, {"kept": back.pk})
        assert sent.status_code == 302 and page.status_code == 200
        assert page.context["form"]["title"].value() == "One-off"

    def test_the_list_tells_every_change(self, manager, clocks, world):
        path = reverse("deadlines:holiday_add")
        manager.post(path, hidden(manager.post(path, added())))
        text = words_of(manager.get(reverse("deadlines:holidays"), {"division": ENGLAND, "year": "2026"}))
        assert "Announced today" in text and "Entered by" in text and str(world.manager) in text

    def test_words_are_shown_as_words(self, manager, clocks):
        path = reverse("deadlines:holiday_add")
        preview = manager.post(path, added(title="<script>alert(1)</script>"))
        assert "<script>alert(1)" not in preview.content.decode()

    @pytest.mark.parametrize("name", ["holidays", "rules"])
    def test_people_are_warned_when_the_calendar_ends(self, manager, monkeypatch, name):
        assert "end with" not in words_of(manager.get(reverse(f"deadlines:{name}")))
        monkeypatch.setattr(calendars.timezone, "localdate", lambda: date(2028, 1, 5))
        assert "The bank holidays of England and Wales end with 2028" in words_of(
            manager.get(reverse(f"deadlines:{name}"))
        )

    def test_the_operations_page_says_from_a_year_before_that_the_calendar_ends(self, world, sign_in, time_machine):
        """Until it does, and again when the year was added: the reconciler closes what it opened."""
        client, page = sign_in(world.operator), reverse("notify:operations")
        invariant = reconciling._invariants["calendar_ends"]
        assert reconciling._check(invariant) == 0
        time_machine.move_to(timezone.now() + timedelta(days=(date(2028, 1, 5) - timezone.localdate()).days))
        assert reconciling._check(invariant) == 2, "of both calendars"
        time_machine.move_to(timezone.now() - timedelta(days=450))
        assert "The bank holidays end within a year" in words_of(client.get(page))
        assert reconciling._check(invariant) == 0
        assert "The bank holidays end within a year" not in words_of(client.get(page))


class TestYear:
    months = ("Jan", "February", "march", "Apr", "May")
    days = "\n".join(f"{n} {name} 2029, Day {n}" for n, name in enumerate(months, 1))
    rest = "\n2029-06-06, Day 6\n2029-07-06; Day 7\n8 August 2029: Day 8"

    def sent(self, days):
        return {"days": days, "source": "gov.uk bank holidays", "reason": "Published"}

    def test_a_whole_year_is_added(self, manager, clocks):
        path = reverse("deadlines:year_add", args=[ENGLAND])
        preview = manager.post(path, self.sent(self.days + self.rest))
        assert "Wednesday 8 August 2029, Day 8" in words_of(preview)
        assert manager.post(path, hidden(preview)).status_code == 302
        assert calendars.load(ENGLAND).last_year == 2029
        form = manager.get(reverse("deadlines:year_add", args=["united-kingdom"])).content.decode()
        assert "8 August 2029, Day 8" in form, "the days of England and Wales are there already"

    @pytest.mark.parametrize(
        ("days", "says"),
        [
            (days, "2029 would have 5 bank holidays"),
            ("nonsense", "is not a date and a name"),
            ("31 April 2029, No day", "is not a date and a name"),
            ("1 Brumaire 2029, No month", "is not a date and a name"),
            (days + rest + "\n1 January 2030, Too late", "1 January 2030 is not in 2029"),
            (days + rest + "\n1 January 2029, Again", "1 January 2029 stands there twice"),
            ("", "Enter the bank holidays of the year"),
        ],
    )
    def test_half_a_year_and_lines_that_cannot_be_read_are_refused(self, manager, clocks, days, says):
        answer = manager.post(reverse("deadlines:year_add", args=[ENGLAND]), self.sent(days))
        assert (answer.status_code, says in words_of(answer)) == (422, True)

    def test_another_division_is_not_found(self, manager):
        assert manager.get(reverse("deadlines:year_add", args=["narnia"])).status_code == 404


class TestClocksThatWouldMove:
    """With the real clocks of two reviews: one that the person is on, one that he is not."""

    @staticmethod
    def _day_on_the_way(case):
        row = running(case.review, "rapid_review")
        calendar = calendars.load(ENGLAND)
        day = row.due_on
        while calendar.why_not(day):
            day -= timedelta(1)
        return row, day

    def preview(self, client, day):
        return client.post(reverse("deadlines:holiday_add"), added(day))

    def test_the_preview_shows_ones_own_case_and_nothing_of_another(self, world, sign_in):
        row, day = self._day_on_the_way(world.ours)
        text = words_of(self.preview(sign_in(world.manager), day))
        assert world.ours.folder.reference in text and f"{row.due_on:%A}" in text
        assert world.theirs.folder.reference not in text

    def test_who_is_on_no_case_sees_neither_case_nor_number(self, world, sign_in):
        _, day = self._day_on_the_way(world.ours)
        text = words_of(self.preview(sign_in(world.directory_admin), day))
        assert "None of those that you may see" in text
        for case in (world.ours, world.theirs):
            assert case.folder.reference not in text

    def test_confirming_moves_the_clock_and_keeps_the_old_date_with_the_reason(self, world, sign_in):
        row, day = self._day_on_the_way(world.ours)
        client = sign_in(world.directory_admin)
        path = reverse("deadlines:holiday_add")
        assert client.post(path, hidden(self.preview(client, day))).status_code == 302
        new = running(world.ours.review, "rapid_review")
        assert new.due_on > row.due_on and new.supersedes_id == row.pk
        row.refresh_from_db()
        assert (row.status, row.reason) == ("superseded", "Announced today")
        assert new.calendar == calendars.newest_version(ENGLAND)
