"""Reminders of the walk: a link that opens, to the colleague's action of the group 'ours', and one that was revoked."""

from django.utils import timezone

from partnership.access import links
from partnership.access.models import Link
from partnership.actions.models import Lineup, LineupItem
from tests.walk import acting
from tests.walk.post import Post


def tokens(ground) -> list:
    if "telling" not in ground.__dict__:
        row = acting.laid(ground)["action"]["ours"]
        lineup = Lineup.objects.create(user=row.owner, made_on=timezone.localdate())
        LineupItem.objects.create(
            folder_id=row.folder_id, lineup=lineup, action=row, named=True, due_on=row.due_on, overdue=False
        )
        revoked = _link(lineup)
        links.revoke_all(row.owner, Link.Purpose.ACTIONS)
        ground.telling = [[links.token_of(_link(lineup))], [links.token_of(revoked)]]
    return ground.telling


def _link(lineup):
    return links.make_mailed(Link.Purpose.ACTIONS, acts_as=lineup.user, object_id=lineup.pk, days=14)


def _answer(ground, case, persona) -> dict:
    row = acting.laid(ground)["action"]["ours"]
    return {"about": row.reference, "says": "update", "outlook": "on_track", "words": "The wards were asked."}


POSTS = {("actions:answer_by_link", "actions_link"): Post("action_answered_by_link", _answer)}
