from django.core.management import BaseCommand

from audits.sets.loading import load


class Command(BaseCommand):
    help = "Load the question sets that come with the portal; a changed one becomes its next version. Safe to repeat."
    requires_system_checks = []

    def handle(self, *args, verbosity, **options):
        made = load()
        if verbosity:
            self.stdout.write(f"Made: {', '.join(made)}." if made else "The question sets are loaded already.")
