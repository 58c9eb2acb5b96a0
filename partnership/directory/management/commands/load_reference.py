from django.core.management import BaseCommand

from partnership.directory.reference import load


class Command(BaseCommand):
    help = "Load the partnership, areas, Schedule, organisations, schools and duties that are missing; change nothing."
    requires_system_checks = []

    def handle(self, *args, verbosity, **options):
        made = load()
        if verbosity:
            counts = ", ".join(f"{count} {name}" for name, count in made.items())
            self.stdout.write(f"Created: {counts}." if any(made.values()) else "The reference data are loaded already.")
