import re
from datetime import date, datetime

from django.core.management.base import BaseCommand, CommandError

from partnership.deadlines import calendars
from partnership.deadlines.registry import rule_in_force
from partnership.deadlines.rules import (
    CODES,
    NeedsTime,
    NoEditionInForce,
    NoLength,
    Unit,
    UnknownRule,
    due,
    london_date,
)
from partnership.deadlines.working_days import CalendarEnds

PLAIN_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class Command(BaseCommand):
    help = (
        "When a statutory period ends, by this portal's rules and bank holidays. Prints the due date as YYYY-MM-DD "
        "(for a period of hours the time in London with its offset), then one line for each day that was not counted: "
        "its date and its name."
    )
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("rule", metavar="RULE", help=f"one of: {', '.join(CODES)}")
        parser.add_argument(
            "date", metavar="DATE", help="day 0 as YYYY-MM-DD, or a time with its offset: 2026-06-01T23:30+00:00"
        )
        parser.add_argument(
            "--known-on", metavar="DATE", help="count with the bank holidays as they were known at the end of that day"
        )

    def handle(self, *args, **options):
        try:
            known_on = _date(options["known_on"]) if options["known_on"] is not None else None
            start = _date_or_time(options["date"])
            rule = rule_in_force(options["rule"], london_date(start))
            result = due(rule, start, calendars.load(rule.division, known_on=known_on))
        except (UnknownRule, NoEditionInForce, NoLength, NeedsTime, CalendarEnds) as refusal:
            raise CommandError(str(refusal)) from refusal
        except OverflowError as error:
            raise CommandError(f"'{options['date']}' leads outside the dates that can be counted.") from error
        hours = rule.unit is Unit.HOURS
        self.stdout.write(result.due_at.isoformat(timespec="minutes") if hours else f"{result.due_on:%Y-%m-%d}")
        for excluded in result.count.not_counted:
            self.stdout.write(f"{excluded.date:%Y-%m-%d}, {excluded.reason}")


def _date(text: str) -> date:
    if PLAIN_DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise CommandError(f"'{text}' is not a date. Write it as YYYY-MM-DD, for example 2026-03-27.")


def _date_or_time(text: str) -> date | datetime:
    if "T" not in text:
        return _date(text)
    try:
        when = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"'{text}' is not a date and time, for example 2026-06-01T23:30+00:00.") from error
    try:
        london_date(when)
        return when
    except ValueError as error:
        raise CommandError(f"'{text}' has no offset from UTC: write for example {text}+00:00.") from error
    except OverflowError as error:
        raise CommandError(f"'{text}' is outside the dates that can be counted.") from error
