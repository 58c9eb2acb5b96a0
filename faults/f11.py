"""F11, at the relay: what a letter is about ends while the letter is leased. Reminders stop, the law's go on."""

from django.utils import timezone

from faults.kinds import LAW, OPEN
from faults.machine import wait_until
from faults.post import posts
from partnership.people.models import Agency


def run(machine):
    for post in posts(machine, 2):
        yield ended_while_leased(post)


def ended_while_leased(post):
    reminded, by_law = post.people
    post.tell(OPEN, [reminded])
    relay = post.relay(once=True, failpoint="after_claim=sleep:3@1")
    wait_until(lambda: post.states()["leased"], seconds=60, what="a lease")
    Agency.objects.filter(pk=post.agency.pk).update(ends=timezone.localdate())
    relay.wait(60)
    after = post.states()
    post.tell(LAW, [by_law])
    post.drain(relays=1)
    wrong = [] if after["cancelled"] == 1 else [f"the reminder is {dict(after)}"]
    if post.delivered().total() != 1:
        wrong.append(f"{post.delivered().total()} arrived, expected the statutory one")
    return post.line("F11", "ended while leased", 2, wrong=wrong)
