from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import transaction

from reporting import demo


class Command(BaseCommand):
    help = "Fill the demo: fictional people and one running rapid review. What was entered stays."
    requires_system_checks = []

    @transaction.atomic
    def handle(self, *args, **options):
        if not settings.DEMO:
            raise CommandError("The demo's people have public passwords: set DEMO=1 first, on a machine of your own.")
        self.stdout.write("The demo is filled." if demo.fill() else "The demo was filled already; nothing was changed.")
