from django.core.management import BaseCommand

from boards.groups.loading import load


class Command(BaseCommand):
    help = "Load the partnership's published groups that are missing; change nothing."
    requires_system_checks = []

    def handle(self, *args, verbosity, **options):
        made = load()
        if verbosity:
            self.stdout.write(f"Created: {made} groups." if made else "The groups are loaded already.")
