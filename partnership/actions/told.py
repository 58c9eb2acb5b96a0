"""What telling, reminding and leaving tell the floors below: notices, work, what is held, a loop and an invariant."""

from partnership.access.mine import register_named
from partnership.access.open_work import register_open_work
from partnership.access.work import register_work
from partnership.actions import notices, open_work, rag, rating, reminding, telling, work
from partnership.deadlines.registry import register_own
from partnership.notify.reconciling import register_invariant
from partnership.notify.watch import expect_heartbeat, register_alarm
from partnership.people.roles import Perm, roles_with

# As partnership.actions.orphans and telling.orphan_key say it; yesterday's too, so that the loop has had its turn.
LEADS = ", ".join(f"'{role}'" for role in roles_with(Perm.ACTION_GIVE))
ORPHANS_UNTOLD = """
    SELECT action.id FROM actions_action action
    LEFT JOIN people_agency agency ON agency.id = action.agency_id
    LEFT JOIN people_user owner ON owner.id = action.owner_id
    WHERE action.status IN ('open', 'to_approve') AND action.changed_at < now() - interval '1 day'
      AND NOT EXISTS (SELECT 1 FROM actions_action part
                      WHERE part.parent_id = action.id AND part.status IN ('open', 'to_approve'))
      AND (agency.ends < current_date
           OR (action.owner_id IS NULL AND action.agency_id IS NULL)
           OR (action.owner_id IS NULL AND NOT EXISTS (
               SELECT 1 FROM people_membership lead JOIN people_user ON people_user.id = lead.user_id
               WHERE lead.agency_id = action.agency_id AND lead.role IN ({LEADS}) AND people_user.is_active
                 AND (lead.starts IS NULL OR lead.starts <= current_date)
                 AND (lead.ends IS NULL OR lead.ends > current_date - 1)))
           OR owner.closed_at < now() - interval '1 day'
           OR (action.owner_id IS NOT NULL AND NOT EXISTS (
               SELECT 1 FROM people_membership here
               WHERE here.user_id = action.owner_id AND (here.starts IS NULL OR here.starts <= current_date)
                 AND (here.ends IS NULL OR here.ends >= current_date)
                 AND (action.agency_id IS NULL OR here.agency_id = action.agency_id)))
           OR EXISTS (SELECT 1 FROM access_conflict bar JOIN access_folder folder ON folder.id = action.folder_id
                      WHERE bar.user_id = action.owner_id AND bar.folder_id = ANY(folder.path)
                        AND bar.starts < now() - interval '1 day' AND (bar.ends IS NULL OR bar.ends > now())))
      AND NOT EXISTS (SELECT 1 FROM notify_notice notice
                      WHERE notice.kind = 'action_orphaned'
                        AND notice.key = 'action_orphaned:' || action.id || ':' || COALESCE(action.owner_id::text, '')
                            || ':' || COALESCE(action.agency_id::text, ''))
""".replace("{LEADS}", LEADS)


def register():
    register_own(rag.UPDATE_DUE, rag.FIRST_WORD, rating.FADES, reminding.AGAIN, reminding.LINK_ENDS)
    notices.register_notices()
    for source in (work.my_actions, work.to_approve, work.dates_to_decide, work.without_anybody):
        register_work(source)
    register_named(work.actions_that_name)
    register_open_work(open_work.actions_owned, order=23)
    expect_heartbeat("actions", "Reminders about actions")
    register_alarm(
        reminding.BROKEN,
        "The reminder of what is due could not be made for somebody",
        "Look at the log of that time. Everybody else was reminded; tell the person in another way.",
    )
    register_invariant(
        telling.ORPHANED + "_untold",
        "An action has had nobody who answers for it for a day, and nobody was told",
        ORPHANS_UNTOLD,
        advice="See that the loop of reminders runs; then find an owner in the list of actions that have nobody.",
    )
