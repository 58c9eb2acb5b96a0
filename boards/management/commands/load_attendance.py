from django.core.management import BaseCommand

from boards.matrix.loading import load


class Command(BaseCommand):
    help = "Enter the published attendance of 2018/19 where it is missing; change nothing."
    requires_system_checks = []

    def handle(self, *args, verbosity, **options):
        made = load()
        if verbosity:
            self.stdout.write(
                f"Entered: {made} meetings." if made else "The attendance is entered, or has no seats yet."
            )
