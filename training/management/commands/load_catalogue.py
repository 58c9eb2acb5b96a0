from django.core.management import BaseCommand

from training.catalogue.loading import load


class Command(BaseCommand):
    help = "Load the training catalogue that comes with the portal; what is there stays as it is. Safe to repeat."
    requires_system_checks = []

    def handle(self, *args, verbosity, **options):
        made = load()
        if verbosity:
            said = ", ".join(f"{many} {what}" for what, many in made.items() if many)
            self.stdout.write(f"Made: {said}." if said else "The catalogue is loaded already.")
