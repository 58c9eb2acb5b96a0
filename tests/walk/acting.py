"""Groups and actions of the walk: an open group on which some personas sit, one on which none does; a case's action.

The board member chairs 'ours', the other school's lead sits on it; the hospital trust's practitioner (colleague) owns
its action, so her lead sees it too. The author of the trust's return owns an action of the sealed case, which her lead
does not see. Of 'theirs' none of the personas but the business unit sees the group's action.
"""

from datetime import timedelta

from django.utils import timezone

from partnership.access import services as access
from partnership.access.models import FolderKind
from partnership.actions import dates, rating, services
from partnership.people.models import Agency
from partnership.people.roles import Role
from tests.world import canary, person


def laid(ground) -> dict:
    """ "group", "action", "case_action": case name -> row. Made once."""
    if "acting" not in ground.__dict__:
        ground.acting = {"group": {}, "action": {}, "case_action": {}}
        for case in ground.cases:
            _lay(ground, case)
    return ground.acting


def _lay(ground, case):
    world, name, ours = ground.world, case.name, case.name == "ours"
    by = world.officer if ours else world.stranger
    group = access.open_folder(
        kind=FolderKind.GROUP, title=canary(name, "group_title"), partnership=world.partnership, by=by
    )
    agency = world.agencies["uhnm"] if ours else Agency.objects.filter(kind="school").order_by("name")[7]
    owner = world.colleague if ours else person("owner_there", Role.AGENCY_STAFF, agency, world.partnership)
    chair = world.board_member if ours else person("chair_there", Role.BOARD_MEMBER, None, world.partnership)
    access.grant(group, chair, Role.CHAIR, by=by, reason="Chairs it")
    if ours:
        access.grant(group, world.school_outside, Role.GROUP_MEMBER, by=by, reason="Sits on it")
    ground.acting["group"][name] = group
    ground.acting["action"][name] = _add(group, name, "group", by=by, owner=owner, agency=agency)
    trusts = world.author if ours else person("author_there", Role.AGENCY_STAFF, world.agencies["mpft"])
    agency = world.agencies["uhnm" if ours else "mpft"]
    ground.acting["case_action"][name] = _add(case.folder, name, "act", by=by, owner=trusts, agency=agency)


def _add(folder, name, what, *, by, owner, agency):
    row = services.add(
        folder, by=by, owner=owner, agency=agency, due_on=timezone.localdate() + timedelta(days=30),
        what=canary(name, f"{what}_what"), success=canary(name, f"{what}_success"),
    )  # fmt: skip
    services.update(row, by=owner, words=canary(name, f"{what}_update"), outlook="on_track")
    services.add_evidence(row, by=owner, words=canary(name, f"{what}_evidence"))
    post = canary(name, f"{what}_post")
    services.update(row, by=by, words="As it was told.", channel="told", given_by=post)
    rating.rate(row, by=by, colour="amber", reason=canary(name, f"{what}_rated"))
    asked = dates.ask_date(row, by=owner, wanted=row.due_on + timedelta(days=9), reason=canary(name, f"{what}_later"))
    dates.refuse(asked, by=by, answer=canary(name, f"{what}_answer"))
    return row
