from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError

from partnership.directory.importing import facts, reads, services
from partnership.directory.importing.sources import SOURCES
from partnership.directory.models import ImportBatch
from partnership.documents.tables.limits import FILE_BYTES, TOO_LARGE
from partnership.people.models import User

SHOWN = 50


class Command(BaseCommand):
    help = "Take a register or list in from a file: all rows that can be taken, or none."

    def add_arguments(self, parser):
        parser.add_argument("source", choices=list(SOURCES), help="which register or list it is")
        self.add_shared(parser)

    def add_shared(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--preview", action="store_true", help="say what it would change, and change nothing")
        parser.add_argument(
            "--authority",
            action="append",
            metavar="CODE",
            help="a local authority code (861), of NHS bodies that of an integrated care board (QNC); repeat it",
        )
        parser.add_argument("--all", action="store_true", help="all of England")
        parser.add_argument("--by", metavar="EMAIL", help="who takes it in; without it: the portal itself")

    def handle(self, *, source, file, preview, authority, all, by, **options):
        user = self._person(by)
        scope = self._scope(SOURCES[source], authority, all)
        try:
            batch = self._read(source, file, scope, user)
        except (ValidationError, OSError) as error:
            raise CommandError(" ".join(getattr(error, "messages", [str(error)]))) from None
        if batch.status == ImportBatch.Status.FAILED:
            raise CommandError(batch.problem)
        self._tell(batch)
        if preview:
            services.discard(batch, by=user)
            self.stdout.write("Nothing was changed.")
            return
        self._take(batch, user)

    def _person(self, email):
        if not email:
            return None
        user = User.objects.filter(email__iexact=email, is_active=True).first()
        if user is None:
            raise CommandError(f"Nobody with a sign-in has the address {email}.")
        return user

    def _scope(self, source, codes, everything):
        if everything or not source.areas:
            return []
        if source.scope_kept:
            return codes or source.scope_kept()
        scope = codes or sorted(facts.Places().authorities)
        if wrong := [code for code in scope if not (code.isdecimal() and len(code) == 3)]:
            raise CommandError(f"A local authority code has three figures, not {wrong[0]}.")
        if not scope:
            raise CommandError("The directory keeps no local authority area. Give --authority or --all.")
        return scope

    def _read(self, source, path, scope, user):
        if path.stat().st_size > FILE_BYTES:
            raise CommandError(TOO_LARGE)
        with path.open("rb") as file:
            chunks = iter(lambda: file.read(1024 * 1024), b"")
            batch = services.start(source=source, name=path.name, chunks=chunks, scope=scope, by=user)
        try:
            services.keep_reading(batch, services.read(batch, progress=self._progress), by=user)
        except BaseException:
            services.incoming.forget(batch.pk)
            raise
        return batch

    def _take(self, batch, user):
        if not services.choosable(batch).filter(chosen=True).exists():
            services.discard(batch, by=user)
            if (missing := reads.missing(batch)) and missing.foreign:
                raise CommandError(
                    f"Nothing was taken: none of the {missing.held:,} that the directory holds there is in the file. "
                    "Is it another area’s? If its rows are meant, upload it at ‘Registers taken in’ and choose them."
                )
            self.stdout.write("Nothing to take: the directory says the same already.")
            return
        # Both in one transaction: killed in between, nothing is left half taken.
        services.take_now(batch, by=user, progress=self._progress)
        if batch.status != ImportBatch.Status.TAKEN:
            raise CommandError(batch.problem)
        self.stdout.write("Taken: " + ", ".join(reads.taken(batch)) + ".")

    def _progress(self, percent, words=""):
        if self.stderr.isatty():
            self.stderr.write(f"\r{percent:3} % {words:<60}", ending="")

    def _tell(self, batch):
        for line in [*reads.summary(batch), *batch.remarks]:
            self.stdout.write(line)
        if missing := reads.missing(batch):
            part = " The file looks like a part of the register." if missing.part and not missing.foreign else ""
            self.stdout.write(
                f"{missing.number:,} of {missing.held:,} that the directory holds there are not in the file; "
                f"none of them is closed by that.{part}"
            )
        remarks = batch.rows.exclude(problem="").order_by("line")
        for row in remarks[:SHOWN]:
            said = " ".join(filter(None, [row.number, row.label]))
            self.stdout.write(f"Line {row.line:,}{f' ({said})' if said else ''}: {row.problem}")
        if (more := remarks.count() - SHOWN) > 0:
            self.stdout.write(f"and {more:,} more lines with something to know.")
