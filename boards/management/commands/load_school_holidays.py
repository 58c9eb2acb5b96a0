from django.core.management import BaseCommand

from boards.meetings.holidays import load


class Command(BaseCommand):
    help = "Enter the school holidays that the portal knows of and the directory lacks. They are not confirmed."

    def handle(self, *args, verbosity, **options):
        made = load()
        if verbosity:
            said = f"Entered: {made}. Check them against the council's list, in the directory under Areas."
            self.stdout.write(said if made else "There is nothing to enter.")
