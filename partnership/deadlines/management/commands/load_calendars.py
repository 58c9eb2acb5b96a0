from django.core.management import BaseCommand

from partnership.deadlines.calendars import load_shipped, not_entered
from partnership.deadlines.models import Division


class Command(BaseCommand):
    help = "Load the bank holidays that are missing, by whole years; change nothing that people entered."
    requires_system_checks = []

    def handle(self, *args, verbosity, **options):
        added = load_shipped()
        if verbosity:
            for division, days in added.items():
                if days:
                    self.stdout.write(f"{Division(division).label}: {days} bank holidays added.")
            for division in Division:
                if differ := not_entered(division):
                    days = ", ".join(f"{each.date:%Y-%m-%d} {each.title}" for each in differ)
                    self.stdout.write(f"{division.label}: the portal's own list differs and was left alone: {days}.")
