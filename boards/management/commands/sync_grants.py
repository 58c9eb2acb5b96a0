from django.core.management import BaseCommand

from boards.groups.grants import sync


class Command(BaseCommand):
    help = "Bring what people hold on the folders of groups to what their seats say. Safe to run at any time."

    def handle(self, *args, **options):
        changed, refused = sync()
        self.stdout.write(f"{changed} given or ended." if changed else "Nothing to do: grants and seats agree.")
        for why in refused:
            self.stderr.write(f"Not let in: {why}")
