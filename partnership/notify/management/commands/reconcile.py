from django.core.management import BaseCommand

from partnership.notify.reconciling import PREFIX, reconcile
from partnership.notify.watch import sort_of


class Command(BaseCommand):
    help = "Prove that nothing was lost between the loops. Ends with status 1 when something is broken."

    def handle(self, *args, **options):
        found = reconcile()
        for code, count in found.items():
            if count:
                what = code if code == "heartbeats" else PREFIX + code
                self.stdout.write(f"{count:>6}  {sort_of(what).title}")
        broken = sum(1 for count in found.values() if count)
        self.stdout.write(f"{len(found)} checks, {broken} broken.")
        if broken:
            raise SystemExit(1)
