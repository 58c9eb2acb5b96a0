from django.core.management import BaseCommand

from partnership.actions.planning.loading import load


class Command(BaseCommand):
    help = "Load the published business plan and the duties that are missing; change nothing that people changed."
    requires_system_checks = []

    def handle(self, *args, verbosity, **options):
        added = load()
        if verbosity and (added.plans or added.duties):
            self.stdout.write(f"{added.plans} business plans and {added.duties} duties added.")
