from django.core.management import BaseCommand

from partnership.access.provision import load_what_apps_need, provision


class Command(BaseCommand):
    help = "Make the database ready: web role, tables, privileges, reference data. Safe to run at every start."
    requires_system_checks = []

    def handle(self, *args, verbosity, **options):
        provision(verbosity=max(verbosity - 1, 0))
        load_what_apps_need(verbosity=verbosity)
        self.stdout.write("The database is ready.")
