"""The accounts that the walk asks about: nobody's persona, so that every persona of the unit may take each step."""

from partnership.access import links
from partnership.directory.models import AccountRequest
from partnership.directory.requests import addresses, doubles, services
from partnership.directory.requests.kinds import BOUNCED, LOST_FACTOR
from partnership.people.models import Membership, User
from partnership.people.roles import Role
from tests.world import person

WHY = "the walk lays its own ground"


def _user(ground, name, role=Role.AGENCY_STAFF):
    """Somebody of the hospital trust, or of the unit, by the name that the walk gave."""
    found = User.objects.filter(name=name.replace("_", " ").title()).order_by("created_at").first()
    agency = ground.world.agencies["uhnm"] if role == Role.AGENCY_STAFF else None
    return found or person(name, role, agency, ground.world.partnership)


def _request(kind, user):
    return AccountRequest.objects.unscoped(WHY).filter(kind=kind, user=user).first()


def _checked(ground, row):
    checker = _user(ground, "walk_checker", Role.BUSINESS_UNIT)
    return services.check(row, by=checker, version=row.version, how="seen", note="Known for years.")


def somebody(ground):
    """Somebody of whom there is a second record of the same name."""
    found = _user(ground, "walk_somebody")
    twins = User.objects.filter(name=found.name)
    if twins.count() == 1:
        person("walk_somebody", Role.AGENCY_STAFF, ground.world.agencies["icb"])
    return found.pk


def role_of_somebody(ground):
    return Membership.objects.get(user=somebody(ground)).pk


def twin(ground):
    first = _user(ground, "walk_somebody")
    return User.objects.filter(name=first.name).exclude(pk=first.pk).get()


def open_one(ground):
    user = _user(ground, "walk_asked")
    return (_request(LOST_FACTOR, user) or services.open_request(LOST_FACTOR, user=user)).pk


def bounced_one(ground):
    user = _user(ground, "walk_asked")
    return (_request(BOUNCED, user) or services.open_request(BOUNCED, user=user, said={"address": user.email})).pk


def checked_one(ground):
    kept, double = _user(ground, "walk_kept"), _user(ground, "walk_double")
    if row := _request("double", kept):
        return row.pk
    checker = _user(ground, "walk_checker", Role.BUSINESS_UNIT)
    return _checked(ground, doubles.ask_to_merge(kept, double, address=doubles.KEPT, by=checker)).pk


def done_one(ground):
    """An address that was approved and not confirmed yet."""
    user = _user(ground, "walk_moved")
    if row := _request("address", user):
        return row.pk
    checker, approver = (_user(ground, name, Role.BUSINESS_UNIT) for name in ("walk_checker", "walk_approver"))
    row = _checked(ground, addresses.ask_for_address(user, "walk.moved.new@portal.example", by=checker))
    return services.approve(row, by=approver, version=row.version).pk


_tokens: dict = {}


def address_links(ground):
    """(a link that is good, one that was used up)."""
    if id(ground) not in _tokens:
        asked = done_one(ground)
        moved = _user(ground, "walk_moved")
        used = links.make("new_address", acts_as=moved, object_id=asked)
        links.use_up(links.live("new_address").latest("created_at"))
        _tokens[id(ground)] = (links.make("new_address", acts_as=moved, object_id=asked), used)
    return [[token] for token in _tokens[id(ground)]]
