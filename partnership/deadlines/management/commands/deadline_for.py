import re
from datetime import date, datetime

from django.core.management.base import BaseCommand, CommandError

from partnership.deadlines.rules import CODES, NoEditionInForce, UnknownRule, due, london_date, rule
from partnership.deadlines.working_days import CalendarEnds, load_england_and_wales

PLAIN_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class Command(BaseCommand):
    help = (
        "When a statutory period ends. Prints the due date as YYYY-MM-DD, then one line for each day that was not "
        "counted: its date and its name."
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
            result = due(rule(options["rule"], start), start, load_england_and_wales(known_on))
        except (UnknownRule, NoEditionInForce, CalendarEnds) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{result.due_on:%Y-%m-%d}")
        for excluded in result.count.not_counted:
            self.stdout.write(f"{excluded.date:%Y-%m-%d}, {excluded.reason}")


def _date(text: str) -> date:
    if PLAIN_DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise CommandError(f"'{text}' is not a date. Write it as YYYY-MM-DD, for example 2026-03-27.")


def _date_or_time(text: str) -> date:
    if "T" not in text:
        return _date(text)
    try:
        when = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"'{text}' is not a date and time, for example 2026-06-01T23:30+00:00.") from error
    try:
        return london_date(when)
    except ValueError as error:
        raise CommandError(f"'{text}' has no offset from UTC: write for example {text}+00:00.") from error
    except OverflowError as error:
        raise CommandError(f"'{text}' is outside the dates that can be counted.") from error
