from django.core.management import BaseCommand

from training.past.loading import load


class Command(BaseCommand):
    help = "Enter the training of 2017/18 and 2018/19 where it is missing; change nothing."
    requires_system_checks = []

    def handle(self, *args, verbosity, **options):
        made = load()
        if verbosity:
            self.stdout.write(
                f"Entered: {made} events." if made else "The years are entered, or the catalogue is not there yet."
            )
