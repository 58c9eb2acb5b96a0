"""What notices tell the floors below: navigation, sentences, alarms in plain words, loops and invariants."""

from partnership.access.context import add_to_navigation
from partnership.access.emergency import register_emergency
from partnership.access.mine import add_own_page
from partnership.access.story import register_sentences
from partnership.access.work import register_work
from partnership.notify.emergency import register_kinds, tell_of_emergency
from partnership.notify.operating import open_alarms
from partnership.notify.reconciling import register_ours
from partnership.notify.watch import expect_heartbeat, register_alarm
from partnership.people.roles import Perm

SENTENCES = {
    "mail_chosen": "chose how the portal emails them",
    "sending_held": "held all email",
    "sending_released": "let the email leave again",
    "letter_retried": "had an email sent again",
    "letters_retried": "had {number} emails sent again",
    "letter_given_up": "decided that an email need not be sent",
    "alarm_closed": "closed an alarm",
}
ALARMS = {
    "recipient_gone": (
        "Somebody was to be told who has no account any more",
        "Find out who has the duty now, and correct the role or the duty in the directory.",
    ),
    "recipient_unreachable": (
        "Somebody was told whose account is switched off or has no email address",
        "Tell them in another way, and hand over what they hold.",
    ),
    "reader_lost": (
        "Somebody was not emailed about a statutory date, because they may no longer see what it is about",
        "The business unit should check that somebody else has been told.",
    ),
    "letter_dead": (
        "An email could not be sent",
        "Below: try it again, or give it up when the person was told in another way.",
    ),
    "letter_bounced": ("An email came back", "Correct the address, then try it again below, or tell the person."),
    "rerouting_failed": (
        "An email came back, and nobody could be told instead",
        "Tell whoever looks after the portal; tell the person in another way.",
    ),
    "mail_stuck": (
        "Email has not left for a quarter of an hour",
        "Check that a relay runs and that the mail service answers. Nothing is lost: it leaves when they do.",
    ),
    "digest_broken": (
        "The morning’s digest could not be made",
        "Every other email leaves. Look at the log of that time; a calendar of bank holidays may be missing.",
    ),
    "heartbeats": (
        "A loop has stopped",
        "Start beat, the workers and the timers again: docs/running.md. What was missed is caught up.",
    ),
    "invariant_unchecked": ("A check of the reconciler could not be run", "Look at the log of that time."),
}


def register():
    add_to_navigation("Notices", "notify:notices", Perm.SIGN_IN, order=5)
    add_to_navigation("Operations", "notify:operations", Perm.OPERATIONS, order=90)
    add_own_page("How you are emailed", "notify:preferences", order=40)
    register_work(open_alarms)
    register_kinds()
    register_emergency(tell_of_emergency)
    register_sentences(SENTENCES)
    for what, (title, advice) in ALARMS.items():
        register_alarm(what, title, advice)
    expect_heartbeat("relay", "Sending of email", banner=True)
    expect_heartbeat("digest", "The morning’s digest")
    expect_heartbeat("reconcile", "The reconciler", minutes=150)
    register_ours()
