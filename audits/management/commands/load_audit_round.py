from django.core.management import BaseCommand

from audits.past.loading import load


class Command(BaseCommand):
    help = "Enter the section 175/157 round of 2018/19 where it is missing; change nothing."
    requires_system_checks = []

    def handle(self, *args, verbosity, **options):
        made = load()
        if verbosity:
            self.stdout.write(
                f"Entered: {made} returns." if made else "The round is entered, or its question set is not there yet."
            )
