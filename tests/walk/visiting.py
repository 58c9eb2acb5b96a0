"""One visit: a request in a savepoint, and everything about its answer that was not expected."""

from dataclasses import dataclass
from functools import cached_property

from django.db import connection, transaction
from django.urls import reverse

from partnership.access.prepared import Prepared
from partnership.trail.models import Event
from tests.walk import canaries
from tests.walk.posts import POSTS
from tests.walk.samples import SAMPLES

DOORS = {"in": "account_login", "2f": "mfa_activate_totp"}
# What a refused or read page may leave in the trail.
HARMLESS = {
    "refused",
    "read",
    "listed",
    "identity_read",
    "downloaded",
    "downloaded_unmarked",
    "directory_exported",
    "actions_exported",
    "audit_figures_exported",
    "audit_grid_exported",
    "bookings_exported",
    "decisions_exported",
    "evaluations_exported",
    "searched",
    "training_coverage_exported",
    "training_figures_exported",
}

# Asked after each of some forty thousand visits.
VERBS = Prepared(lambda after: Event.objects.filter(pk__gt=after).order_by().values_list("verb"), after=2**62)


@dataclass
class Visit:
    """One question: this persona, this address, this sample (0 ours, 1 theirs), by this method."""

    ground: object
    row: object
    persona: str
    which: int
    htmx: bool = False

    def __str__(self):
        where = f" on {('ours', 'theirs')[self.which]}" if len(self.row.expected(self.persona)) > 1 else ""
        return f"{self.persona}: {self.row.method}{' from htmx' * self.htmx} {self.row.url} {self.row.sample}{where}"

    @property
    def expected(self):
        return self.row.expected(self.persona)[self.which]

    @property
    def case(self):
        return self.ground.cases[self.which]

    @cached_property
    def path(self):
        return reverse(self.row.url, args=SAMPLES[self.row.sampler](self.ground)[self.which])

    def make(self):
        """(response, problems). Nothing that the request wrote stays, nor does what it did to the session."""
        client = self.ground.clients[self.persona]
        headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/home"} if self.htmx else {}
        with transaction.atomic():
            path = self.path
            if self.row.method == "POST":
                post = POSTS.get((self.row.url, self.row.sample))
                data = post.data(self.ground, self.case, self.persona) if post else {}
                response = client.post(path, data, headers=headers)
                problems = self._written(response, post)
            else:
                response = client.get(path, headers=headers)
                problems = self._written(response, None)
            transaction.set_rollback(True)
        return response, [
            f"{self} {problem}" for problem in [*self._status(response), *problems, *self._shown(response)]
        ]

    def _status(self, response):
        expected = self.expected
        if expected in DOORS:
            door = reverse(DOORS[expected])
            status, header = (204, "HX-Redirect") if self.htmx else (302, "Location")
            target = response.headers.get(header, "")
            if response.status_code != status or not target.startswith(door):
                yield f"should lead to {door}, gave {response.status_code} {target}"
        elif response.status_code != int(expected):
            yield f"gave {response.status_code}, expected {expected}"
        elif self.row.app in ("reviews", "access", "documents", "jobs"):
            # A step that was taken leads on within the portal, never to a door.
            target = response.headers.get("Location", "")
            if target.startswith(tuple(map(reverse, DOORS.values()))):
                yield f"led to {target}"

    def _written(self, response, post):
        with connection.cursor() as cursor:
            cursor.execute(*VERBS.statement(after=self.ground.last_event))
            verbs = {verb for (verb,) in cursor.fetchall()}
        if post and post.verb and self.expected == "302":
            return [] if post.verb in verbs else [f"left {sorted(verbs)} in the trail, not {post.verb}"]
        return [f"wrote {sorted(verbs - HARMLESS)}"] if verbs - HARMLESS else []

    def _shown(self, response):
        for marker in sorted(canaries.met(response)):
            if not canaries.allowed(self.ground, self.persona, self.row.url, marker):
                yield f"showed {marker}"
        body = canaries.body_of(response)
        if 'href=""' in body:
            yield "has a link that leads nowhere"
        if self.row.url == "access:emergency" and response.status_code == 302:
            return  # whoever has just opened a case is led to it
        for case in self.ground.cases:
            if case.folder.reference in body and not canaries.may_know_word(self.persona, case):
                yield f"showed the code word of {case.name}"
            if canaries.may_know_word(self.persona, case):
                continue
            for row in (case.review, case.folder, case.identity, case.version, case.decision):
                if str(row.pk) in body.replace(self.path, ""):
                    yield f"showed the id of a {row._meta.verbose_name} of {case.name}"
