from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError

from partnership.notify.operating import hold_sending


class Command(BaseCommand):
    help = "Hold all sending until it is released. Notices in the portal still appear."

    def add_arguments(self, parser):
        parser.add_argument("--reason", required=True, help="read by every operator: nothing about a case")

    def handle(self, *args, reason, **options):
        try:
            hold_sending(by=None, reason=reason)
        except ValidationError as error:
            raise CommandError(error.messages[0]) from None
        self.stdout.write("Sending is held.")
