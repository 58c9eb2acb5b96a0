"""F9: poison among a hundred: a kind that cannot be written, nobody there, no address, a new line in one."""

import uuid

from faults.kinds import LAW, POISON
from faults.post import posts
from partnership.notify.models import Alarm
from partnership.notify.telling import Told, tell
from partnership.people.models import User

LETTERS = 100


def run(machine):
    for post in posts(machine, LETTERS):
        poisoned, empty, broken, *good = post.people
        User.objects.filter(pk=empty).update(email="")
        post.tell(POISON, [poisoned])
        post.tell(LAW, [empty, broken, *good])
        tell(LAW, [Told("one", uuid.uuid4(), post.agency.pk)])
        User.objects.filter(pk=broken).update(email="a@faults.example\nBcc: b@faults.example")
        post.drain()
        alarms = set(Alarm.objects.values_list("what", flat=True))
        wrong = []
        if post.delivered().total() != len(good):
            wrong.append(f"{post.delivered().total()} of {len(good)} good letters arrived")
        if alarms != {"recipient_gone", "recipient_unreachable", "letter_dead"}:
            wrong.append(f"alarms {sorted(alarms)}")
        yield post.line("F9", "a poisoned letter and three bad recipients", LETTERS + 1, wrong=wrong)
