"""F7: a provider in trouble: hangs or resets after it took a letter, refuses for now, refuses for good, is slow."""

from faults.kinds import LAW
from faults.post import posts

LETTERS = 6
# trouble -> how many of the letters are refused for good and so go to the operator
TROUBLES = {
    "smtp": {"hang@1": 0, "reset@2": 0, "421@2": 0, "451@2": 0, "550@1": 1, "slow@2": 0, "rcpt550:person0@": 1},
    "notify": {"hang@1": 0, "reset@2": 0, "500@2": 0, "429@2": 0, "400@1": 1, "slow@2": 0},
}
# Plain SMTP may send again what the server took without saying so.
MAY_DOUBLE = {"hang@1": 1}


def run(machine):
    for kind, troubles in TROUBLES.items():
        for trouble, dead in troubles.items():
            for post in posts(machine, LETTERS, [kind]):
                post.tell(LAW)
                post.provider.mode(trouble)
                post.drain(relays=1, seconds=180)
                wrong = [] if post.states()["dead"] == dead else [f"{post.states()['dead']} dead, expected {dead}"]
                allowed = MAY_DOUBLE.get(trouble, 0) if kind == "smtp" else 0
                yield post.line("F7", trouble, LETTERS, most_twice=allowed, wrong=wrong)
