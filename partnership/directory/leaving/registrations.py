"""What leaving tells the floors below: navigation, sentences, notices, what is held, what must always hold."""

from django.utils import timezone

from partnership.access.context import add_to_navigation
from partnership.access.models import ROLE_PREFIX
from partnership.access.open_work import register_open_work
from partnership.access.story import register_sentences
from partnership.access.work import register_work
from partnership.directory.leaving import notices
from partnership.directory.leaving.duties import duties_of
from partnership.directory.leaving.reads import leaving_work
from partnership.notify.reconciling import register_invariant
from partnership.notify.watch import expect_heartbeat
from partnership.people.roles import Perm, roles_with

SENTENCES = {
    "leaving_started": "began the leaving of {user}",
    "leaving_saved": "said who takes over from {user}",
    "leaving_planned": "made the leaving of {user} ready",
    "leaving_finished": "finished the leaving of {user}",
    "leaving_cancelled": "gave up the leaving of {user}",
    "membership_ended": "ended a role: {role}",
    "membership_goes_on": "let a role go on: {role}",
    "account_closed": "closed the account",
}

# Who is live: let in here or above by a sealed folder and not for an emergency's day, account on, belongs somewhere
# today, not barred on the way.
TOO_FEW = """
    SELECT f.id FROM access_folder f
    LEFT JOIN LATERAL (
        SELECT count(DISTINCT g.user_id) AS people,
               count(DISTINCT g.user_id) FILTER (WHERE p.codename = ANY(%s)) AS granters
        FROM access_foldergrant g
        JOIN auth_permission p ON p.id = g.permission_id
        JOIN access_folder above ON above.id = g.content_object_id AND above.sealed
        JOIN people_user u ON u.id = g.user_id AND u.is_active
        WHERE above.id = ANY(f.path) AND NOT g.emergency AND g.starts <= %s AND (g.ends IS NULL OR g.ends > %s)
          AND EXISTS (SELECT 1 FROM people_membership m WHERE m.user_id = u.id
                      AND (m.starts IS NULL OR m.starts <= %s) AND (m.ends IS NULL OR m.ends > %s))
          AND NOT EXISTS (SELECT 1 FROM access_conflict c WHERE c.user_id = u.id AND c.folder_id = ANY(f.path)
                          AND c.starts <= %s AND (c.ends IS NULL OR c.ends > %s))
    ) live ON true
    WHERE f.sealed AND (coalesce(live.people, 0) < 2 OR coalesce(live.granters, 0) = 0)
"""


def _codes_and_moments() -> list:
    """The day is London's, and the moment the portal's own: the database's would be its transaction's."""
    now, today = timezone.now(), timezone.localdate()
    return [[ROLE_PREFIX + role for role in roles_with(Perm.FOLDER_GRANT)], now, now, today, today, now, now]


def register():
    add_to_navigation("Leaving", "directory:departures", Perm.COLLEAGUES, order=64, group="People")
    register_sentences(SENTENCES)
    notices.register_notices()
    register_open_work(duties_of, order=10)
    register_work(leaving_work)
    expect_heartbeat("people", "Leavings, and the half-yearly confirmation", minutes=30)
    register_invariant(
        "sealed_folder_too_few",
        "A sealed folder has fewer than two people, or nobody who can let others in.",
        TOO_FEW,
        advice="Ask somebody on its list to let a second person in; where nobody is left, tell the business manager.",
        parameters=_codes_and_moments,
    )
