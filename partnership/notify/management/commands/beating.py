from django.core.management import BaseCommand, CommandError

from partnership.notify.watch import expected_loops, stale


class Command(BaseCommand):
    help = "Ends with status 1 when a loop stands still: for a container's health check, or a watch on another host."

    def add_arguments(self, parser):
        known = [loop.name for loop in expected_loops()]
        parser.add_argument("loops", nargs="*", metavar="LOOP", help=f"of {', '.join(known)}; without one, all")

    def handle(self, *args, loops, **options):
        if unknown := set(loops) - {loop.name for loop in expected_loops()}:
            raise CommandError(f"There is no loop {', '.join(sorted(unknown))}.")
        late = [loop for loop in stale() if not loops or loop.name in loops]
        for loop in late:
            self.stdout.write(f"{loop.title}: no sign of life for {loop.minutes} minutes.")
        if late:
            raise SystemExit(1)
