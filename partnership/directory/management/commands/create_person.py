import os

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError

from partnership.directory.accounts import first_sign_in_path, open_account
from partnership.people.models import Agency
from partnership.people.roles import AGENCY_ROLES, WIDE_ROLES, Role

ROLES = {role.name.lower().replace("_", "-"): role for role in (*WIDE_ROLES, *AGENCY_ROLES)}


class Command(BaseCommand):
    help = "Open an account and print the link, good once and for seven days, by which its owner sets a password."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--name", required=True)
        parser.add_argument("--role", required=True, choices=ROLES)
        parser.add_argument("--agency", help="short name of the organisation, for a role that belongs to one (uhnm)")
        parser.add_argument("--job-title", default="")

    def handle(self, *, email, name, role, agency, job_title, **options):
        try:
            user = open_account(
                email=email, name=name, role=Role(ROLES[role]), agency=self._agency(agency), job_title=job_title
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(f"{address()}{first_sign_in_path(user)}")

    @staticmethod
    def _agency(slug):
        if not slug:
            return None
        agency = Agency.objects.filter(slug=slug).first()
        if agency is None:
            raise CommandError(f"No organisation has the short name {slug}.")
        return agency


def address():
    host = settings.ALLOWED_HOSTS[0]
    return f"https://{host}" if settings.SECURE else f"http://{host}:{os.environ.get('PORT', '8000')}"
