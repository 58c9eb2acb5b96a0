"""Demo material: a working year of fictional actions over the published groups, in every state that there is."""

from datetime import timedelta

from django.utils import timezone

from partnership.access.models import Folder, FolderKind
from partnership.access.over import going_on
from partnership.actions import closing, dates, rating, services
from partnership.actions.answering import demo_words as words
from partnership.actions.models import Action, Origin, Plan, Priority, Update
from partnership.people.models import Agency
from partnership.trail.then import then

WHY = "the demo's own"
LATER = timedelta(days=14)  # how far a day moves each time
SPLIT = (("sotcc", "author_council"), ("staffs-police", "author_police"), ("uhnm", "author_uhnm"))


def groups() -> dict:
    """Title -> folder of the groups that there are."""
    rows = going_on(Folder.objects.unscoped(WHY).filter(kind=FolderKind.GROUP, sealed=False))
    return {row.title: row for row in rows.order_by("title")}


def group_named(word, found):
    """The group whose name has this word, the first of all if none has; None where there is no group."""
    return next((row for title, row in found.items() if word in title), next(iter(found.values()), None))


def fill_actions(people) -> None:
    """Add the demo's actions, once; none where there are no groups. people: the demo's users by key."""
    found, first = groups(), words.PLOTS[0]
    if not found or Action.objects.unscoped(WHY).filter(what=first.what).exists():
        return
    for plot in words.PLOTS:
        Telling(plot, people, group_named(plot.group, found)).tell()


class Telling:
    """One plot as it is told: each step on its day, by whoever does it."""

    def __init__(self, plot, people, folder):
        self.plot, self.people, self.folder = plot, people, folder
        self.by = people["manager"]

    def tell(self):
        plot, owner = self.plot, self.people.get(self.plot.owner)
        agency = _agency_of(owner) if owner else Agency.objects.filter(slug=plot.owner or None).first()
        due_on = None if plot.story == "parked" else timezone.localdate() + timedelta(days=plot.due)
        if plot.story == "slipped":
            due_on -= len(words.SLIPS) * LATER
        with self.on(plot.agreed):
            self.row = services.add(
                self.folder, by=self.by, what=plot.what, success=plot.success, owner=owner, agency=agency,
                due_on=due_on, parked=due_on is None, whole=plot.story == "split", origin=Origin.MEETING,
                priority=_priority(plot.serves), agreed_on=timezone.localdate(),
            )  # fmt: skip
        getattr(self, plot.story)()

    def on(self, days):
        """The clock of the demo on a day, counted from today; never tomorrow."""
        return then(timezone.now() + timedelta(days=min(days, 0), hours=-1))

    def between(self, share):
        """A day this share of the way from the agreement to today."""
        return round(self.plot.agreed * (1 - share))

    def parked(self):
        """Nothing follows."""

    nobody = parked

    def begun(self):
        self.say(0.4, words.BEGUN)
        self.say(0.9, words.GOES_ON)

    def near(self):
        self.say(0.2, words.BEGUN)

    overdue = near

    def at_risk(self):
        self.say(0.3, words.BEGUN)
        self.say(0.9, words.LATE, "at_risk")

    def rated(self):
        self.say(0.3, words.BEGUN)
        with self.on(-3):
            rating.rate(self.row, by=self.by, colour="red", reason="Three interviews named a place that is not on it.")

    def slipped(self):
        """Its day moved twice before it became the one that it has."""
        for number, reason in enumerate(words.SLIPS):
            with self.on(self.between(0.3 + 0.3 * number)):
                wanted = self.row.due_on + LATER
                asked = dates.ask_date(self.row, by=self.row.owner, wanted=wanted, reason=reason)
                self.row = dates.grant(asked, by=self.by)
        self.say(0.8, words.LATE, "at_risk")

    def split(self):
        parts = [{"agency": Agency.objects.get(slug=slug), "owner": self.people[key]} for slug, key in SPLIT]
        with self.on(self.between(0.1)):
            made = services.split(self.row, by=self.by, version=self.row.version, parts=parts)
        whole = self.row
        for number, self.row in enumerate(made):
            self.say(0.4 + 0.2 * number, words.BEGUN, "at_risk" if number == 1 else "on_track")
        self.row = made[-1]
        self.to_approve()
        self.approve()
        self.row = whole

    def to_approve(self):
        self.say(0.5, words.GOES_ON)
        self.close(-4)

    def close(self, day):
        with self.on(day):
            services.add_evidence(self.row, by=self.row.owner, words=words.EVIDENCE)
            self.row = closing.ask_close(self.row, by=self.row.owner, closing_words=words.DONE)

    def approve(self):
        with self.on(-2):
            self.row = closing.approve(self.row, by=self.by)

    def closed(self):
        self.say(0.3, words.BEGUN)
        self.close(self.plot.due - 2)
        with self.on(self.plot.due):
            self.row = closing.approve(self.row, by=self.by)

    def sent_back(self):
        self.say(0.4, words.BEGUN)
        self.close(-6)
        with self.on(-5):
            self.row = closing.send_back(self.row, by=self.by, note=words.MISSING)

    def cancelled(self):
        with self.on(self.plot.due):
            self.row = closing.cancel(self.row, by=self.by, note="The new training replaces it; agreed by the group.")

    def say(self, share, said, outlook="on_track", channel=Update.Channel.PORTAL):
        with self.on(self.between(share)):
            services.update(self.row, by=self.row.owner, words=said, outlook=outlook, channel=channel)


def _agency_of(user):
    """In whose name somebody acts; None for whoever belongs to the partnership as a whole."""
    return Agency.objects.filter(memberships__user=user).first()


def _priority(word):
    rows = Priority.objects.filter(plan__in=Plan.objects.live(), title__icontains=word)
    return rows.first() if word else None
