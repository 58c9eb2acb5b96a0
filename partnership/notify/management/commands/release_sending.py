from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError

from partnership.notify.operating import release_sending


class Command(BaseCommand):
    help = "Release what hold_sending or post_restore held."

    def handle(self, *args, **options):
        try:
            release_sending(by=None)
        except ValidationError as error:
            raise CommandError(error.messages[0]) from None
        self.stdout.write("Sending is released.")
