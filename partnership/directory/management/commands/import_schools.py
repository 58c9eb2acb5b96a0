from partnership.directory.management.commands import import_register


class Command(import_register.Command):
    help = "Take the national schools register in from a file: all rows that can be taken, or none. Heads are not kept."

    def add_arguments(self, parser):
        self.add_shared(parser)

    def handle(self, **options):
        super().handle(source="schools", **options)
