from django.core.management import BaseCommand

from partnership.notify.operating import current_hold, hold_sending, settle_sent, would_be_sent
from partnership.notify.senders import SenderDown


class Command(BaseCommand):
    help = "After a restore, before anything is started: hold all sending, settle what has left, list the rest."

    def handle(self, *args, **options):
        if current_hold() is None:
            hold_sending(by=None, reason="The database was restored from a backup.")
        try:
            settled = settle_sent()
        except SenderDown:
            self.stdout.write("The provider could not be asked what has left already. Run this again before releasing.")
        else:
            self.stdout.write(f"{settled} of the emails below had left before the restore; they are not sent again.")
        waiting = would_be_sent()
        for row in waiting:
            self.stdout.write(f"{row['number']:>6}  {row['template']}, oldest of {row['oldest']:%-d %B %Y %H:%M} UTC")
        self.stdout.write(f"{sum(row['number'] for row in waiting)} emails leave when sending is released.")
