from django.core.management import BaseCommand, call_command

from partnership.access.provision import provision


class Command(BaseCommand):
    help = "Make the database ready: web role, tables, privileges, reference data. Safe to run at every start."
    requires_system_checks = []

    def handle(self, *args, verbosity, **options):
        provision(verbosity=max(verbosity - 1, 0))
        call_command("load_reference", verbosity=verbosity)
        call_command("open_offices", verbosity=verbosity)
        call_command("load_calendars", verbosity=verbosity)
        call_command("start_clocks", verbosity=verbosity)
        self.stdout.write("The database is ready.")
