"""More of the register of actions, risks and logs."""

from django.core.files.uploadedfile import SimpleUploadedFile

from partnership.actions import closing, dates, evidence
from partnership.actions import services as services_of_actions
from partnership.actions.models import Action
from partnership.actions.risks import services as risks
from partnership.people.models import Agency
from partnership.people.roles import Role
from tests.actions.ground import in_days, make_action, make_group
from tests.actions.logs import sent_in
from tests.world import person


def more_risks_and_logs(world, n):
    """Another group with a risk, an action whose owner is words, and a log that waits."""
    group, by = make_group(world, f"Group {n}"), world.officer
    risks.add(
        group,
        by=by,
        what=f"Risk {n}",
        likelihood=3,
        impact=n + 1,
        agency=world.agencies["mpft"],
        owner=world.lead_other,
    )
    make_action(world, group, by=by, owner=None, owner_words=f"Sarah {n}")
    sent_in(group, by=by, text=f"Action\tLead\tBy when\nDo {n}\tSarah\t1.2.2030")


def whole(world):
    """One action of a group, of which a page can have more and more."""
    found = Action.objects.unscoped("the test's own").filter(what="The whole", parent=None).first()
    return found or make_action(world, make_group(world), what="The whole")


def more_of_an_action(world, n):
    row = whole(world)
    services_of_actions.update(row, by=row.owner, words=f"Update {n}")
    upload = SimpleUploadedFile(f"file{n}.txt", f"What was done, {n}.".encode())
    evidence.add(row, by=row.owner, words=f"Evidence {n}", upload_file=upload)
    asked = dates.ask_date(row, by=row.owner, wanted=in_days(40 + n), reason="Leave")
    dates.grant(asked, by=world.manager)


def more_parts(world, n):
    row = whole(world)
    row.refresh_from_db()
    agency = Agency.objects.live().filter(kind="provider").order_by("pk")[n]
    owner = person(f"of_part{n}", Role.AGENCY_STAFF, agency, world.partnership)
    services_of_actions.split(row, by=world.manager, version=row.version, parts=[{"agency": agency, "owner": owner}])


def more_to_approve(world, n):
    row = make_action(world, make_group(world, f"Group {n}"), what=f"Said to be done {n}")
    upload = SimpleUploadedFile(f"file{n}.txt", f"What was done, {n}.".encode())
    evidence.add(row, by=row.owner, words=f"Evidence {n}", upload_file=upload)
    closing.ask_close(row, by=row.owner, closing_words="Done")


PAGES = [
    ("officer", "actions:action", more_of_an_action),
    ("colleague", "actions:action", more_of_an_action),
    ("officer", "actions:action", more_parts),
    ("manager", "actions:to_approve", more_to_approve),
    ("officer", "actions:risks", more_risks_and_logs),
    ("board_member", "actions:risks", more_risks_and_logs),
    ("officer", "actions:imports", more_risks_and_logs),
    ("officer", "actions:owners_to_name", more_risks_and_logs),
    ("officer", "reporting:home", more_risks_and_logs),
]
