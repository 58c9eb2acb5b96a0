"""What Home tells the business unit of reminders: what could not be sent, and the letters to be made."""

from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse

from audits.chasing.prints import waiting
from audits.chasing.states import WHY
from audits.models import AuditReturn, Reminder, Round
from partnership.access.reach import reach_of
from partnership.access.work import Work
from partnership.people.roles import Perm


def work(user):
    if not reach_of(user).holds(Perm.AUDIT_RUN):
        return
    rows = Reminder.objects.allowing(user, Perm.AUDIT_RUN)
    newer = Reminder.objects.unscoped(WHY).filter(audit_return=OuterRef("audit_return"), at__gt=OuterRef("at"))
    owed = rows.filter(
        ~Exists(newer), audit_return__status__in=AuditReturn.OWES, audit_return__round__status=Round.Status.OPEN
    )
    letters = Q(pk__in=waiting(Reminder.objects.unscoped(WHY)).order_by().values("pk"))
    found = owed.order_by().values("folder_id", title=F("audit_return__round__title")).annotate(
        nobody=Count("pk", filter=Q(nobody=True)),
        back=Count("pk", filter=Q(bounced_at__isnull=False)),
        letters=Count("pk", filter=letters),
    )  # fmt: skip
    for each in found.order_by("title"):
        standing = reverse("audits:round_standing", args=[each["folder_id"]])
        for many, what, url in (
            (each["nobody"], "Nobody to remind at {}", f"{standing}?state=unreached"),
            (each["back"], "Reminders came back from {}", f"{standing}?state=came_back"),
            (each["letters"], "Letters to make for {}", reverse("audits:round_letters", args=[each["folder_id"]])),
        ):
            if many:
                words = what.format(f"{many} organisation{'' if many == 1 else 's'}")
                yield Work(words, url, each["title"], folder_id=each["folder_id"], perm=Perm.AUDIT_RUN)
