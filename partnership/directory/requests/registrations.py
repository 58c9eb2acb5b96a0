"""What requests about accounts tell the floors: navigation, home, notices, the hook of what bounced, own pages."""

from partnership.access.context import add_to_navigation
from partnership.access.mine import add_own_page
from partnership.access.story import register_sentences
from partnership.access.work import register_work
from partnership.notify.kinds import register_bounced
from partnership.people.roles import Perm

SENTENCES = {
    "access_carried_over": "carried the access over to {user}: two records of one person are one now",
    "account_resumed": "opened cases to the account again",
    "account_suspended": "closed cases to the account until two people have agreed",
    "address_changed": "confirmed a new email address",
    "address_link_sent_again": "had the link to a new address sent again",
    "details_changed": "changed their own details",
    "membership_ended": "ended a role: {role}",
    "person_merged": "put a second record of {user} away",
    "request_approve": "approved a request about an account",
    "request_ask_again": "asked for something else instead",
    "request_check": "checked who somebody is",
    "request_opened": "asked for something about the account of {user}",
    "request_refuse": "refused a request about an account",
    "request_settle": "settled a request about an account",
    "request_withdraw": "withdrew a request about their account",
    "second_factor_taken_off": "took the authenticator app of a lost phone off",
    "sessions_ended": "ended {number} sessions",
}


def register():
    # Each registers its kind when it is imported.
    from partnership.directory.requests import addresses, case_roles, doubles, lost_factor, notices, reads  # noqa: F401
    from partnership.directory.requests.moves_of_ours import decide_about_ours

    decide_about_ours()

    add_to_navigation("Accounts", "directory:account_requests", Perm.PEOPLE_APPROVE, order=63, group="People")
    add_own_page("Your details", "directory:account", order=10)
    add_own_page("Sign-in settings", "mfa_index", order=20)
    add_own_page("Where you are signed in", "directory:account_sessions", order=30)
    add_own_page("Organisations and roles", "directory:account_roles", order=50)
    add_own_page("What you may see", "directory:account_access", order=60)
    register_sentences(SENTENCES)
    notices.register_notices()
    register_work(reads.requests_for_home)
    register_bounced(addresses.tell_of_bounce)
