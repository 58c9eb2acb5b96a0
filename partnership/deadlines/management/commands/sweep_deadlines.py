"""`manage.py sweep_deadlines`: the same sweep that beat wakes, for a timer of the machine. Both may run at once."""

from django.core.management.base import BaseCommand, CommandError

from partnership.deadlines.sweep import sweep


class Command(BaseCommand):
    help = "Tell the people whose day has come: reminders, due dates, escalations. Safe to run at any time, twice too."

    def handle(self, *args, **options):
        done = sweep()
        if done.refused:
            raise CommandError(done.refused)
        self.stdout.write(
            f"{done.fired} told ({done.told} notices), {done.suppressed} not needed, {done.broken} to be looked at"
        )
