from django.core.management import BaseCommand

from partnership.deadlines.office import keep_offices


class Command(BaseCommand):
    help = "Open the folder of the partnership's own business where it is missing. Safe to run at every start."
    requires_system_checks = []

    def handle(self, *args, **options):
        keep_offices()
